"""Following symbolic links over any set of paths, without ever leaving its root.

The rules are those of path resolution in POSIX (a `..` after a link means the parent of the link's *target*), with
a choice of what happens at the root: a tree refuses to be left, a build context clamps (containerd/continuity
fs.RootPath), as a container's root directory does.
"""

from collections.abc import Callable
from enum import StrEnum

import msgspec

FOLLOW_LIMIT = 255
"""Links followed in one resolution before it counts as a loop (Go filepath.EvalSymlinks; Linux stops at 40)."""


class Outcome(StrEnum):
    """What became of a path when its links were followed."""

    FOUND = "found"
    MISSING = "missing"
    LOOP = "loop"
    OUTSIDE = "outside"


class Resolution(msgspec.Struct, frozen=True):
    """Where a path leads: `path` is set when something is there; `links` are the links followed, in order."""

    outcome: Outcome
    path: str | None = None
    links: tuple[str, ...] = ()


def follow(
    path: str,
    link_target: Callable[[str], str | None],
    exists: Callable[[str], bool],
    *,
    clamp: bool = False,
    last: bool = True,
) -> Resolution:
    """Resolve `path`; `link_target` gives a link's text or None, `exists` whether a file or directory is there.

    With `clamp`, `..` at the root stays there and an absolute link starts at the root; without, both lead outside.
    With `last` false, the last part is not followed when it is a link itself.
    """
    waiting = [part for part in reversed(path.split("/")) if part not in ("", ".")]
    here: list[str] = []
    links: list[str] = []
    while waiting:
        part = waiting.pop()
        if part == "..":
            if here:
                here.pop()
            elif not clamp:
                return Resolution(Outcome.OUTSIDE, links=tuple(links))
            continue
        here.append(part)
        at = "/".join(here)
        target = link_target(at) if last or waiting else None
        if target is None:
            if waiting and not exists(at):
                return Resolution(Outcome.MISSING, links=tuple(links))
            continue
        links.append(at)
        if len(links) > FOLLOW_LIMIT:
            return Resolution(Outcome.LOOP, links=tuple(links[:FOLLOW_LIMIT]))
        here.pop()
        if target.startswith("/"):
            if not clamp:
                return Resolution(Outcome.OUTSIDE, links=tuple(links))
            here.clear()
        waiting.extend(part for part in reversed(target.split("/")) if part not in ("", "."))
    found = "/".join(here)
    if found and not exists(found):
        return Resolution(Outcome.MISSING, links=tuple(links))
    return Resolution(Outcome.FOUND, found, tuple(links))
