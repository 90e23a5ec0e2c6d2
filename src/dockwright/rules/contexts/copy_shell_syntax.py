"""Shell syntax stands in a COPY or ADD instruction.

COPY is not run by a shell: in `COPY conftest.py /app/ 2>/dev/null || true` the words `2>/dev/null`, `||` and `true`
are paths, and the build fails with `"/||": not found`. There is no optional COPY; a wildcard that may match nothing
(`COPY conftest.p[y] /app/`) beside a source that exists is the usual way.

Fix: leave the shell words away; what has to be decided by a shell belongs in a RUN (with `--mount=type=bind` to read
the context).
"""

from collections.abc import Iterator

from dockwright.repository.model import FaultKind
from dockwright.rules.contexts._faults import faults, severity
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import DockerfileSubject, at


def check(subject: DockerfileSubject) -> Iterator[Finding]:
    lines: set[int] = set()
    for fault in faults(subject, FaultKind.SHELL_SYNTAX):
        if fault.place.line in lines:
            continue
        lines.add(fault.place.line)
        yield RULE.finding(
            at(fault.place, f"stage {fault.stage}"),
            f"`{fault.source}` is a path here: COPY is not run by a shell",
            severity=severity(subject, RULE.severity),
            service=subject.service,
        )


RULE = Rule(
    id="copy-shell-syntax",
    summary="shell syntax stands in a COPY or ADD instruction",
    category=Category.BROKEN,
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "Dockerfile": "FROM python:3.12-slim\nCOPY app.py /app/\nCOPY conftest.py /app/ 2>/dev/null || true\n",
                "app.py": "",
                "conftest.py": "",
                "compose.yaml": "services:\n  web:\n    build: .\n",
            },
            at="2>/dev/null || true",
            says="COPY is not run by a shell",
        ),
        Good(
            {
                "Dockerfile": "FROM python:3.12-slim\nCOPY app.py conftest.p[y] /app/\nRUN cat /app/nothing 2>/dev/null || true\n",
                "app.py": "",
                "compose.yaml": "services:\n  web:\n    build: .\n",
            },
            why="a wildcard may match nothing, and RUN is run by a shell",
        ),
    ),
)
