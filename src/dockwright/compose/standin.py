"""What a stack comes to in a clean clone, and where that lacks something, what it would come to otherwise.

Env files that git ignores and variables that everybody sets for themselves are no faults of the files: where Compose
stops for want of them, the stack is resolved once more with stand-ins (empty files, `1` for variables). What Compose
refuses then, it refuses whatever they hold, unless the complaint is about the very text the variable stands in.
"""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

import msgspec

from dockwright.compose.load import Semantics
from dockwright.compose.load.files import Unreadable
from dockwright.compose.load.origin import Origin, origin_of
from dockwright.compose.load.problems import LoadProblem
from dockwright.compose.load.project import Project, Route
from dockwright.compose.load.tree_files import TreeFiles
from dockwright.compose.load.values import Value
from dockwright.compose.made_up import as_seen
from dockwright.compose.stack import ROOT, Resolved, Stack, resolve_in
from dockwright.compose.yaml import YamlFile
from dockwright.trees.tree import Tree

STAND_IN = "1"
"""A number, a name and a path at once."""
ROUNDS = 3
"""Compose stops at the first phase that fails, so that more may be missing behind what is missing."""
_UNSET = re.compile(r"(?i)^the ['\"](\w+)['\"] variable is not set")
_REQUIRED = re.compile(r"required variable (\w+) is missing a value")
"""docker/compose's and compose-go's own words."""


class Status(StrEnum):
    """Whether Compose takes a stack."""

    RESOLVES = "resolves"
    NEEDS = "needs"
    """It does once certain variables are set and env files are there."""
    REFUSED = "refused"


class Attempt(msgspec.Struct, frozen=True):
    """A stack in a clean clone. `project` is what it comes to, with stand-ins where the clone lacks something.

    `variables` are those nothing sets, `files` the env files that are not there. `errors` are those that no variable and no env
    file would heal; a project may be there nevertheless, of parts that do not fit together.
    """

    exact: Resolved
    status: Status
    project: Project | None
    variables: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    errors: tuple[LoadProblem, ...] = ()

    @property
    def stack(self) -> Stack:
        return self.exact.stack

    def stood_in(self, value: Value) -> bool:
        """True when something in the value hangs on a variable that nothing sets."""
        return bool(self.variables) and any(use.name in self.variables for use in value.uses)

    def place(self, route: Route) -> Origin | None:
        """Where the value at a route was written; for a part Compose made up, where what it is part of was written."""
        for size in range(len(route), 0, -1) if self.project is not None else ():
            value = self.project.at(*route[:size]) if self.project is not None else None
            origin = origin_of(value.place) if value is not None else None
            if origin is not None:
                return self.told(origin)
        return None

    def told(self, origin: Origin) -> Origin:
        """A place with its path relative to the tree's root."""
        return self.exact.told(origin)


class _Lenient(TreeFiles):
    """A tree in which every env file is there: a missing one is empty."""

    def __init__(self, tree: Tree, root: str) -> None:
        super().__init__(tree, root)
        self.supplied: dict[str, None] = {}

    def read(self, path: str) -> bytes | None:
        try:
            data = super().read(path)
        except Unreadable:
            data = None
        if data is None and not path.endswith((".yml", ".yaml")):
            self.supplied[self.inside(path) or as_seen(path, self.root)] = None
            return b""
        return data


def attempt(
    tree: Tree,
    stack: Stack,
    semantics: Semantics | None = None,
    root: str = ROOT,
    parsed: Mapping[str, YamlFile] | None = None,
) -> Attempt:
    """Resolve a stack as a clean clone would, without any variable from outside; see `Attempt`.

    `parsed` are files that were read already, by path in the tree.
    """
    exact = resolve_in(TreeFiles(tree, root), stack, None, semantics, parsed=parsed)
    if exact.project is not None:
        return Attempt(exact, Status.RESOLVES, exact.project, tuple(dict.fromkeys(_lacking(exact))))
    files = _Lenient(tree, root)
    variables: dict[str, str] = {}
    found = exact
    for _ in range(ROUNDS):
        more = {name: STAND_IN for name in _lacking(found) if name not in variables}
        if found is not exact and not more:
            break
        variables |= more
        found = resolve_in(files, stack, variables, semantics, parsed=parsed)
        if found.project is not None:
            return Attempt(exact, Status.NEEDS, found.project, tuple(variables), tuple(files.supplied))
    errors = tuple(_hard(found.loaded.errors, variables))
    loose = resolve_in(files, stack, variables, semantics, consistency=False, parsed=parsed)
    return Attempt(
        exact,
        Status.REFUSED if errors else Status.NEEDS,
        loose.project,
        tuple(variables),
        tuple(files.supplied),
        errors,
    )


def _lacking(found: Resolved) -> Iterable[str]:
    """Variables that are asked for and not set, with or without a complaint."""
    for problem in (*found.loaded.errors, *found.loaded.warnings):
        for pattern in (_UNSET, _REQUIRED):
            match = pattern.search(problem.message)
            if match is not None:
                yield match[1]


def _hard(errors: Iterable[LoadProblem], variables: Iterable[str]) -> Iterable[LoadProblem]:
    """Errors that do not hang on what a stand-in stands for."""
    names = list(variables)
    pattern = re.compile(rf"\$\{{?(?:{'|'.join(map(re.escape, names))})\b") if names else None
    for error in errors:
        if pattern is None or (
            error.places and not any(pattern.search(place.text) for place in error.places)
        ):
            yield error
