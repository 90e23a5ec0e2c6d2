"""The classic: a Python service that copies everything first, beside one that copies its requirements first.

    python -m benchmarks.rebuild [RUNS] [ENGINE]

Needs a real engine (`python -m tests.lab up`) and pip's package index. Prints how long a change of one line of code takes to
build both ways, in one run, interleaved, and how many times faster the second is.
"""

import sys
import tempfile
from pathlib import Path

from dockwright.cli.main import run
from tests.engine.measure.services import write_service
from tests.lab import images

REQUIREMENTS = "django==4.2.16\nnumpy==1.26.4\nrequests==2.32.3\n"


def main(runs: str = "3", engine: str = "docker") -> int:
    """Bench both and print what `dockwright bench` says."""
    with tempfile.TemporaryDirectory() as below:
        top = Path(below) / "service"
        write_service(top, images.python(), REQUIREMENTS)
        return run(
            ["bench", "everything.Dockerfile", "--context", ".", "--vs", "dependencies.Dockerfile", "--root",
             str(top), "--runs", runs, "--scenario", "source", "--engine", engine, "--no-ledger"]
        )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
