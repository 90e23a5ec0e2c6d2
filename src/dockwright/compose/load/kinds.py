"""The kinds of fields, as compose-go's types decode them: texts, numbers, sizes, durations, commands, mappings.

Source: compose-go types/ (`DecodeMapstructure` of each type), loader/mapstructure.go (`cast`), and mapstructure's own rules.
"""

from __future__ import annotations

from collections.abc import Callable

from dockwright.compose.load.gotext import (
    duration_text,
    float32,
    parse_duration,
    parse_float,
    parse_int,
    parse_size,
    sprint,
)
from dockwright.compose.load.merge import by_text, is_null
from dockwright.compose.load.substitute import to_bool
from dockwright.compose.load.values import Mapping, Scalar, Sequence, Value, plain
from dockwright.compose.load.versions import Semantics
from dockwright.compose.shellwords import split
from dockwright.compose.yaml.resolve import Timestamp


class WrongValue(ValueError):
    """A value that cannot be decoded; the text says why."""


def go_kind(value: Value) -> str:
    if isinstance(value, Mapping):
        return "map"
    if isinstance(value, Sequence):
        return "slice"
    raw = plain(value)
    return {bool: "bool", int: "int", float: "float64", str: "string"}.get(type(raw), "nil")


def _raw(value: Value) -> str | int | float | bool | Timestamp | None:
    if not isinstance(value, Scalar):
        raise WrongValue(f"unexpected type {go_kind(value)}")
    return value.value


def _string(semantics: Semantics, value: Value) -> Value:
    del semantics
    raw = _raw(value)
    if isinstance(raw, str):
        return value
    assert isinstance(value, Scalar)
    if isinstance(raw, int) and not isinstance(raw, bool):
        return value.like(str(raw))
    raise WrongValue(f"expected type 'string', got unconvertible type '{go_kind(value)}'")


def _bool(semantics: Semantics, value: Value) -> Value:
    del semantics
    raw = _raw(value)
    assert isinstance(value, Scalar)
    if isinstance(raw, bool):
        return value
    if isinstance(raw, str):
        try:
            return value.like(to_bool(raw))
        except ValueError as error:
            raise WrongValue(str(error)) from None
    raise WrongValue(f"expected type 'bool', got unconvertible type '{go_kind(value)}'")


def _opt_out(semantics: Semantics, value: Value) -> Value | None:
    """True is left out where it is the default, false where it is not."""
    found = Scalar(False, value.place) if is_null(value) else _bool(semantics, value)
    assert isinstance(found, Scalar)
    if semantics.opt_out:
        return None if found.value is True else Scalar(False, found.place, found.over, found.uses)
    return found


def _int(semantics: Semantics, value: Value) -> Value:
    raw = _raw(value)
    assert isinstance(value, Scalar)
    if isinstance(raw, str):
        try:
            return value.like(parse_int(raw))
        except ValueError as error:
            raise WrongValue(f"strconv.ParseInt: {error}") from None
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return value.like(int(raw))
    del semantics
    raise WrongValue(f"expected type 'int', got unconvertible type '{go_kind(value)}'")


def _unsigned(semantics: Semantics, value: Value) -> Value:
    raw = _raw(value)
    if isinstance(raw, str):
        raise WrongValue("expected type 'uint', got unconvertible type 'string'")
    found = _int(semantics, value)
    assert isinstance(found, Scalar)
    if isinstance(found.value, int) and found.value < 0:
        raise WrongValue(f"cannot parse, {found.value} overflows uint")
    return found


def _float(semantics: Semantics, value: Value) -> Value:
    del semantics
    raw = _raw(value)
    assert isinstance(value, Scalar)
    if isinstance(raw, str):
        try:
            raw = parse_float(raw)
        except ValueError as error:
            raise WrongValue(f"strconv.ParseFloat: {error}") from None
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise WrongValue(f"expected type 'float32', got unconvertible type '{go_kind(value)}'")
    narrow = float32(float(raw))
    return value.like(narrow)


def _strings(semantics: Semantics, value: Value) -> Value:
    if isinstance(value, Scalar) and isinstance(value.value, str):
        return Sequence([value], value.place, value.over)
    if not isinstance(value, Sequence):
        raise WrongValue("source data must be an array or slice")
    found: list[Value] = []
    for item in value.items:
        if isinstance(item, Scalar) and isinstance(item.value, float):
            found.append(item.like(sprint(item.value)))
        else:
            found.append(_string(semantics, item))
    return Sequence(found, value.place, value.over)


def _pairs(value: Value) -> list[tuple[str, Value, bool]]:
    """Keys with their values, from a mapping or a list of `key=value`; and whether the pair is of a list."""
    if isinstance(value, Mapping):
        return [(key, item, False) for key, item in _with_extensions(value).items()]
    if not isinstance(value, Sequence):
        raise WrongValue("unexpected value type for mapping")
    found: list[tuple[str, Value, bool]] = []
    for item in value.items:
        text = sprint(plain(item))
        key, equals, rest = text.partition("=")
        like = item if isinstance(item, Scalar) else Scalar(None, item.place)
        found.append((key, like.like(rest if equals else None), True))
    return found


def _with_extensions(value: Mapping) -> dict[str, Value]:
    """A mapping's entries; loader.go: processExtensions moves `x-*` into one entry even where keys are the user's."""
    moved = {key: item for key, item in value.entries.items() if key.startswith("x-")}
    if not moved:
        return value.entries
    found = {key: item for key, item in value.entries.items() if key not in moved}
    found["#extensions"] = Scalar(sprint({key: plain(item) for key, item in moved.items()}), value.place)
    return found


def _printed(item: Value, null: str | None) -> Scalar:
    if isinstance(item, Scalar):
        if item.value is None:
            return item.like(null)
        return item if isinstance(item.value, str) else item.like(sprint(item.value))
    return Scalar(sprint(plain(item)), item.place, item.over)


def _mapping(semantics: Semantics, value: Value) -> Value:
    del semantics
    return Mapping({key: _printed(item, "") for key, item, _ in _pairs(value)}, value.place, value.over)


def _options(semantics: Semantics, value: Value) -> Value:
    if not isinstance(value, Mapping):
        raise WrongValue(f"invalid type {go_kind(value)} for options")
    return _mapping(semantics, value)


def _environment(semantics: Semantics, value: Value) -> Value:
    found: dict[str, Value] = {}
    for key, item, listed in _pairs(value):
        if listed and key[-1:].isspace() and semantics.since(2, 4, 9):
            raise WrongValue(f"environment variable {key} is declared with a trailing space")
        found[key] = _printed(item, None)
    return Mapping(found, value.place, value.over)


def _repeatable(semantics: Semantics, value: Value) -> Value:
    del semantics
    if not isinstance(value, Mapping):
        raise WrongValue(f"invalid type {go_kind(value)} for options")
    found: dict[str, Value] = {}
    for key, item in value.entries.items():
        items = item.items if isinstance(item, Sequence) else [item]
        found[key] = Sequence([_printed(one, "<nil>") for one in items], item.place, item.over)
    return Mapping(found, value.place, value.over)


def _hosts(semantics: Semantics, value: Value) -> Value:
    """`host=address`, sorted."""
    del semantics
    found: list[Scalar] = []
    if isinstance(value, Mapping):
        for key, item in value.entries.items():
            parts = item.items if isinstance(item, Sequence) else [item]
            found.extend(_host(key, sprint(plain(part)) if not is_null(part) else "", part) for part in parts)
    elif isinstance(value, Sequence):
        for item in value.items:
            text = sprint(plain(item))
            separator = next((char for char in "=:" if char in text), None)
            if separator is None:
                raise WrongValue(f"invalid additional host, missing IP: {text}")
            host, _, addresses = text.partition(separator)
            found.extend(_host(host, address, item) for address in addresses.split(","))
    else:
        raise WrongValue("unexpected value type for extra_hosts")
    return Sequence(by_text(found), value.place, value.over)


def _host(host: str, address: str, value: Value) -> Scalar:
    if not host or ":" in host or "=" in host:
        raise WrongValue(f"bad host name '{host}'")
    if len(address) > 2 and address.startswith("[") and address.endswith("]"):
        address = address[1:-1]
    return Scalar(f"{host}={address}", value.place, value.over, value.uses)


def _size(semantics: Semantics, value: Value) -> Value:
    raw = _raw(value)
    assert isinstance(value, Scalar)
    if isinstance(raw, str):
        try:
            return value.like(str(_size_of(raw, semantics)))
        except ValueError as error:
            raise WrongValue(str(error)) from None
    return value.like(str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else "0")


def _size_of(text: str, semantics: Semantics) -> int:
    if semantics.since(2, 11, 0):  # negative sizes
        try:
            return parse_int(text)
        except ValueError:
            pass
    return parse_size(text)


def _duration(semantics: Semantics, value: Value) -> Value:
    text = sprint(plain(value))
    try:
        found = parse_duration(text, long_units=semantics.since(2, 4, 9))
    except ValueError as error:
        raise WrongValue(str(error)) from None
    return Scalar(duration_text(found), value.place, value.over, value.uses)


def _command(semantics: Semantics, value: Value) -> Value:
    del semantics
    if isinstance(value, Scalar) and isinstance(value.value, str):
        found = split(value.value)
        if found.error:
            raise WrongValue("invalid command line string")
        return Sequence([value.like(word) for word in found.words], value.place, value.over)
    return value if isinstance(value, Sequence) else Scalar(None, value.place, value.over)


def _health_test(semantics: Semantics, value: Value) -> Value:
    del semantics
    if isinstance(value, Scalar) and isinstance(value.value, str):
        return Sequence([Scalar("CMD-SHELL", value.place), value], value.place, value.over)
    if isinstance(value, Sequence):
        return value
    raise WrongValue("unexpected value type for healthcheck.test")


def _file_mode(semantics: Semantics, value: Value) -> Value:
    """Octal in text from 2.4.9 on, shown as `"0440"`; before, a number."""
    raw = _raw(value)
    assert isinstance(value, Scalar)
    if not semantics.since(2, 4, 9):
        return _unsigned(semantics, value)
    if isinstance(raw, str):
        digits = raw.lstrip("+-")
        if not digits or set(digits) - set("01234567") or len(raw) - len(digits) > 1 or len(digits) > 20:
            raise WrongValue(f'strconv.ParseInt: parsing "{raw}": invalid syntax')
        return value.like(_octal(int(raw, 8)))
    if isinstance(raw, int) and not isinstance(raw, bool):
        return value.like(_octal(raw))
    raise WrongValue("unexpected value type for mode")


def _octal(mode: int) -> str:
    return f"0{mode:o}"


def _processors(semantics: Semantics, value: Value) -> Value:
    return _float(semantics, value)


def _device_count(semantics: Semantics, value: Value) -> Value:
    raw = _raw(value)
    assert isinstance(value, Scalar)
    if isinstance(raw, str):
        if raw.lower() == "all":
            return value.like(-1)
        try:
            return value.like(parse_int(raw))
        except ValueError:
            raise WrongValue(
                f"invalid value \"{raw}\", the only value allowed is 'all' or a number"
            ) from None
    if isinstance(raw, int) and not isinstance(raw, bool):
        return value
    del semantics
    raise WrongValue(f"invalid type {go_kind(value)} for device count")


def _ssh(semantics: Semantics, value: Value) -> Value:
    """Keys by id; the output's order is by id here, which Compose leaves to chance."""
    del semantics
    if not isinstance(value, Mapping):
        raise WrongValue(f"invalid ssh config type {go_kind(value)}")
    return Mapping({key: value.entries[key] for key in sorted(value.entries)}, value.place, value.over)


KINDS: dict[str, Callable[[Semantics, Value], Value | None]] = {
    "s": _string, "b": _bool, "o": _opt_out, "r": _opt_out, "i": _int, "u": _unsigned, "f": _float, "L": _strings, "M": _mapping,
    "B": _mapping, "E": _environment, "O": _options, "X": _repeatable, "H": _hosts, "S": _size, "d": _duration,
    "C": _command, "T": _health_test, "m": _file_mode, "c": _processors, "n": _device_count, "k": _ssh,
}  # fmt: skip
