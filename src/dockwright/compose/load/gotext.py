"""How Go prints and reads the values of a compose model: numbers, durations, sizes, `%v` of anything.

Sources: fmt, strconv, time (Duration.String, ParseDuration), encoding/json (floatEncoder), docker/go-units size.go,
xhit/go-str2duration.
"""

from __future__ import annotations

import struct

from dockwright.compose.yaml.gotext import go_text
from dockwright.compose.yaml.resolve import Timestamp
from dockwright.lazy import lazy_regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


_UNITS = {
    "ns": 1, "us": 1_000, "µs": 1_000, "μs": 1_000, "ms": 1_000_000, "s": 1_000_000_000,
    "m": 60_000_000_000, "h": 3_600_000_000_000,
}  # fmt: skip
_LONG_UNITS = {**_UNITS, "d": 86_400_000_000_000, "w": 604_800_000_000_000}
_PART = lazy_regex(r"([0-9]*)(?:(\.)([0-9]*))?([^0-9.]*)")
_FLOAT = lazy_regex(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_SIZE_END = "01234567890. "
_SIZES = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40, "p": 1 << 50}
MAX_INT64 = (1 << 63) - 1


def parse_int(text: str) -> int:
    """strconv.ParseInt(text, 10, 64). Raises ValueError in Go's words."""
    digits = text[1:] if text[:1] in ("+", "-") else text
    if not digits.isascii() or not digits.isdigit() or len(digits) > 400:
        raise ValueError(f'parsing "{text}": invalid syntax')
    value = int(text)
    if not -MAX_INT64 - 1 <= value <= MAX_INT64:
        raise ValueError(f'parsing "{text}": value out of range')
    return value


def parse_float(text: str) -> float:
    """strconv.ParseFloat(text, 64). Raises ValueError in Go's words."""
    low = text.lower().lstrip("+-")
    if low in ("inf", "infinity", "nan") and len(text) - len(low) <= 1:
        return float(text)
    simple = text.isascii() and text.replace(".", "", 1).isdigit()
    if len(text) > 400 or not (simple or _FLOAT.fullmatch(text)):
        raise ValueError(f'parsing "{text}": invalid syntax')
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError(f'parsing "{text}": value out of range')
    return value


def float32(value: float) -> float:
    """The value as a Go float32, written with the fewest digits that give the same float32."""
    try:
        narrow = struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return value
    for digits in range(1, 10):
        short = float(f"{narrow:.{digits}g}")
        if struct.unpack("f", struct.pack("f", short))[0] == narrow:
            return short
    return float(narrow)


def parse_size(text: str) -> int:
    """units.RAMInBytes: `1.5g`, `512M`, `64kib`, plain bytes. Raises ValueError."""
    at = max(text.rfind(char) for char in _SIZE_END)
    if at < 0:
        raise ValueError(f"invalid size: '{text}'")
    number, suffix = (text[:at], text[at + 1 :]) if text[at] == " " else (text[: at + 1], text[at + 1 :])
    size = parse_float(number)
    if size < 0:
        raise ValueError(f"invalid size: '{text}'")
    suffix = suffix.lower()
    if suffix in ("", "b"):
        return int(size)
    factor = _SIZES.get(suffix[0])
    if factor is None or suffix[1:] not in ("", "b", "ib"):
        raise ValueError(f"invalid suffix: '{suffix}'")
    return int(size * factor)


def parse_duration(text: str, *, long_units: bool) -> int:
    """time.ParseDuration, or with `d` and `w` str2duration.ParseDuration; nanoseconds. Raises ValueError."""
    units = _LONG_UNITS if long_units else _UNITS
    rest = text[1:] if text[:1] in ("+", "-") else text
    if rest == "0":
        return 0
    total = 0
    if not rest:
        raise ValueError(f'time: invalid duration "{text}"')
    while rest:
        found = _PART.match(rest)
        if found is None or not (found[1] or found[3]):
            raise ValueError(f'time: invalid duration "{text}"')
        if not found[4]:
            raise ValueError(f'time: missing unit in duration "{text}"')
        unit = units.get(found[4])
        if unit is None:
            raise ValueError(f'time: unknown unit "{found[4]}" in duration "{text}"')
        fraction = found[3] or ""
        total += int(found[1] or 0) * unit + (int(fraction) * unit // 10 ** len(fraction) if fraction else 0)
        if total > MAX_INT64 or len(found[0]) > 400:
            raise ValueError(f'time: invalid duration "{text}"')
        rest = rest[found.end() :]
    return -total if text[0] == "-" else total


def duration_text(value: int) -> str:
    """time.Duration.String: `1h30m0s`, `1.5ms`, `0s`."""
    if value == 0:
        return "0s"
    sign, value = ("-", -value) if value < 0 else ("", value)
    for unit, size in (("ns", 1), ("µs", 1_000), ("ms", 1_000_000)):
        if value < size * 1_000:
            return f"{sign}{_decimal(value, size)}{unit}"
    seconds, rest = value // 1_000_000_000, value % 1_000_000_000
    minutes, hours = seconds // 60, seconds // 3600
    out = f"{_decimal((seconds % 60) * 1_000_000_000 + rest, 1_000_000_000)}s"
    if minutes:
        out = f"{minutes % 60}m{out}"
    return f"{sign}{hours}h{out}" if hours else sign + out


def _decimal(value: int, unit: int) -> str:
    whole, rest = divmod(value, unit)
    if not rest:
        return str(whole)
    return f"{whole}.{str(rest).zfill(len(str(unit)) - 1).rstrip('0')}"


def sprint(value: Any) -> str:
    """fmt.Sprint of a value as go-yaml gives it, collections included: `map[a:1 b:2]`, `[1 2]`."""
    if isinstance(value, dict):
        return "map[" + " ".join(f"{key}:{sprint(item)}" for key, item in sorted(value.items())) + "]"
    if isinstance(value, list):
        return "[" + " ".join(map(sprint, value)) + "]"
    return go_text(value)


def timestamp_json(value: Timestamp) -> str:
    """time.Time.MarshalJSON: RFC 3339."""
    printed = go_text(value).split(" ")
    if len(printed) < 3:
        return value.text
    zone = printed[2]
    return f"{printed[0]}T{printed[1]}" + ("Z" if zone == "+0000" else f"{zone[:3]}:{zone[3:]}")
