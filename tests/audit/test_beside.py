"""Reading scripts beside, in a copy of the process, gives what reading them here gives."""

import os
import signal
import sys
import threading
from collections.abc import Iterator

import pytest

from dockwright.audit import beside
from dockwright.audit.beside import Beside
from dockwright.repository.reading import Reading, read
from dockwright.text import SourceFile
from dockwright.trees.memory import MemoryTree

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or threading.active_count() > 1, reason="there is no safe fork here"
)

SCRIPTS = [
    (SourceFile("up.py", b"import subprocess\nsubprocess.run(['docker', 'compose', 'up'])\n"), "python"),
    (SourceFile("a/b\udcff.sh", b"#!/bin/sh\ndocker build -t x . > Dockerfile.new || podman build .\n"), "shell"),
    (SourceFile("broken.py", b"print 'docker'\0\nos.system('docker ps')\n"), "python"),
    (SourceFile("empty.py", b""), "python"),
]  # fmt: skip


@pytest.fixture
def reading() -> Iterator[Beside]:
    made = Beside()
    try:
        yield made
    finally:
        made.close()


def here(scripts: list[tuple[SourceFile, str]]) -> list[str]:
    return [repr(read(source, language)) for source, language in scripts]


def results(reading: Reading, scripts: list[tuple[SourceFile, str]]) -> list[str]:
    numbers = [reading.put(source, language) for source, language in scripts]
    return [repr(reading.result(number)) for number in numbers]


def test_it_is_the_same(reading: Beside) -> None:
    expected = here(SCRIPTS)
    assert "compose" in expected[0]
    assert "Dockerfile.new" in expected[1]
    assert "not readable as Python 3" in expected[2]
    assert results(reading, SCRIPTS) == expected


def test_the_copy_reads(reading: Beside, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read before this process begins to help comes from the copy, which knows nothing of what changes here."""
    expected = here(SCRIPTS[:1])
    number = reading.put(*SCRIPTS[0])
    wait_for(lambda: reading._results[:4] != b"\0\0\0\0" or reading._results[4:8] != b"\0\0\0\0")
    monkeypatch.setattr(beside.Reading, "result", lambda *_: pytest.fail("read here"))
    assert [repr(reading.result(number))] == expected


def wait_for(seen: object) -> None:
    assert callable(seen)
    for _ in range(2000):
        if seen():
            return
        threading.Event().wait(0.005)
    pytest.fail("the copy does nothing")


def test_what_a_dead_copy_had_taken_is_read_here(reading: Beside) -> None:
    os.kill(reading._process, signal.SIGKILL)
    assert results(reading, SCRIPTS) == here(SCRIPTS)


@pytest.mark.parametrize("size", [10, 120, 700])
def test_what_finds_no_place_is_read_here(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(beside, "MEMORY", size)
    with Beside() as made:
        assert results(made, SCRIPTS) == here(SCRIPTS)


def test_what_the_queue_has_no_room_for_is_read_here(reading: Beside) -> None:
    os.kill(reading._process, signal.SIGSTOP)
    numbers = [reading.put(SourceFile(f"{number}.sh", b""), "shell") for number in range(4200)]
    assert len(numbers) * beside._TICKET.size > 1 << 16
    os.kill(reading._process, signal.SIGCONT)
    assert {reading.result(number).written for number in numbers} == {frozenset()}


def test_closing_leaves_no_process(reading: Beside) -> None:
    process = reading._process
    reading.put(*SCRIPTS[0])
    reading.close()
    with pytest.raises(ChildProcessError):
        os.waitpid(process, 0)


def test_it_is_used_where_it_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    large = MemoryTree({"a.py": b"#" * beside.ENOUGH})
    assert type(beside.reading(MemoryTree({"a.py": b"#"}))) is Reading
    with beside.reading(large) as made:
        assert type(made) is Beside
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    assert type(beside.reading(large)) is Reading
    stop.set()
    thread.join()
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    assert type(beside.reading(large)) is Reading
