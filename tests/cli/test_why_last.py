"""`dockwright why --last`: against the last real build that the ledger knows."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dockwright.ledger.model import Run
from dockwright.ledger.place import ledger_path
from dockwright.ledger.store import Ledger
from tests.trees.repositories import commit, repository, write

FILES: dict[str, str | bytes] = {
    "docker/Dockerfile": "FROM python:3.12\nCOPY a /a\nRUN make\n",
    "compose.yaml": "services:\n  web:\n    build: {context: ., dockerfile: docker/Dockerfile}\n",
    "a": "0",
}


@pytest.fixture
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("DOCKWRIGHT_LEDGER", raising=False)
    return repository(tmp_path / "r", FILES)


def built(top: Path, minute: int, **more: Any) -> Run:
    values: dict[str, Any] = {"kind": "build", "target": "web", "dirty": False, **more}
    return Run(at=datetime(2026, 1, 2, 3, minute, tzinfo=UTC), **values)


def record(top: Path, *runs: Run, path: Path | None = None) -> None:
    with Ledger(path or ledger_path(top)) as ledger:
        ledger.add_all(runs)


def test_without_a_record_it_says_how_to_make_one(top: Path, dockwright: Any) -> None:
    ran = dockwright("why", "web", "--last", "--root", top)
    assert (ran.code, ran.out) == (2, "")
    assert "no build of web is recorded" in ran.err
    assert "dockwright build web" in ran.err
    assert not ledger_path(top).exists()
    both = dockwright("why", "web", "--last", "--from", "HEAD", "--root", top)
    assert (both.code, "--from" in both.err) == (2, True)


def test_the_last_good_build_is_compared_with(top: Path, dockwright: Any) -> None:
    first = commit_of(top)
    write(top, {"a": "1"})
    second = commit(top, "second")
    record(
        top,
        built(top, 1, commit=first),
        built(top, 2, commit=second, outcome="failed"),
        built(top, 3, commit=second, target="other"),
        built(top, 4, commit=second, kind="image"),
    )
    found = json.loads(dockwright("why", "web", "--last", "--root", top, "--format", "json").out)
    assert found["before"] == f"the build of 2026-01-02 03:01 UTC at {first[:12]}"
    assert [step["verdict"] for step in found["steps"]] == ["miss", "miss"]
    record(top, built(top, 5, commit=second))
    ran = dockwright("why", "web", "--last", "--root", top)
    assert "all 2 steps hit" in ran.out.splitlines()[0]


def commit_of(top: Path) -> str:
    from tests.trees.repositories import git

    return git(top, "rev-parse", "HEAD")


def test_a_target_is_known_by_its_dockerfile_too(top: Path, dockwright: Any, tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite"
    record(top, built(top, 1, commit=commit_of(top), dockerfile="docker/Dockerfile", context="."), path=other)
    ran = dockwright("why", "docker/Dockerfile", "--last", "--ledger", other, "--root", top)
    assert (ran.code, "all 2 steps hit" in ran.out) == (0, True)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"dirty": True}, "changes that are in no commit"),
        ({"dirty": None}, "is not recorded"),
        ({"arguments": ("VERSION",)}, "VERSION"),
    ],
)
def test_what_a_record_does_not_tell_is_said(top: Path, dockwright: Any, more: dict, said: str) -> None:
    record(top, built(top, 1, commit=commit_of(top), **more))
    assert said in dockwright("why", "web", "--last", "--root", top).out


def test_records_that_do_not_serve(top: Path, dockwright: Any) -> None:
    record(top, built(top, 1))
    assert "no commit is recorded" in dockwright("why", "web", "--last", "--root", top).err
    record(top, built(top, 2, commit="1" * 40))
    ran = dockwright("why", "web", "--last", "--root", top)
    assert (ran.code, "1" * 12 in ran.err) == (2, True)
    ledger_path(top).write_bytes(b"noise" * 1000)
    ran = dockwright("why", "web", "--last", "--root", top)
    assert (ran.code, "ledger" in ran.err) == (2, True)
