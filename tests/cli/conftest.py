"""Small repositories on disk, and the command run over them."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
import pytest

from dockwright.cli.main import run


class Ran(msgspec.Struct):
    """What a run of the command gave."""

    code: int
    out: str
    err: str


@pytest.fixture
def make(tmp_path: Path) -> Callable[[Mapping[str, str]], Path]:
    """Write files below a new directory and give it."""

    def write(files: Mapping[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / "repository" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        (tmp_path / "repository").mkdir(exist_ok=True)
        return tmp_path / "repository"

    return write


@pytest.fixture
def dockwright(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run the command in this process."""

    def call(*arguments: object) -> Ran:
        code = run([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return call


def process(
    *arguments: object, cwd: Path | None = None, **more: object
) -> "subprocess.CompletedProcess[str]":
    """Run the command as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "dockwright", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        **more,
    )


GOOD = {
    "Dockerfile": 'FROM python:3.12-slim\nCOPY app.py /app/\nUSER 1000\nCMD ["python", "/app/app.py"]\n',
    "app.py": "print(1)\n",
    "compose.yaml": "name: shop\nservices:\n  web:\n    build: .\n",
}
BROKEN = {**GOOD, ".dockerignore": "app.py\n"}
"""One sure fault: the ignore file hides what is copied."""


@pytest.fixture
def compose(dockwright: Callable[..., Ran]) -> Callable[..., Ran]:
    """Run a command of `dockwright compose` in this process."""
    return lambda *arguments: dockwright("compose", *arguments)
