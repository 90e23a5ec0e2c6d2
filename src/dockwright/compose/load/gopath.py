"""Paths as Go's `path/filepath` handles them on Unix: clean, join, dir, base, rel."""

from __future__ import annotations

import posixpath


def clean(path: str) -> str:
    """filepath.Clean: no `.`, no inner `..`, no repeated or trailing slashes; empty is `.`."""
    if not path:
        return "."
    found = posixpath.normpath(path)
    return found[1:] if found.startswith("//") else found


def join(*parts: str) -> str:
    """filepath.Join: the non-empty parts, cleaned; an absolute later part does not start anew."""
    kept = [part for part in parts if part]
    return clean("/".join(kept)) if kept else ""


def directory(path: str) -> str:
    """filepath.Dir."""
    return clean(path[: path.rfind("/") + 1])


def base(path: str) -> str:
    """filepath.Base."""
    if not path:
        return "."
    stripped = path.rstrip("/")
    return stripped[stripped.rfind("/") + 1 :] if stripped else "/"


def is_absolute(path: str) -> bool:
    """filepath.IsAbs."""
    return path.startswith("/")


def relative(start: str, target: str) -> str | None:
    """filepath.Rel; None where Go gives an error (one absolute, the other not, or `..` in the start)."""
    start, target = clean(start), clean(target)
    if start == target:
        return "."
    if start == ".":
        start = ""
    if start.startswith("/") != target.startswith("/"):
        return None
    own = [part for part in start.split("/") if part]
    other = [part for part in target.split("/") if part and part != "."]
    shared = 0
    while shared < min(len(own), len(other)) and own[shared] == other[shared]:
        shared += 1
    if ".." in own[shared:]:
        return None
    return "/".join([".."] * (len(own) - shared) + other[shared:]) or "."
