"""The first difference of two build graphs, with its place in both.

Graphs are compared by normal form. Where they differ, both are followed from the bottom of the chain that makes the
image; where one operation differs only in another input (a stage it copies from), that input is followed in turn.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

import msgspec

from dockwright.dockerfile.operations.model import (
    Action,
    BuildGraph,
    ExecBody,
    FileBody,
    ImageConfig,
    Origin,
    SourceBody,
)
from dockwright.dockerfile.operations.normal import NormalForm
from dockwright.dockerfile.settings import BaseImage


class Kind(StrEnum):
    """How two graphs differ first."""

    CHANGED = "changed"
    """An operation is another one."""
    ADDED = "only in the second"
    REMOVED = "only in the first"
    CONFIG = "image configuration"


class Part(msgspec.Struct, frozen=True):
    """One thing that differs: what it is called, and its value on either side (None: not there).

    `places` are where a variable got its values, where the Dockerfile gave them.
    """

    name: str
    first: str | None
    second: str | None
    places: tuple[str | None, str | None] = (None, None)


class Side(msgspec.Struct, frozen=True):
    """Where one side of a difference is: the place and text of an instruction, the stage it stands in."""

    path: str
    line: int | None
    text: str
    stage: str = ""

    @property
    def place(self) -> str:
        return self.path if self.line is None else f"{self.path}:{self.line}"


class Difference(msgspec.Struct, frozen=True):
    """The first difference: on each side its place, None where there is nothing; and what differs there."""

    kind: Kind
    first: Side | None
    second: Side | None
    parts: tuple[Part, ...] = ()


class Compared(msgspec.Struct, frozen=True):
    """The result of a comparison; `difference` is None if the graphs are the same."""

    same: bool
    digests: tuple[str, str]
    difference: Difference | None = None


def compare(first: BuildGraph, second: BuildGraph, images: Mapping[str, BaseImage] | None = None) -> Compared:
    """Compare two graphs; `images` are what is known of base images, by canonical reference."""
    pair = _Pair(NormalForm(first, images), NormalForm(second, images))
    digests = (pair.first.digest, pair.second.digest)
    if digests[0] == digests[1]:
        return Compared(same=True, digests=digests)
    difference = pair.operations(first.output, second.output) if pair.outputs_differ else None
    return Compared(same=False, digests=digests, difference=difference or pair.configuration())


class _Pair:
    def __init__(self, first: NormalForm, second: NormalForm) -> None:
        self.first = first
        self.second = second

    @property
    def outputs_differ(self) -> bool:
        return self.first.output != self.second.output

    # -- operations

    def operations(self, at_first: int | None, at_second: int | None) -> Difference:
        """The first difference of two chains that end in these operations."""
        while True:
            mine = _chain(self.first.graph, at_first)
            theirs = _chain(self.second.graph, at_second)
            number = self._alike(mine, theirs)
            if number >= len(mine) or number >= len(theirs):
                return self._longer(mine[number:], theirs[number:])
            one, other = mine[number], theirs[number]
            inputs = self._other_inputs(one, other)
            if inputs is None:
                return self._here(mine[number:], theirs[number:])
            at_first, at_second = inputs

    def _alike(self, mine: list[int], theirs: list[int]) -> int:
        number = 0
        for one, other in zip(mine, theirs, strict=False):
            if self.first.digests[one] != self.second.digests[other]:
                break
            number += 1
        return number

    def _other_inputs(self, one: int, other: int) -> tuple[int, int] | None:
        """The first pair of side inputs that differ, if only these differ."""
        if self.first.bodies[one] != self.second.bodies[other]:
            return None
        mine, theirs = self.first.graph.operations[one].inputs, self.second.graph.operations[other].inputs
        for left, right in zip(mine, theirs, strict=False):
            if self.first.digests[left] != self.second.digests[right]:
                return left, right
        return None

    def _longer(self, mine: list[int], theirs: list[int]) -> Difference:
        if mine:
            return Difference(Kind.REMOVED, _side(self.first.graph, mine[0]), None)
        return Difference(Kind.ADDED, None, _side(self.second.graph, theirs[0]))

    def _here(self, mine: list[int], theirs: list[int]) -> Difference:
        """One operation was changed, or some were put in on one side."""
        one, other = mine[0], theirs[0]
        mine_later = {self.first.bodies[index] for index in mine[1:]}
        theirs_later = {self.second.bodies[index] for index in theirs[1:]}
        added = self.first.bodies[one] in theirs_later
        removed = self.second.bodies[other] in mine_later
        first, second = _side(self.first.graph, one), _side(self.second.graph, other)
        if added and not removed:
            return Difference(Kind.ADDED, first, second)
        if removed and not added:
            return Difference(Kind.REMOVED, first, second)
        parts = parts_of(
            self.first.body(self.first.graph.operations[one]),
            self.second.body(self.second.graph.operations[other]),
        )
        placed = tuple(self._placed(part, one, other) for part in parts)
        return Difference(Kind.CHANGED, first, second, placed or (_WIRING,))

    def _placed(self, part: Part, one: int, other: int) -> Part:
        """A variable with the places that gave it its values."""
        what, _, name = part.name.rpartition(" ")
        if what != "variable":
            return part
        places = (_assigned(self.first.graph, one, name), _assigned(self.second.graph, other, name))
        return msgspec.structs.replace(part, places=places)

    # -- configuration

    def configuration(self) -> Difference:
        mine, theirs = self.first.graph, self.second.graph
        parts = tuple(config_parts(mine.config, theirs.config))
        name = parts[0].name if parts else ""
        return Difference(Kind.CONFIG, _config_side(mine, name), _config_side(theirs, name), parts)


_WIRING = Part("inputs", "wired one way", "wired another way")


def _assigned(graph: BuildGraph, index: int, name: str) -> str | None:
    """Where a variable got the value an operation sees: the last ARG or ENV before it, in its stage or one below."""
    origin = graph.operations[index].origin
    found = None
    for assigned, at in graph.assignments if origin is not None else ():
        before = origin is not None and (at.stage_index, at.lines) < (origin.stage_index, origin.lines)
        if assigned == name and before:
            found = at.place
    return found


def _chain(graph: BuildGraph, output: int | None) -> list[int]:
    """The operations whose result is worked on, the lowest first: the first input of each."""
    found: list[int] = []
    while output is not None:
        found.append(output)
        inputs = graph.operations[output].inputs
        output = inputs[0] if inputs else None
    return found[::-1]


def _side(graph: BuildGraph, index: int) -> Side:
    operation = graph.operations[index]
    origin = operation.origin or _used_by(graph, index)
    if origin is None:
        return Side("", None, operation.name)
    return _at(origin)


def _at(origin: Origin) -> Side:
    return Side(origin.path, origin.lines[0], origin.text, origin.stage)


def _used_by(graph: BuildGraph, index: int) -> Origin | None:
    """The first instruction that works on an operation which has no place of its own."""
    return next((one.origin for one in graph.operations if index in one.inputs and one.origin), None)


def _config_side(graph: BuildGraph, name: str) -> Side:
    places = dict(graph.config_places)
    for key in (name, name.partition(" ")[0]):
        if key in places:
            return _at(places[key])
    return Side(graph.path, None, "not set")


# -- what differs


def parts_of(first: Any, second: Any) -> Iterator[Part]:
    """What differs between two bodies, field by field."""
    if type(first) is not type(second):
        yield Part("operation", _kind(first), _kind(second))
    elif isinstance(first, ExecBody):
        yield from _exec_parts(first, second)
    elif isinstance(first, FileBody):
        yield from _file_parts(first, second)
    else:
        yield from _fields(first, second)


def _kind(body: Any) -> str:
    return type(body).__name__.removesuffix("Body").lower() if not isinstance(body, SourceBody) else "source"


def _exec_parts(first: ExecBody, second: ExecBody) -> Iterator[Part]:
    for part in _fields(first, second):
        if part.name == "args":
            yield Part("command", " ".join(first.args), " ".join(second.args))
        elif part.name == "env":
            yield from variables(_pairs(first.env), _pairs(second.env))
        else:
            yield part


def _pairs(env: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(name, value) for name, _, value in (one.partition("=") for one in env)]


def variables(first: list[tuple[str, str]], second: list[tuple[str, str]]) -> Iterator[Part]:
    """Variables that differ; where only their order does, the two orders."""
    before, after = dict(first), dict(second)
    if before == after:
        yield Part("order of variables", " ".join(before), " ".join(after))
    for name in dict.fromkeys([*before, *after]):
        if before.get(name) != after.get(name):
            yield Part(f"variable {name}", before.get(name), after.get(name))


def _file_parts(first: FileBody, second: FileBody) -> Iterator[Part]:
    if len(first.actions) != len(second.actions):
        yield Part("number of sources", str(len(first.actions)), str(len(second.actions)))
    for one, other in zip(first.actions, second.actions, strict=False):
        yield from _action_parts(one, other)


def _action_parts(first: Action, second: Action) -> Iterator[Part]:
    if type(first.what) is not type(second.what):
        yield Part("action", type(first.what).__name__.lower(), type(second.what).__name__.lower())
    elif first.what != second.what:
        yield from _fields(first.what, second.what)
    elif (first.target, first.source) != (second.target, second.source):
        yield Part("inputs", f"{first.target} {first.source}", f"{second.target} {second.source}")


def _fields(first: Any, second: Any) -> Iterator[Part]:
    for name in first.__struct_fields__:
        before, after = getattr(first, name), getattr(second, name)
        if before != after:
            yield Part(name, _shown(before), _shown(after))


def _shown(value: Any) -> str | None:
    if value is None or value in ("", ()):
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, (tuple, list)):
        return ", ".join(_shown(one) or "" for one in value)
    if isinstance(value, msgspec.Struct):
        fields = ((name, getattr(value, name)) for name in value.__struct_fields__)
        return " ".join(
            f"{name}={_shown(one)}" for name, one in fields if one not in (None, "", (), 0, False)
        )
    return str(getattr(value, "value", value))


def config_parts(first: ImageConfig, second: ImageConfig) -> Iterator[Part]:
    """What differs between two image configurations."""
    for name in first.__struct_fields__:
        before, after = getattr(first, name), getattr(second, name)
        if before == after:
            continue
        if name == "env":
            yield from variables(list(before), list(after))
        elif name == "labels":
            yield from (
                Part(f"label {key}", dict(before).get(key), dict(after).get(key))
                for key in dict.fromkeys([*dict(before), *dict(after)])
                if dict(before).get(key) != dict(after).get(key)
            )
        else:
            yield Part(name, _shown(before), _shown(after))
