"""Every compose file of the corpus alone: ours against `docker compose config --format json` of the engine at hand.

The version followed is the one the installed Compose is built with: Debian's 2.26 holds compose-go 2.4.8, others hold what
docker/compose's go.mod says (`versions`).
"""

import gzip
import json
import os
import subprocess
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from dockwright.cli.compose_arguments import parse
from dockwright.cli.compose_config import run
from dockwright.cli.compose_outcome import Surroundings
from dockwright.compose.load.files import MemoryFiles
from tests.engine.builds import side_by_side
from tests.lab.engine import plugin

pytestmark = [pytest.mark.engine, pytest.mark.slow]

ACCEPTED_THOUGH_REFUSED: frozenset[str] = frozenset()
"""sha256 of files we accept and Compose refuses: none."""
CONFIG = ("config", "--format", "json")
FILES = ("compose.public.jsonl.gz", "compose.peak.public.jsonl.gz")


def texts(corpus: Path) -> dict[str, tuple[str, bytes]]:
    """Every distinct file: repository and path, bytes, by hash."""
    found: dict[str, tuple[str, bytes]] = {}
    for name in FILES:
        with gzip.open(corpus / name, "rt") as rows:
            for row in map(json.loads, rows):
                where = f"{row['repo']} {row['path']}"
                found.setdefault(row["sha256"], (where, row["text"].encode("utf-8", "surrogateescape")))
    return found


def test_every_file_alone(corpus: Path, version: str, tmp_path: Path):
    """At least 99% of what Compose accepts is identical, and nothing it refuses is accepted."""
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}

    def asked(one: tuple[str, tuple[str, bytes]]) -> tuple[str, str, Path, bytes, CompletedProcess[bytes]]:
        sha, (where, data) = one
        file = tmp_path / sha / "project" / "compose.yaml"
        file.parent.mkdir(parents=True)
        file.write_bytes(data)
        command = [*plugin("compose"), "-f", str(file), *CONFIG]
        done = subprocess.run(command, cwd=file.parent, env=environment, capture_output=True, check=False)
        return sha, where, file, data, done

    identical, different, too_strict, too_lenient, exits = 0, [], [], [], []
    for sha, where, file, data, theirs in side_by_side(asked, texts(corpus).items()):
        surroundings = Surroundings(
            {**environment, "DOCKWRIGHT_COMPOSE_VERSION": version},
            str(file.parent),
            MemoryFiles({str(file): data}),
        )
        ours = run(parse(["-f", str(file), *CONFIG]), surroundings)
        if theirs.returncode:
            if not ours.exit_code and sha not in ACCEPTED_THOUGH_REFUSED:
                too_lenient.append(where)
            elif ours.exit_code != theirs.returncode:
                exits.append((where, ours.exit_code, theirs.returncode))
        elif ours.exit_code:
            too_strict.append((where, ours.err))
        elif json.loads(ours.out) == json.loads(theirs.stdout):
            identical += 1
        else:
            different.append(where)
    assert not too_lenient, too_lenient
    assert identical > 300
    assert identical >= 0.99 * (identical + len(different) + len(too_strict)), (different, too_strict)
    assert len(exits) <= 0.01 * identical, exits
