"""`python -m tests.engine.cache record FILE [SEED [EDITS]] | check FILE`."""

import sys
import tempfile
from pathlib import Path

from tests.engine.cache import running, vectors
from tests.lab import engine


def main(action: str, file: str, seed: str = "1", edits: str = "8") -> None:
    """Record what the engine says of all scenarios, or predict a recorded file."""
    if action == "record":
        about = {**engine.versions(), "seed": seed, "edits": edits}
        with tempfile.TemporaryDirectory() as below:
            vectors.write(Path(file), about, running.build_all(Path(below), seed, int(edits)))
    for feedback in (True, False):
        found = running.judge(vectors.read(Path(file)), feedback=feedback)
        print(f"{'with' if feedback else 'without'} feedback: {found.text}")
        for line in (*found.wrong, *found.unknown_without_stage):
            print(f"  {line}")


if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] not in ("record", "check"):
        sys.exit("usage: python -m tests.engine.cache record FILE [SEED [EDITS]] | check FILE")
    main(*sys.argv[1:])
