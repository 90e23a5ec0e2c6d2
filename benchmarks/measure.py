"""Runs commands in turn and accounts for them: CPU seconds (user + system, children included) and peak memory."""

import contextlib
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class Cost(NamedTuple):
    """One finished run: CPU seconds, wall seconds, peak resident bytes of the largest process."""

    cpu: float
    wall: float
    peak: int


RUNNER = """
import json, os, resource, subprocess, sys, time
start = time.perf_counter()
with open(os.devnull, "wb") as sink:
    code = subprocess.run(sys.argv[1:], stdout=sink, stderr=sink).returncode
wall = time.perf_counter() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([used.ru_utime + used.ru_stime, wall, used.ru_maxrss * 1024, code]))
"""


def run(command: Sequence[str], cwd: Path | None = None) -> Cost:
    """Run one command through a small parent of its own, so that its children are accounted for alone."""
    done = subprocess.run(
        [sys.executable, "-c", RUNNER, *command],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": ""},
    )
    cpu, wall, peak, code = json.loads(done.stdout)
    if code not in (0, 1):
        raise RuntimeError(f"{command[0]} ended with {code}")
    return Cost(cpu, wall, int(peak))


def memory_of_all(command: Sequence[str]) -> int:
    """Most bytes that a command and its children held at one time; pages they share are counted once (Linux: PSS).

    The command is slowed down by the looking, so this is a run of its own. 0 where the system does not tell.
    """
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        most = 0
        while process.poll() is None:
            most = max(most, sum(map(_proportional, _with_children(process.pid))))
            time.sleep(0.02)
    return most


def _with_children(process: int) -> list[int]:
    found = [process]
    for number in found:
        for listing in Path(f"/proc/{number}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                found += map(int, listing.read_text().split())
    return found


def _proportional(process: int) -> int:
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:  # it has ended
        return 0
    return next((int(line.split()[1]) << 10 for line in text.splitlines() if line.startswith("Pss:")), 0)


def in_turn(
    commands: dict[str, Sequence[str]], rounds: int, cwd: Path | None = None
) -> dict[str, list[Cost]]:
    """Each command once per round, in turn (A B A B …), after one warm-up each."""
    results: dict[str, list[Cost]] = {name: [] for name in commands}
    for command in commands.values():
        run(command, cwd)
    for _ in range(rounds):
        for name, command in commands.items():
            results[name].append(run(command, cwd))
    return results


def median_ratio(left: Sequence[Cost], right: Sequence[Cost]) -> float:
    """Median over the rounds of CPU(left) / CPU(right), pair by pair."""
    return statistics.median(a.cpu / b.cpu for a, b in zip(left, right, strict=True))
