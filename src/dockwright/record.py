"""Small values without msgspec: for what `dockwright compose config` imports, whose whole run is as short as importing msgspec.

A `Record` is written like a `msgspec.Struct`: annotated fields, some with defaults, no `__init__`. It has slots, is equal to and
hashes like another of the same fields, and is not changed after it was made (type checkers hold that). Defaults are shared, so they
are values that nobody changes.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar, dataclass_transform

    _R = TypeVar("_R", bound="Record")
else:

    def dataclass_transform(**_options: bool) -> object:
        return lambda made: made


class _Made(type):
    """Turns annotations into slots."""

    def __new__(cls, name: str, bases: "tuple[type, ...]", body: "dict[str, Any]") -> "_Made":
        fields = tuple(body.get("__annotations__", ()))
        defaults = {field: body.pop(field) for field in fields if field in body}
        body["__slots__"] = fields
        made = super().__new__(cls, name, bases, body)
        made._fields = fields  # type: ignore[attr-defined]
        made._defaults = defaults  # type: ignore[attr-defined]
        if fields:
            made.__init__ = _first(made)  # type: ignore[misc]
        return made


def _first(made: "Any") -> "Any":
    """An `__init__` that puts the real one in its place when the first value is made: many classes never make one."""

    def start(self: object, *given: object, **named: object) -> None:
        words = [f"{name}=_{name}" if name in made._defaults else name for name in made._fields]
        body = "\n ".join(f"self.{name} = {name}" for name in made._fields)
        scope = {f"_{name}": value for name, value in made._defaults.items()}
        exec(f"def __init__(self, {', '.join(words)}):\n {body}", scope)  # noqa: S102 - names of fields only
        made.__init__ = scope["__init__"]
        made.__init__(self, *given, **named)

    return start


@dataclass_transform(frozen_default=True, eq_default=True)
class Record(metaclass=_Made):
    """Base of such values."""

    if TYPE_CHECKING:
        _fields: "tuple[str, ...]"

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self._fields)

    def __hash__(self) -> int:
        return hash(tuple([getattr(self, name) for name in self._fields]))

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._fields)
        return f"{type(self).__name__}({shown})"


def replaced(record: "_R", **changes: object) -> "_R":
    """A copy of a record with some fields changed."""
    return type(record)(**{**{name: getattr(record, name) for name in record._fields}, **changes})


def as_dict(value: object) -> "dict[str, object]":
    """The fields of a record by name, for msgspec's `enc_hook`."""
    if not isinstance(value, Record):
        raise NotImplementedError(type(value).__name__)
    return {name: getattr(value, name) for name in value._fields}
