"""The command over a small repository, with a stub in place of docker."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from dockwright.cli.main import run
from tests.measure.stub import Stub


class Ran(NamedTuple):
    """What a run of the command gave."""

    code: int
    out: str
    err: str


@pytest.fixture
def stub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stub:
    """`docker` on PATH is a stub; there is no podman, and a ledger of its own."""
    made = Stub(tmp_path / "bin")
    for name in ("sh", "cat", "sleep", "printf", "kill", "echo"):
        (made.folder / name).symlink_to(f"/bin/{name}")
    monkeypatch.setenv("PATH", str(made.folder))
    monkeypatch.setenv("DOCKWRIGHT_LEDGER", str(tmp_path / "ledger.sqlite"))
    monkeypatch.delenv("DOCKWRIGHT_ENGINE", raising=False)
    return made


@pytest.fixture
def dockwright(capfd: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    def call(*arguments: object) -> Ran:
        code = run([os.fspath(one) if isinstance(one, Path) else str(one) for one in arguments])
        out, err = capfd.readouterr()
        return Ran(code, out, err)

    return call


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A repository with a service of two stages."""
    files = {
        "docker/Dockerfile": "FROM base:1 AS build\nCOPY src /src\nRUN make\nFROM base:1\nCOPY --from=build /out /out\n",
        "compose.yaml": "services:\n  web:\n    build:\n      context: .\n      dockerfile: docker/Dockerfile\n"
        "      args: {V: '2', DB_PASSWORD: corr3ct-horse}\n",
        "docker-bake.hcl": 'target "img" {\n  dockerfile = "docker/Dockerfile"\n  target = "build"\n}\n',
        "src/a.py": "a\n",
    }
    for name, text in files.items():
        path = tmp_path / "r" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "r"
