"""The files a project is loaded from, as a protocol: the loader itself opens nothing.

Paths are absolute, with `/`, cleaned. `MemoryFiles` serves texts by path; the command line has one for the disk;
`TreeFiles` shows a repository's tree under a made-up root, and nothing outside of it.
"""

from __future__ import annotations

from collections.abc import Mapping

from dockwright.compose.load.gopath import clean, directory, join

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol
else:
    Protocol = object


MAX_LINKS = 40


class Unreadable(Exception):
    """A path that is there but cannot be read as a file; the text says why."""


class Files(Protocol):
    """Where files are read from."""

    def read(self, path: str) -> bytes | None:
        """The content; None when there is no such file. Raises `Unreadable` for directories and forbidden files."""

    def is_directory(self, path: str) -> bool:
        """True for a directory, also behind a link."""

    def exists(self, path: str) -> bool:
        """True for a file or directory."""

    def real(self, path: str) -> str:
        """The path with every symbolic link followed; the path itself where that cannot be told."""


class MemoryFiles:
    """Texts by absolute path, with symbolic links by path."""

    def __init__(self, files: Mapping[str, bytes], links: Mapping[str, str] | None = None) -> None:
        self._files = {clean(path): data for path, data in files.items()}
        self._links = {clean(path): target for path, target in (links or {}).items()}
        self._directories = {"/"}
        for path in (*self._files, *self._links):
            above = directory(path)
            while above not in self._directories:
                self._directories.add(above)
                above = directory(above)

    def real(self, path: str) -> str:
        path = clean(path)
        for _ in range(MAX_LINKS):
            found = next((link for link in self._links if path == link or path.startswith(f"{link}/")), None)
            if found is None:
                return path
            target = self._links[found]
            start = target if target.startswith("/") else join(directory(found), target)
            path = clean(start + path[len(found) :])
        return path

    def read(self, path: str) -> bytes | None:
        real = self.real(path)
        if real in self._directories:
            raise Unreadable("is a directory")
        return self._files.get(real)

    def is_directory(self, path: str) -> bool:
        return self.real(path) in self._directories

    def exists(self, path: str) -> bool:
        real = self.real(path)
        return real in self._files or real in self._directories
