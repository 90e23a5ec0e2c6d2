"""The end of the process: quick, and nothing is lost or left behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dockwright.cli import memory

CODE = """
import atexit, os, sys
from dockwright.cli.memory import leave
atexit.register(lambda: print("registered"))
sys.stdout.write("written ")
class Late:
    def __del__(self):
        os.write(1, b"taken apart")
late = Late()
leave(7)
"""


def test_leaving_flushes_and_does_what_was_registered() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, check=False, timeout=60, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (7, "written registered\n", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_output_that_cannot_be_written_is_said() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-c", CODE],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
            text=True,
        )
    assert done.returncode not in (0, 7)
    assert "No space left" in done.stderr


def test_an_audit_leaves_no_directory_of_git_behind(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path / "r"], check=True)
    (tmp_path / "r" / "Dockerfile").write_text("FROM alpine:3.20\n")
    (tmp_path / "tmp").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "dockwright", "audit", "-q", str(tmp_path / "r")],
        env={**os.environ, "TMPDIR": str(tmp_path / "tmp")},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0
    assert list((tmp_path / "tmp").iterdir()) == []


def test_one_value_is_kept() -> None:
    first, second = object(), object()
    assert memory.keep(first) is first
    assert memory.keep(second) is second
    assert memory._kept == [second]
