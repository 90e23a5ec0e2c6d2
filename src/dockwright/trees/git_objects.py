"""Contents of objects by id, through one long-lived `git cat-file --batch`."""

import os
import subprocess
import weakref

from dockwright.trees.git_command import Git, end, read_some
from dockwright.trees.git_directory import GitError

_OTHERS: list[subprocess.Popen[bytes]] = []
"""Processes that belong to the process this one is a copy of: neither used nor ended here."""


class Objects:
    """Reads objects of one repository; the process ends with this object. Not for several threads at once."""

    def __init__(self, git: Git) -> None:
        self._git = git
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._waiting = b""

    def read(self, name: str) -> bytes | None:
        """Content of an object by id (or `revision:path`); None when the repository does not have it."""
        if "\n" in name or not name:
            return None
        try:
            process = self._started()
            assert process.stdin is not None
            process.stdin.write(name.encode("utf-8", "surrogateescape") + b"\n")
            process.stdin.flush()
            header = self._line().split()
            if len(header) != 3 or not header[2].isdigit():  # `<name> missing`, `<name> ambiguous`
                return None
            data = self._exactly(int(header[2]) + 1)
        except (GitError, OSError):
            self.close()
            return None
        return data[:-1]

    def _line(self) -> bytes:
        while b"\n" not in self._waiting:
            self._more(1 << 16)
        line, _, self._waiting = self._waiting.partition(b"\n")
        return line

    def _exactly(self, size: int) -> bytes:
        parts = [self._waiting]
        have = len(self._waiting)
        self._waiting = b""
        while have < size:
            self._more(1 << 20)
            parts.append(self._waiting)
            have += len(self._waiting)
            self._waiting = b""
        data = b"".join(parts)
        self._waiting = data[size:]
        return data[:size]

    def _more(self, size: int) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        data = read_some(self._process.stdout, size)
        if not data:
            raise GitError("git cat-file ended")
        self._waiting += data

    def _started(self) -> "subprocess.Popen[bytes]":
        if (
            self._process is not None and self._owner != os.getpid()
        ):  # a copy of this process shares its pipes
            _OTHERS.append(self._process)
            self._process, self._waiting = None, b""
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = self._git.start(
                "cat-file",
                "--batch",
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            self._owner = os.getpid()
            weakref.finalize(self, end, self._process)
        return self._process

    def close(self) -> None:
        """End the process; reading again starts a new one."""
        process, self._process, self._waiting = self._process, None, b""
        if process is not None:
            end(process)
