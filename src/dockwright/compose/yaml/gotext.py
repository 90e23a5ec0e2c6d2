"""The text Go prints for a YAML value: what compose makes of `PORT: 8080` or `DEBUG: true` where it needs text."""

from __future__ import annotations

import math

from dockwright.compose.yaml.resolve import Timestamp, Value
from dockwright.compose.yaml.scalar import Scalar
from dockwright.lazy import lazy_regex

_DATE = lazy_regex(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[Tt ]+([0-9:]+)([.,][0-9]+)?(Z|[-+][0-9:]+)?)?")


def scalar_text(node: Scalar) -> str | None:
    """The text of a scalar as compose would pass it on; None for null."""
    if node.style not in ("plain", "empty") or node.tag is not None:
        value = node.value
        return None if value is None else value if isinstance(value, str) else go_text(value)
    text = node.text
    first = text[:1]
    if first.isalpha() and first not in "tTfFnN":
        return text
    value = node.value
    if value is None:
        return None
    return value if isinstance(value, str) else go_text(value)


def go_text(value: Value) -> str:
    """`fmt.Sprint` of a value as go-yaml gives it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, Timestamp):
        return _timestamp(value.text)
    return "<nil>" if value is None else str(value)


def _float(value: float) -> str:
    """strconv.FormatFloat(value, 'g', -1, 64): shortest digits, with an exponent below 1e-4 and from 1e6 on."""
    if math.isinf(value) or math.isnan(value):
        return "NaN" if math.isnan(value) else "+Inf" if value > 0 else "-Inf"
    mantissa, _, exponent = f"{value!r}".partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    whole, _, fraction = mantissa.lstrip("-").partition(".")
    digits = (whole + ("" if fraction == "0" else fraction)).lstrip("0")
    if not digits.strip("0"):
        return f"{sign}0"
    point = len(whole) + int(exponent or 0) if whole.strip("0") else _leading(fraction) + int(exponent or 0)
    digits = digits.rstrip("0")
    power = point - 1
    if power < -4 or power >= 6:
        rest = f".{digits[1:]}" if len(digits) > 1 else ""
        return f"{sign}{digits[0]}{rest}e{'-' if power < 0 else '+'}{abs(power):02d}"
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    if len(digits) <= point:
        return sign + digits + "0" * (point - len(digits))
    return f"{sign}{digits[:point]}.{digits[point:]}"


def _leading(fraction: str) -> int:
    return -(len(fraction) - len(fraction.lstrip("0")))


def _timestamp(text: str) -> str:
    """time.Time.String(): `2024-01-01 00:00:00 +0000 UTC`."""
    found = _DATE.match(text)
    if found is None:
        return text
    year, month, day, clock, fraction, zone = found.groups()
    hour, minute, second = (*(clock or "0:0:0").split(":"), "0", "0")[:3]
    part = (fraction or "").replace(",", ".").rstrip("0").rstrip(".")
    shown = "+0000 UTC" if zone in (None, "Z") else f"{zone.replace(':', '')} {zone.replace(':', '')}"
    return f"{year}-{int(month):02d}-{int(day):02d} {int(hour):02d}:{int(minute):02d}:{int(second):02d}{part} {shown}"
