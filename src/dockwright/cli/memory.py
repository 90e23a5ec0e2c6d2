"""The garbage collector, out of the way while a command works.

A run builds one large graph of values, keeps it to the end, and ends. Collections find nothing to free in it and take
a quarter of the time (measured on a repository of 8,800 files: 9.8 s against 7.3 s of CPU, the same peak memory).
"""

from __future__ import annotations

import atexit
import gc
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn, TypeVar

    _T = TypeVar("_T")


_kept: list[object] = []


class without_collector:  # noqa: N801 - used as one would a function of contextlib, whose import takes a millisecond
    """Switch the cyclic collector off, and back on afterwards if it was on. Reference counting goes on."""

    def __enter__(self) -> None:
        self._was_on = gc.isenabled()
        gc.disable()

    def __exit__(self, *_raised: object) -> None:
        if self._was_on:
            gc.enable()


def keep(value: _T) -> _T:
    """The value, held until the next one is kept: the end of the process frees it faster than Python, part by part."""
    _kept[:] = [value]
    return value


def leave(code: int) -> NoReturn:
    """End the process at once, without taking its values apart (a tenth of an audit's time).

    What was registered for the exit is done, and output is flushed; where that fails, Python is left to say so.
    """
    atexit._run_exitfuncs()  # git that still runs, and directories made for it
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:  # closed
                stream.flush()
    except (OSError, ValueError):
        sys.exit(code)
    os._exit(code)
