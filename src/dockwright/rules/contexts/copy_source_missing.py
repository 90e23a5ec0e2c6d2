"""A COPY or ADD source is not in the build context.

BuildKit stops with `"/…": not found` before the step runs. Sources are looked for in the context, not beside the
Dockerfile: the same Dockerfile builds from one directory and fails from another.

Fix: write the path as it is seen from the context's root, or build with the context that holds it. Where the file is
gone for good, remove the instruction and what uses it.

Not reported: wildcards that match nothing in a folder that another source brings along (BuildKit accepts those), sources
from other stages, images or named contexts, URLs, paths that lead out of the context (`copy-source-outside-context`), and
sources whose name holds a variable that some build may set. What git ignores
(`build/libs/app.jar`) or a script puts there is expected to be made before the build: low severity and confidence.
"""

from collections.abc import Iterator

from dockwright.repository.model import FaultKind
from dockwright.rules.contexts._faults import (
    built_by,
    confidence,
    context_words,
    faults,
    made_before,
    outside,
    severity,
)
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import DockerfileSubject, at


def check(subject: DockerfileSubject) -> Iterator[Finding]:
    for fault in faults(subject, FaultKind.MISSING):
        if outside(fault.source):
            continue
        made = made_before(subject, fault)
        yield RULE.finding(
            at(fault.place, f"stage {fault.stage}"),
            f"copies `{fault.source}`, which is not in {context_words(fault)}",
            related=built_by(fault),
            severity=Severity.LOW if made else severity(subject, RULE.severity),
            confidence=Confidence.LOW if made else confidence(fault),
            evidence=[made] if made else [],
            service=subject.service,
        )


RULE = Rule(
    id="copy-source-missing",
    summary="a COPY or ADD source is not in the build context",
    category=Category.BROKEN,
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  api:\n    build: ./api\n",
                "api/Dockerfile": "FROM python:3.12-slim\nCOPY requirements.txt /app/\nCOPY api/ /app/\n",
                "api/requirements.txt": "flask==3.1.0\n",
            },
            at="COPY api/ /app/",
            says="`api/`, which is not in context `api`",
        ),
        Bad(
            {
                "compose.yaml": "services:\n  api:\n    build: ./api\n",
                "api/Dockerfile": "FROM eclipse-temurin:21-jre\nCOPY build/libs/api.jar /\n",
                ".gitignore": "build/\n",
            },
            at="COPY build/libs",
            says="`build/libs/api.jar`",
        ),
        Good(
            {
                "compose.yaml": "services:\n  api:\n    build:\n      context: .\n      dockerfile: api/Dockerfile\n",
                "api/Dockerfile": "FROM python:3.12-slim AS build\nRUN touch /made\nFROM python:3.12-slim\n"
                "COPY --from=build /made /made\nCOPY api/requirements.txt api/setup*.cfg /app/\n",
                "api/requirements.txt": "flask==3.1.0\n",
            },
            why="the context is the repository's root; files of another stage and wildcards are not looked for",
        ),
    ),
)
