"""Opens files below a directory part by part: whatever became a link or a pipe since it was listed is refused.

The handle on the last folder is kept, since files are mostly read in the order of their paths: an open for each part of
each path took a tenth of a whole audit.
"""

import os
import stat
from pathlib import Path

from dockwright.trees.paths import encode

_FOLDER = (
    os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
)
_FILE = (
    os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
)
_BINARY = getattr(os, "O_BINARY", 0)


class Handles:
    """Files below `root`, opened and read. It holds at most one handle, on the folder read from last."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder: str | None = None
        self._handle = -1

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the folder."""
        handle, self._handle, self._folder = self._handle, -1, None
        if handle >= 0:
            self._close(handle)

    _close = staticmethod(os.close)
    """Kept here, since names of modules are gone when a process ends with a tree still in use."""

    def read(self, path: str, limit: int) -> tuple[bytes, int]:
        """The content of the file at `path`, and its size; no content when that is more than `limit`.

        Raises OSError; IsADirectoryError stands for anything that is not a plain file.
        """
        handle = self._open(path)
        try:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                raise IsADirectoryError(path)
            if status.st_size > limit:
                return b"", status.st_size
            data = os.read(handle, status.st_size + 1)
            if len(data) != status.st_size:  # it changes while it is read
                data = _rest(handle, data, limit + 1)
            return data, len(data)
        finally:
            os.close(handle)

    def _open(self, path: str) -> int:
        if os.open not in os.supports_dir_fd:
            return os.open(os.path.join(self._root, path), _FILE | _BINARY)
        folder, _, name = path.rpartition("/")
        if folder != self._folder:
            self._enter(folder)
        return os.open(encode(name), _FILE, dir_fd=self._handle)

    def _enter(self, folder: str) -> None:
        self.close()
        here = os.open(self._root, os.O_RDONLY | os.O_CLOEXEC)
        try:
            for part in folder.split("/") if folder else ():
                below = os.open(encode(part), _FOLDER, dir_fd=here)
                os.close(here)
                here = below
        except OSError:
            os.close(here)
            raise
        self._handle, self._folder = here, folder


def _rest(handle: int, data: bytes, limit: int) -> bytes:
    """`data` and what follows it up to the end of the file, at most `limit` bytes in all."""
    chunks = [data]
    size = len(data)
    while chunks[-1] and size < limit:
        chunks.append(os.read(handle, limit - size))
        size += len(chunks[-1])
    return b"".join(chunks)
