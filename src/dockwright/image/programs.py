"""Programs that are in an image more than once: two browsers, two runtimes, one tool in two folders.

A program is a file of at least a megabyte that may be executed. Two are the same program when the table says so (all of
Chromium's names) or when they have the same name but for a version. Hard links are one file.
"""

import re

import msgspec

from dockwright.image.replay import Copy, Node, Replay
from dockwright.knowledge.image_programs import by_file_name

LEAST = 1_000_000
_VERSION = re.compile(r"(?:[-_.]?v?\d+(?:\.\d+)*)+(?:\.so)?$|\.so(?:\.\d+)*$")
_COMMON = frozenset({"bin", "sbin", "lib", "lib64", "libexec", "local", "usr", "opt", "app", ""})


class Found(msgspec.Struct, frozen=True):
    """One program: paths and bytes of its copies, the largest first; `bytes` count what belongs to each."""

    name: str
    copies: tuple[tuple[str, int], ...]
    layers: tuple[int, ...]
    """The layer of each copy."""
    same: bool
    fix: str
    """How to do with one, where the table says."""

    @property
    def bytes(self) -> int:
        return sum(size for _, size in self.copies)

    @property
    def saved(self) -> int:
        """By keeping the largest only."""
        return self.bytes - self.copies[0][1]


def programs_in(replay: Replay) -> list[Found]:
    """Programs that are there at least twice, the most bytes to win first."""
    groups: dict[str, list[tuple[str, Copy, bool]]] = {}
    fixes: dict[str, str] = {}
    seen: set[int] = set()
    table = by_file_name()
    for one in replay.visible():
        copy = one.copy
        if copy is None or copy.entry.size < LEAST or not copy.entry.mode & 0o111 or id(copy) in seen:
            continue
        file = one.path.rpartition("/")[2]
        if ".so" in file and file not in table:
            continue
        seen.add(id(copy))
        bare = _VERSION.sub("", file) or file
        name, entry = table.get(file) or table.get(bare) or (bare, None)
        fixes[name] = entry.fix if entry is not None else ""
        groups.setdefault(name, []).append((one.path, copy, entry is not None and entry.whole))
    found = [_found(name, group, replay, fixes[name]) for name, group in groups.items() if len(group) > 1]
    return sorted((one for one in found if len(one.copies) > 1), key=lambda one: (-one.saved, one.name))


def _found(name: str, group: list[tuple[str, Copy, bool]], replay: Replay, fix: str) -> Found:
    """A folder that belongs to a program counts once, however many of its names are in it."""
    sizes: dict[str, tuple[str, int]] = {}
    for path, copy, whole in group:
        folder = path.rpartition("/")[0]
        if whole and folder.rpartition("/")[2] not in _COMMON:
            known = sizes.get(folder)
            if known is None or path < known[0]:
                sizes[folder] = (path, _below(replay.at(folder)))
        else:
            sizes[path] = (path, copy.entry.size)
    ranked = sorted(sizes.values(), key=lambda one: (-one[1], one[0]))
    digests = {copy.entry.digest for _, copy, _ in group}
    layers = {path: copy.layer for path, copy, _ in group}
    return Found(name, tuple(ranked), tuple(layers[path] for path, _ in ranked), len(digests) == 1, fix)


def _below(node: Node | None) -> int:
    size, waiting = 0, [node]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        for child in (one.children or {}).values() if one is not None else ():
            if child.copy is not None and id(child.copy) not in seen:
                seen.add(id(child.copy))
                size += child.copy.entry.size
            waiting.append(child)
    return size
