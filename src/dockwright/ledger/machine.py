"""The class of this machine: cores that may be used, memory to a power of two, architecture. No name of a host."""

import os
import platform

from dockwright.ledger.model import Machine

_ARCHES = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm", "i686": "386"}


def machine() -> Machine:
    """Of the machine this runs on; right for a build where the engine is on it too."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 0
    name = platform.machine().lower()
    return Machine(cores, memory_class(_memory()), _ARCHES.get(name, name))


def memory_class(size: int) -> str:
    """The power of two of GiB nearest to `size` bytes: 15.6 GiB of a 16 GiB machine are `16 GiB`."""
    if size <= 0:
        return ""
    unit = 1 << 30
    if size < unit * 3 // 4:
        return "under 1 GiB"
    power = 1
    while size >= unit * power * 3 // 2:
        power *= 2
    return f"{power} GiB"


def _memory() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return 0
