"""What is wrong with a model that is not valid: every error, at the deepest place that explains it.

compose-go schema/schema.go (getMostSpecificError) reports one; here all are reported, and of the branches of a `oneOf` that
one which fits the kind of value best.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from dockwright.compose.load.origin import key_origin, origin_of
from dockwright.compose.load.problems import Problems
from dockwright.compose.load.values import Mapping, Sequence, Value, plain

if TYPE_CHECKING:
    from dockwright.compose.load.origin import Origin
    from dockwright.compose.load.schema import Checker

Path = tuple[str, ...]

_NAMES = {"object": "mapping", "array": "list"}


class Error(NamedTuple):
    """One error and the sides of it."""

    path: Path
    message: str
    places: tuple[Origin | None, ...]


def explain(checker: Checker, model: Mapping, problems: Problems) -> None:
    """Note every error of the model."""
    for error in _errors(checker, checker.root, model, ()):
        where = ".".join(error.path)
        problems.fail("schema", f"{where} {error.message}".strip(), *error.places)


def _errors(checker: Checker, part: dict[str, Any], value: Value, path: Path) -> Iterator[Error]:
    part = checker.resolve(part)
    if checker.check(part)(value):
        return
    kinds = part.get("type")
    if kinds is not None:
        from dockwright.compose.load.schema import is_type

        allowed = [kinds] if isinstance(kinds, str) else list(kinds)
        if not any(is_type(value, kind) for kind in allowed):
            yield _error(path, f"must be a {_listed(allowed)}", value)
            return
    yield from _scalar_errors(part, value, path)
    if isinstance(value, Mapping):
        yield from _mapping_errors(checker, part, value, path)
    elif isinstance(value, Sequence):
        yield from _sequence_errors(checker, part, value, path)
    if "oneOf" in part:
        yield from _branch_errors(checker, part["oneOf"], value, path)


def _error(path: Path, message: str, *values: Value) -> Error:
    return Error(path, message, tuple(origin_of(value.place) for value in values))


def _listed(kinds: list[str]) -> str:
    names = [_NAMES.get(kind, kind) for kind in kinds]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _scalar_errors(part: dict[str, Any], value: Value, path: Path) -> Iterator[Error]:
    raw = plain(value)
    if "enum" in part and raw not in part["enum"]:
        yield _error(path, f"must be one of {', '.join(map(repr, part['enum']))}", value)
    if "pattern" in part and isinstance(raw, str):
        from dockwright.compose.load.schema import compiled

        if not compiled(part["pattern"]).search(raw):
            yield _error(path, f"{raw!r} does not match pattern {part['pattern']!r}", value)
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        if "minimum" in part and raw < part["minimum"]:
            yield _error(path, f"must be greater than or equal to {part['minimum']}", value)
        if "maximum" in part and raw > part["maximum"]:
            yield _error(path, f"must be less than or equal to {part['maximum']}", value)


def _mapping_errors(checker: Checker, part: dict[str, Any], value: Mapping, path: Path) -> Iterator[Error]:
    from dockwright.compose.load.schema import compiled

    properties = part.get("properties", {})
    patterns = part.get("patternProperties", {})
    others = part.get("additionalProperties")
    for key in part.get("required", ()):
        if key not in value.entries:
            yield _error(path, f"{key} is required", value)
    for key, item in value.entries.items():
        known = key in properties
        if known:
            yield from _errors(checker, properties[key], item, (*path, key))
        for pattern, below in patterns.items():
            if compiled(pattern).search(key):
                known = True
                yield from _errors(checker, below, item, (*path, key))
        if not known and others is False:
            yield Error(
                path,
                f"additional property {key!r} is not allowed{_near(key, properties)}",
                (key_origin(item.place),),
            )
        elif not known and isinstance(others, dict):
            yield from _errors(checker, others, item, (*path, key))


def _near(key: str, properties: dict[str, Any]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(key, properties, 1, 0.75)
    return f" (did you mean {near[0]!r}?)" if near else ""


def _sequence_errors(checker: Checker, part: dict[str, Any], value: Sequence, path: Path) -> Iterator[Error]:
    if "items" in part:
        for index, item in enumerate(value.items):
            yield from _errors(checker, part["items"], item, (*path, str(index)))
    if part.get("uniqueItems"):
        from dockwright.compose.load.schema import equal_items

        pair = equal_items(value)
        if pair is not None:
            first, second = value.items[pair[0]], value.items[pair[1]]
            yield _error(path, f"items {pair[0]} and {pair[1]} are equal", second, first)


def _branch_errors(
    checker: Checker, parts: list[dict[str, Any]], value: Value, path: Path
) -> Iterator[Error]:
    """The errors of the branch that comes closest; without one of the value's kind, the kinds that are allowed."""
    branches = [checker.resolve(part) for part in parts]
    fitting = [part for part in branches if _fits(checker, part, value)]
    if not fitting:
        kinds = [kind for part in branches for kind in _kinds(part)]
        yield _error(path, f"must be a {_listed(list(dict.fromkeys(kinds)))}", value)
        return
    found = [list(_errors(checker, part, value, path)) for part in fitting]
    if any(not errors for errors in found):
        yield _error(path, "must match only one of the forms that are allowed", value)
        return
    yield from max(found, key=lambda errors: max(len(error.path) for error in errors))


def _fits(checker: Checker, part: dict[str, Any], value: Value) -> bool:
    from dockwright.compose.load.schema import is_type

    del checker
    kinds = _kinds(part)
    return not kinds or any(is_type(value, kind) for kind in kinds)


def _kinds(part: dict[str, Any]) -> list[str]:
    kinds = part.get("type", [])
    return [kinds] if isinstance(kinds, str) else list(kinds)
