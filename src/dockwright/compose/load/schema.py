"""Validation of a model against the Compose schema: a quick yes or no, and where it is no, every error with its place.

The schemas use `type`, `properties`, `patternProperties`, `additionalProperties`, `required`, `items`, `uniqueItems`, `enum`,
`oneOf`, `$ref`, `pattern`, `minimum`, `maximum`; `format` is not checked by compose-go either. The check runs on values with
their origins, not on JSON; `schema_errors` words what it finds.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from math import isfinite

from dockwright.compose.load.problems import Problems
from dockwright.compose.load.values import Mapping, Scalar, Sequence, Value, plain
from dockwright.compose.load.versions import Semantics
from dockwright.compose.yaml.gotext import go_text
from dockwright.compose.yaml.resolve import Timestamp
from dockwright.knowledge.compose_schema import schema

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


Check = Callable[[Value], bool]


def validate(model: Mapping, semantics: Semantics, problems: Problems) -> bool:
    """True when the model is valid; else every error is noted."""
    if problems.not_finite and not _finite(model, problems):
        return False
    checker = _checker(semantics.number)
    if checker.check(checker.root)(model):
        return True
    from dockwright.compose.load.schema_errors import explain

    explain(checker, model, problems)
    return False


def _finite(model: Mapping, problems: Problems) -> bool:
    """Compose validates what encoding/json makes of a model, which cannot write infinities."""
    found = True
    waiting: list[Value] = [model]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Mapping):
            waiting.extend(value.entries.values())
        elif isinstance(value, Sequence):
            waiting.extend(value.items)
        elif isinstance(value, Scalar) and isinstance(value.value, float) and not isfinite(value.value):
            problems.fail("schema", f"unsupported value: {go_text(value.value)}", value.place)
            found = False
    return found


@cache
def _checker(number: tuple[int, int, int]) -> Checker:
    return Checker(schema(number))


def is_type(value: Value, name: str) -> bool:
    """Whether a value is of a JSON type. A timestamp is a string, 1.0 an integer (encoding/json)."""
    if isinstance(value, Mapping):
        return name == "object"
    if isinstance(value, Sequence):
        return name == ("null" if value.nil else "array")
    assert isinstance(value, Scalar)
    raw = value.value
    if isinstance(raw, str | Timestamp):
        return name == "string"
    if raw is None:
        return name == "null"
    if isinstance(raw, bool):
        return name == "boolean"
    if isinstance(raw, int):
        return name in ("integer", "number")
    return name == "number" or (name == "integer" and raw.is_integer())


class Checker:
    """Compiles parts of a schema to functions, each when it is first needed."""

    def __init__(self, root: dict[str, Any]) -> None:
        self.root = root
        self._checks: dict[int, Check] = {}

    def resolve(self, part: dict[str, Any]) -> dict[str, Any]:
        """The part a `$ref` names."""
        while "$ref" in part:
            found: Any = self.root
            for key in part["$ref"].removeprefix("#/").split("/"):
                found = found[key]
            part = found
        return part

    def check(self, part: dict[str, Any]) -> Check:
        """The function for a part of the schema."""
        part = self.resolve(part)
        found = self._checks.get(id(part))
        if found is None:
            checks = list(self._parts(part))
            found = checks[0] if len(checks) == 1 else _all(checks)
            self._checks[id(part)] = found
        return found

    def _parts(self, part: dict[str, Any]) -> list[Check]:
        found: list[Check] = []
        kinds = part.get("type")
        if kinds is not None:
            found.append(_type(tuple([kinds] if isinstance(kinds, str) else kinds)))
        if "enum" in part:
            allowed = part["enum"]
            found.append(lambda value: plain(value) in allowed)
        if "pattern" in part:
            pattern = compiled(part["pattern"])
            found.append(lambda value: not _is_text(value) or pattern.search(str(plain(value))) is not None)
        if "minimum" in part or "maximum" in part:
            found.append(_bounds(part.get("minimum"), part.get("maximum")))
        if (
            not {"properties", "patternProperties", "required"}.isdisjoint(part)
            or "additionalProperties" in part
        ):
            found.append(self._object(part))
        if "items" in part or part.get("uniqueItems"):
            found.append(self._array(part))
        if "oneOf" in part:
            found.append(self._one_of(part["oneOf"]))
        return found

    def _object(self, part: dict[str, Any]) -> Check:
        properties: dict[str, Any] = part.get("properties", {})
        patterns = [
            (_matcher(pattern), below) for pattern, below in part.get("patternProperties", {}).items()
        ]
        others: Any = part.get("additionalProperties")
        required = part.get("required", ())
        known: dict[str, tuple[Check, ...]] = {}
        refused = (_never,)

        def checks_of(key: str) -> tuple[Check, ...]:
            """What the value under a key has to pass."""
            found = [self.check(properties[key])] if key in properties else []
            matching = [below for matches, below in patterns if matches(key)]
            found.extend(self.check(below) for below in matching if below)
            if key not in properties and not matching:
                if others is False:
                    return refused
                if isinstance(others, dict):
                    found.append(self.check(others))
            return tuple(found)

        def check(value: Value) -> bool:
            if not isinstance(value, Mapping):
                return True
            entries = value.entries
            for key in required:
                if key not in entries:
                    return False
            for key, item in entries.items():
                checks = known.get(key)
                if checks is None:
                    checks = checks_of(key)
                    if key in properties:  # other keys are the user's, and there may be many
                        known[key] = checks
                for one in checks:
                    if not one(item):
                        return False
            return True

        return check

    def _array(self, part: dict[str, Any]) -> Check:
        items = part.get("items")
        unique = bool(part.get("uniqueItems"))

        def check(value: Value) -> bool:
            if not isinstance(value, Sequence):
                return True
            if items is not None:
                each = self.check(items)
                for item in value.items:
                    if not each(item):
                        return False
            return not unique or equal_items(value) is None

        return check

    def _one_of(self, parts: list[dict[str, Any]]) -> Check:
        checks: list[Check] = []

        def check(value: Value) -> bool:
            if not checks:
                checks.extend(self.check(part) for part in parts)
            passed = False
            for one in checks:
                if one(value):
                    if passed:
                        return False
                    passed = True
            return passed

        return check


def _never(value: Value) -> bool:
    del value
    return False


def _matcher(pattern: str) -> Callable[[str], bool]:
    """Whether a key matches a pattern of the schema; the commonest ones without a regular expression."""
    if pattern == "^x-":
        return lambda key: key.startswith("x-")
    if pattern in (".+", "^.+$"):
        return lambda key: compiled(pattern).search(key) is not None if "\n" in key else bool(key)
    return lambda key: compiled(pattern).search(key) is not None


def _all(checks: list[Check]) -> Check:
    if not checks:
        return lambda value: True  # noqa: ARG005 - an empty schema allows everything
    if len(checks) == 2:
        first, second = checks
        return lambda value: first(value) and second(value)

    def check(value: Value) -> bool:
        for one in checks:  # noqa: SIM110 - a generator would cost as much as the checks
            if not one(value):
                return False
        return True

    return check


_SCALARS: dict[str, tuple[type, ...]] = {
    "string": (str, Timestamp),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
_COLLECTIONS = {"object": Mapping, "array": Sequence}


def _type(kinds: tuple[str, ...]) -> Check:
    """`is_type` for any of several types, by the Python type of the value."""
    scalars = frozenset(found for kind in kinds for found in _SCALARS.get(kind, ()))
    collections = tuple(_COLLECTIONS[kind] for kind in kinds if kind in _COLLECTIONS)
    whole = "integer" in kinds and "number" not in kinds

    def check(value: Value) -> bool:
        if type(value) is Scalar:
            raw = value.value
            return type(raw) in scalars or (whole and isinstance(raw, float) and raw.is_integer())
        if type(value) is Sequence and value.nil:
            return type(None) in scalars
        return isinstance(value, collections)

    return check


def _bounds(low: float | None, high: float | None) -> Check:
    def check(value: Value) -> bool:
        raw = value.value if isinstance(value, Scalar) else None
        if isinstance(raw, bool) or not isinstance(raw, int | float):
            return True
        return (low is None or raw >= low) and (high is None or raw <= high)

    return check


def _is_text(value: Value) -> bool:
    return is_type(value, "string")


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of the schema; `$` means the very end, as in Go."""
    return re.compile(re.sub(r"\$\Z", r"\\Z", pattern))


def equal_items(sequence: Sequence) -> tuple[int, int] | None:
    """The first two indexes with equal items."""
    if len(sequence.items) < 2:
        return None
    seen: dict[object, int] = {}
    for index, item in enumerate(sequence.items):
        if isinstance(item, Scalar):
            key: object = (isinstance(item.value, bool), item.value)
        else:
            key = repr(_sorted(plain(item)))
        if key in seen:
            return seen[key], index
        seen[key] = index
    return None


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return sorted((key, _sorted(item)) for key, item in value.items())
    return [_sorted(item) for item in value] if isinstance(value, list) else value
