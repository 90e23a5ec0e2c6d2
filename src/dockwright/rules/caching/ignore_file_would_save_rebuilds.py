"""Commits rebuild an image for files that no program in it reads.

With `COPY . .` everything the context sends is a part of the step's cache key. A commit that changes a workflow, a page of
documentation or an editor's settings makes the step and all behind it run again, and the image is the same but for that
file. Over the history of the repository it can be counted how many commits that were.

Fix: add the names to the ignore file that is read for this context; `dockwright context TARGET` shows what is sent, and
proposes one that was tried first. Look whether anything in the image reads them after all (a documentation server does).

Reported when at least one commit in fifty, and ten commits, would not have rebuilt the image. Names that an instruction
copies by themselves are left alone. Only looked for when the history is replayed (`dockwright audit --replay`).
"""

from collections.abc import Iterator

from dockwright.figures import Basis, Figure
from dockwright.replay.result import DockerfileResult
from dockwright.rules.finding import Category, Confidence, Finding, Location, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import HistorySubject

SHARE, COMMITS = 0.02, 10
_HOW = "commits of the history after which no step has to run again, replayed against their parents"


def check(subject: HistorySubject) -> Iterator[Finding]:
    own, other = subject.result, subject.quieter
    if other is None or not own.commits:
        return
    saved = other.untouched - own.untouched
    if saved < max(SHARE * own.commits, COMMITS):
        return
    yield RULE.finding(
        _place(subject),
        f"{saved:,} of {own.commits:,} commits rebuild the image only for {_names(other)}",
        figures=[
            Figure("commits without a rebuild", share, "share", Basis.DERIVED, _HOW)
            for share in (own.untouched_share, other.untouched_share)
        ],
        service=subject.service,
    )


def _names(other: DockerfileResult) -> str:
    return other.label[other.label.index("`") :]


def _place(subject: HistorySubject) -> Location:
    """The step that is to blame most: the first that copies the whole context."""
    for step in subject.result.steps:
        if step.current and any(source.source in (".", "/", "./") for source in step.sources):
            return subject.at(subject.line_span(step.line))
    return subject.at(subject.line_span(1))


_FILES = {"Dockerfile": "FROM debian:12-slim\nCOPY . /app\n", "src/a": "1", "docs/index.md": "60"}

RULE = Rule(
    id="ignore-file-would-save-rebuilds",
    summary="commits rebuild an image for files that nothing in it reads",
    category=Category.SLOW,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    check=check,
    examples=(
        Bad(
            _FILES,
            at="COPY . /app",
            says="only for `docs`",
            history=[{"docs/index.md": str(number)} for number in range(12)],
        ),
        Good(
            {**_FILES, ".dockerignore": "docs\n"},
            why="the ignore file keeps them out already",
            history=[{"docs/index.md": str(number)} for number in range(12)],
        ),
        Good(
            {**_FILES, "Dockerfile": "FROM debian:12-slim\nCOPY . /app\nCOPY docs /docs\n"},
            why="the image is given the documentation on purpose",
            history=[{"docs/index.md": str(number)} for number in range(12)],
        ),
    ),
)
