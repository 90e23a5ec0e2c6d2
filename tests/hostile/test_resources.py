"""Memory stays bounded, many files are many files and no more, and files change while they are read."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile.files import many, nested, write
from tests.hostile.process import audited, calm, dockwright, resident
from tests.hostile.test_positions import BOMB, MERGES
from tests.trees.repositories import ENVIRONMENT

CEILING = 400 << 20
"""Resident bytes of any process of a run."""
FROM = b"FROM alpine:3.20\n"
LARGE = {
    "long_line": {"Dockerfile": FROM + b"RUN " + b"x" * (10 << 20) + b"\n"},
    "bomb": {"compose.yaml": BOMB, "merges/compose.yaml": MERGES},
    "nested": {
        "compose.yaml": b"services: " + nested(b"{a: ", 10_000, b"}"),
        "docker.sh": nested(b"if a; then ", 10_000, b"; fi", b"docker ps"),
        "docker.py": b"import docker\nx = " + nested(b"(", 10_000, b")"),
        "docker-bake.hcl": nested(b'target "a" {\n', 10_000, b"}\n"),
        "package.json": b'{"docker": ' + nested(b"[", 10_000, b"]") + b"}",
    },
}


@pytest.mark.slow
@pytest.mark.parametrize("name", [*LARGE, "huge"])
def test_memory(tmp_path: Path, name: str) -> None:
    if name == "huge":
        with (tmp_path / "Dockerfile").open("wb") as file:  # 100 MB of lines
            for _ in range(100):
                file.write(b"RUN echo 1234567\n" * (1 << 16))
    else:
        write(tmp_path, LARGE[name])
    for arguments in (("audit", ".", "--format", "json"), ("check", ".")):
        assert resident(tmp_path, *arguments) < CEILING


@pytest.mark.slow
def test_many_files_of_a_commit(tmp_path: Path) -> None:
    """200,000, read from git alone: nothing is checked out."""
    stream = (
        b"blob\nmark :1\ndata 0\n\nblob\nmark :2\ndata %d\n%s\n" % (len(FROM), FROM)
        + b"commit refs/heads/main\ncommitter A <a@example.com> 1700000000 +0000\ndata 0\n"
        + b"M 100644 :2 Dockerfile\n"
        + many(200_000, lambda number: b"M 100644 :1 d%d/f%d\n" % (number // 500, number))
    )
    for arguments, given in ((("init", "-q", "-b", "main"), b""), (("fast-import", "--quiet"), stream)):
        subprocess.run(["git", "-C", str(tmp_path), *arguments], env=ENVIRONMENT, input=given, check=True)
    ran = calm(dockwright(tmp_path, "audit", ".", "--at", "HEAD", "--format", "json"), {0})
    assert [item["path"] for item in ran.data["inventory"]["dockerfiles"]] == ["Dockerfile"]


@pytest.mark.slow
def test_many_files_on_disk(tmp_path: Path) -> None:
    for folder in range(40):
        (tmp_path / f"d{folder}").mkdir()
        for number in range(500):
            (tmp_path / f"d{folder}" / f"f{number}").touch()
    write(tmp_path, {"d7/Dockerfile": FROM})
    assert [item["path"] for item in audited(tmp_path).data["inventory"]["dockerfiles"]] == ["d7/Dockerfile"]


CHANGING = """
import os, sys
changes = {"grows.Dockerfile": "a", "vanishes.Dockerfile": None, "shrinks.Dockerfile": "w"}
def hook(event, arguments):
    if event != "open" or not isinstance(arguments[0], (str, bytes)):
        return
    name = os.path.basename(os.fsdecode(arguments[0]))
    if name not in changes:
        return
    mode = changes.pop(name)  # between its being listed and its being read
    if mode is None:
        os.unlink(os.path.join(top, name))
    else:
        with open(os.path.join(top, name), mode) as file:
            file.write("RUN grown\\\\n" * 1000 if mode == "a" else "")
top = os.getcwd()
sys.addaudithook(hook)
sys.argv[0] = "dockwright"
from dockwright.__main__ import main
main()
"""


@pytest.mark.slow
@pytest.mark.parametrize("command", ["audit", "check"])
def test_files_that_change_while_they_are_read(tmp_path: Path, command: str) -> None:
    for name in ("grows", "vanishes", "shrinks", "stays"):
        write(tmp_path, {f"{name}.Dockerfile": FROM})
    done = subprocess.run(
        [sys.executable, "-c", CHANGING, command, ".", "--format", "json"],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "vanishes.Dockerfile").exists()
    assert (tmp_path / "shrinks.Dockerfile").read_bytes() == b""
    assert "stays.Dockerfile" in done.stdout
    assert "vanishes.Dockerfile" in done.stdout  # told as not read, or read before
