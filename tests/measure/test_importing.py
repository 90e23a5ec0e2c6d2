"""Progress streams as builds: made ones, cut ones, and that of a real build."""

import json
import subprocess
from datetime import UTC, datetime

import pytest

from dockwright.measure.importing import is_progress, read
from tests.ledger.test_imports import META_FILE


def vertex(digest: str, name: str, begin: str = "", end: str = "", **more) -> dict:
    given = {"digest": digest, "name": name, **more}
    if begin:
        given["started"] = f"2026-03-01T12:00:{begin}Z"
    if end:
        given["completed"] = f"2026-03-01T12:00:{end}Z"
    return given


STREAM = [
    {"vertexes": [vertex("sha256:1", "[internal] load build context", "00", "01")]},
    {
        "statuses": [
            {"id": "transferring context:", "vertex": "sha256:1", "name": "transferring", "current": 2048}
        ]
    },
    {"vertexes": [vertex("sha256:2", "[build 1/3] FROM docker.io/library/debian:12", "00", "02")]},
    {"vertexes": [vertex("sha256:3", "[build 2/3] RUN apt-get update", cached=True)]},
    {"vertexes": [vertex("sha256:4", "[build 3/3] COPY . .")]},
    {"vertexes": [vertex("sha256:4", "[build 3/3] COPY . .", "05")]},
    {"vertexes": [vertex("sha256:4", "[build 3/3] COPY . .", "05", "09.5")]},
]


def text(stream, indent=None) -> bytes:
    return "\n".join(json.dumps(one, indent=indent) for one in stream).encode()


@pytest.mark.parametrize("indent", [None, 2])
def test_a_stream(indent) -> None:
    found = read(text(STREAM, indent) + b"\nsome words behind it\n", "log", "web")
    assert found.skipped == []
    (run,) = found.runs
    assert run.at == datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert run.values == {"seconds": 9.5, "steps": 2, "cached_steps": 1, "context_bytes": 2048}
    assert [(step.name, step.stage, step.seconds, step.cached) for step in run.steps] == [
        ("RUN apt-get update", "build", 0.0, True),
        ("COPY . .", "build", 4.5, False),
    ]
    assert run.outcome == "ok"


def test_failed_and_cancelled() -> None:
    for error, outcome in (("exit code: 1", "failed"), ("context canceled", "cancelled")):
        last = {"vertexes": [vertex("sha256:4", "[build 3/3] COPY . .", "05", "06", error=error)]}
        assert read(text([*STREAM[:5], last]), "log", "web").runs[0].outcome == outcome


def test_what_cannot_be_taken_is_told() -> None:
    assert "give --target" in read(text(STREAM), "log").skipped[0].reason
    assert "begins and ends" in read(text(STREAM[4:5]), "log", "web").skipped[0].reason
    cut = read(text(STREAM)[:-20], "log", "web")
    assert len(cut.runs) + len(cut.skipped) == 1


def test_other_files_go_their_way() -> None:
    assert not is_progress(json.dumps(META_FILE).encode())
    assert len(read(json.dumps({"web": META_FILE}).encode(), "x").runs) == 1
    for data in (b"", b"{", b"[]", b"\xff", b'{"vertexes"'):
        found = read(data, "x", "web")
        assert found.runs == []
        assert len(found.skipped) == 1


@pytest.mark.engine
@pytest.mark.slow
def test_a_real_stream(engine, tmp_path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM dockwright-lab:busybox\nRUN sleep 1\nCOPY Dockerfile /x\n")
    command = [
        "docker",
        "buildx",
        "build",
        "--no-cache",
        "--progress=rawjson",
        "--output=type=cacheonly",
        str(tmp_path),
    ]
    done = subprocess.run(command, capture_output=True, check=True, timeout=120)
    found = read(done.stderr, "log", "web")
    assert found.skipped == []
    (run,) = found.runs
    assert run.outcome == "ok"
    assert [step.name for step in run.steps] == ["RUN sleep 1", "COPY Dockerfile /x"]
    assert run.steps[0].seconds >= 1
    assert run.values["seconds"] >= run.steps[0].seconds
    assert run.values["cached_steps"] == 0
