"""Who a process has started, directly and through others: containers leave their engine's process group.

Source: Linux proc(5), `/proc/PID/stat`: the parent is field 4, the start time field 22. Elsewhere nothing is found and
only the process group is ended.
"""

import os
import signal
from collections.abc import Collection
from contextlib import suppress
from typing import NamedTuple


class Process(NamedTuple):
    """A process that cannot be taken for a later one with the same number."""

    number: int
    started: str

    def kill(self, with_signal: int = signal.SIGKILL) -> None:
        """Send it a signal, if it is still the same process."""
        if _stat(self.number)[1] == self.started:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(self.number, with_signal)


def descendants(number: int) -> list[Process]:
    """Everything below a process, parents first."""
    below: dict[int, list[Process]] = {}
    for name in _numbers():
        parent, started = _stat(name)
        if started:
            below.setdefault(parent, []).append(Process(name, started))
    found: list[Process] = []
    waiting = [number]
    while waiting:
        for child in below.get(waiting.pop(), ()):
            found.append(child)
            waiting.append(child.number)
    return found


def outside_group(processes: Collection[Process], group: int) -> list[Process]:
    """Those of another process group: what was put into a container."""
    found = []
    for one in processes:
        with suppress(ProcessLookupError, PermissionError):
            if os.getpgid(one.number) != group:
                found.append(one)
    return found


def _numbers() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return []


def _stat(number: int) -> tuple[int, str]:
    """Parent and start time; the name in between may hold anything."""
    try:
        with open(f"/proc/{number}/stat", "rb") as file:
            fields = file.read().rpartition(b") ")[2].split()
        return int(fields[1]), fields[19].decode("ascii")
    except (OSError, ValueError, IndexError):
        return 0, ""
