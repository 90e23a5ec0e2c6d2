"""Typed flags: which an instruction knows, and what BuildKit says about the others.

Source: moby/buildkit frontend/dockerfile/instructions/bflag.go and parse.go. 0.13 differs: it prints flag names
without `--`, and does not know the flags in `NEWER`.
"""

from enum import Enum

from dockwright.dockerfile.dialect import Dialect
from dockwright.dockerfile.golang import did_you_mean
from dockwright.dockerfile.nodes import Flag
from dockwright.dockerfile.syntax import Instruction
from dockwright.text import Span


class Kind(Enum):
    """What a flag takes."""

    BOOL = "bool"
    STRING = "string"
    STRINGS = "strings"


class RefusedError(Exception):
    """An instruction that BuildKit refuses; never leaves this package."""

    def __init__(self, message: str, span: Span | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.span = span


_BOOL, _STRING, _STRINGS = Kind.BOOL, Kind.STRING, Kind.STRINGS

KNOWN: dict[str, dict[str, Kind]] = {
    "FROM": {"platform": _STRING},
    "RUN": {"mount": _STRINGS, "network": _STRING, "security": _STRING, "device": _STRINGS},
    "COPY": {
        "chown": _STRING,
        "from": _STRING,
        "chmod": _STRING,
        "link": _BOOL,
        "exclude": _STRINGS,
        "parents": _BOOL,
    },
    "ADD": {
        "chown": _STRING,
        "chmod": _STRING,
        "link": _BOOL,
        "keep-git-dir": _BOOL,
        "checksum": _STRING,
        "unpack": _BOOL,
        "exclude": _STRINGS,
    },
    "HEALTHCHECK": {
        "interval": _STRING,
        "timeout": _STRING,
        "start-period": _STRING,
        "start-interval": _STRING,
        "retries": _STRING,
    },
}
NEWER = {"RUN": {"security", "device"}, "COPY": {"exclude", "parents"}, "ADD": {"unpack", "exclude"}}
"""Flags that the frontend built into BuildKit 0.13 does not know."""


class Flags:
    """The checked flags of one instruction."""

    __slots__ = ("_by_name",)

    def __init__(self, flags: tuple[Flag, ...], known: dict[str, Kind], dialect: Dialect) -> None:
        """Check them all; raises RefusedError with BuildKit's message at the first that is wrong."""
        self._by_name: dict[str, list[Flag]] = {}
        for flag in flags:
            self._check(flag, known, dialect)

    def _check(self, flag: Flag, known: dict[str, Kind], dialect: Dialect) -> None:
        shown = flag.name if dialect is Dialect.V0_13 else f"--{flag.name}"
        kind = known.get(flag.name)
        if kind is None:
            message = did_you_mean(f"unknown flag: {shown}", flag.name, list(known), case_sensitive=True)
            raise RefusedError(message, flag.span)
        before = self._by_name.setdefault(flag.name, [])
        if before and kind is not _STRINGS:
            raise RefusedError(f"duplicate flag specified: {shown}", flag.span)
        if flag.value is None and kind is not _BOOL:
            raise RefusedError(f"missing a value on flag: {shown}", flag.span)
        if kind is _BOOL and flag.value is not None:
            if not flag.value:
                raise RefusedError(f"missing a value on flag: {shown}", flag.span)
            if flag.value.lower() not in ("true", "false"):
                message = f"expecting boolean value for flag {shown}, not: {flag.value}"
                raise RefusedError(message, flag.span)
        before.append(flag)

    def one(self, name: str) -> Flag | None:
        """The flag `name` if it is given."""
        found = self._by_name.get(name)
        return found[0] if found else None

    def all(self, name: str) -> tuple[Flag, ...]:
        return tuple(self._by_name.get(name, ()))

    def switch(self, name: str) -> bool | None:
        """The value of a bool flag, None if it is not given."""
        flag = self.one(name)
        return None if flag is None else (flag.value or "true").lower() == "true"


_NO_FLAGS = Flags((), {}, Dialect.LATEST)


def flags_of(node: Instruction) -> Flags:
    """The flags of an instruction, checked. Raises RefusedError with BuildKit's message at the first that is wrong."""
    if not node.flagged:
        return _NO_FLAGS
    known = KNOWN.get(node.name, {})
    if node.dialect is Dialect.V0_13:
        known = {name: kind for name, kind in known.items() if name not in NEWER.get(node.name, ())}
    return Flags(node.flags, known, node.dialect)


def check_flags(node: Instruction) -> None:
    """Raises RefusedError when a flag is wrong: for instructions that have none."""
    if node.flagged:
        flags_of(node)
