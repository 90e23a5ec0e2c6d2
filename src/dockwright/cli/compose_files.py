"""The disk, as the compose loader sees it: absolute paths, links followed as the operating system does."""

from __future__ import annotations

import os
import stat

from dockwright.compose.load.files import Unreadable

MAX_BYTES = 64 << 20
"""No configuration is larger; what is would only fill memory."""


class DiskFiles:
    """`compose.load.files.Files` over the disk: files as they are named, pipes too."""

    def read(self, path: str) -> bytes | None:
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise Unreadable(error.strerror or str(error)) from error
        found = os.fstat(descriptor)
        reason = ""
        if stat.S_ISDIR(found.st_mode):
            reason = "is a directory"
        elif found.st_size > MAX_BYTES:
            reason = f"is larger than {MAX_BYTES >> 20} MB"
        if reason:
            os.close(descriptor)
            raise Unreadable(reason)
        if not stat.S_ISREG(found.st_mode):
            # pipes are what shells give for `<(command)`; they are read to their end
            os.set_blocking(descriptor, True)
        with os.fdopen(descriptor, "rb") as file:
            return file.read(MAX_BYTES)

    def is_directory(self, path: str) -> bool:
        return os.path.isdir(path)

    def exists(self, path: str) -> bool:
        return os.path.exists(path)

    def real(self, path: str) -> str:
        return os.path.realpath(path)


def working_directory(environment: dict[str, str]) -> str:
    """Where the command runs, by the name the shell uses for it (os.Getwd): links are kept."""
    named = environment.get("PWD", "")
    if named.startswith("/"):
        try:
            if os.path.samefile(named, "."):
                return named
        except OSError:
            pass
    return os.getcwd()
