"""`Tree`: an abstract file tree. Every analysis takes one and does not know where its bytes come from.

Paths are relative to the root, with `/`, without `.` or `..`; the root itself is the empty string. A tree lists files
and symbolic links (directories follow from them; empty ones are known where the tree knows them). Links are entries of
their own and are followed only inside the tree, and only when asked (`resolve`).
"""

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from typing import TypeVar, cast

import msgspec

from dockwright.errors import Skipped
from dockwright.trees.links import Outcome, Resolution, follow
from dockwright.trees.paths import parent

FILE = 0o100644
EXECUTABLE = 0o100755
LINK = 0o120000
SUBMODULE = 0o160000

_T = TypeVar("_T")


class State(StrEnum):
    """What git thinks of a path."""

    TRACKED = "tracked"
    UNTRACKED = "untracked"
    """Not ignored, and not added either."""
    IGNORED = "ignored"


class Entry(msgspec.Struct, frozen=True, gc=False):
    """A file or symbolic link: path, git mode, size in bytes (of a link: of its target text)."""

    path: str
    mode: int
    size: int

    @property
    def is_link(self) -> bool:
        return self.mode == LINK

    @property
    def is_executable(self) -> bool:
        return self.mode == EXECUTABLE


class Unreadable(OSError):
    """The tree has the path, but its content cannot be had; the message says why."""


def blob_id(data: bytes) -> str:
    """Git's id of a file's content: sha1 over the header `blob <size>\\0` and the bytes."""
    from hashlib import sha1  # loads OpenSSL, which most commands never ask anything

    return sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


class Tree(ABC):
    """Base of all trees; concrete trees give entries and bytes."""

    def __init__(self) -> None:
        self.skipped: list[Skipped] = []
        """What could not be looked at; grows as unreadable things are met."""
        self._memo: dict[Hashable, object] = {}

    @abstractmethod
    def _load(self) -> list[Entry]:
        """All entries, in any order."""

    @abstractmethod
    def _read(self, entry: Entry) -> bytes:
        """Content of a file, target text of a link. Raises Unreadable."""

    def _state(self, path: str) -> State:  # noqa: ARG002 - trees without git know only tracked files
        return State.TRACKED

    def _empty_directories(self) -> Sequence[str]:
        return ()

    def git_entries(self) -> Sequence[Entry]:
        """Files in the checkout's own `.git`, which a build context sends too, and which are no entries of the tree."""
        return ()

    def memo(self, key: Hashable, make: Callable[[], _T]) -> _T:
        """The value kept with the tree under `key`, made on first use: walks that many contexts share."""
        if key not in self._memo:
            self._memo[key] = make()
        return cast("_T", self._memo[key])

    # -- entries

    @cached_property
    def _entries(self) -> list[Entry]:
        return sorted(self._load(), key=_by_path)

    @cached_property
    def _index(self) -> dict[str, Entry]:
        return {entry.path: entry for entry in self._entries}

    @cached_property
    def _paths(self) -> list[str]:
        return [entry.path for entry in self._entries]

    @cached_property
    def _directories(self) -> frozenset[str]:
        found = {""}
        for path in (*self._paths, *(f"{empty}/." for empty in self._empty_directories())):
            folder = parent(path)
            while folder and folder not in found:
                found.add(folder)
                folder = parent(folder)
        return frozenset(found)

    def entries(self) -> Sequence[Entry]:
        """All files and links, sorted by path."""
        return self._entries

    def get(self, path: str) -> Entry | None:
        """The entry at `path` itself (a link is not followed)."""
        return self._index.get(path)

    def is_file(self, path: str) -> bool:
        """True for a file or link at `path`."""
        return path in self._index

    def is_dir(self, path: str) -> bool:
        """True for a directory that holds something, or that is known to be empty; the root is one."""
        return path in self._directories

    def exists(self, path: str) -> bool:
        return path in self._index or path in self._directories

    def directories(self) -> frozenset[str]:
        """All directories, the root (`""`) included."""
        return self._directories

    def under(self, folder: str) -> Iterator[Entry]:
        """All entries below a folder, sorted by path; all of them for the root."""
        if not folder:
            yield from self._entries
            return
        prefix = f"{folder}/"
        for index in range(bisect_left(self._paths, prefix), len(self._paths)):
            if not self._paths[index].startswith(prefix):
                return
            yield self._entries[index]

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in (*self._paths, *sorted(self._directories)):
            if path:
                found.setdefault(parent(path), []).append(path)
        return found

    def children(self, folder: str) -> Sequence[str]:
        """Paths of what lies directly in a folder, files and folders, sorted."""
        return sorted(self._children.get(folder, ()))

    def state(self, path: str) -> State:
        """What git thinks of a path; a directory is tracked when any file below it is."""
        if path not in self._index and path in self._directories:
            states = {self._state(entry.path) for entry in self.under(path)}
            for state in (State.TRACKED, State.UNTRACKED):
                if state in states or not states:
                    return state
            return State.IGNORED
        return self._state(path)

    @cached_property
    def _folded(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in (*self._paths, *sorted(self._directories)):
            found.setdefault(path.casefold(), []).append(path)
        return found

    def same_but_case(self, path: str) -> Sequence[str]:
        """Paths of files and folders that differ from `path` only in case."""
        return [other for other in self._folded.get(path.casefold(), ()) if other != path]

    # -- content

    def read(self, path: str) -> bytes:
        """Content of the file at `path`, links inside the tree followed.

        Raises KeyError when there is no such file, Unreadable (an OSError) when it cannot be read.
        """
        entry = self._index.get(path)
        if entry is None or entry.is_link:
            resolved = self.resolve(path)
            entry = self._index.get(resolved) if resolved is not None else None
            if entry is None:
                raise KeyError(path)
        return self._read(entry)

    def content_id(self, path: str) -> str:
        """Git's blob id of the file at `path`; equal content, equal id. Raises as `read` does."""
        return blob_id(self.read(path))

    # -- links

    def link_target(self, path: str) -> str | None:
        """The text of a link; None for anything else, or when it cannot be read."""
        entry = self._index.get(path)
        if entry is None or not entry.is_link:
            return None
        try:
            return self._read(entry).decode("utf-8", "surrogateescape")
        except Unreadable:
            return None

    def follow(self, path: str, *, clamp: bool = False, last: bool = True) -> Resolution:
        """Where a path leads when links are followed (see `links.follow`)."""
        return follow(path, self.link_target, self.exists, clamp=clamp, last=last)

    def resolve(self, path: str) -> str | None:
        """The path of what a path means, links followed inside the tree; None if missing, a loop or outside."""
        found = self.follow(path)
        return found.path if found.outcome is Outcome.FOUND else None


def _by_path(entry: Entry) -> str:
    return entry.path
