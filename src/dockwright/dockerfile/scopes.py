"""Variables: which exist where, with which value, and where each value comes from.

Source: moby/buildkit frontend/dockerfile/dockerfile2llb/convert.go: buildMetaArgs, dispatchArg, dispatchEnv, and
platform.go: defaultArgs. A stage has one ordered list of variables, ARG and ENV alike; the later of the two wins.
"""

from bisect import bisect_left
from collections.abc import Iterator
from enum import Enum

import msgspec

from dockwright.dockerfile.instructions.types import Command
from dockwright.text import Span


class Origin(Enum):
    """Where a variable's value comes from."""

    IMAGE = "base image"
    DEFAULT = "default of the builder"
    ENV = "ENV"
    ARG = "default of ARG"
    BUILD_ARG = "build argument"
    GLOBAL = "ARG before the first FROM"
    PLATFORM = "platform of the build"


class Variable(msgspec.Struct, frozen=True):
    """One value of one variable.

    `command` is the ARG or ENV that puts it there, `span` the declaration in it; None for what the base image or
    the builder brings. `declared` is True if an ARG declares it. `position` orders the assignments of a stage.
    """

    name: str
    value: str
    origin: Origin
    command: Command | None = None
    span: Span | None = None
    declared: bool = False
    position: int = -1


class Scope:
    """The variables of one stage (or of the part before the first FROM) over its whole length.

    A stage built on another begins with that stage's variables; then BuildKit sets all of its image's ENV once
    more, so that there an ARG after an ENV of the same name loses. Both are looked up in place, so that a chain of
    stages costs no copies.
    """

    __slots__ = ("_image", "_own", "complete", "parent")

    def __init__(self, parent: "Scope | None" = None, *, complete: bool = True) -> None:
        """`complete` is False if variables may exist that are not known: the base image's own."""
        self.parent = parent
        self.complete = complete
        self._own: dict[str, list[Variable]] = {}
        self._image: dict[str, Variable] = {}

    def add(self, variable: Variable) -> None:
        """Append an assignment; positions must not fall."""
        self._own.setdefault(variable.name, []).append(variable)
        if not variable.declared:
            self._image[variable.name] = variable

    def find(self, name: str, before: int | None = None) -> Variable | None:
        """The last assignment of `name` at a position under `before` (all of them if None)."""
        history = self._own.get(name)
        if history:
            if before is None:
                return history[-1]
            index = bisect_left(history, before, key=_position)
            if index:
                return history[index - 1]
        if self.parent is None:
            return None
        return self.parent.find_in_image(name) or self.parent._find_declared(name)

    def find_in_image(self, name: str) -> Variable | None:
        """The variable as the image of the stage stores it: ENV only."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope._image:
                return scope._image[name]
            scope = scope.parent
        return None

    def _find_declared(self, name: str) -> Variable | None:
        """A variable that no ENV sets, in this stage or one it is built on."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope._own:
                return scope._own[name][-1]
            scope = scope.parent
        return None

    def lookup(self, name: str) -> str | None:
        """The value at the end of what has been added so far."""
        variable = self.find(name)
        return None if variable is None else variable.value

    def _chain(self) -> list["Scope"]:
        """The scopes from the outermost to this one."""
        chain: list[Scope] = []
        scope: Scope | None = self
        while scope is not None:
            chain.append(scope)
            scope = scope.parent
        return chain[::-1]

    def image(self) -> dict[str, Variable]:
        """The ENV of the image of the stage, each in the place where it was first set."""
        found: dict[str, Variable] = {}
        for scope in self._chain():
            found.update(scope._image)
        return found

    def all(self, before: int | None = None) -> list[Variable]:
        """All variables as they stand before a position, in BuildKit's order: last assigned last."""
        found: dict[str, Variable] = {}
        image: dict[str, Variable] = {}
        for scope in self._chain():
            for variable in image.values():  # set once more at the beginning of the next stage
                _append(found, variable)
            for variable in sorted(scope._last(before if scope is self else None), key=_position):
                _append(found, variable)
            image.update(scope._image)
        return list(found.values())

    def _last(self, before: int | None) -> Iterator[Variable]:
        for history in self._own.values():
            if before is None:
                yield history[-1]
            elif index := bisect_left(history, before, key=_position):
                yield history[index - 1]


def _append(found: dict[str, Variable], variable: Variable) -> None:
    found.pop(variable.name, None)
    found[variable.name] = variable


def _position(variable: Variable) -> int:
    return variable.position


class Environment:
    """The variables before one instruction: a view of a `Scope`."""

    __slots__ = ("_before", "_scope")

    def __init__(self, scope: Scope, before: int | None = None) -> None:
        self._scope = scope
        self._before = before

    @property
    def complete(self) -> bool:
        """False if the base image may have variables that are not known here."""
        return self._scope.complete

    def get(self, name: str) -> str | None:
        """The value, None if the variable is not set."""
        variable = self.variable(name)
        return None if variable is None else variable.value

    def variable(self, name: str) -> Variable | None:
        """The value with its origin."""
        return self._scope.find(name, self._before)

    def __contains__(self, name: str) -> bool:
        return self.variable(name) is not None

    def __iter__(self) -> Iterator[Variable]:
        return iter(self._scope.all(self._before))

    def names(self) -> list[str]:
        return [variable.name for variable in self]

    def as_list(self) -> list[str]:
        """`NAME=value` in the order in which BuildKit hands them to a process."""
        return [f"{variable.name}={variable.value}" for variable in self]
