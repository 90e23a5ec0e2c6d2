"""A COPY or ADD source is hidden from the build by the ignore file.

The file is there, git has it, and the build still fails with `"/…": not found`: a pattern in `.dockerignore` keeps it
out of the context. It is the fault that is hardest to see, for the two lines stand in different files and are often
written months apart: the pattern first, to make the context small, the COPY later.

Each finding names the pattern that decides, evaluated exactly as BuildKit does (patterns are anchored at the
context's root, the last match wins, `<Dockerfile>.dockerignore` replaces `.dockerignore`). To mend it, take the
pattern back for this path (`!path`), or give this Dockerfile an ignore file of its own beside it.

A directory of which only a part is hidden is not reported: COPY then copies the rest, which is what ignore files
are for.
"""

from collections.abc import Iterator

from dockwright.repository.model import FaultKind
from dockwright.rules.contexts._faults import built_by, confidence, context_words, faults, severity
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import DockerfileSubject, at, related


def check(subject: DockerfileSubject) -> Iterator[Finding]:
    for fault in faults(subject, FaultKind.IGNORED):
        hidden = [related(fault.hidden_by, "hidden by this pattern")] if fault.hidden_by else []
        pattern = fault.hidden_by.source.text(fault.hidden_by.span) if fault.hidden_by else ""
        where = f"{fault.hidden_by.path}:{fault.hidden_by.line}" if fault.hidden_by else "the ignore file"
        yield RULE.finding(
            at(fault.place, f"stage {fault.stage}"),
            f"copies `{fault.source}`, which `{pattern}` in {where} keeps out of {context_words(fault)}",
            related=[*hidden, *built_by(fault)],
            severity=severity(subject, RULE.severity),
            confidence=confidence(fault),
            service=subject.service,
        )


RULE = Rule(
    id="copy-source-ignored",
    summary="a COPY or ADD source is hidden from the build by the ignore file",
    category=Category.BROKEN,
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    check=check,
    same_as=("buildkit:CopyIgnoredFile",),
    examples=(
        Bad(
            {
                "Dockerfile": "FROM python:3.12-slim\nCOPY app/ /app/\nCOPY helpers/ /app/helpers/\n",
                ".dockerignore": "# keep the context small\nhelpers\n",
                "app/main.py": "",
                "helpers/wait.py": "",
                "compose.yaml": "services:\n  api:\n    build: .\n",
            },
            at="COPY helpers/",
            says="`helpers` in .dockerignore:2",
        ),
        Good(
            {
                "Dockerfile": "FROM python:3.12-slim\nCOPY app/ /app/\nCOPY lib/ /app/lib/\n",
                ".dockerignore": "**/tests\nlib\n!lib\n",
                "app/main.py": "",
                "app/tests/test_main.py": "",
                "lib/a.py": "",
                "compose.yaml": "services:\n  api:\n    build: .\n",
            },
            why="part of a directory may be hidden, and a later pattern brings `lib` back",
        ),
        Good(
            {
                "docker/api.Dockerfile": "FROM python:3.12-slim\nCOPY helpers/ /helpers/\n",
                "docker/api.Dockerfile.dockerignore": "app\n",
                ".dockerignore": "helpers\n",
                "helpers/wait.py": "",
                "app/main.py": "",
                "compose.yaml": "services:\n  api:\n    build:\n      context: .\n      dockerfile: docker/api.Dockerfile\n",
            },
            why="an ignore file beside the Dockerfile replaces the one in the context",
        ),
    ),
)
