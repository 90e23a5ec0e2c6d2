"""A COPY or ADD source is not in the build context.

BuildKit stops with `"/…": not found` before the step runs. Sources are looked for in the context, not beside the
Dockerfile: the same Dockerfile builds from one directory and fails from another.

Fix: write the path as it is seen from the context's root, or build with the context that holds it. Where the file is
gone for good, remove the instruction and what uses it.

Not reported: wildcards that match nothing in a folder that another source brings along (BuildKit accepts those), sources
from other stages, images or named contexts, URLs, paths that lead out of the context (`copy-source-outside-context`), and
sources whose name holds a variable that some build may set. What git ignores
(`build/libs/app.jar`), Maven or Gradle puts together, or a script puts there is expected to be made before the build: low severity and confidence. High
confidence where the name lies elsewhere in the repository (it moved, or the context is the wrong one) or is that of a text
people write; a program or a folder that is nowhere may be made by a step that is not seen: medium. Medium also where commands alone build it.
"""

import re
from collections.abc import Iterator
from posixpath import basename

from dockwright.repository.model import Build, BuildFault, FaultKind
from dockwright.repository.repository import Repository
from dockwright.rules.contexts._faults import (
    built_by,
    built_otherwise,
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

OUTPUT = re.compile(
    r"/(?:\.git|dist|build|target|out|output|bin|release|releases|artifacts?|node_modules|tmp)/"
)
"""Folders that builds write to."""
WRITTEN = re.compile(
    r"\.(?:py|[cm]?[jt]sx?|go|rb|php|java|kt|rs|cs|c|h|cpp|sh|toml|ya?ml|json|xml|gradle|sln|csproj|lock|txt|cfg|conf|ini|md|sql|html|css)$"
)


def check(subject: DockerfileSubject) -> Iterator[Finding]:
    told: set[str] = set()
    for fault in faults(subject, FaultKind.MISSING):
        if outside(fault.source):
            continue
        if built_otherwise(subject, fault):
            if fault.context not in told:
                told.add(fault.context)
                yield _wrong_context(subject, fault)
            continue
        made = made_before(subject, fault)
        yield RULE.finding(
            at(fault.place, f"stage {fault.stage}"),
            f"copies `{fault.source}`, which is not in {context_words(fault)}",
            related=built_by(fault),
            severity=Severity.LOW if made else severity(subject, RULE.severity),
            confidence=Confidence.LOW if made else _confidence(subject, fault),
            evidence=[made] if made else [],
            service=subject.service,
        )


def _wrong_context(subject: DockerfileSubject, first: BuildFault) -> Finding:
    """One finding for all that one context lacks, where another build of the file goes through."""
    lacking = [
        one
        for one in faults(subject, FaultKind.MISSING)
        if one.context == first.context and not outside(one.source)
    ]
    more = f" and {len(lacking) - 1} more" if len(lacking) > 1 else ""
    return RULE.finding(
        at(first.place, f"stage {first.stage}"),
        f"copies `{first.source}`{more}, which {'are' if more else 'is'} not in {context_words(first)}",
        related=built_by(first),
        severity=min(severity(subject, RULE.severity), Severity.MEDIUM),
        confidence=Confidence.LOW if made_before(subject, first) else _confidence(subject, first),
        evidence=[
            "another build of the same Dockerfile has what it copies: the context of this one is wrong"
        ],
        service=subject.service,
    )


def _confidence(subject: DockerfileSubject, fault: BuildFault) -> Confidence:
    """`confidence`, and at most medium for what a step before the build may make or a condition may name."""
    name = basename(fault.source.rstrip("/"))
    there = name in subject.repository.memo("names_of_files", lambda: _names(subject.repository))
    written = WRITTEN.search(name) is not None and not OUTPUT.search(f"/{fault.source}/")
    if not (there or written) or any(_conditional(build) for build in fault.builds) or _by_commands(fault):
        return min(confidence(fault), Confidence.MEDIUM)
    return confidence(fault)


def _by_commands(fault: BuildFault) -> bool:
    """True when commands alone build it: one before may fill the context, or change the directory."""
    return bool(fault.builds) and all(build.kind == "command" for build in fault.builds)


def _names(repository: Repository) -> frozenset[str]:
    """Names of all files and folders, but of folders that builds write to."""
    parts = {part for entry in repository.tree.entries() for part in entry.path.split("/")}
    return frozenset(part for part in parts if not OUTPUT.search(f"/{part}/"))


def _conditional(build: Build) -> bool:
    """True when an expression of the workflow says which context it is."""
    place = build.context_place
    return place is not None and b"${{" in place.source.data[place.span.start : place.span.end]


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
