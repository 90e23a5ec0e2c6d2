"""The security summary: topics that people ask for, each with every place, from facts and from findings.

A topic without places is kept: that something was looked for and not found is part of the answer. Values of secrets
appear nowhere, only where they stand.
"""

from collections.abc import Callable, Iterator, Sequence

import msgspec

from dockwright.audit.model import Image, Topic
from dockwright.compose.model import Service
from dockwright.repository.model import ComposeItem, Place
from dockwright.repository.repository import Repository
from dockwright.rules.finding import Finding, Location, Severity
from dockwright.shell.calls import Reach, RunCall
from dockwright.text import Span

_SOCKETS = ("docker.sock", "podman.sock", "containerd.sock", "crio.sock")
_OPEN = {
    "POSTGRES_HOST_AUTH_METHOD": {"trust"},
    "MYSQL_ALLOW_EMPTY_PASSWORD": {"yes", "true", "1"},
    "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD": {"yes", "true", "1"},
    "ALLOW_EMPTY_PASSWORD": {"yes", "true", "1"},
    "CLICKHOUSE_SKIP_USER_SETUP": {"1", "true"},
}
"""Settings of well-known images that switch authentication off (each image's page on hub.docker.com)."""
_CAPABILITIES = frozenset({"ALL", "SYS_ADMIN", "SYS_PTRACE", "NET_ADMIN", "SYS_MODULE"})
"""With these, a container reaches beyond itself (capabilities(7))."""
_HOST_MODES = frozenset({"host"})


def topics(repository: Repository, images: Sequence[Image], findings: Sequence[Finding]) -> list[Topic]:
    """All topics, those with the gravest places first; topics without places last."""
    made = [
        _secrets(findings),
        _root(images),
        _filled(
            Topic(
                "sockets",
                "Engine sockets mounted into containers",
                "Whoever reaches the engine's socket can start a container that owns the machine.",
                Severity.HIGH,
                (),
            ),
            repository,
            _socket,
            _run_with_socket,
        ),
        _filled(
            Topic(
                "privileged",
                "Privileged containers and added capabilities",
                "A privileged container is not kept apart from the machine.",
                Severity.HIGH,
                (),
            ),
            repository,
            _privileged,
            _run_privileged,
        ),
        _filled(
            Topic(
                "host",
                "Containers that share the host's network or processes",
                "Ports and processes of the machine are open to the container.",
                Severity.MEDIUM,
                (),
            ),
            repository,
            _host,
            _run_on_host,
        ),
        _filled(
            Topic(
                "open",
                "Services that let anyone in",
                "Authentication is switched off by a setting; with a published port the data is open.",
                Severity.HIGH,
                (),
            ),
            repository,
            _open,
        ),
        _destruction(repository),
    ]
    return sorted(made, key=lambda topic: (not topic.places, -topic.severity))


def _secrets(findings: Sequence[Finding]) -> Topic:
    chosen = [finding for finding in findings if finding.category == "security" and "secret" in finding.rule]
    return Topic(
        "secrets",
        "Secrets in files",
        "A secret in a file is in the history of the repository, in every clone, and often in the image.",
        max((finding.severity for finding in chosen), default=Severity.HIGH),
        [finding.location for finding in chosen],
    )


def _root(images: Sequence[Image]) -> Topic:
    chosen = [image for image in images if image.runs_as_root]
    built = [image for image in chosen if image.built_by]
    notes = [f"{len(built)} of these {len(chosen)} images are built by something"] if chosen else []
    unknown = sum(image.runs_as_root is None for image in images)
    if unknown:
        notes.append(f"for {unknown} more the user cannot be told from the files")
    return Topic(
        "root",
        "Images that run as root",
        "What breaks out of the program is root in the container, and root on what is mounted into it.",
        Severity.MEDIUM,
        [image.user_place or Location(image.dockerfile, image.line, 1, image.line, 1) for image in chosen],
        notes,
    )


def _destruction(repository: Repository) -> Topic:
    places: list[Location] = []
    for item in (*repository.scripts, *repository.workflows):
        for one in item.invocations:
            removes = one.call.destroys
            if (
                item.standing == "own"
                and removes is not None
                and (removes.data or removes.reach is Reach.MACHINE)
            ):
                places.append(_at(one.place))
    return Topic(
        "destruction",
        "Scripts that destroy data or reach beyond their project",
        "They remove volumes, or containers and images that belong to somebody else.",
        Severity.HIGH,
        places,
    )


Check = Callable[[Service], Iterator[tuple[Span, str]]]
"""Spans of a service that belong to a topic, each with a word on what it is."""


def _filled(
    topic: Topic, repository: Repository, check: Check, runs: Callable[[RunCall], bool] | None = None
) -> Topic:
    """The topic with its places in all compose files of the repository, and where scripts and workflows run such."""
    places: list[Location] = []
    for item in repository.own_composes:
        for service in item.file.services.values():
            places.extend(_found(item, service, check))
    if runs is not None:
        for script in (*repository.scripts, *repository.workflows):
            for one in script.invocations:
                if script.standing == "own" and isinstance(one.call, RunCall) and runs(one.call):
                    places.append(_at(one.place))
    return msgspec.structs.replace(topic, places=places)


def _found(item: ComposeItem, service: Service, check: Check) -> Iterator[Location]:
    for span, _ in check(service):
        yield Location.at(item.source, span, f"services.{service.name}")


def _socket(service: Service) -> Iterator[tuple[Span, str]]:
    for volume in service.volumes:
        source = volume.source.raw if volume.source else ""
        if source.endswith(_SOCKETS):
            yield volume.node.span, source


def _run_with_socket(call: RunCall) -> bool:
    return any((word.value or "").split(":")[0].endswith(_SOCKETS) for word in call.volumes)


def _run_privileged(call: RunCall) -> bool:
    added = [
        flag.value.value or "" for flag in call.flags if flag.name == "--cap-add" and flag.value is not None
    ]
    return call.privileged or any(name.upper().removeprefix("CAP_") in _CAPABILITIES for name in added)


def _run_on_host(call: RunCall) -> bool:
    shared = [
        flag.value.value or ""
        for flag in call.flags
        if flag.name in {"--pid", "--ipc"} and flag.value is not None
    ]
    network = (call.network.value or "") if call.network is not None else ""
    return not _HOST_MODES.isdisjoint((network, *shared))


def _privileged(service: Service) -> Iterator[tuple[Span, str]]:
    if service.privileged is not None and service.privileged.raw.lower() in {"true", "yes", "on"}:
        yield service.privileged.span, "privileged"
    for capability in service.cap_add:
        if capability.raw.upper().removeprefix("CAP_") in _CAPABILITIES:
            yield capability.span, capability.raw


def _host(service: Service) -> Iterator[tuple[Span, str]]:
    for mode in (service.network_mode, service.pid, service.ipc):
        if mode is not None and mode.raw in _HOST_MODES:
            yield mode.span, mode.raw


def _open(service: Service) -> Iterator[tuple[Span, str]]:
    for pair in service.environment:
        value = pair.value.default if pair.value is not None else None
        if value is not None and value.lower() in _OPEN.get(pair.name, ()):
            yield pair.span, pair.name


def _at(place: Place) -> Location:
    return Location.at(place.source, place.span)
