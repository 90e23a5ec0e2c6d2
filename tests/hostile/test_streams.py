"""What the surroundings do to the program: closed, full and broken streams, no permissions, no git, interruption."""

import json
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile.files import write
from tests.hostile.process import audited, calm, dockwright

GOOD = {"Dockerfile": b"FROM alpine:3.20\nCOPY a /\n", "a": b"a"}
COMMANDS = (
    ("audit", "."),
    ("audit", ".", "--format", "json"),
    ("check", "."),
    ("check", "Dockerfile"),
    ("explain", "Dockerfile:1"),
)
WHOLE = [sys.executable, "-m", "dockwright"]


def shell(folder: Path, redirects: str, *arguments: str, **env: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        ["sh", "-c", f'exec "$@" {redirects}', "sh", *WHOLE, *arguments],
        cwd=folder, capture_output=True, timeout=60, check=False, env={**os.environ, **env},
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
@pytest.mark.parametrize("arguments", COMMANDS[1:4:2])
def test_a_full_disk(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    write(tmp_path, GOOD)
    ran = shell(tmp_path, ">/dev/full", *arguments)
    assert (ran.returncode, b"No space left" in ran.stderr, b"Traceback" in ran.stderr) == (2, True, False), (
        ran.stderr
    )
    ran = shell(tmp_path, "2>/dev/full", "audit", "nowhere")
    assert ran.returncode == 2


@pytest.mark.slow
@pytest.mark.parametrize("redirects", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams(tmp_path: Path, redirects: str) -> None:
    write(tmp_path, GOOD)
    for arguments in COMMANDS[::2]:
        ran = shell(tmp_path, redirects, *arguments)
        assert ran.returncode == (2 if " >&-" in f" {redirects}" else ran.returncode), ran.stderr
        assert ran.returncode in (0, 1, 2), ran.stderr
        assert b"Traceback" not in ran.stderr
    assert shell(tmp_path, redirects, "audit", "nowhere").returncode == 2


@pytest.mark.slow
def test_a_reader_that_stops_early(tmp_path: Path) -> None:
    write(tmp_path, {f"{number}/Dockerfile": b"FROM alpine\n" for number in range(500)})
    for command in ("audit", "check"):
        ran = subprocess.run(
            ["bash", "-c", '"$@" | head -1; echo "${PIPESTATUS[0]}"', "bash", *WHOLE, command, "."],
            cwd=tmp_path, capture_output=True, timeout=60, check=False,
        )  # fmt: skip
        assert ran.stdout.splitlines()[-1] in (b"0", b"1")
        assert ran.stderr == b""


INTERRUPTED = """
import os, signal, sys
left = 50
def hook(event, arguments):
    global left
    if event == "open" and "Dockerfile" in str(arguments[0]):
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGINT)
sys.addaudithook(hook)
sys.argv[0] = "dockwright"
from dockwright.__main__ import main
main()
"""


@pytest.mark.slow
@pytest.mark.parametrize("command", ["audit", "check"])
def test_an_interruption(tmp_path: Path, command: str) -> None:
    """In the midst of reading: at the fiftieth file of a hundred."""
    write(tmp_path, {f"{number}/Dockerfile": b"FROM alpine\n" for number in range(100)})
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, command, "."],
        cwd=tmp_path, capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (130, b""), done.stderr
    assert done.stderr.strip() == b"interrupted"


@pytest.mark.slow
@pytest.mark.parametrize(
    "env",
    [
        {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {
            "LC_ALL": "nowhere",
            "TERM": "nonsense",
            "COLUMNS": "nonsense",
            "HOME": "/nowhere",
            "TMPDIR": "/nowhere",
        },
        {"GIT_DIR": "/nowhere", "GIT_WORK_TREE": "/nowhere", "GIT_CONFIG_COUNT": "x", "GIT_TRACE": "1"},
        {"PATH": "/nowhere"},
    ],
)
def test_surroundings(tmp_path: Path, env: dict[str, str]) -> None:
    write(tmp_path, {**GOOD, "ä/Dockerfile": "FROM älpine\n# ü\nRUN echo → 日本\n".encode()})
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    for arguments in COMMANDS[2:4]:
        calm(dockwright(tmp_path, *arguments, env=env))
    assert len(audited(tmp_path, env).data["inventory"]["dockerfiles"]) == 2
    if "PATH" in env:
        assert "not installed" in audited(tmp_path, env).skipped()["git"]


@pytest.mark.slow
def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    for target in ("no/such/folder", ".", "a" * 300):
        ran = calm(dockwright(tmp_path, "audit", ".", "--output", target), {2})
        assert "cannot write" in ran.said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Dockerfile", "a"]


BOUND = ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all"] if os.geteuid() == 0 else []
"""Root without its powers: what its owner may not read is closed to it too."""


@pytest.mark.slow
@pytest.mark.skipif(bool(BOUND) and shutil.which("setpriv") is None, reason="setpriv takes root its powers")
def test_what_may_not_be_read(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            **GOOD,
            "closed/Dockerfile": b"FROM a\n",
            "secret.Dockerfile": b"FROM a\n",
            "compose.yaml": b"services: {}\n",
            "config/dockwright.toml": b"",
            "config/Dockerfile": b"FROM a\n",
        },
    )
    shut = ("closed", "secret.Dockerfile", "compose.yaml", "config/dockwright.toml")
    for name in shut:
        (tmp_path / name).chmod(0)

    def run(*arguments: str) -> "subprocess.CompletedProcess[bytes]":
        done = subprocess.run(
            [*BOUND, *WHOLE, *arguments], cwd=tmp_path, capture_output=True, timeout=60, check=False
        )
        assert done.returncode in (0, 1, 2), done.stderr
        assert b"Traceback" not in done.stderr, done.stderr
        return done

    told = {
        one["what"]: one["reason"]
        for one in json.loads(run("audit", ".", "--format", "json").stdout)["skipped"]
    }
    for path in ("secret.Dockerfile", "closed/Dockerfile", "config/Dockerfile", "closed", "config"):
        assert run("check", path).returncode == 2, path
    for name in shut:
        (tmp_path / name).chmod(0o700)
    for name in shut[:3]:
        assert "Permission denied" in told[name], told


@pytest.mark.slow
def test_few_descriptors(tmp_path: Path) -> None:
    write(tmp_path, {**GOOD, **{f"{number}/Dockerfile": b"FROM alpine:3.20\n" for number in range(50)}})
    done = subprocess.run(
        [*WHOLE, "audit", ".", "--format", "json"], cwd=tmp_path, capture_output=True, timeout=60, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (24, 24)),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
