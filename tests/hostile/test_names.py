"""Names and kinds of files that drive terminals, end streams or never end."""

import os
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile.process import audited, every_way

NAMES = (
    b"\x1b[2J",
    b"a\nb",
    b"\r",
    b"\xff\xfe",
    b"\xe2\x80\xae",
    b"\xc2\x9b",
    b"\xed\xa0\x80",
    b"::error::x",
    b"`|<b>",
    b"%0A",
    b"-rf",
)


@pytest.mark.slow
def test_names(tmp_path: Path) -> None:
    for name in NAMES:
        folder = os.fsencode(tmp_path) + b"/" + name
        os.mkdir(folder)
        for file in (b"Dockerfile", name + b".Dockerfile", b"docker" + name + b".sh"):
            with open(folder + b"/" + file, "wb") as opened:
                opened.write(
                    b"FROM alpine\nCOPY nothing /\n" if b".sh" not in file else b"docker build -f nothing .\n"
                )
    assert len(every_way(tmp_path)[1].data["inventory"]["dockerfiles"]) == 2 * len(NAMES)


@pytest.mark.slow
def test_what_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "Dockerfile")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "Dockerfile").mkdir()
    (tmp_path / "b").symlink_to("b")
    (tmp_path / "b.Dockerfile").symlink_to("/dev/zero")
    (tmp_path / "c").symlink_to(".")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(tmp_path / "compose.yaml"))
        told = audited(tmp_path).skipped()
    assert "pipe" in told["Dockerfile"]
    assert "socket" in told["compose.yaml"]
    assert "link" in told["b.Dockerfile"]


@pytest.fixture
def removed_by_rm() -> Iterator[Path]:
    """A folder outside pytest's own, removed by `rm`: Python's rmtree, which pytest clears old runs with, recurses."""
    folder = Path(tempfile.mkdtemp(prefix="dockwright-deep-"))
    yield folder
    subprocess.run(["rm", "-rf", str(folder)], check=True)


@pytest.mark.slow
def test_folders_deeper_than_any_path(removed_by_rm: Path) -> None:
    here = os.open(removed_by_rm, os.O_RDONLY)
    for _ in range(3_000):
        os.mkdir("deep", dir_fd=here)
        below = os.open("deep", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    told = audited(removed_by_rm).skipped()
    assert any("cannot be listed" in reason for reason in told.values()), told
