"""What is replayed: Dockerfiles with the way they are built, and what defines them at each commit."""

from collections.abc import Mapping
from functools import lru_cache

import msgspec

from dockwright.dockerfile.keys.model import Plan
from dockwright.dockerfile.keys.plan import plan_of
from dockwright.dockerfile.nodes import Problem
from dockwright.dockerfile.operations.engine import NEWEST, Engine
from dockwright.dockerfile.settings import Settings
from dockwright.dockerfile.tree import parse
from dockwright.replay.scopes import ScopeKey
from dockwright.trees.paths import join


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """One way to build one Dockerfile. Paths are in the repository; context `""` is its top.

    `names` are older paths of the Dockerfile, newest first, for those that follow renames. `dockerfile` and `ignore`
    stand in for the files of the repository where they are given (`ignore` `b""` is an empty file).
    """

    path: str
    context: str
    target: str = ""
    args: Mapping[str, str] = {}
    contexts: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    dockerfile: bytes | None = None
    ignore: bytes | None = None
    status: str = ""
    """Who uses it, in the audit's words."""
    label: str = ""
    """What stands in: empty for the repository's own files."""

    @property
    def paths(self) -> tuple[str, ...]:
        """Where the Dockerfile may lie."""
        return (self.path, *self.names)

    @property
    def ignore_paths(self) -> tuple[str, ...]:
        """Where its ignore file may lie, the one that is read first."""
        return (*(f"{path}.dockerignore" for path in self.paths), join(self.context, ".dockerignore"))


class Files(msgspec.Struct, frozen=True):
    """The texts that define a build: the Dockerfile and the ignore file (None: there is none)."""

    dockerfile: bytes | None
    ignore: bytes | None


class Definition(msgspec.Struct, frozen=True):
    """What a build is under some texts: its plan, or why there is none, and the context it is sent."""

    plan: Plan | None
    problem: str
    scope: ScopeKey


def define(subject: Subject, files: Files, engine: Engine = NEWEST) -> Definition:
    """What building a subject takes under these texts."""
    scope = ScopeKey(subject.context, files.ignore)
    if files.dockerfile is None:
        return Definition(None, "there is no such Dockerfile", scope)
    plan = _plan(
        files.dockerfile,
        subject.path,
        subject.target,
        tuple(sorted(subject.args.items())),
        subject.contexts,
        engine,
    )
    if isinstance(plan, str):
        return Definition(None, plan, scope)
    return Definition(plan, "", scope)


@lru_cache(maxsize=4096)
def _plan(
    data: bytes,
    path: str,
    target: str,
    args: tuple[tuple[str, str], ...],
    contexts: frozenset[str],
    engine: Engine,
) -> Plan | str:
    settings = Settings(args=dict(args), contexts=contexts, target=target)
    plan = plan_of(parse(data, path, engine.frontend), settings, engine)
    return plan.message if isinstance(plan, Problem) else plan
