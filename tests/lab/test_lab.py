"""The lab stops only what it started, and starts nothing where an engine is meant to be elsewhere."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.lab import engine, podman


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(engine, "HOME", tmp_path)
    monkeypatch.setattr(engine, "PID", tmp_path / "dockerd.pid")
    return tmp_path


def test_nothing_started_is_nothing_to_stop(home: Path) -> None:
    assert engine.started() is None
    assert engine.stop() is False


@pytest.mark.parametrize(
    "text", [pytest.param(str(os.getpid()), id="another process"), "", "no number", "999999999"]
)
def test_a_number_that_names_another_process_is_left_alone(home: Path, text: str) -> None:
    """The file outlives a restart of the machine; the number in it may have been given to some other process."""
    engine.PID.write_text(text)
    assert engine.started() is None
    assert engine.stop() is False
    assert not engine.PID.exists()


def test_what_was_started_is_stopped(home: Path) -> None:
    process = subprocess.Popen(
        ["dockerd", "-c", "read x", "--data-root", str(home / "data")],
        executable="/bin/sh",
        stdin=subprocess.PIPE,
    )
    engine.PID.write_text(str(process.pid))
    with process:
        for _ in range(500):  # a process may be there before its command line can be read
            if engine.started() == process.pid:
                break
            time.sleep(0.01)
        assert engine.started() == process.pid
        assert engine.stop() is True
        assert process.wait(10) == -signal.SIGTERM
        assert engine.started() is None


def test_no_engine_is_started_beside_one_that_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere.sock")
    monkeypatch.setattr(engine, "answers", lambda: False)
    with pytest.raises(RuntimeError, match="DOCKER_HOST"):
        engine.start()


def test_where_podman_cannot_be_installed_nothing_is_tried(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A machine with Docker only, without root: the tests with Docker must go on."""
    monkeypatch.setattr(podman.shutil, "which", lambda _: None)
    monkeypatch.setattr(podman.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(podman.packages, "install_podman", lambda: pytest.fail("installed"))
    podman.start()
    assert "will be skipped" in capsys.readouterr().err
