"""Builds of the lab, measured: lines, times, bytes, and that what was predicted of hits and misses came true."""

import json
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

from dockwright.engine.docker import Docker
from dockwright.measure.building import build
from dockwright.measure.keeping import known_of, run_of
from dockwright.measure.model import BuildRecord
from dockwright.measure.prepare import Setting, setting_of
from dockwright.measure.target import Options, Target
from dockwright.replay.subjects import Subject
from dockwright.trees.disk import DiskTree
from tests.engine.builds import side_by_side
from tests.engine.cache.builder import Builder
from tests.engine.cache.history import history
from tests.engine.cache.scenarios import SCENARIOS, Scenario
from tests.engine.cache.state import State
from tests.engine.measure.services import write_service
from tests.lab import images, podman

pytestmark = [pytest.mark.engine, pytest.mark.slow]
CHOSEN = {
    "copy-file", "ignore-deep", "add-archive", "global-arg", "env", "workdir", "onbuild", "diamond", "stage-chain",
    "equal-stages", "targets", "mount-bind", "heredoc-copy", "continuation", "copy-from-unchanged", "copy-chain",
}  # fmt: skip


class Measuring(Builder):
    """Builds states of a scenario through `measure.building`, remembering what each has left as the ledger would."""

    def __init__(self, below: Path, name: str, setting: Setting) -> None:
        super().__init__(below, name)
        self._setting = setting
        self._runs: list[Any] = []

    def record(self, state: State) -> BuildRecord:
        self._write(state)
        (self.folder / state.path).write_text(self.base.salted(state.dockerfile))
        subject = Subject(path=state.path, context="", args=state.args, target=state.target)
        target = Target(
            name=self.folder.name, root=self.folder, tree=DiskTree(self.folder), subject=subject,
            options=Options(keep=False, network="none"),
        )  # fmt: skip

        async def main() -> BuildRecord:
            return await build(self._setting, target, lambda prepared: known_of(self._runs, prepared))

        record = anyio.run(main)
        assert record.fault is None, record.fault
        self._runs.append(run_of(record))
        return record


def test_what_was_predicted_came_true(engine: None, tmp_path: Path) -> None:
    """Over histories of random edits, with nothing but what the records of earlier builds hold."""
    images.busybox()

    async def ask() -> Setting:
        return await setting_of(Docker())

    setting = anyio.run(ask)
    scenarios = [one for one in SCENARIOS if one.name in CHOSEN]
    assert len(scenarios) == len(CHOSEN)

    def measured(scenario: Scenario) -> tuple[str, list[BuildRecord]]:
        builder = Measuring(tmp_path, f"m-{scenario.name}", setting)
        try:
            return scenario.name, [builder.record(state) for state in history(scenario, "measure", 3)]
        finally:
            builder.close()

    words: Counter[bool | None] = Counter()
    for name, records in side_by_side(measured, scenarios):
        for number, record in enumerate(records):
            for step in record.steps:
                assert step.agrees is not False, (name, number, step)
                if step.cached is not None:
                    words[step.agrees] += 1
                    assert step.line > 0, (name, number, step)
            assert not record.notes, (name, record.notes)
    assert words[True] > 100
    print(f"\n{words[True]} right, {words[False]} wrong, {words[None]} not said")


@pytest.fixture
def dockwright(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """The command as a process of its own; what it prints as JSON."""
    monkeypatch.setenv("DOCKWRIGHT_LEDGER", str(tmp_path / "ledger.sqlite"))

    def call(*arguments: object) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-m", "dockwright", *map(str, arguments), "--format", "json", "-q"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr + done.stdout[-2000:]
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    return call


def test_the_classic(engine: None, tmp_path: Path, dockwright) -> None:
    """With dependencies first, a line of code runs no pip; the times are in the benchmark (`benchmarks.rebuild`)."""
    write_service(tmp_path / "service", images.python(), "requests==2.32.3\n")
    bench = dockwright(
        "bench", "everything.Dockerfile", "--context", ".", "--vs", "dependencies.Dockerfile", "--root",
        tmp_path / "service", "--runs", 1, "--scenario", "source", "--engine", "docker",
    )["bench"]  # fmt: skip
    ran = {
        one["side"]: [step["instruction"] for step in one["build"]["steps"] if step["state"] == "executed"]
        for one in bench["runs"]
    }
    assert ran == {"A": ["COPY", "RUN"], "B": ["COPY"]}
    assert {edit["path"] for edit in bench["edits"]} == {"app.py"}
    pip = next(step for step in bench["runs"][0]["build"]["steps"] if step["instruction"] == "RUN")
    assert pip["downloads"] == ["pip"]
    assert bench["predictions"]["wrong"] == 0
    (ratio,) = bench["ratios"]
    assert ratio["median"] > 1
    names = subprocess.run(
        ["docker", "images", "--format", "{{.Repository}}"], capture_output=True, text=True, check=True
    )
    assert f"dockwright-bench/{bench['group']}" not in names.stdout.split()
    print(f"\na line of code: {ratio['median']:.1f} times as fast")


def test_bytes_and_lines_of_an_image(engine: None, tmp_path: Path, dockwright) -> None:
    text = (
        f"FROM {images.busybox()}\nENV A=1\nWORKDIR /w\nCOPY big /big\n"
        "RUN head -c 30000 /dev/zero > /made\nLABEL x=y\nCOPY small /small\n"
    )
    (tmp_path / "r").mkdir()
    for name, data in {"Dockerfile": text, "big": "b" * 20_000, "small": "s" * 10}.items():
        (tmp_path / "r" / name).write_text(data)
    tag = f"dwtest-measured-{uuid.uuid4().hex[:12]}:1"
    try:
        built = dockwright(
            "build", "Dockerfile", "--context", ".", "--root", tmp_path / "r", "-t", tag, "--engine", "docker"
        )
        steps = {step["line"]: step for step in built["builds"][0]["build"]["steps"]}
        assert {line: step["bytes"] for line, step in steps.items()} == {
            1: None,
            3: 0,
            4: 20_000,
            5: 30_000,
            7: 10,
        }
        assert built["builds"][0]["build"]["image_bytes"] > 50_010
    finally:
        subprocess.run(["docker", "image", "rm", tag], capture_output=True, check=False)


def test_podman_is_measured_too(podman: None, tmp_path: Path, dockwright) -> None:
    salt = uuid.uuid4().hex[:12]
    text = f"FROM {_POD} AS one\nCOPY a /a\nRUN echo {salt}\nFROM {_POD}\nCOPY --from=one /a /b\nCOPY b /c\n"
    (tmp_path / "r").mkdir()
    for name, data in {"Dockerfile": text, "a": salt, "b": "1"}.items():
        (tmp_path / "r" / name).write_text(data)
    tag = f"localhost/dwtest-measured-{salt}:1"
    arguments = (
        "build",
        "Dockerfile",
        "--context",
        ".",
        "--root",
        tmp_path / "r",
        "-t",
        tag,
        "--engine",
        "podman",
    )
    try:
        first = dockwright(*arguments)["builds"][0]["build"]
        (tmp_path / "r" / "b").write_text("22")
        second = dockwright(*arguments)["builds"][0]["build"]
        assert [(one["line"], one["state"]) for one in first["steps"]] == [
            (1, "fetched"), (2, "executed"), (3, "executed"), (4, "fetched"), (5, "executed"), (6, "executed"),
        ]  # fmt: skip
        states = [(one["line"], one["state"]) for one in second["steps"]]
        assert states[:3] == [(1, "fetched"), (2, "cached"), (3, "cached")]
        assert states[-1] == (6, "executed")
    finally:
        _podman("rmi", tag)


_POD = podman.BUSYBOX
_podman = podman.podman
