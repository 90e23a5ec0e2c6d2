"""Sizes and durations as people write them: `200 MB`, `1.5 GiB`, `5 s`, `1 min 30 s`; and back."""

import math

from dockwright.lazy import lazy_regex

BYTES = {
    "": 1, "b": 1, "byte": 1, "bytes": 1,
    "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12,
    "kib": 2**10, "mib": 2**20, "gib": 2**30, "tib": 2**40,
}  # fmt: skip
"""MB are decimal, as registries and disks count; MiB are binary. `M` alone is neither here: tools differ over it."""
SECONDS = {
    "": 1.0, "ms": 0.001, "s": 1.0, "sec": 1.0, "second": 1.0, "seconds": 1.0, "m": 60.0, "min": 60.0, "minute": 60.0,
    "minutes": 60.0, "h": 3600.0, "hour": 3600.0, "hours": 3600.0,
}  # fmt: skip
_PART = lazy_regex(r"\s*([0-9][0-9_]*(?:\.[0-9]+)?)\s*([A-Za-z]*)")


def parse_bytes(given: str | float) -> float:
    """Bytes. Raises ValueError with what is wrong and what would be right."""
    if not isinstance(given, str):
        return _positive(float(given))
    match = _PART.fullmatch(given.rstrip())
    if match is None or match[2].lower() not in BYTES:
        raise ValueError(f"{given!r} is no size: write it as 200 MB, 1.5 GB or 64 MiB")
    return _positive(float(match[1]) * BYTES[match[2].lower()])


def parse_seconds(given: str | float) -> float:
    """Seconds; several parts add up (`1 min 30 s`, `1m30s`). Raises ValueError."""
    if not isinstance(given, str):
        return _positive(float(given))
    wrong = ValueError(f"{given!r} is no duration: write it as 5 s, 1.5 min or 500 ms")
    total, at, text = 0.0, 0, given.rstrip()
    while at < len(text) or at == 0:
        match = _PART.match(text, at)
        if match is None or match[2].lower() not in SECONDS:
            raise wrong
        if not match[2] and match.end() - match.start() < len(text):  # `1 30`: of what?
            raise wrong
        total += float(match[1]) * SECONDS[match[2].lower()]
        at = match.end()
    return _positive(total)


def _positive(value: float) -> float:
    if not math.isfinite(value) or value < 0:
        raise ValueError(f"{value} is no amount: it is to be zero or more")
    return value


def show_bytes(value: float) -> str:
    """`3.2 MB`, in decimal units."""
    for unit in ("B", "kB", "MB", "GB"):
        if abs(value) < 1000 or unit == "GB":
            return f"{value:.0f} {unit}" if unit == "B" or abs(value) >= 100 else f"{value:.1f} {unit}"
        value /= 1000
    raise AssertionError("unreachable")


def show_seconds(value: float) -> str:
    """`850 ms`, `12.5 s`, `3 min 20 s`, `2 h 5 min`."""
    if abs(value) < 1:
        return f"{value * 1000:.0f} ms"
    if abs(value) < 99.95:
        return f"{value:.1f} s"
    minutes, seconds = divmod(round(value), 60)
    if abs(minutes) < 60:
        return f"{minutes} min {seconds} s" if seconds else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def show(value: float, unit: str) -> str:
    """A value of unit `bytes`, `s`, or a count."""
    if unit == "bytes":
        return show_bytes(value)
    if unit == "s":
        return show_seconds(value)
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"
