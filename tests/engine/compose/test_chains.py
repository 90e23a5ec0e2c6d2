"""Files of recorded cases chained at random, `-f a -f b -f c`, against the Compose at hand.

The chains are drawn anew with `DOCKWRIGHT_CHAINS_SEED`; `DOCKWRIGHT_CHAINS` says how many.
"""

import json
import os
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest

from dockwright.cli.compose_arguments import parse
from dockwright.cli.compose_config import run
from dockwright.cli.compose_outcome import Surroundings
from dockwright.compose.load.files import MemoryFiles
from tests.lab.engine import plugin

pytestmark = [pytest.mark.engine, pytest.mark.slow]

COUNT = int(os.environ.get("DOCKWRIGHT_CHAINS", "60"))
SEED = os.environ.get("DOCKWRIGHT_CHAINS_SEED", "1")
SWITCHES = ("--no-interpolate", "--no-consistency", "--no-normalize", "--no-path-resolution")


def test_chains(corpus: Path, version: str, tmp_path: Path):
    """Accepted and refused alike, with the same output and, where refused, the same exit code."""
    with (corpus / "conformance" / "compose_cases.jsonl").open() as lines:
        rows = [row for row in map(json.loads, lines) if row["kind"] == "config"]
    rows = [row for row in rows if "@@symlink" not in json.dumps(row["files"])]
    mains = [row for row in rows if "proj/compose.yaml" in row["files"]]
    texts = [text for row in rows for name, text in row["files"].items() if name.endswith(".yaml")]
    draw = random.Random(SEED)
    wrong = []
    for number in range(COUNT):
        difference = played(draw, draw.choice(mains), texts, version, tmp_path / str(number))
        if difference:
            wrong.append(difference)
    assert not wrong, wrong


def played(draw: random.Random, main: dict[str, Any], texts: list[str], version: str, base: Path) -> str:
    """What differs for one chain; empty when nothing does."""
    home, project = base / "home", base / "proj"

    def placed(text: str) -> str:
        return text.replace("@PROJ@", str(project)).replace("@ROOT@", str(base)).replace("@HOME@", str(home))

    files = {f"{base}/{name}": placed(text).encode() for name, text in main["files"].items()}
    names = ["compose.yaml"]
    for number, text in enumerate(draw.sample(texts, draw.choice([1, 1, 2, 3]))):
        names.append(f"x{number}.yaml")
        files[f"{project}/{names[-1]}"] = placed(text).encode()
    for name, data in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(data)
    argv = [word for name in names for word in ("-f", name)] + [
        "config",
        "--format",
        draw.choice(["json", "yaml"]),
    ]
    if draw.random() < 0.2:
        argv.append(draw.choice(SWITCHES))
    environment = {name: placed(value) for name, value in main["env"].items() if name != "COMPOSE_FILE"}
    environment |= {"HOME": str(home), "PATH": os.environ["PATH"]}
    theirs = subprocess.run(
        [*plugin("compose"), *argv], cwd=project, env=environment, capture_output=True, check=False
    )
    seen = {**environment, "DOCKWRIGHT_COMPOSE_VERSION": version}
    ours = run(parse(argv), Surroundings(seen, str(project), MemoryFiles(files)))
    what = f"{main['id']} {argv} in {base}"
    if bool(theirs.returncode) is not bool(ours.exit_code):
        return f"{what}: exit {theirs.returncode} of Compose, {ours.exit_code} of ours: {ours.err}"
    if theirs.returncode:
        return ""  # which of several errors comes first is left to chance by Compose, and its code with it
    if ours.out == theirs.stdout.decode() or (
        "json" in argv and json.loads(ours.out) == json.loads(theirs.stdout)
    ):
        return ""
    return f"{what}: other output"
