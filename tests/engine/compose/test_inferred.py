"""The file sets that are inferred from repositories of the corpus, as they would be used, against the Compose at hand.

Variables that Compose asks for are given and env files that are not in a clean clone are made, both empty of meaning, so
that as many sets as possible come to a model.
"""

import gzip
import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import pytest

from dockwright.cli.compose_arguments import parse
from dockwright.cli.compose_config import run
from dockwright.cli.compose_files import DiskFiles
from dockwright.cli.compose_outcome import Outcome, Surroundings
from dockwright.repository.environments import Environment
from dockwright.repository.inventory import build
from dockwright.repository.stacks import known
from dockwright.trees.memory import MemoryTree
from tests.engine.builds import side_by_side
from tests.lab.engine import plugin

pytestmark = [pytest.mark.engine, pytest.mark.slow]

CONFIG = ("config", "--format", "json")
ASKED = 40
"""Times that a set is tried again with one more variable or env file."""
_VARIABLE = re.compile(r"required variable (\w+) is missing a value")
_ENV_FILE = re.compile(r"env file (\S+) not found")


class Used(NamedTuple):
    """One file set in a folder that holds its repository's files."""

    root: Path
    name: str
    arguments: tuple[str, ...]
    alone: Lock
    """Sets of one folder take turns: each may make env files that others read."""


def repositories(corpus: Path) -> dict[str, dict[str, str]]:
    """Files by repository: every recorded tree, and every repository of which compose files are kept."""
    found: dict[str, dict[str, str]] = {}
    for tree in sorted((corpus / "trees").glob("*.jsonl.gz")):
        with gzip.open(tree, "rt", encoding="utf-8") as rows:
            found[tree.stem] = {row["path"]: row.get("text") or "" for row in map(json.loads, rows)}
    for name in ("compose.public.jsonl.gz", "compose.peak.public.jsonl.gz"):
        with gzip.open(corpus / name, "rt", encoding="utf-8") as rows:
            for row in map(json.loads, rows):
                found.setdefault(row["repo"], {}).setdefault(row["path"], row["text"])
    return found


def sets(files: dict[str, str], root: Path, name: str) -> Iterator[Used]:
    """The inferred sets of a repository, whose files of Docker are written below `root`."""
    environments = known(build(MemoryTree(files)))
    for path, text in files.items():
        if path.endswith((".yml", ".yaml", ".env")) or "/.env" in f"/{path}":
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", errors="surrogateescape")
    alone = Lock()
    for one in environments:
        yield Used(root, f"{name} {one.name}", arguments(one, root), alone)


def arguments(one: Environment, root: Path) -> tuple[str, ...]:
    """The command line that uses an environment."""
    words = [word for path in one.files for word in ("-f", str(root / path))]
    words += [word for profile in one.profiles for word in ("--profile", profile)]
    words += [word for path in one.env_files for word in ("--env-file", str(root / path))]
    if one.project_name:
        words += ["-p", one.project_name]
    return (*words, "--project-directory", str(root / one.project_directory), *CONFIG)


def asked(used: Used, version: str) -> tuple[Used, subprocess.CompletedProcess[bytes], Outcome]:
    """What Compose says once it has what it asks for, and what we say of the same files and environment."""
    environment = {"HOME": str(used.root), "PATH": os.environ["PATH"]}
    command = [*plugin("compose"), *used.arguments]
    with used.alone:
        for _ in range(ASKED):
            done = subprocess.run(command, cwd=used.root, env=environment, capture_output=True, check=False)
            said = done.stderr.decode("utf-8", "replace")
            variable, file = _VARIABLE.search(said), _ENV_FILE.search(said)
            if variable is not None and variable[1] not in environment:
                environment[variable[1]] = "1"
            elif file is not None and Path(file[1]).is_relative_to(used.root) and not Path(file[1]).exists():
                Path(file[1]).parent.mkdir(parents=True, exist_ok=True)
                Path(file[1]).touch()
            else:
                break
        surroundings = Surroundings(
            {**environment, "DOCKWRIGHT_COMPOSE_VERSION": version}, str(used.root), DiskFiles()
        )
        return used, done, run(parse(list(used.arguments)), surroundings)


def test_every_inferred_set(corpus: Path, version: str, tmp_path: Path) -> None:
    """At least 99% of the sets Compose accepts are identical, and none it refuses is accepted."""
    identical, different, exits = 0, [], []
    refused = 0
    used = [
        one
        for number, (name, files) in enumerate(repositories(corpus).items())
        for one in sets(files, tmp_path / str(number), name)
    ]
    for one, theirs, ours in side_by_side(lambda one: asked(one, version), used):
        if theirs.returncode:
            refused += 1
            if ours.exit_code != theirs.returncode:
                exits.append((one.name, ours.exit_code, theirs.returncode, theirs.stderr.decode()[-300:]))
        elif not ours.exit_code and json.loads(ours.out) == json.loads(theirs.stdout):
            identical += 1
        else:
            different.append((one.name, ours.err))
    print(
        f"{len(used)} sets: {identical} identical, {len(different)} different, {refused} refused by Compose"
    )
    assert not [one for one in exits if not one[1]], exits
    assert len(exits) <= 0.01 * refused, exits
    assert identical > 100
    assert identical >= 0.99 * (identical + len(different)), different
