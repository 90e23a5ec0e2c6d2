"""The whole program as a process of its own, with bounded memory, and what must hold of whatever it says."""

import json
import os
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

MEMORY = 1 << 30
"""Bytes of address space a run may take."""
PATIENCE = 150
"""Seconds after which a run counts as hung; no measurement, the machine may be busy."""

AUDIT = (("audit", ".", "--format", "terminal"), ("audit", ".", "--format", "json"))
CHECK = (("check", ".", "--format", "github"),)


class Ran(msgspec.Struct, frozen=True):
    """What a run gave. The code of a process that a signal ended is negative."""

    arguments: tuple[str, ...]
    code: int
    out: bytes
    err: bytes

    @property
    def text(self) -> str:
        return self.out.decode()

    @property
    def data(self) -> Any:
        return json.loads(self.out)

    @property
    def said(self) -> str:
        """Standard error, as text."""
        return self.err.decode()

    def skipped(self) -> dict[str, str]:
        """What a JSON report says was not looked at, and why."""
        return {one["what"]: one["reason"] for one in self.data["skipped"]}


def _bounded() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def dockwright(folder: Path | bytes, *arguments: str, env: Mapping[str, str] | None = None) -> Ran:
    """Run the program in `folder`. One that hangs fails the test with the stack it hung in."""
    process = subprocess.Popen(
        [sys.executable, "-X", "faulthandler", "-m", "dockwright", *arguments],
        cwd=folder,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=_bounded,  # noqa: PLW1509 - tests start no threads
    )
    with process:
        try:
            out, err = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGABRT)  # faulthandler writes where it is
            _, err = process.communicate()
            pytest.fail(f"dockwright {' '.join(arguments)} hangs:\n{err.decode(errors='replace')[:3000]}")
    return Ran(arguments, process.returncode, out, err)


_UNPRINTABLE = re.compile(rb"[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8b-\x8f\xa8-\xaf]")
"""Control characters other than line ends, C1 controls, and characters that change the direction of text."""


def calm(ran: Ran, codes: Iterable[int] = (0, 1)) -> Ran:
    """A run that ended as documented, without a traceback, and said nothing a terminal would obey."""
    what = f"dockwright {' '.join(ran.arguments)}: {ran.code}\n{ran.err.decode(errors='replace')[-3000:]}"
    assert ran.code in set(codes), what
    assert b"Traceback" not in ran.err, what
    assert b"internal error" not in ran.err, what
    for stream in (ran.out, ran.err):
        stream.decode()  # whatever files are called, what is written is UTF-8
        found = _UNPRINTABLE.search(stream)
        assert found is None, f"{what}{stream[max(found.start() - 80, 0) : found.end() + 80]!r}"
    return ran


def every_way(folder: Path, *places: str, env: Mapping[str, str] | None = None) -> list[Ran]:
    """Everything the three commands can show of a repository; `places` are the FILE:LINE to explain."""
    explained = [
        ("explain", place, "--format", form)
        for place, form in zip(places, ("terminal", "json") * len(places), strict=False)
    ]
    ways = (*AUDIT, *CHECK, *explained)
    first = dockwright(folder, *ways[0], env=env)  # a process of its own, as a user starts it
    rest = together(((folder, way) for way in ways[1:]), env)
    runs = [calm(ran) for ran in (first, *rest)]
    for ran in runs:
        assert ran.out, ran.arguments
        if ran.arguments[-1] == "json":
            assert isinstance(ran.data, dict)
        if ran.arguments[0] != "check":
            assert ran.code == 0, ran.arguments
    return runs


def audited(folder: Path, env: Mapping[str, str] | None = None) -> Ran:
    """The audit as JSON."""
    return calm(dockwright(folder, "audit", ".", "--format", "json", env=env), {0})


TOGETHER = """
import contextlib, io, json, os, sys
from dockwright.cli.main import run
for folder, arguments in json.load(sys.stdin):
    os.chdir(folder)
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(arguments)
    row = [code, out.buffer.getvalue().decode("latin-1"), err.buffer.getvalue().decode("latin-1")]
    sys.__stdout__.write(json.dumps(row) + "\\n")
    sys.__stdout__.flush()
"""


def together(runs: Iterable[tuple[Path, tuple[str, ...]]], env: Mapping[str, str] | None = None) -> list[Ran]:
    """Runs of the command one after the other in one process, for where a start of Python for each says nothing more."""
    wanted = [(str(folder), arguments) for folder, arguments in runs]
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", TOGETHER],
        env={**os.environ, **(env or {})}, input=json.dumps(wanted), capture_output=True, text=True, timeout=PATIENCE, check=False, preexec_fn=_bounded,
    )  # fmt: skip
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rows) == len(wanted), f"{wanted[len(rows)]} ended the process:\n{done.stderr[-3000:]}"
    return [
        Ran(arguments, code, out.encode("latin-1"), err.encode("latin-1"))
        for (_, arguments), (code, out, err) in zip(wanted, rows, strict=True)
    ]


MEASURED = """
import resource, subprocess, sys
code = subprocess.call([sys.executable, "-m", "dockwright", *sys.argv[1:]], stdout=subprocess.DEVNULL)
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""A small process in between: what a process had before `exec` counts as its own, and that of a test run is large."""


def resident(folder: Path, *arguments: str) -> int:
    """The most bytes the largest process of a run had in memory at once."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", MEASURED, *arguments],
        cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    code, kilobytes = done.stdout.split()
    assert code in ("0", "1"), done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return int(kilobytes) << 10
