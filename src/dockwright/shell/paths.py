"""Paths as scripts write them: relative to something that is known only by its kind."""

import posixpath
from enum import StrEnum

import msgspec


class Base(StrEnum):
    """What a path in a script is relative to."""

    CWD = "cwd"
    """The directory the command runs in."""
    SCRIPT = "script"
    """The directory of the script file."""
    REPOSITORY = "repository"
    """The root of the repository."""
    HOME = "home"
    ABSOLUTE = "absolute"
    UNKNOWN = "unknown"
    """Something not known; only the given end of the path is."""


class SymbolicPath(msgspec.Struct, frozen=True):
    """A normalised path with what it is relative to.

    `path` uses `/`, has no leading `/` (except `Base.ABSOLUTE`), may begin with `../`, and is `.` for the base itself.
    `exact` is False when an unknown piece was replaced by `*`.
    """

    base: Base
    path: str
    exact: bool = True

    def __truediv__(self, other: "SymbolicPath") -> "SymbolicPath":
        """`other` seen from here: what `cd self; cat other` reads."""
        if other.base is not Base.CWD:
            return other
        joined = posixpath.normpath(posixpath.join(self.path, other.path))
        return SymbolicPath(self.base, joined, self.exact and other.exact)

    def __str__(self) -> str:
        if self.base in (Base.CWD, Base.ABSOLUTE):
            return self.path
        return f"<{self.base}>/{self.path}"


def symbolic_path(base: Base, text: str, *, exact: bool = True) -> SymbolicPath:
    """The path written as `text` below `base`; an absolute `text` below the working directory is absolute."""
    text = text.replace("\\", "/") if "/" not in text else text
    if base is Base.CWD:
        if text.startswith("/") or text[1:3] == ":/":
            return SymbolicPath(Base.ABSOLUTE, posixpath.normpath(text), exact)
        if text == "~" or text.startswith("~/"):
            return SymbolicPath(Base.HOME, posixpath.normpath(text[2:] or "."), exact)
    return SymbolicPath(base, posixpath.normpath(text.lstrip("/") or "."), exact)


HERE = SymbolicPath(Base.CWD, ".")
"""The directory a script starts in."""
