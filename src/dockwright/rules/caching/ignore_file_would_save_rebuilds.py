"""Commits rebuild an image for files that no program in it reads.

With `COPY . .` everything the context sends is a part of the step's cache key. A commit that changes a workflow, a page of
documentation or an editor's settings makes the step and all behind it run again, and the image is the same but for that
file. Over the history of the repository it can be counted how many commits that were.

Fix: add the names to the ignore file that is read for this context; `dockwright context TARGET` shows what is sent, and
proposes one that was tried first. Look whether anything in the image reads them after all (a documentation server does).

Reported when at least one commit in fifty, and ten commits, would not have rebuilt the image. Names that an instruction
copies by themselves are left alone. One finding for each ignore file, with all Dockerfiles that read it. Only looked for when the history is replayed (`dockwright audit --replay`).
"""

from collections.abc import Iterator, Sequence

from dockwright.figures import Basis, Figure
from dockwright.replay.result import DockerfileResult
from dockwright.repository.repository import Repository
from dockwright.rules.finding import Category, Confidence, Finding, Location, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import HistorySubject, histories
from dockwright.trees.paths import join

SHARE, COMMITS = 0.02, 10
SHOWN = 4
_HOW = "commits of the history after which no step has to run again, replayed against their parents"


Chance = tuple[HistorySubject, DockerfileResult]
"""A way of building an image, and what it came to with more ignored."""


def check(repository: Repository) -> Iterator[Finding]:
    groups: dict[tuple[str, str], list[Chance]] = {}
    for subject in histories(repository):
        if subject.quieter is not None and _saved(subject, subject.quieter) >= _least(subject):
            groups.setdefault(_ignore_file(subject), []).append((subject, subject.quieter))
    for (_, path), found in sorted(groups.items()):
        yield _finding(
            sorted(found, key=lambda one: (-_saved(*one), one[0].path, one[0].result.target)), path
        )


def _saved(subject: HistorySubject, quieter: DockerfileResult) -> int:
    return quieter.untouched - subject.result.untouched


def _least(subject: HistorySubject) -> float:
    return max(SHARE * subject.result.commits, COMMITS)


def _ignore_file(subject: HistorySubject) -> tuple[str, str]:
    """The context, and the ignore file that is read for it: one change of that file is one repair."""
    root = "" if subject.result.context == "." else subject.result.context
    found = subject.repository.context(root, subject.path).ignore_file
    return root, found.source.path if found is not None else join(root, ".dockerignore")


def _finding(found: Sequence[Chance], path: str) -> Finding:
    """One for each ignore file: at the image it would help most, with the others beside it."""
    subject, quieter = found[0]
    own = subject.result
    others = list(dict.fromkeys(f"`{other.path}`" for other, _ in found[1:] if other.path != subject.path))
    more = f" and {len(others) - SHOWN} more" if len(others) > SHOWN else ""
    beside = f", and those of {', '.join(others[:SHOWN])}{more} likewise" if others else ""
    return RULE.finding(
        _place(subject),
        f"{_saved(subject, quieter):,} of {own.commits:,} commits rebuild the image only for {_names(quieter)}, which "
        f"`{path}` could leave out{beside}",
        related=[
            Related(_place(other), f"{_saved(other, result):,} commits here") for other, result in found[1:]
        ],
        figures=[
            Figure("commits without a rebuild", share, "share", Basis.DERIVED, _HOW)
            for share in (own.untouched_share, quieter.untouched_share)
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
        Bad(
            {**_FILES, "worker.Dockerfile": "FROM debian:12-slim\nCOPY . /app\n"},
            at="COPY . /app",
            says="which `.dockerignore` could leave out, and those of `worker.Dockerfile` likewise",
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
