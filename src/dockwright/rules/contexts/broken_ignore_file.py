"""An ignore file has a line the builder refuses.

A lone `!`, an unclosed `[` or a trailing backslash in `.dockerignore` fails every build of the context before its first
step (`error from sender: … syntax error in pattern`, `illegal exclusion pattern: "!"`). git accepts most of these lines,
so a file copied from `.gitignore` can hold them.

Fix: remove the line, or finish the pattern (`!docs/`, `[ab]`).
"""

from collections.abc import Iterator

from dockwright.repository.model import Standing
from dockwright.repository.repository import Repository
from dockwright.rules.finding import Category, Confidence, Finding, Location, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.trees.ignore import read_ignore_file


def check(repository: Repository) -> Iterator[Finding]:
    for item in repository.ignores:
        if item.standing is not Standing.OWN:
            continue
        for problem in read_ignore_file(item.source).problems:
            yield RULE.finding(
                Location.at(item.source, problem.span),
                f"the builder refuses this line: {problem.message}",
                severity=RULE.severity if item.read_by else Severity.LOW,
            )


RULE = Rule(
    id="broken-ignore-file",
    summary="an ignore file has a line the builder refuses",
    category=Category.BROKEN,
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "Dockerfile": "FROM scratch\nCOPY a /\n",
                "a": "",
                ".dockerignore": "*.log\n[build\n",
                "compose.yaml": "services:\n  web:\n    build: .\n",
            },
            at="[build",
            says="syntax error in pattern",
        ),
        Good(
            {
                "Dockerfile": "FROM scratch\nCOPY a /\n",
                "a": "",
                ".dockerignore": "# logs\n*.log\n!keep.log\n[a-c]*.tmp\n",
                "compose.yaml": "services:\n  web:\n    build: .\n",
            },
            why="a negated pattern and a closed class are fine",
        ),
    ),
)
