"""Operations while a graph is being put together, and the step from them to a `BuildGraph`'s list.

Source: moby/buildkit client/llb/marshal.go, exec.go and fileop.go: a vertex comes after its inputs, these in the
order its kind visits them; vertices that are equal with equal inputs are one.
"""

from collections.abc import Iterable, Sequence

import msgspec

from dockwright.dockerfile.operations.model import (
    NO_INPUT,
    Action,
    Body,
    ExecBody,
    ExecMount,
    FileBody,
    Operation,
    Origin,
)


class Vertex:
    """An operation being made. Indexes in `body` point into `slots`, None there for scratch.

    `visits` are the inputs in the order they are put into the list, which differs from the slots for file operations.
    """

    __slots__ = ("body", "name", "origin", "slots", "visits")

    def __init__(
        self,
        body: Body,
        slots: Sequence["Vertex | None"] = (),
        *,
        name: str = "",
        origin: Origin | None = None,
        visits: Sequence["Vertex | None"] | None = None,
    ) -> None:
        self.body = body
        self.slots = tuple(slots)
        self.visits = self.slots if visits is None else tuple(visits)
        self.name = name
        self.origin = origin


def as_operations(output: Vertex | None) -> tuple[Operation, ...]:
    """All operations `output` needs, each after its inputs; `output` itself is last, unless it equals another."""
    found = _Listed()
    if output is not None:
        for vertex in _after_inputs(output):
            found.add(vertex)
    return found.operations()


class _Listed:
    def __init__(self) -> None:
        self._index: dict[tuple[Body, tuple[int, ...]], int] = {}
        self._of: dict[int, int] = {}
        self._names: list[str] = []
        self._origins: list[dict[Origin, None]] = []

    def add(self, vertex: Vertex) -> None:
        places: list[int] = []  # of each slot, the index among this operation's own inputs
        inputs: dict[int, int] = {}
        for slot in vertex.slots:
            if slot is None:
                places.append(NO_INPUT)
            else:
                places.append(inputs.setdefault(self._of[id(slot)], len(inputs)))
        key = (_rewired(vertex.body, places, len(inputs)), tuple(inputs))
        index = self._index.setdefault(key, len(self._index))
        if index == len(self._names):
            self._names.append(vertex.name)
            self._origins.append({})
        self._names[index] = vertex.name
        if vertex.origin is not None:
            self._origins[index][vertex.origin] = None
        self._of[id(vertex)] = index

    def operations(self) -> tuple[Operation, ...]:
        keys = list(self._index)
        return tuple(
            Operation(body, inputs, name, tuple(origins))
            for (body, inputs), name, origins in zip(keys, self._names, self._origins, strict=True)
        )


def _after_inputs(output: Vertex) -> Iterable[Vertex]:
    """Depth first, inputs before what needs them; without recursion, as chains may be long."""
    done: set[int] = set()
    waiting: list[tuple[Vertex, bool]] = [(output, False)]
    while waiting:
        vertex, ready = waiting.pop()
        if ready:
            yield vertex
        elif id(vertex) not in done:
            done.add(id(vertex))
            waiting.append((vertex, True))
            waiting += [(one, False) for one in reversed(vertex.visits) if one is not None]


def _rewired(body: Body, places: list[int], count: int) -> Body:
    """The body with indexes into the operation's inputs in place of slots."""
    if isinstance(body, FileBody):
        return FileBody(tuple(_rewired_action(one, places, count) for one in body.actions))
    if isinstance(body, ExecBody):
        mounts = tuple(_rewired_mount(one, places) for one in body.mounts)
        return msgspec.structs.replace(body, mounts=mounts)
    return body


def _rewired_action(action: Action, places: list[int], count: int) -> Action:
    def place(slot: int) -> int:
        if slot >= len(places):  # the result of an earlier action of this operation
            return slot - len(places) + count
        return slot if slot == NO_INPUT else places[slot]

    return Action(action.what, place(action.target), place(action.source), action.last)


def _rewired_mount(mount: ExecMount, places: list[int]) -> ExecMount:
    if mount.input == NO_INPUT or places[mount.input] == mount.input:
        return mount
    return msgspec.structs.replace(mount, input=places[mount.input])
