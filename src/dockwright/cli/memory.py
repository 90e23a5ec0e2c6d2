"""The garbage collector, out of the way while a command works.

A run builds one large graph of values, keeps it to the end, and ends. Collections find nothing to free in it and take
a quarter of the time (measured on a repository of 8,800 files: 9.8 s against 7.3 s of CPU, the same peak memory).
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collector() -> Iterator[None]:
    """Switch the cyclic collector off, and back on afterwards if it was on. Reference counting goes on."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
