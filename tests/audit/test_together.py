"""Running rules together with a copy of the process gives what running them here gives."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from dockwright.audit import together
from dockwright.audit.together import Running, Together, running
from dockwright.repository.inventory import build
from dockwright.repository.repository import Repository
from dockwright.rules import engine
from dockwright.rules.catalogue import all_rules
from dockwright.rules.finding import Category, Confidence, Finding, Location, Severity
from dockwright.rules.rule import Rule
from dockwright.trees.git import GitTree
from dockwright.trees.memory import MemoryTree
from tests.audit.test_run import FAULTY, SMALL
from tests.trees.repositories import repository as git_repository

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or threading.active_count() > 1, reason="there is no safe fork here"
)

TANGLE = "apt-get install -y curl; " + "a=(" * 3000
FILES = {
    **SMALL,
    "b.Dockerfile": "FROM python:latest\nRUN curl http://x | sh\n",
    "c.Dockerfile": f"# dockwright: ignore[moving-tag] on purpose\nFROM alpine:latest\nRUN {TANGLE}\nRUN pip install x; {TANGLE}\n",
}
RULES = (FAULTY, *all_rules())


@pytest.fixture
def facts() -> Repository:
    return build(MemoryTree(FILES))


def test_the_outcome_is_the_same(facts: Repository) -> None:
    expected = engine.run(build(MemoryTree(FILES)), RULES)
    assert expected.findings
    assert expected.suppressed
    assert [crash.subject for crash in expected.crashes] == [
        "Dockerfile",
        "b.Dockerfile",
        "c.Dockerfile",
        "old.Dockerfile",
    ]
    assert [skipped.what for skipped in expected.skipped] == ["c.Dockerfile:3", "c.Dockerfile:4"]
    with Together(facts, RULES) as made:
        assert made.outcome() == expected


def process_of(subject: Repository) -> Iterator[Finding]:
    yield OTHER.finding(Location.file("Dockerfile"), f"found by {os.getpid()}")


OTHER = Rule("other", "says who ran it", Category.DEAD, Severity.LOW, Confidence.LOW, process_of, ())


def test_the_copy_takes_part(facts: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    with Together(facts, (OTHER,)) as made:
        process = made._process
        monkeypatch.setattr(made, "_next", lambda: None)  # all is left to the copy
        monkeypatch.setattr(made, "_run", lambda _: pytest.fail("run here"))
        (finding,) = made.outcome().findings
    assert finding.message == f"found by {process}"


def test_what_a_dead_copy_had_taken_is_run_here(facts: Repository) -> None:
    with Together(facts, RULES) as made:
        os.kill(made._process, signal.SIGKILL)
        assert made.outcome() == engine.run(facts, RULES)


def ends_the_copy(subject: Repository) -> Iterator[Finding]:
    if os.getpid() != HERE:
        os._exit(9)
    yield OTHER.finding(Location.file("Dockerfile"), "found here")


HERE = os.getpid()


def test_a_rule_that_ends_the_copy_is_run_here(facts: Repository) -> None:
    deadly = Rule("deadly", "ends", Category.DEAD, Severity.LOW, Confidence.LOW, ends_the_copy, ())
    with Together(facts, (deadly,)) as made:
        assert [finding.message for finding in made.outcome().findings] == ["found here"]


def test_closing_leaves_no_process(facts: Repository) -> None:
    with Together(facts, RULES) as made:
        process = made._process
    with pytest.raises(ChildProcessError):
        os.waitpid(process, 0)


def asked(tree: GitTree) -> int:
    """The git that a tree reads from."""
    process = tree._objects._process
    assert process is not None
    return process.pid


def test_both_read_files_of_a_commit(tmp_path: Path) -> None:
    """Each asks a git of its own: two processes on the pipes of one would take each other's answers."""
    large = {f"{number}.txt": f"{number}" * 5000 for number in range(40)}
    tree = GitTree(git_repository(tmp_path, {**large, "Dockerfile": "FROM alpine\n"}))
    repository = build(tree)
    assert tree.read("1.txt") == b"1" * 5000

    def read(subject: Repository) -> Iterator[Finding]:
        for path, text in large.items():
            assert subject.tree.read(path).decode() == text
        yield OTHER.finding(Location.file("Dockerfile"), f"read from {asked(tree)}")

    rule = Rule("reads", "reads files", Category.DEAD, Severity.LOW, Confidence.LOW, read, ())
    with Together(repository, (rule,)) as made:
        made._next = lambda: None  # type: ignore[method-assign]
        for path, text in large.items():
            assert tree.read(path).decode() == text
        outcome = made.outcome()
    (finding,) = outcome.findings
    assert finding.message.startswith("read from ")
    assert finding.message != f"read from {asked(tree)}"
    assert tree.read("2.txt") == b"2" * 5000


def test_it_is_used_where_it_helps(facts: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    assert type(running(facts, RULES, beside=True)) is Running
    monkeypatch.setattr(together, "ENOUGH", 1)
    with running(facts, RULES, beside=True) as made:
        assert type(made) is Together
    assert type(running(facts, RULES, beside=False)) is Running
    monkeypatch.setattr(together, "MOST", 1)
    assert type(running(facts, RULES, beside=True)) is Running
    monkeypatch.setattr(together, "MOST", 256)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    assert type(running(facts, RULES, beside=True)) is Running
