"""Small readers for JSON that others wrote: what is not of the expected kind is absent, never an error."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from dockwright.lazy import lazy_regex

_STAMP = lazy_regex(r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|z|[+-]\d\d:\d\d)")
_PARTS = lazy_regex(r"([0-9]{0,20}\.?[0-9]{1,20})(h|ms|m|s|µs|us|ns)")
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "µs": 1e-6, "us": 1e-6, "ns": 1e-9}


def at(data: Any, *path: str | int) -> Any:
    """The value at a path of keys and positions; None where something on the way is not there."""
    for key in path:
        if isinstance(key, str):
            data = data.get(key) if isinstance(data, dict) else None
        else:
            data = data[key] if isinstance(data, list) and -len(data) <= key < len(data) else None
    return data


def text(data: Any, *path: str | int) -> str:
    """The text at a path; empty for anything else."""
    found = at(data, *path)
    return found if isinstance(found, str) else ""


def number(data: Any, *path: str | int) -> float | None:
    """The number at a path."""
    found = at(data, *path)
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else None


def table(data: Any, *path: str | int) -> dict[str, Any]:
    """The object at a path; an empty one for anything else."""
    found = at(data, *path)
    return found if isinstance(found, dict) else {}


def items(data: Any, *path: str | int) -> list[Any]:
    """The list at a path; an empty one for anything else."""
    found = at(data, *path)
    return found if isinstance(found, list) else []


def moment(given: Any) -> datetime | None:
    """RFC 3339 with up to nanoseconds, or Go's form of a protobuf timestamp (`{"seconds": …, "nanos": …}`)."""
    try:
        if isinstance(given, dict):
            seconds, nanos = number(given, "seconds"), number(given, "nanos") or 0.0
            return (
                None
                if seconds is None
                else datetime.fromtimestamp(seconds, UTC) + timedelta(microseconds=nanos // 1000)
            )
        match = _STAMP.fullmatch(given) if isinstance(given, str) else None
        if match is None:
            return None
        zone = "+00:00" if match[8] in "Zz" else match[8]
        micro = (match[7] or "0")[:6].ljust(6, "0")
        day = f"{match[1]}-{match[2]}-{match[3]}T{match[4]}:{match[5]}:{match[6]}"
        return datetime.fromisoformat(f"{day}.{micro}{zone}").astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def go_duration(given: str) -> float | None:
    """Seconds of Go's `1m2.5s`."""
    plain = re.sub(r"\s", "", given)
    parts = _PARTS.findall(plain)
    if not parts or "".join(value + unit for value, unit in parts) != plain:
        return None
    return sum(float(value) * _UNITS[unit] for value, unit in parts)


def revision(given: str) -> tuple[str, bool | None]:
    """Commit and whether it was dirty, from buildx's `vcs:revision` (docker/buildx build/git.go: `-dirty`)."""
    commit = given.removesuffix("-dirty")
    return (commit, commit != given) if commit else ("", None)
