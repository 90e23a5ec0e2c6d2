"""`dockwright cache-advice`."""

import json
import subprocess

import pytest

from dockwright.ledger.model import Part, Step
from dockwright.ledger.place import ledger_path
from dockwright.ledger.store import Ledger
from tests.ledger.conftest import build

FILES = {
    "Dockerfile": "FROM node:20 AS build\nCOPY src ./src\nRUN npm run build\nFROM nginx:1.27\nCOPY --from=build /d /d\n",
    "src/a.js": "1\n",
    "compose.yaml": "services:\n  web:\n    build: .\n",
    ".github/workflows/ci.yml": "on: push\n",
}


@pytest.fixture
def root(make, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("DOCKWRIGHT_LEDGER", raising=False)
    return make(FILES)


def commit(root, text: str) -> None:
    (root / "src" / "a.js").write_text(text)
    for command in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", *command], cwd=root, check=True)


def test_structure_alone(root, dockwright, tmp_path) -> None:
    ran = dockwright("cache-advice", "web", "--root", root)
    assert ran.code == 0
    assert ran.out.startswith("web (Dockerfile): gha, mode max\n  --cache-to type=gha,mode=max,scope=web\n")
    assert "keep nothing of stage build (2 of 3 steps, lines 2, 3)" in ran.out
    assert (
        "not known: bytes of the layers of lines 2, 3, 5; `dockwright build` and `dockwright image` record them"
        in ran.out
    )
    assert "not known: how often steps run again; --replay asks the git history" in ran.out
    assert not (tmp_path / "state").exists()


@pytest.mark.slow
def test_with_all_that_can_be_known(root, dockwright) -> None:
    for number in range(6):
        commit(root, f"{number}\n")
    steps = tuple(
        Step(name="x", path="Dockerfile", line=n, seconds=10.0, cached=False, bytes=1000 * n)
        for n in (2, 3, 5)
    )
    with Ledger(ledger_path(root)) as ledger:
        ledger.add(build(0, steps=steps))
        ledger.add(build(1, steps=(), parts=(Part(kind="instruction", name="c", bytes=7000, path="Dockerfile", line=5),),
                         values={"image_bytes": 10_000, "compressed_bytes": 5_000}))  # fmt: skip
    data = json.loads(dockwright("cache-advice", "web", "--root", root, "--replay", "--format", "json").out)
    (advice,) = data["advice"]
    assert advice["unknown"] == []
    least, most = advice["modes"]
    assert (least["name"], least["bytes"]["low"], least["bytes"]["high"]) == ("min", 3500, 5000)
    assert (most["name"], most["bytes"]["low"], most["bytes"]["basis"]) == ("max", 6000, "estimated")
    assert (
        least["rebuild"]["low"] == most["rebuild"]["low"]
    )  # both steps run again at every commit: no mode helps


def test_what_cannot_be_advised(root, dockwright) -> None:
    assert dockwright("cache-advice", "wbe", "--root", root).code == 2
    (root / "Dockerfile").write_text("FROM\n")
    ran = dockwright("cache-advice", "web", "--root", root)
    assert ran.code == 2
    assert "mend the Dockerfile" in ran.err


WORKFLOW = """\
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: docker/build-push-action@v6
        with:
          context: .
          # cache-to: type=registry
          cache-to: type=gha
"""


def test_what_is_exported_today(root, dockwright) -> None:
    assert (
        "nothing in the repository exports a cache" in dockwright("cache-advice", "web", "--root", root).out
    )
    (root / ".github" / "workflows" / "ci.yml").write_text(WORKFLOW)
    (root / "compose.yaml").write_text(
        "services:\n  web:\n    build:\n      context: .\n      cache_to:\n        - type=inline\n"
        "  db:\n    build:\n      context: .\n"
    )
    ran = dockwright("cache-advice", "web", "db", "--root", root)
    assert ran.code == 0
    assert "today: .github/workflows/ci.yml:10 cache-to: type=gha" in ran.out
    places = ".github/workflows/ci.yml:10, compose.yaml:5"
    assert f"exports with mode min, where it is this target that is built: {places}" in ran.out
    assert (
        "no scope, so that builds of several images overwrite each other's cache: .github/workflows/ci.yml:10"
        in ran.out
    )
    assert "today: compose.yaml:5 cache_to: - type=inline" in ran.out
    assert "ci.yml:9" not in ran.out
    data = json.loads(dockwright("cache-advice", "web", "--root", root, "--format", "json").out)
    assert [(one["line"], one["backend"], one["mode"]) for one in data["advice"][0]["today"]] == [
        (10, "gha", "min"),
        (5, "inline", "min"),
    ]
