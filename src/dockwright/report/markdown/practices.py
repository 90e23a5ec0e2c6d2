"""What the images of a repository have in common and what only some of them have, in all and service by service."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from dockwright.report.document import Document
from dockwright.report.entries import ServiceEntry
from dockwright.report.markdown.text import codes, escaped, table
from dockwright.report.views import ImageEntry

Services = Sequence[ServiceEntry]
"""The compose services that run an image."""
Practice = Callable[[ImageEntry, Services], bool | None]
"""True when an image has it, False when it lacks it, None when that cannot be told or does not apply."""


PRACTICES: Mapping[str, Practice] = {
    "is built in more than one stage": lambda image, _: image.stages_used > 1,
    "keeps no build tools": lambda image, _: not image.build_tools,
    "runs as another user than root": lambda image, _: (
        None if image.runs_as_root is None else not image.runs_as_root
    ),
    "has a health check (its own, or every service has one)": lambda image, _: (
        image.health_check in {"Dockerfile", "compose"}
    ),
    "starts an init, or every service asks for one": lambda image, _: image.init != "none",
    "mounts caches into what it installs": lambda image, _: (
        image.cache_mounts > 0 if image.installs or image.manifests_first is not None else None
    ),
    "installs dependencies before all of the source is copied": lambda image, _: image.manifests_first,
    "stands on a base with a stated version": lambda image, _: (
        image.pin in {"version", "digest"} if image.pin not in {"", "scratch"} else None
    ),
    "has a memory limit in every service": lambda image, _: (
        all(limit.memory for limit in image.limits) if image.limits else None
    ),
    "drops capabilities in every service": lambda _, run: all(one.cap_drop for one in run) if run else None,
    "has a read-only root file system in every service": lambda _, run: (
        all(one.read_only for one in run) if run else None
    ),
    "forbids new privileges in every service": lambda _, run: (
        all(any("no-new-privileges" in option for option in one.security_opt) for one in run) if run else None
    ),
}


def practices(document: Document) -> Iterator[str]:
    """How many images have each practice, and where variants of one service differ in it."""
    if not document.images:
        return
    services = services_of(document)
    held = {
        name: [(image, holds(image, services(image))) for image in document.images]
        for name, holds in PRACTICES.items()
    }
    yield "### What images have and lack"
    yield ""
    rows = []
    for name, verdicts in held.items():
        number = [sum(verdict is kind for _, verdict in verdicts) for kind in (True, False, None)]
        rows.append((escaped(name), *map(str, number)))
    head = ("an image …", "has it", "lacks it", "not known, or does not apply")
    yield from table(head, rows, "lrrr")
    yield from _by_service(document, held)


def services_of(document: Document) -> Callable[[ImageEntry], Services]:
    """The compose services an image's limits name."""
    known = {
        (item.path, service.name): service for item in document.inventory.compose for service in item.services
    }

    def find(image: ImageEntry) -> Services:
        found = (known.get((limit.path, limit.service)) for limit in image.limits)
        return [one for one in found if one is not None]

    return find


def image_name(image: ImageEntry) -> str:
    """`path` or `path#target`."""
    return f"{image.dockerfile}#{image.target}" if image.target else image.dockerfile


def _by_service(
    document: Document, held: Mapping[str, Sequence[tuple[ImageEntry, bool | None]]]
) -> Iterator[str]:
    """Only Dockerfiles in use: that a dead variant lacks something harms nobody."""
    service = {
        item.path: item.service
        for item in document.inventory.dockerfiles
        if item.standing == "own" and item.status == "live" and item.service
    }
    rows = []
    for name in sorted(set(service.values())):
        for practice, verdicts in held.items():
            mine = [(image, verdict) for image, verdict in verdicts if service.get(image.dockerfile) == name]
            have, lack = (
                list(dict.fromkeys(image_name(image) for image, verdict in mine if verdict is kind))
                for kind in (True, False)
            )
            if have and lack:
                rows.append((escaped(name), escaped(practice), codes(have, 5), codes(lack, 5)))
    if rows:
        yield "Where images of one service, made by Dockerfiles in use, differ:"
        yield ""
        yield from table(("service", "an image …", "has it", "lacks it"), rows)
