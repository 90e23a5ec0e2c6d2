"""The first difference of two build graphs, with its place in both.

Graphs are compared by normal form. Where they differ, both are followed from the bottom of the chain that makes the
image; where one operation differs only in another input (a stage it copies from), that input is followed in turn.
"""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from dockwright.dockerfile.operations.model import (
    BuildGraph,
    Origin,
)
from dockwright.dockerfile.operations.normal import NormalForm
from dockwright.dockerfile.operations.parts import Part, config_parts, parts_of
from dockwright.dockerfile.settings import BaseImage


class Kind(StrEnum):
    """How two graphs differ first."""

    CHANGED = "changed"
    """An operation is another one."""
    ADDED = "only in the second"
    REMOVED = "only in the first"
    CONFIG = "image configuration"


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
