"""How the cost of a replay grows: with commits, with touched paths, with Dockerfiles; and one real repository.

    python -m benchmarks.replay [--repository DIR --at REV]

CPU seconds of this process (git's own are beside it and small). Ratios matter, not seconds.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from dockwright.replay.run import Replay
from dockwright.replay.subjects import Subject
from dockwright.trees.git_command import Git
from dockwright.trees.revisions import Range, Walk
from tests.trees.fast_import import Made, history, text

DOCKERFILE = "FROM a\nCOPY req.txt .\nRUN pip install\nCOPY src src\nRUN make\nCOPY docs docs\n"


def commits(count: int, paths: int) -> Iterator[Made]:
    yield Made(
        {"Dockerfile": text(DOCKERFILE), "req.txt": text("0"), "src/0": text("0"), "docs/0": text("0")}
    )
    for number in range(1, count):
        yield Made({f"src/{(number * 7 + one) % 500}": text(f"{number} {one}") for one in range(paths)})


def seconds(repository: Path, dockerfiles: int, revision: str = "main") -> float:
    """CPU seconds of one replay; the least of three."""
    subjects = [Subject(path="Dockerfile", context="", args={"N": str(n)}) for n in range(dockerfiles)]
    found = []
    for _ in range(3):
        begin = time.process_time()
        Replay(Walk(Git(repository), Range((revision,))), subjects).run()
        found.append(time.process_time() - begin)
    return min(found)


def growth(folder: Path) -> None:
    """Doubling one thing at a time."""
    print(
        f"{'commits':>8} {'paths':>6} {'Dockerfiles':>12} {'CPU s':>8} {'µs per commit':>14} {'µs per path':>12}"
    )
    for count, paths, dockerfiles in (
        (2000, 4, 1), (4000, 4, 1), (8000, 4, 1), (16000, 4, 1),
        (4000, 8, 1), (4000, 16, 1), (4000, 32, 1),
        (4000, 4, 10), (4000, 4, 40),
    ):  # fmt: skip
        repository = folder / f"{count}-{paths}"
        if not repository.exists():
            history(repository, commits(count, paths), named=False)
        cost = seconds(repository, dockerfiles)
        per = cost / count * 1e6
        print(f"{count:>8} {paths:>6} {dockerfiles:>12} {cost:>8.2f} {per:>14.1f} {per / paths:>12.2f}")


def real(repository: Path, revision: str) -> None:
    """The whole command over a real repository: wall, CPU, memory."""
    import resource
    import subprocess

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.perf_counter()
    subprocess.run(
        [
            sys.executable,
            "-m",
            "dockwright",
            "replay",
            str(repository),
            "--at",
            revision,
            "--format",
            "json",
            "-o",
            "/dev/null",
        ],
        check=True,
    )
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        f"replay of {repository.name} at {revision}: {time.perf_counter() - begin:.1f} s, "
        f"{used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime:.1f} s CPU, {used.ru_maxrss // 1024} MB"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--repository", type=Path)
    parser.add_argument("--at", default="HEAD")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        growth(Path(folder))
    if given.repository is not None:
        real(given.repository, given.at)


if __name__ == "__main__":
    main()
