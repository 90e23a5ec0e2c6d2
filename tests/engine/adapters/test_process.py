"""Processes that cannot outlive us: time-outs, cancellation, grandchildren, output without end."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import anyio
import pytest

from dockwright.engine import process
from dockwright.engine.faults import Failed, Kind
from dockwright.engine.process import Tail, run, started, stream

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def alive(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except OSError:
        return False


def ended(number: int) -> bool:
    for _ in range(200):
        if not alive(number):
            return True
        time.sleep(0.02)
    return False


def number_in(path: Path) -> int:
    for _ in range(500):
        if path.exists() and path.read_text().strip():
            return int(path.read_text())
        time.sleep(0.01)
    raise AssertionError("the process has not begun")


def sh(text: str) -> tuple[str, ...]:
    return ("/bin/sh", "-c", text)


def test_what_it_says_and_how_it_ends(on) -> None:
    async def main() -> None:
        done = await run(sh("cat; echo words >&2; exit 3"), stdin=b"x" * 300_000)
        assert (done.code, done.out, done.said) == (3, b"x" * 300_000, "words")

    on(main)


def test_a_program_that_is_not_there(on) -> None:
    async def main() -> None:
        with pytest.raises(Failed) as raised:
            await run(("/nowhere/docker", "version"))
        assert raised.value.fault.kind is Kind.NOT_INSTALLED
        assert raised.value.fault.argv == ("/nowhere/docker", "version")

    on(main)


@pytest.mark.parametrize("own_session", ["", "setsid "], ids=["same group", "a session of its own"])
def test_time_out_ends_grandchildren(on, tmp_path: Path, own_session: str) -> None:
    file = tmp_path / "pid"
    text = f"{own_session}sh -c 'echo $$ > {file}; exec sleep 60' & wait"

    async def main() -> None:
        with pytest.raises(Failed) as raised:
            await run(sh(text), within=0.15)
        assert raised.value.fault.kind is Kind.TIMED_OUT

    on(main)
    assert ended(number_in(file))


def test_one_that_ignores_the_request_is_made_to_end(on, tmp_path: Path) -> None:
    file = tmp_path / "pid"

    async def main() -> None:
        with anyio.move_on_after(0.15):
            async with started(sh(f"trap '' TERM; echo $$ > {file}; while :; do sleep 1; done"), grace=0.05):
                await anyio.sleep(60)

    on(main)
    assert ended(number_in(file))


def test_a_grandchild_that_holds_the_output_open_does_not_hold_us(
    on, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "DRAIN", 0.1)
    file = tmp_path / "pid"

    async def main() -> None:
        done = await run(
            sh(f"sh -c 'echo $$ > {file}; exec sleep 60' & while ! [ -s {file} ]; do :; done; echo said")
        )
        assert (done.code, done.out) == (0, b"said\n")

    on(main)
    assert ended(number_in(file))


def test_an_answer_without_end_is_an_error(on) -> None:
    async def main() -> None:
        with pytest.raises(Failed) as raised:
            await run(sh("yes"), limit=1 << 20)
        assert raised.value.fault.kind is Kind.TOO_MUCH

    on(main)


def test_words_without_end_are_kept_in_part() -> None:
    tail = Tail(100)
    for number in range(10_000):
        tail(b"%06d\n" % number)
    assert len(tail.data) == 100
    assert tail.data.endswith(b"009999\n")


def test_pieces_come_as_they_are_said(on) -> None:
    seen: list[tuple[float, bytes]] = []

    async def main() -> None:
        def take(chunk: bytes) -> None:
            seen.append((time.monotonic(), chunk))

        await stream(sh("echo one; sleep 0.15; echo two"), take, Tail())

    on(main)
    assert b"".join(chunk for _, chunk in seen) == b"one\ntwo\n"
    assert len(seen) >= 2


CHILD = """
import sys
from dockwright.engine.process import run
from dockwright.engine.runner import run_async

async def main():
    await run(("/bin/sh", "-c", "echo $$ > " + sys.argv[1] + "; exec sleep 60"))

try:
    run_async(main)
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_leave_nothing_behind(tmp_path: Path, number: signal.Signals) -> None:
    file = tmp_path / "pid"
    ours = subprocess.Popen([sys.executable, "-c", CHILD, str(file)], env=dict(os.environ))
    child = number_in(file)
    assert alive(child)
    ours.send_signal(number)
    assert ours.wait(30) == 130
    assert ended(child)
