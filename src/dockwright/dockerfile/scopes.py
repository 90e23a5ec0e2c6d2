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

    Inherits from `parent`, looked up in place, so that a chain of stages costs no copies.
    """

    __slots__ = ("_own", "complete", "parent")

    def __init__(self, parent: "Scope | None" = None, *, complete: bool = True) -> None:
        """`complete` is False if variables may exist that are not known: the base image's own."""
        self.parent = parent
        self.complete = complete
        self._own: dict[str, list[Variable]] = {}

    def add(self, variable: Variable) -> None:
        """Append an assignment; positions must not fall."""
        self._own.setdefault(variable.name, []).append(variable)

    def find(self, name: str, before: int | None = None) -> Variable | None:
        """The last assignment of `name` at a position under `before` (all of them if None)."""
        scope: Scope | None = self
        while scope is not None:
            history = scope._own.get(name)
            if history:
                if before is None:
                    return history[-1]
                index = bisect_left(history, before, key=_position)
                if index:
                    return history[index - 1]
            scope, before = scope.parent, None
        return None

    def lookup(self, name: str) -> str | None:
        """The value at the end of what has been added so far."""
        variable = self.find(name)
        return None if variable is None else variable.value

    def all(self, before: int | None = None) -> list[Variable]:
        """All variables as they stand before a position, in BuildKit's order: last assigned last."""
        chain: list[tuple[Scope, int | None]] = []
        scope: Scope | None = self
        limit = before
        while scope is not None:
            chain.append((scope, limit))
            scope, limit = scope.parent, None
        found: dict[str, Variable] = {}
        for scope, limit in reversed(chain):
            for variable in sorted(scope._last(limit), key=_position):
                found.pop(variable.name, None)
                found[variable.name] = variable
        return list(found.values())

    def _last(self, before: int | None) -> Iterator[Variable]:
        for history in self._own.values():
            if before is None:
                yield history[-1]
            elif index := bisect_left(history, before, key=_position):
                yield history[index - 1]


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
