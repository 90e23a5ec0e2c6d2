"""`dockwright bench` from the outside, with a stub in place of docker."""

import json
import signal
from pathlib import Path
from typing import Any

import anyio
import jsonschema_rs
import pytest

from dockwright.ledger.store import Ledger
from dockwright.measure.bench import running
from dockwright.report.measured.benches import schema_text
from tests.measure.stub import Stub
from tests.measure.test_build_command import STEPS
from tests.trees.repositories import commit, repository, write

FILES: dict[str, str | bytes] = {
    "Dockerfile": "FROM base:1 AS build\nCOPY src /src\nRUN make\nFROM base:1\nCOPY --from=build /out /out\n",
    "compose.yaml": "services:\n  web:\n    build: .\n",
    "src/a.py": "a\n",
}


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with two commits; made before the stub hides git."""
    top = repository(tmp_path / "g", FILES)
    write(top, {"src/a.py": "b\n"})
    commit(top, "second")
    return top


def test_every_run_is_there(dockwright, top: Path, stub: Stub, tmp_path: Path) -> None:
    stub.shows(*STEPS)
    ran = dockwright("bench", "web", "--root", top, "--runs", "2", "--format", "json")
    assert ran.code == 0, ran.err
    answer = json.loads(ran.out)
    jsonschema_rs.validate(json.loads(schema_text()), answer)
    bench = answer["bench"]
    assert len(bench["runs"]) == 6  # nothing is installed from a file
    assert [one["what"] for one in bench["skipped"]] == ["A: dependency"]
    assert "A cold 1/2" in ran.err
    assert "corr3ct-horse" not in ran.out
    assert stub.called.count("--no-cache") == 2
    assert "prune" not in stub.called
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        runs = list(ledger.runs("web", kind="bench"))
    assert (runs[0].scenario, runs[0].round, runs[0].group) == ("cold", 1, bench["group"])
    assert len(runs) == 6


def test_beside_another_dockerfile(dockwright, top: Path, stub: Stub) -> None:
    (top / "docker" / "new").write_text("FROM base:1\nCOPY src /src\n")
    stub.shows(*STEPS)
    ran = dockwright(
        "bench", "web", "--root", top, "--vs", "docker/new", "--runs", "1", "--scenario", "cold", "-q"
    )
    assert ran.code == 0, ran.err
    assert "A: web: docker/Dockerfile (context .)" in ran.out
    assert "B: docker/new: docker/new (context .)" in ran.out
    assert "times as fast as" in ran.out
    assert ran.err == ""


def test_beside_a_revision(dockwright, git: Path, stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{stub.folder}:/usr/bin:/bin")
    stub.shows(*STEPS)
    ran = dockwright(
        "bench", "web", "--root", git, "--vs", "HEAD~1", "--runs", "1", "--engine", "docker", "-q"
    )
    assert ran.code == 0, ran.err
    assert "B: web at HEAD~1: Dockerfile (context .)" in ran.out


def test_a_failed_build_ends_it(dockwright, top: Path, stub: Stub) -> None:
    stub.shows(*STEPS[:3], text="ERROR: no space left on device\n", code=1)
    ran = dockwright("bench", "web", "--root", top, "-q")
    assert ran.code == 1
    assert "the bench ended early" in ran.out
    assert "free space" in ran.out


@pytest.mark.parametrize("arguments", [("nobody",), ("web", "--vs", "nothing"), ("web", "--runs", "0")])
def test_what_cannot_be_acted_on(dockwright, top: Path, stub: Stub, arguments: tuple[str, ...]) -> None:
    ran = dockwright("bench", *arguments, "--root", top)
    assert (ran.code, ran.out) == (2, "")
    assert stub.called == ""


def test_runs_that_ended_before_ctrl_c_are_kept(
    dockwright, top: Path, stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub.shows(*STEPS)
    real, calls = running._one, []

    async def interrupted(*given: Any) -> Any:
        calls.append(given)
        if len(calls) == 3:
            signal.raise_signal(signal.SIGINT)
            await anyio.sleep(60)
        return await real(*given)

    monkeypatch.setattr(running, "_one", interrupted)
    assert dockwright("bench", "web", "--root", top, "-q", "--runs", "5").code == 130
    rows = dockwright("ledger", "show", "--root", top).out.splitlines()
    assert [word in row for row, word in zip(rows, ("no-change", "cold"), strict=True)] == [True, True]
