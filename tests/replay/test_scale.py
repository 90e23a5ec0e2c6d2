"""Long histories: memory does not grow with the files they touch, and hardly with commits."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.trees.fast_import import Made, history, text

DOCKERFILE = "FROM a\nCOPY req.txt .\nRUN pip install\nCOPY src src\nRUN make\nCOPY docs docs\n"
COUNT = 100_000
MEASURE = """
import resource, sys
from pathlib import Path
from dockwright.replay.run import Replay
from dockwright.replay.subjects import Subject
from dockwright.replay.summary import summary
from dockwright.trees.git_command import Git
from dockwright.trees.revisions import Range, Walk
replay = Replay(Walk(Git(Path(sys.argv[1])), Range((sys.argv[2],))), [Subject(path="Dockerfile", context="")])
replay.run()
found = summary(replay).dockerfiles[0]
print(found.commits, found.untouched, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def commits(count: int) -> Iterator[Made]:
    """Half of them touch code, the rest files of all kinds of names that no step takes."""
    yield Made(
        {"Dockerfile": text(DOCKERFILE), "req.txt": text("0"), "src/0.py": text("0"), "docs/x": text("0")}
    )
    for number in range(1, count):
        path = f"src/{number % 50}.py" if number % 2 else f"other/{number}.md"
        yield Made(
            {
                path: text(str(number)),
                **({f"other/{number - 2}.md": None} if number > 3 and number % 2 == 0 else {}),
            }
        )


def measured(repository: Path, revisions: str) -> tuple[int, int, int]:
    """Commits, untouched ones, and the largest memory of a process of its own in kB."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(repository), revisions],
        capture_output=True,
        text=True,
        check=True,
    )
    counted, untouched, memory = map(int, done.stdout.split())
    return counted, untouched, memory


@pytest.mark.slow
def test_a_hundred_thousand_commits(tmp_path: Path) -> None:
    repository = history(tmp_path / "r", commits(COUNT), named=False)
    few, _, little = measured(repository, "main~10000..main")
    many, untouched, much = measured(repository, "main")
    assert (few, many) == (10_000, COUNT)
    assert untouched == COUNT // 2 - 1
    assert much - little < 50_000  # in kB: half a kilobyte for each commit more
