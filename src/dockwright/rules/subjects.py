"""What rules look at: one class per kind of subject, each with its way back to the whole repository.

A rule's check takes exactly one of these; the engine makes them from the facts and calls the check once for each.
Only the repository's own files become subjects: backups, vendored and ignored copies are inventoried, not judged.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from dockwright.errors import Skipped
from dockwright.lazy import once
from dockwright.repository.model import (
    BakeItem,
    Build,
    ComposeItem,
    DockerfileItem,
    Place,
    ScriptItem,
    Standing,
)
from dockwright.repository.repository import Repository
from dockwright.rules.finding import Location, Related
from dockwright.text import SourceFile, Span

if TYPE_CHECKING:
    from dockwright.bake.file import BakeFile
    from dockwright.compose.file import ComposeFile
    from dockwright.compose.model import Service
    from dockwright.dockerfile.stages import Stage
    from dockwright.dockerfile.tree import Dockerfile
    from dockwright.replay.result import DockerfileResult, ReplayResult
    from dockwright.rules.runs import RunBody


def at(place: Place, route: str = "") -> Location:
    """The location of a place in the facts."""
    return Location.at(place.source, place.span, route)


def related(place: Place, label: str) -> Related:
    """A place of the facts as a related location."""
    return Related(at(place), label)


class InFile:
    """What subjects inside one file share."""

    source: SourceFile

    def at(self, span: Span, route: str = "") -> Location:
        """The location of a span of this file."""
        return Location.at(self.source, span, route)

    def related(self, span: Span, label: str) -> Related:
        """A span of this file as a related location."""
        return Related(self.at(span), label)


class DockerfileSubject(InFile):
    """One Dockerfile of the repository."""

    def __init__(self, repository: Repository, item: DockerfileItem) -> None:
        self.repository = repository
        self.item = item
        self.tree: Dockerfile = item.tree
        self.source = item.source
        self.path = item.path
        self.service = item.service

    def __str__(self) -> str:
        return self.path

    @once
    def runs(self) -> "dict[int, list[RunBody]]":
        """RUN instructions read as commands, by stage index."""
        from dockwright.rules.runs import run_bodies

        return {stage.index: list(run_bodies(stage)) for stage in self.tree.stages}

    @once
    def stages(self) -> list["StageSubject"]:
        return [StageSubject(self, stage) for stage in self.tree.stages]


class StageSubject(InFile):
    """One stage of a Dockerfile."""

    def __init__(self, dockerfile: DockerfileSubject, stage: "Stage") -> None:
        self.dockerfile = dockerfile
        self.repository = dockerfile.repository
        self.item = dockerfile.item
        self.stage = stage
        self.source = dockerfile.source
        self.path = dockerfile.path
        self.service = dockerfile.service

    def __str__(self) -> str:
        return f"{self.path} stage {self.stage.index}"

    @property
    def runs(self) -> "list[RunBody]":
        """RUN instructions of this stage read as commands and package installs."""
        return self.dockerfile.runs[self.stage.index]

    @once
    def run_text(self) -> bytes:
        """The text of all these, for quick looks at what none of them holds."""
        return b"\n".join([body.data for body in self.runs])

    @property
    def shipped(self) -> bool:
        """True when some build's final image is this stage (the last stage, or a target a build names)."""
        return self.stage.index in self.dockerfile.item.shipped_stages

    @property
    def kept(self) -> bool:
        """True when it is shipped and some build keeps the image: not a lint stage that is only built to see it pass."""
        return self.shipped and self.stage.index not in self.dockerfile.item.discarded_stages


class BuildSubject:
    """One way the repository builds an image, with the Dockerfile it builds where that is known."""

    def __init__(self, repository: Repository, build: Build, dockerfile: DockerfileSubject | None) -> None:
        self.repository = repository
        self.build = build
        self.dockerfile = dockerfile

    def __str__(self) -> str:
        return f"build at {self.build.place.path}:{self.build.place.line}"


class ComposeSubject(InFile):
    """One compose file."""

    def __init__(self, repository: Repository, item: ComposeItem) -> None:
        self.repository = repository
        self.item = item
        self.file: ComposeFile = item.file
        self.source = item.source
        self.path = item.path

    def __str__(self) -> str:
        return self.path


class ServiceSubject(InFile):
    """One service of a compose file, as that file alone says it."""

    def __init__(self, compose: ComposeSubject, service: "Service") -> None:
        self.compose = compose
        self.repository = compose.repository
        self.item = compose.item
        self.file = compose.file
        self.service = service
        self.source = compose.source
        self.path = compose.path

    def __str__(self) -> str:
        return f"{self.path} service {self.service.name}"

    @property
    def route(self) -> str:
        return f"services.{self.service.name}"

    @property
    def builds(self) -> list[Build]:
        """The builds this service declares."""
        return [
            build
            for build in self.repository.builds_owned_by(self.path)
            if build.service == self.service.name and build.kind == "compose"
        ]


class BakeSubject(InFile):
    """One bake file."""

    def __init__(self, repository: Repository, item: BakeItem) -> None:
        self.repository = repository
        self.item = item
        self.file: BakeFile = item.file
        self.source = item.source
        self.path = item.path

    def __str__(self) -> str:
        return self.path


class ScriptSubject(InFile):
    """A script, Makefile, workflow or program that starts container tools or is named after them."""

    def __init__(self, repository: Repository, item: ScriptItem) -> None:
        self.repository = repository
        self.item = item
        self.source = item.source
        self.path = item.path

    def __str__(self) -> str:
        return self.path


class HistorySubject(InFile):
    """One way of building a Dockerfile, with what a replay of the history found for it. There are none without a replay."""

    def __init__(
        self, dockerfile: DockerfileSubject, result: "DockerfileResult", quieter: "DockerfileResult | None"
    ) -> None:
        self.dockerfile = dockerfile
        self.repository = dockerfile.repository
        self.result = result
        self.quieter = quieter
        """The same with what no program reads ignored too, where that was replayed."""
        self.source = dockerfile.source
        self.path = dockerfile.path
        self.service = dockerfile.service

    def __str__(self) -> str:
        return f"{self.path} over history"

    def line_span(self, line: int) -> Span:
        """The text of a line of the file, without blanks around it."""
        span = self.source.line_span(line)
        text = self.source.data[span.start : span.end]
        start = span.start + len(text) - len(text.lstrip())
        return Span(start, max(span.start + len(text.rstrip()), start))


def attach_replay(repository: Repository, result: "ReplayResult") -> None:
    """Give rules about history their subjects: those of the repository's own files, at the commit that is looked at."""
    repository.memo(_REPLAY, lambda: result)


_REPLAY = "replay"


def histories(repository: Repository) -> Iterator[HistorySubject]:
    """Every way of building a Dockerfile of the repository that was replayed; none without a replay."""
    result: ReplayResult | None = repository.memo(_REPLAY, lambda: None)
    by_path = {subject.path: subject for subject in dockerfile_subjects(repository)}
    found = result.dockerfiles if result is not None else []
    others = {(one.path, one.context, one.target): one for one in found if one.label}
    for one in found:
        if one.path in by_path and not one.label:
            yield HistorySubject(by_path[one.path], one, others.get((one.path, one.context, one.target)))


def _repositories(repository: Repository) -> Iterator[Repository]:
    yield repository


def dockerfile_subjects(repository: Repository) -> list[DockerfileSubject]:
    """The repository's own Dockerfiles as subjects; made once per repository, so that readings are shared."""
    return repository.memo(
        "dockerfile_subjects",
        lambda: [DockerfileSubject(repository, item) for item in repository.own_dockerfiles],
    )


def given_up(repository: Repository) -> Iterator[Skipped]:
    """RUN bodies that rules asked for and that were not read to their end."""
    for subject in dockerfile_subjects(repository):
        read: dict[int, list[RunBody]] = subject.__dict__.get("runs", {})  # not asked for: nothing was read
        for body in (body for bodies in read.values() for body in bodies):
            if body.given_up:
                line = subject.source.line_of(body.instruction.node.span.start)
                yield Skipped(f"{subject.path}:{line}", body.given_up)


def _stages(repository: Repository) -> Iterator[StageSubject]:
    for dockerfile in dockerfile_subjects(repository):
        yield from dockerfile.stages


def _builds(repository: Repository) -> Iterator[BuildSubject]:
    by_path = {subject.path: subject for subject in dockerfile_subjects(repository)}
    for build in repository.builds:
        yield BuildSubject(repository, build, by_path.get(build.dockerfile or ""))


def compose_subjects(repository: Repository) -> list[ComposeSubject]:
    """The repository's own compose files as subjects."""
    return repository.memo(
        "compose_subjects", lambda: [ComposeSubject(repository, item) for item in repository.own_composes]
    )


def _services(repository: Repository) -> Iterator[ServiceSubject]:
    for compose in compose_subjects(repository):
        for service in compose.file.services.values():
            yield ServiceSubject(compose, service)


def _bakes(repository: Repository) -> Iterator[BakeSubject]:
    for item in repository.bakes:
        if item.standing is Standing.OWN:
            yield BakeSubject(repository, item)


def _scripts(repository: Repository) -> Iterator[ScriptSubject]:
    for item in (*repository.scripts, *repository.workflows):
        if item.standing is Standing.OWN:
            yield ScriptSubject(repository, item)


SUBJECTS: dict[type, Callable[[Repository], Iterator[object]]] = {
    Repository: _repositories,
    DockerfileSubject: lambda repository: iter(dockerfile_subjects(repository)),
    StageSubject: _stages,
    BuildSubject: _builds,
    ComposeSubject: lambda repository: iter(compose_subjects(repository)),
    ServiceSubject: _services,
    BakeSubject: _bakes,
    ScriptSubject: _scripts,
    HistorySubject: histories,
}
"""How the subjects of each kind are made from the facts, in the order in which they are looked at."""
