"""Which value a scalar's text stands for: go-yaml v3, a mixture of YAML 1.1 and 1.2.

go-yaml v3.0.1 resolve.go: `resolve`, and the table in design notes on compose. Traps for readers used to PyYAML:
`yes`, `no`, `on`, `off` are text; `22:22` is text; `0777` and `0o777` are 511; `08` is the float 8; `1e3` is a float;
`1_000` is 1000; `2024-01-01` is a timestamp; a scalar under any custom tag is text.
"""

from __future__ import annotations

import math
import re

from dockwright.compose.yaml.nodes import Style
from dockwright.lazy import lazy_regex
from dockwright.record import Record


class Timestamp(Record):
    """A date or time; kept as written, for nothing in a compose file is one."""

    text: str


Value = str | int | float | bool | Timestamp | None

_WORDS: dict[str, Value] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
    ".nan": math.nan, ".NaN": math.nan, ".NAN": math.nan,
    ".inf": math.inf, ".Inf": math.inf, ".INF": math.inf, "+.inf": math.inf, "+.Inf": math.inf, "+.INF": math.inf,
    "-.inf": -math.inf, "-.Inf": -math.inf, "-.INF": -math.inf,
}  # fmt: skip

_NUMBER_START = frozenset("+-.0123456789")
_FLOAT = lazy_regex(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_NUMBER_END = frozenset("0123456789abcdefABCDEF._")
_INT = lazy_regex(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))\Z")
_TIMESTAMP = lazy_regex(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
    r"(?:(?:[Tt]([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,][0-9]+)?(?:Z|[-+][0-9]{2}:[0-9]{2})"
    r"| +([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,][0-9]+)?))?\Z"
)
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_MAX_DIGITS = 400
"""Longer numbers are beyond any float; they stay text, as go-yaml leaves what it cannot hold."""

_CORE = "tag:yaml.org,2002:"


def resolve(text: str, style: Style, tag: str | None) -> Value:
    """The value of a scalar from its decoded text, style and tag (`!!int`, `!reset` … as written)."""
    if tag is not None:
        return _tagged(text, tag)
    if style not in ("plain", "empty"):
        return text
    return plain(text)


def plain(text: str) -> Value:
    """The value of an untagged plain scalar."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_START or len(text) > _MAX_DIGITS:
        return text
    if text[0] == ".":
        # go-yaml hands these to strconv.ParseFloat, which takes no underscores in decimal floats
        return _finite(text) if _FLOAT.match(text) else text
    if len(text) > 4 and text[4] == "-" and _is_timestamp(text):
        return Timestamp(text)
    if text.isdigit() and text.isascii() and (text[0] != "0" or text == "0") and len(text) < 19:
        return int(text)
    if ":" in text or text[-1] not in _NUMBER_END:
        return text
    digits = text.replace("_", "")
    whole = _INT.match(digits)
    if whole:
        found = _integer(whole)
        if found is not None:
            return found
    if _FLOAT.match(digits):
        value = _finite(digits)
        return text if isinstance(value, str) else value
    return text


def _integer(found: re.Match[str]) -> int | None:
    """The number, or None where it does not fit 64 bits (then it may still be a float)."""
    sign, hexadecimal, binary, octal, decimal = found.groups()
    if hexadecimal is not None:
        value = int(hexadecimal, 16)
    elif binary is not None:
        value = int(binary, 2)
    elif octal is not None:
        value = int(octal, 8)
    else:
        value = int(decimal)
    if sign == "-":
        return -value if value <= 1 << 63 else None
    limit = 1 << 63 if sign else 1 << 64  # ParseUint takes no sign
    return value if value < limit else None


def _finite(text: str) -> float | str:
    """strconv.ParseFloat: out of range is an error, so the scalar stays text."""
    value = float(text)
    return value if math.isfinite(value) else text


def _is_timestamp(text: str) -> bool:
    found = _TIMESTAMP.match(text)
    if not found:
        return False
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if not 1 <= month <= 12 or not 1 <= day <= _DAYS[month - 1] + (month == 2 and leap):
        return False
    hour, minute, second = (found[4], found[5], found[6]) if found[4] else (found[7], found[8], found[9])
    return hour is None or (int(hour) < 24 and int(minute) < 60 and int(second) < 60)


def _tagged(text: str, tag: str) -> Value:
    """Core tags force a type; every other tag makes text of a scalar."""
    name = (
        tag.removeprefix("!!") if tag.startswith("!!") else tag.removeprefix(f"!<{_CORE}").removesuffix(">")
    )
    if name == tag or name in ("str", "binary"):
        return text
    if name == "null":
        return None
    value = plain(text)
    if name == "float" and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value
