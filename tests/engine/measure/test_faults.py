"""What goes wrong with a real engine: it goes away, a disk is full, somebody presses Ctrl-C. Nothing is left behind."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from dockwright.ledger.store import Ledger
from tests.engine.measure.proxy import REAL, Proxy
from tests.lab import images, podman

pytestmark = [pytest.mark.engine, pytest.mark.slow]


class Build:
    """`dockwright build` of something that sleeps, as a process of its own."""

    def __init__(self, top: Path, engine: str, base: str, **environment: str) -> None:
        self.seconds = f"70.{uuid.uuid4().int % 10**6:06}"
        self.ledger = top / "ledger.sqlite"
        (top / "Dockerfile").write_text(f"FROM {base}\nRUN echo begun && sleep {self.seconds}\n")
        keep = (
            ("--tag", f"localhost/dwtest-faults-{self.seconds.replace('.', '-')}")
            if engine == "podman"
            else ("--no-image",)
        )
        self.process = subprocess.Popen(
            [sys.executable, "-m", "dockwright", "build", "Dockerfile", "--context", ".", "--root", str(top),
             "--engine", engine, *keep],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "DOCKWRIGHT_LEDGER": str(self.ledger), **environment},
        )  # fmt: skip

    def wait_until_it_runs(self) -> None:
        for _ in range(600):
            if self.sleeping():
                return
            assert self.process.poll() is None, self.process.communicate()
            time.sleep(0.1)
        raise AssertionError("the build has not begun")

    def sleeping(self) -> list[str]:
        """Processes of the build's own command, wherever they run."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if words[:2] == [b"sleep", self.seconds.encode()]:
                found.append(folder.name)
        return found

    def ended(self) -> tuple[int, str, str]:
        out, err = self.process.communicate(timeout=90)
        for _ in range(150):
            if not self.sleeping() and not self.clients():
                return self.process.returncode, out, err
            time.sleep(0.1)
        raise AssertionError(f"left behind: {self.sleeping()} {self.clients()}")

    def clients(self) -> list[str]:
        """Programs of the engine that still build it."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_bytes()
            except OSError:
                continue
            if b"build" in words and str(self.ledger.parent).encode() in words and b"dockwright" not in words:
                found.append(words.decode("utf-8", "replace"))
        return found


@pytest.fixture
def building(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[list[Build]]:
    """Builds of a test; none outlives it."""
    builds: list[Build] = []
    yield builds
    for one in builds:
        if one.process.poll() is None:
            one.process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("name", ["docker", "podman"])
def test_interrupted(
    name: str, number: signal.Signals, request: pytest.FixtureRequest, tmp_path: Path, building: list[Build]
) -> None:
    request.getfixturevalue("engine" if name == "docker" else "podman")
    base = images.busybox() if name == "docker" else podman.BUSYBOX
    build = Build(tmp_path, name, base)
    building.append(build)
    build.wait_until_it_runs()
    build.process.send_signal(number)
    code, out, err = build.ended()
    assert (code, out) == (130, "")
    assert err.splitlines()[-1] == "interrupted"


def test_an_engine_that_goes_away(engine: None, tmp_path: Path, building: list[Build]) -> None:
    """The connection to the engine is cut in the middle of a step; the engine itself lives on for others."""
    if not os.path.exists(REAL) or os.environ.get("DOCKER_HOST"):
        pytest.skip("the engine is not at its usual socket")
    proxy = Proxy(tmp_path / "p.sock")
    build = Build(tmp_path, "docker", images.busybox(), DOCKER_HOST=f"unix://{proxy.path}")
    building.append(build)
    build.wait_until_it_runs()
    proxy.cut()
    code, out, _ = build.ended()
    assert code == 1
    assert "failed: " in out
    assert "the engine went away during the build" in out or "the engine's own log" in out
    with Ledger(build.ledger) as ledger:
        (run,) = ledger.runs()
    assert run.outcome == "failed"


def test_a_full_disk(engine: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A step that fills a small file system of its own says so in the engine's words, and so do we."""
    text = f"FROM {images.busybox()}\nRUN --mount=type=tmpfs,target=/t,size=1048576 dd if=/dev/zero of=/t/x bs=1M count=9\n"
    (tmp_path / "Dockerfile").write_text(text)
    monkeypatch.setenv("DOCKWRIGHT_LEDGER", str(tmp_path / "ledger.sqlite"))
    done = subprocess.run(
        [sys.executable, "-m", "dockwright", "build", "Dockerfile", "--context", ".", "--root", str(tmp_path),
         "--engine", "docker", "--no-image"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Dockerfile:2" in done.stdout
    assert "No space left on device" in done.stdout
    assert "free space where the engine keeps its data" in done.stdout
