"""The values a compose model is made of while it is loaded, each of which knows where it came from.

A `Scalar` holds a Go value (str, int, float, bool, None, `Timestamp`), a `Mapping` entries by key, a `Sequence` items.
All three carry

- `place`: the YAML node or the `Place` of an env file the value was written at; None for what Compose filled in,
- `over`: the value this one replaced (of an earlier file, of an extended service), which may itself have replaced one,
- `uses`: the variables that were put into it.

They are changed in place while a model is loaded, as compose-go changes its maps, and are not changed afterwards.
"""

from __future__ import annotations

from dockwright.compose.load.origin import At, VariableUse
from dockwright.compose.yaml.resolve import Timestamp
from dockwright.compose.yaml.resolve import Value as Plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Value:
    """Base of all values."""

    __slots__ = ("over", "place", "uses")

    place: At
    over: Value | None
    uses: tuple[VariableUse, ...]

    def history(self) -> tuple[Value, ...]:
        """What this value replaced, the latest first."""
        found: list[Value] = []
        value = self.over
        while value is not None and len(found) < 1_000:
            found.append(value)
            value = value.over
        return tuple(found)

    def at(self, *route: str | int) -> Value | None:
        """The value at the end of a route of keys and indexes, or None."""
        value: Value | None = self
        for key in route:
            if isinstance(value, Mapping):
                value = value.entries.get(str(key))
            elif (
                isinstance(value, Sequence)
                and isinstance(key, int)
                and -len(value.items) <= key < len(value.items)
            ):
                value = value.items[key]
            else:
                return None
        return value


class Scalar(Value):
    """A value that is no collection."""

    __slots__ = ("value",)

    def __init__(
        self, value: Plain, place: At = None, over: Value | None = None, uses: tuple[VariableUse, ...] = ()
    ) -> None:
        self.value = value
        self.place = place
        self.over = over
        self.uses = uses

    def __repr__(self) -> str:
        return f"Scalar({self.value!r})"

    def like(self, value: Plain) -> Scalar:
        """Another value of the same origin."""
        return Scalar(value, self.place, self.over, self.uses)


class Mapping(Value):
    """Values by key. The order of keys means nothing in a compose model."""

    __slots__ = ("entries",)

    def __init__(self, entries: dict[str, Value], place: At = None, over: Value | None = None) -> None:
        self.entries = entries
        self.place = place
        self.over = over
        self.uses = ()

    def __repr__(self) -> str:
        return f"Mapping({self.entries!r})"

    def get(self, key: str) -> Value | None:
        """The value under a key, or None."""
        return self.entries.get(key)

    def plain(self, key: str) -> Plain:
        """The Go value of the scalar under a key; None where there is none."""
        value = self.entries.get(key)
        return value.value if isinstance(value, Scalar) else None

    def text(self, key: str) -> str:
        """The text under a key; empty where there is none."""
        value = self.entries.get(key)
        return value.value if isinstance(value, Scalar) and isinstance(value.value, str) else ""

    def mapping(self, key: str) -> Mapping:
        """The mapping under a key; an empty one where there is none."""
        value = self.entries.get(key)
        return value if isinstance(value, Mapping) else Mapping({})

    def sequence(self, key: str) -> Sequence:
        """The sequence under a key; an empty one where there is none."""
        value = self.entries.get(key)
        return value if isinstance(value, Sequence) else Sequence([])


class Sequence(Value):
    """Values in order. `nil` marks an empty one that Go holds as a nil slice, which JSON writes as null."""

    __slots__ = ("items", "nil")

    def __init__(self, items: list[Value], place: At = None, over: Value | None = None) -> None:
        self.items = items
        self.nil = False
        self.place = place
        self.over = over
        self.uses = ()

    def __repr__(self) -> str:
        return f"Sequence({self.items!r})"

    def texts(self) -> list[str]:
        """The items that are text."""
        return [item.value for item in self.items if isinstance(item, Scalar) and isinstance(item.value, str)]


def clone(value: Value) -> Value:
    """A deep copy; scalars are shared, for they are not changed in place."""
    if isinstance(value, Mapping):
        return Mapping({key: clone(item) for key, item in value.entries.items()}, value.place, value.over)
    if isinstance(value, Sequence):
        copy = Sequence([clone(item) for item in value.items], value.place, value.over)
        copy.nil = value.nil
        return copy
    return value


def replacing(value: Value, old: Value) -> Value:
    """`value`, which takes the place of `old`: what `old` replaced comes behind what `value` already had."""
    last = value
    for _ in range(1_000):
        if last.over is None:
            break
        last = last.over
    if value is old or last is old:
        return value
    if isinstance(value, Scalar):
        if value.over is None:
            return Scalar(value.value, value.place, old, value.uses)
        return value
    if value.over is None:
        value.over = old
    return value


def plain(value: Value | None) -> Any:
    """The value as Python's own: dict, list, str, int, float, bool, None. Timestamps as Go prints them."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.entries.items()}
    if isinstance(value, Sequence):
        return [plain(item) for item in value.items]
    if isinstance(value, Scalar):
        if isinstance(value.value, Timestamp):
            from dockwright.compose.load.gotext import timestamp_json

            return timestamp_json(value.value)
        return value.value
    return None


def same(first: Value | None, second: Value | None) -> bool:
    """reflect.DeepEqual: same kinds, same values; where they came from does not matter."""
    if isinstance(first, Scalar) and isinstance(second, Scalar):
        return type(first.value) is type(second.value) and first.value == second.value
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        return first.entries.keys() == second.entries.keys() and all(
            same(item, second.entries[key]) for key, item in first.entries.items()
        )
    if isinstance(first, Sequence) and isinstance(second, Sequence):
        return len(first.items) == len(second.items) and all(map(same, first.items, second.items))
    return first is None and second is None
