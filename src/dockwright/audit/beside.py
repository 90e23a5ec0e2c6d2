"""Reads scripts beside: a copy of this process takes part in the reading on another core.

Reading scripts is half of an inventory, and each is read by itself. The copy is made by `fork` before any thread is
started: no program is started by it and nothing of the repository is run, it goes on with our own code. Scripts and
results pass through memory that both share. Whoever is free takes the next script, so one core alone loses nothing, and
what a copy that died had taken is read again here.
"""

import mmap
import os
import pickle
import sys
import threading
from struct import Struct

from dockwright.repository.reading import Read, Reading, read
from dockwright.text import SourceFile
from dockwright.trees.tree import Tree

ENOUGH = 1 << 20
"""Bytes of Python in a repository from which a copy is worth the making of it (some milliseconds)."""
MEMORY = 64 << 20
"""Bytes for scripts, and for results; what finds no place is read here. Only what is used is taken from the system."""
_TICKET = Struct("=QLL")
"""A script that waits: where it lies, its length, its number. Small enough to be read from a pipe in one piece."""
_RESULT = Struct("=LL")
"""Before each result: number and length."""


def reading(tree: Tree) -> Reading:
    """The means to read the scripts of `tree`: with a copy of this process where that helps and is possible."""
    if not possible():
        return Reading()
    if sum(entry.size for entry in tree.entries() if entry.path.endswith(".py")) < ENOUGH:
        return Reading()
    try:
        return Beside()
    except OSError:  # no memory, too many processes
        return Reading()


def possible() -> bool:
    """True where a copy can be made and has a core to run on; elsewhere, or beside other threads, a fork is not safe."""
    return sys.platform == "linux" and threading.active_count() == 1 and len(os.sched_getaffinity(0)) > 1


class Beside(Reading):
    """Scripts that are read by this process and a copy of it. To be closed."""

    def __init__(self) -> None:
        super().__init__()
        from dockwright.shell.python import reader  # noqa: F401 - imported once, for both

        self._scripts, self._results = mmap.mmap(-1, MEMORY), mmap.mmap(-1, MEMORY)
        self._end = 0
        self._read: dict[int, Read] | None = None
        self._take, self._give = os.pipe()
        self._done, done = os.pipe()
        self._process = os.fork()
        if not self._process:
            os.close(self._give)
            os.close(self._done)
            _copy(self._take, done, self._scripts, self._results)
        os.close(done)
        os.set_blocking(self._give, False)

    def put(self, source: SourceFile, language: str) -> int:
        number = super().put(source, language)
        text = b"\0".join((language.encode(), source.path.encode("utf-8", "surrogateescape"), source.data))
        end = self._end + len(text)
        if end <= MEMORY:
            self._scripts[self._end : end] = text
            try:
                os.write(self._give, _TICKET.pack(self._end, len(text), number))
                self._end = end
            except BlockingIOError:
                pass  # so many are waiting that this one is better read here
        return number

    def result(self, number: int) -> Read:
        if self._read is None:
            self._read = self._together()
        known = self._read.pop(number, None)
        return known if known is not None else super().result(number)

    def _together(self) -> dict[int, Read]:
        """Read what still waits, side by side with the copy, and take over what it has read."""
        os.close(self._give)
        self._give = -1
        found: dict[int, Read] = {}
        while ticket := os.read(self._take, _TICKET.size):
            number = _TICKET.unpack(ticket)[2]
            found[number] = super().result(number)
        size = int.from_bytes(os.read(self._done, 8), "little")  # nothing from a copy that died
        at = 0
        while at < size:
            number, length = _RESULT.unpack_from(self._results, at)
            at += _RESULT.size + length
            found[number] = pickle.loads(self._results[at - length : at])  # noqa: S301 - our own copy wrote it
        return found

    def close(self) -> None:
        """End the copy and let go of what is shared with it."""
        for handle in (self._give, self._take, self._done):
            if handle >= 0:
                os.close(handle)
        if self._process:
            os.waitpid(self._process, 0)
        self._process, self._give, self._take, self._done = 0, -1, -1, -1
        self._scripts.close()
        self._results.close()


def _copy(take: int, done: int, waiting: mmap.mmap, results: mmap.mmap) -> None:
    """What the copy does, and all it does. It never returns, and leaves nothing behind (`os._exit`)."""
    code, end = 1, 0
    try:
        while ticket := os.read(take, _TICKET.size):
            start, length, number = _TICKET.unpack(ticket)
            language, path, data = waiting[start : start + length].split(b"\0", 2)
            source = SourceFile(path.decode("utf-8", "surrogateescape"), data)
            result = pickle.dumps(read(source, language.decode()), pickle.HIGHEST_PROTOCOL)
            head = _RESULT.pack(number, len(result))
            if end + len(head) + len(result) > MEMORY:
                break
            results[end : end + len(head) + len(result)] = head + result
            end += len(head) + len(result)
        os.write(done, end.to_bytes(8, "little"))
        code = 0
    finally:
        os._exit(code)
