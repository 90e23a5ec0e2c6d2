"""Small repositories for tests, in memory."""

from collections.abc import Mapping

from dockwright.repository.inventory import build
from dockwright.repository.model import Build, Reference, Status
from dockwright.repository.repository import Repository
from dockwright.trees.memory import Content, MemoryTree
from dockwright.trees.tree import State

SCRATCH = "FROM scratch\nCOPY a /\n"


def inventory(
    files: Mapping[str, Content], ignored: tuple[str, ...] = (), untracked: tuple[str, ...] = ()
) -> Repository:
    """The facts of a small repository."""
    states = dict.fromkeys(ignored, State.IGNORED) | dict.fromkeys(untracked, State.UNTRACKED)
    return build(MemoryTree(files, states=states))


def only_build(files: Mapping[str, Content]) -> Build:
    """The one build of a small repository."""
    builds = inventory(files).builds
    assert len(builds) == 1, builds
    return builds[0]


def summary(build: Build) -> tuple[str | None, str | None, tuple[str, ...]]:
    """Context, Dockerfile, and what is missing."""
    return build.context, build.dockerfile, tuple(build.missing)


def named(repository: Repository, target: str) -> list[Reference]:
    """References to a file, strongest first."""
    return repository.references_to.get(target, [])


def missing(repository: Repository) -> list[tuple[str, int, str, str]]:
    """What is plainly missing: holder, line, what kind, name."""
    return [
        (one.place.path, one.place.line, one.expects, one.named)
        for one in repository.references
        if one.target is None and not one.uncertain
    ]


def statuses(repository: Repository) -> dict[str, Status]:
    return {item.path: item.status for item in repository.items()}
