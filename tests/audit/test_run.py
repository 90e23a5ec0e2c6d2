"""The whole audit: nothing of it is lost, and one faulty rule does not take the others with it."""

from collections.abc import Iterator

import msgspec
import pytest

from dockwright.audit.run import audit
from dockwright.figures import Basis
from dockwright.report.build import build
from dockwright.rules.catalogue import all_rules
from dockwright.rules.finding import Category, Confidence, Finding, Location, Severity
from dockwright.rules.rule import Rule
from dockwright.rules.subjects import DockerfileSubject
from dockwright.trees.memory import Link, MemoryTree

SMALL = {
    "Dockerfile": "FROM python:3.12\nCOPY app.py /\n",
    ".dockerignore": "app.py\n",
    "app.py": "",
    "compose.yaml": "services:\n  web:\n    build: .\n  db:\n    image: postgres\n    privileged: true\n",
    "old.Dockerfile": "FROM python:3.11\n",
    "up.sh": "docker compose up -d\ndocker system prune -af\n",
    "loop": Link("loop"),
}


def failing(subject: DockerfileSubject) -> Iterator[Finding]:
    yield from ()
    raise ValueError(subject.path)


FAULTY = Rule(
    id="faulty",
    summary="a rule that fails",
    category=Category.BROKEN,
    severity=Severity.LOW,
    confidence=Confidence.LOW,
    check=failing,
    examples=(),
)


def test_a_rule_that_raises_is_said_to_have_been_skipped() -> None:
    found = audit(MemoryTree(SMALL), rules=[FAULTY, *all_rules()])
    assert {crash.rule for crash in found.crashes} == {"faulty"}
    (skipped,) = (one for one in found.skipped if one.what == "rule faulty")
    assert "ValueError" in skipped.reason
    assert "and on 1 more" in skipped.reason
    assert found.findings
    assert any(one.what == "rule faulty" for one in build(found).skipped)


def test_every_figure_is_derived_and_says_how() -> None:
    found = audit(MemoryTree(SMALL))
    for figure in (
        *found.figures,
        *found.proposal.figures,
        *(f for p in found.proposal.phases for f in p.figures),
    ):
        assert figure.basis is Basis.DERIVED
        assert figure.how


def test_security_topics_are_all_there_found_or_not() -> None:
    found = {topic.id: topic for topic in audit(MemoryTree(SMALL)).security}
    assert set(found) == {"secrets", "root", "sockets", "privileged", "host", "open", "destruction"}
    assert [str(place) for place in found["privileged"].places] == ["compose.yaml:6"]
    assert [str(place) for place in found["destruction"].places] == ["up.sh:2"]
    assert found["sockets"].places == []


def test_the_order_of_files_does_not_matter() -> None:
    one = build(audit(MemoryTree(SMALL)))
    other = build(audit(MemoryTree(dict(reversed(SMALL.items())))))
    assert msgspec.json.encode(one) == msgspec.json.encode(other)


def test_an_empty_tree() -> None:
    found = audit(MemoryTree({}))
    assert (found.findings, found.causes, found.images, found.proposal.decisions) == ([], [], [], [])


def test_progress_is_told_in_order() -> None:
    told: list[str] = []
    audit(MemoryTree({}), progress=told.append)
    assert told == ["reading files", "checking rules", "comparing files", "drawing up the report"]


@pytest.mark.parametrize(
    "files",
    [
        {"Dockerfile": b"\x00\xff" * 5000, "compose.yaml": b"\xff\xfe\x00" * 999},
        {"Dockerfile": "FROM a\nRUN " + "x" * 300_000, "compose.yaml": "services: " + "[" * 3000},
        {"compose.yaml": "a: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b]\nservices:\n  x: *c\n"},
        {
            "compose.yaml": "services:\n  a:\n    image: 5\n    build: [1]\n    environment: {x: [1]}\n    ports: {a: b}\n"
        },
        {".dockerignore": "[\n" * 100, "Dockerfile": "FROM scratch\nCOPY [ /\n"},
    ],
)
def test_bad_input_is_reported_and_never_fails(files: dict) -> None:
    found = audit(MemoryTree(files))
    assert not found.crashes
    build(found)


def test_places_of_findings_lie_in_files_that_exist_or_are_named() -> None:
    for finding in audit(MemoryTree(SMALL)).findings:
        assert isinstance(finding.location, Location)
        assert finding.location.path in SMALL
        assert finding.location.line >= 0
