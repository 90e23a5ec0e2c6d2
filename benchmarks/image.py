"""What reading an image costs beside its export alone: the same export into `cat`, in turn, in one run.

    python -m benchmarks.image REFERENCE [--engine docker] [--rounds 5]

Wall seconds of `ENGINE save REFERENCE | cat`, of `ENGINE save REFERENCE | dockwright image -`, and of `dockwright image
REFERENCE`; then CPU seconds and the peak memory of the reader alone, of an archive on disk.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.measure import Cost, run

DOCKWRIGHT = [sys.executable, "-m", "dockwright", "image"]
QUIET = ["--format", "json", "--output", "/dev/null", "--quiet"]


def piped(save: Sequence[str], reader: Sequence[str]) -> float:
    """Wall seconds of one program piped into another."""
    start = time.perf_counter()
    with subprocess.Popen(save, stdout=subprocess.PIPE) as source:
        subprocess.run(reader, stdin=source.stdout, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def alone(command: Sequence[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reference")
    parser.add_argument("--engine", default="docker")
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    save = [asked.engine, "save", asked.reference]
    ways: dict[str, Callable[[], float]] = {
        "save | cat": lambda: piped(save, ["cat"]),
        "save | image -": lambda: piped(save, [*DOCKWRIGHT, "-", *QUIET]),
        "image REF": lambda: alone([*DOCKWRIGHT, asked.reference, "--engine", asked.engine, *QUIET]),
    }
    ways["save | cat"]()  # what is read from disk once is in memory for all
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(asked.rounds):
        for name, way in ways.items():
            times[name].append(way())
    first = times["save | cat"]
    for name, each in times.items():
        ratio = statistics.median(one / base for one, base in zip(each, first, strict=True))
        shown = " ".join(f"{one:.2f}" for one in each)
        print(f"{name:<15} median {statistics.median(each):6.2f} s  {ratio:.2f} x  ({shown})")
    cost, size = of_file(save)
    print(
        f"reader alone    {size / 1e6:.0f} MB archive: {cost.cpu:.2f} s CPU, {cost.wall:.2f} s, peak {cost.peak / 1e6:.0f} MB"
    )


def of_file(save: Sequence[str]) -> tuple[Cost, int]:
    """The reader by itself, on an archive."""
    with tempfile.NamedTemporaryFile(suffix=".tar") as file:
        subprocess.run(save, stdout=file, check=True)
        return run([*DOCKWRIGHT, file.name, *QUIET]), Path(file.name).stat().st_size


if __name__ == "__main__":
    main()
