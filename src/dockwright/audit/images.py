"""What every image is made of and how it is run: one `Image` per shipped stage of the repository's own Dockerfiles."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from dockwright.audit.layers import build_tools, cache_mounts, installs, layer_order, manifests_first
from dockwright.audit.model import Image, Limits
from dockwright.compose.model import Service
from dockwright.dockerfile.config import StageConfig
from dockwright.dockerfile.instructions.types import User
from dockwright.dockerfile.nodes import Problem
from dockwright.dockerfile.stages import SourceKind, Stage
from dockwright.repository.model import Build, ComposeItem, Status
from dockwright.repository.repository import Repository
from dockwright.rules.bases.moving_tag import MOVING
from dockwright.rules.finding import Location
from dockwright.rules.subjects import DockerfileSubject, dockerfile_subjects

_INITS = ("tini", "dumb-init", "catatonit", "s6-svscan", "s6-overlay", "supervisord", "runit", "/init")
_ROOT = frozenset({"root", "0", "0:0", "root:root"})


def images(repository: Repository) -> list[Image]:
    """All images, in the order of the inventory and of the stages."""
    made: list[Image] = []
    for subject in dockerfile_subjects(repository):
        for index in _shipped(subject):
            made.append(_image(repository, subject, subject.tree.stages[index], index))
    return made


def _shipped(subject: DockerfileSubject) -> Sequence[int]:
    number = len(subject.tree.stages)
    shipped = [index for index in subject.item.shipped_stages if index < number]
    return shipped or ([number - 1] if number else [])


def _image(repository: Repository, subject: DockerfileSubject, stage: Stage, index: int) -> Image:
    item = subject.item
    last = index == len(subject.tree.stages) - 1
    builds = [build for build in item.builds if _makes(build, stage, last=last)]
    runs = list(_services(repository, builds))
    config = stage.config
    used = _used(stage)
    user = _user(config, runs)
    setting = config.user
    return Image(
        dockerfile=item.path,
        target="" if last else stage.label,
        line=stage.from_.node.first_line,
        services=sorted({build.service for build in builds if build.service and _lives(repository, build)}),
        base=_base(stage),
        pin=_pin(stage),
        stages=len(subject.tree.stages),
        stages_used=len(used),
        installs=installs(subject, stage),
        manifests_first=manifests_first(subject, used),
        build_tools=build_tools(subject, stage),
        user=user,
        user_place=Location.at(item.source, setting.command.span) if setting and setting.command else None,
        runs_as_root=_is_root(user, config, stage),
        health_check=_health(config, runs),
        init=_init(config, runs),
        entry=_entry(config),
        ports=sorted(config.exposed_ports, key=_port_order),
        cache_mounts=cache_mounts(used),
        limits=[_limits(compose, service) for compose, service in runs],
        layer_order=layer_order(subject, used),
        built_by=[Location.at(build.place.source, build.place.span) for build in builds],
        buildable=item.buildable,
    )


def _lives(repository: Repository, build: Build) -> bool:
    """True for a build of a file that something uses: a compose file nobody loads runs no service."""
    owner = repository.item(build.owner or build.place.path)
    return owner is None or owner.status is not Status.DEAD


def _makes(build: Build, stage: Stage, *, last: bool) -> bool:
    return build.target.lower() == stage.name if build.target else last


def _base(stage: Stage) -> str:
    """The image at the bottom of the chain of stages, variables filled in."""
    root = stage.root
    if root.kind is SourceKind.UNKNOWN:
        written = (stage.ancestors[-1] if stage.ancestors else stage).from_.image.value
        return f"{written} (cannot be told)"
    return root.name


def _pin(stage: Stage) -> str:
    """How the image at the bottom is named; empty where a variable or a stage that does not exist decides."""
    root = stage.root
    if root.kind is SourceKind.SCRATCH:
        return "scratch"
    if root.image is None or root.kind is not SourceKind.IMAGE or root.expansion.unset:
        return ""
    if root.image.digest:
        return "digest"
    if not root.image.tag:
        return "untagged"
    return "moving" if MOVING.match(root.image.tag) else "version"


def _used(stage: Stage) -> Sequence[Stage]:
    """The stages a build of this one takes, itself included, in file order."""
    last = stage.index == len(stage.build.stages) - 1
    if stage.name or last:
        target = stage.build.target("" if last else stage.name)
        if not isinstance(target, Problem):
            return target.reached
    return (*reversed(stage.ancestors), stage)


def _services(repository: Repository, builds: Sequence[Build]) -> Iterator[tuple[ComposeItem, Service]]:
    """The compose services that are run from the image."""
    seen: set[tuple[str, str]] = set()
    for build in builds:
        compose = repository.compose(build.owner or build.place.path)
        service = compose.file.services.get(build.service) if compose is not None else None
        if compose is not None and service is not None and (compose.path, service.name) not in seen:
            seen.add((compose.path, service.name))
            yield compose, service


def _user(config: StageConfig, runs: Sequence[tuple[ComposeItem, Service]]) -> str:
    """The user of the image, or the one all its services set."""
    given = {service.user.raw for _, service in runs if service.user is not None}
    if len(given) == 1 and all(service.user is not None for _, service in runs):
        return given.pop()
    return config.user.value if config.user is not None else ""


def _is_root(user: str, config: StageConfig, stage: Stage) -> bool | None:
    """None where a variable or an unknown base image decides."""
    if "$" in user or (not user and _open_user(config, stage)):
        return None
    if user:
        return user in _ROOT
    from dockwright.knowledge.images import base_image

    if config.complete:
        return True
    root = stage.root
    known = base_image(root.image.familiar_name) if root.image is not None else None
    if known is None:
        return None
    return known.user in {"", *_ROOT}


def _open_user(config: StageConfig, stage: Stage) -> bool:
    """True when USER names a variable that the file leaves to the caller."""
    command = config.user.command if config.user is not None else None
    owner = config.user.stage if config.user is not None else None
    if not isinstance(command, User):
        return False
    return bool((owner or stage).expand(command.user.value, command).unset)


def _health(config: StageConfig, runs: Sequence[tuple[ComposeItem, Service]]) -> str:
    check = config.healthcheck
    if check is not None:
        return "disabled" if check.value.test[:1] == ("NONE",) else "Dockerfile"
    checked = sum(service.healthcheck is not None and not service.healthcheck.disabled for _, service in runs)
    if not checked:
        return "none"
    return "compose" if checked == len(runs) else f"compose, {checked} of {len(runs)} services"


def _init(config: StageConfig, runs: Sequence[tuple[ComposeItem, Service]]) -> str:
    words = [
        word for setting in (config.entrypoint, config.cmd) if setting is not None for word in setting.value
    ]
    for word in words[:3]:
        for name in _INITS:
            if word == name or word.rpartition("/")[2] == name:
                return name
    asked = sum(service.init is not None and service.init.raw.lower() == "true" for _, service in runs)
    return "compose" if asked and asked == len(runs) else "none"


def _entry(config: StageConfig) -> str:
    """ENTRYPOINT and CMD as one line, as the engine puts them together."""
    words: list[str] = []
    for setting in (config.entrypoint, config.cmd):
        if setting is not None:
            words += _without_shell(setting.value)
    return " ".join(" ".join(words).split())


def _without_shell(words: Sequence[str]) -> list[str]:
    """`sh -c` of the shell form is the builder's doing, not what people wrote."""
    for (first, second), at in zip(pairwise(words), range(len(words)), strict=False):
        if at == 0 and first.endswith("sh") and second == "-c" and len(words) == 3:
            return [words[2]]
    return list(words)


def _port_order(port: str) -> tuple[int, str]:
    number = port.partition("/")[0]
    return (int(number) if number.isdigit() else 0, port)


def _limits(compose: ComposeItem, service: Service) -> Limits:
    memory, cpus = service.limits.memory, service.limits.cpus
    return Limits(
        path=compose.path,
        line=compose.source.line_of(service.span.start),
        service=service.name,
        memory=memory.default or memory.raw if memory is not None else "",
        cpus=cpus.default or cpus.raw if cpus is not None else "",
    )
