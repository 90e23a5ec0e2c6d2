"""A COPY or ADD source exists only in this working directory: git does not have it.

The build works on the machine where the file was made and fails in a clean clone, which is where CI builds. Either
the file was forgotten (`git add`), or git ignores it because a tool makes it, and the build relies on that tool
having run before.

Fix: add the file to git, or make it in a stage of the Dockerfile so that a clean clone can build.

Seen only when a working directory is audited, not a commit.
"""

from collections.abc import Iterator

from dockwright.repository.model import FaultKind
from dockwright.rules.contexts._faults import built_by, context_words, faults, severity
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import DockerfileSubject, at


def check(subject: DockerfileSubject) -> Iterator[Finding]:
    for fault in faults(subject, FaultKind.UNTRACKED):
        yield RULE.finding(
            at(fault.place, f"stage {fault.stage}"),
            f"copies `{fault.source}` from {context_words(fault)}, which a clean clone does not have",
            related=built_by(fault),
            severity=severity(subject, RULE.severity),
            service=subject.service,
        )


RULE = Rule(
    id="copy-source-untracked",
    summary="a COPY or ADD source is not tracked by git",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    check=check,
    examples=(
        Bad(
            {
                "Dockerfile": "FROM nginx:1.27\nCOPY dist/ /usr/share/nginx/html/\n",
                "dist/index.html": "",
                "compose.yaml": "services:\n  web:\n    build: .\n",
            },
            at="COPY dist/",
            says="a clean clone does not have",
            ignored=("dist/index.html",),
        ),
        Good(
            {
                "Dockerfile": "FROM nginx:1.27\nCOPY dist/ /usr/share/nginx/html/\n",
                "dist/index.html": "",
                "dist/index.js.map": "",
                "compose.yaml": "services:\n  web:\n    build: .\n",
            },
            why="git has a file of the directory, so the copy works in a clean clone too",
            ignored=("dist/index.js.map",),
        ),
    ),
)
