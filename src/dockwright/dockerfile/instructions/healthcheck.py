"""HEALTHCHECK. Source: moby/buildkit frontend/dockerfile/instructions/parse.go: parseHealthcheck."""

from dockwright.dockerfile.golang import duration, parse_int, quote
from dockwright.dockerfile.instructions.flags import Flags, RefusedError, flags_of
from dockwright.dockerfile.instructions.scripts import of_word
from dockwright.dockerfile.instructions.types import Command, Healthcheck
from dockwright.dockerfile.syntax import Instruction

_MINIMUM = 1_000_000
_DURATIONS = ("interval", "timeout", "start-period", "start-interval")


def read_healthcheck(node: Instruction) -> Command:
    words = node.arguments
    if not words:
        raise RefusedError("HEALTHCHECK requires at least one argument")
    kind = words[0].value.upper()
    if kind == "NONE":
        if len(words) > 1:
            raise RefusedError("HEALTHCHECK NONE takes no arguments", words[1].span)
        return _made(node, (0, 0, 0, 0), 0)
    flags = flags_of(node)
    if kind != "CMD":
        raise RefusedError(f"Unknown type {quote(kind)} in HEALTHCHECK (try CMD)", words[0].span)
    if len(words) < 2:
        raise RefusedError("Missing command after HEALTHCHECK CMD")
    interval, timeout, start_period, start_interval = (_duration(flags, name) for name in _DURATIONS)
    return _made(node, (interval, timeout, start_period, start_interval), _retries(flags))


def _made(node: Instruction, durations: tuple[int, int, int, int], retries: int) -> Healthcheck:
    words = node.arguments[1:]
    return Healthcheck(
        node,
        kind=node.arguments[0],
        form="json" if node.json else "shell",
        words=words,
        script=of_word(node, () if node.json else words),
        interval=durations[0],
        timeout=durations[1],
        start_period=durations[2],
        start_interval=durations[3],
        retries=retries,
        flags=node.flags,
    )


def _duration(flags: Flags, name: str) -> int:
    flag = flags.one(name)
    if flag is None or not flag.value:
        return 0
    value = duration(flag.value)
    if isinstance(value, str):
        raise RefusedError(value, flag.span)
    if value and value < _MINIMUM:
        raise RefusedError(f'Interval "{name}" cannot be less than 1ms', flag.span)
    return value


def _retries(flags: Flags) -> int:
    flag = flags.one("retries")
    if flag is None or not flag.value:
        return 0
    value = parse_int(flag.value, 32)
    if isinstance(value, str):
        raise RefusedError(value, flag.span)
    if value < 0:
        raise RefusedError(f"--retries cannot be negative ({value})", flag.span)
    return value
