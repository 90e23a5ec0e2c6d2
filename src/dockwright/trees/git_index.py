"""Whether git's index is whole. git itself looks at its checksum only when it is asked to (`git fsck`): of an index that was
cut off it reads what is left, and takes every other file for one that it does not track.

Source: git Documentation/gitformat-index.txt; read-cache.c: verify_hdr.
"""

import hashlib
import os
import stat
from pathlib import Path

HEADER = 12
MAX_INDEX = 1 << 30
"""Bytes of an index beyond which nobody has one; git maps it whole."""
_CHUNK = 1 << 20
_HASHES = (("sha1", 20), ("sha256", 32))


def damage(index: Path) -> str:
    """What is wrong with an index file; empty for a whole one, and where there is none."""
    try:
        status = os.stat(index)
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_INDEX:
            return "its index is no file of a usual size"
        handle = os.open(index, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        return ""
    except OSError as error:
        return f"its index cannot be read: {error.strerror}"
    with open(handle, "rb") as file:
        if status.st_size < HEADER + 20 or file.read(4) != b"DIRC":
            return "its index is damaged: it has no header"
        for name, size in _HASHES:
            file.seek(0)
            made = hashlib.new(name, usedforsecurity=False)
            left = status.st_size - size
            while left > 0 and (data := file.read(min(_CHUNK, left))):
                made.update(data)
                left -= len(data)
            if file.read(size) in (made.digest(), bytes(size)):  # zeros: `index.skipHash`
                return ""
    return "its index is damaged: its checksum does not match"
