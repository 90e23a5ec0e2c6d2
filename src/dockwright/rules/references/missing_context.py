"""A build names a context directory that does not exist.

Docker stops with `path "…" not found` (or `unable to prepare context`). Contexts in compose files are relative to
the compose file (or the project directory), those on a command line to the directory the command runs in: moving a
compose file into a folder breaks every relative context in it.

Fix: write the path as it is seen from the compose file or the directory the command runs in, or remove the build.

Not reported: paths with variables nothing sets, directories that a script makes first or git ignores
(`vendor/`), remote contexts, and documentation, which does not say where its commands run. Medium confidence for commands:
a step before may make the directory.
"""

import re
from collections.abc import Iterator

from dockwright.repository.layout import clean
from dockwright.repository.model import Strength
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.references._near import made_by, weight
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import BuildSubject, at
from dockwright.trees.paths import parent

_MAKES = re.compile(rb"\bmkdir\b|\bgit\s+clone\b|\btar\s+\S*x|\bunzip\b|New-Item|makedirs")


def check(subject: BuildSubject) -> Iterator[Finding]:
    build = subject.build
    if "context" not in build.missing or build.uncertain or build.strength <= Strength.DOCS:
        return
    path = clean(parent(build.place.path), build.context_named)
    if path and made_by(subject.repository, path):
        return
    here = build.context_named in ("", ".", "./")
    if here and _MAKES.search(build.place.source.data):
        return  # it changes into a directory that it makes
    yield RULE.finding(
        at(build.context_place or build.place),
        f"builds from context `{build.context_named}`, which does not exist"
        if not here
        else "builds in a directory that does not exist",
        severity=weight(build.strength, RULE.severity),
        confidence=Confidence.MEDIUM
        if "…" in build.context_named or build.kind == "command"
        else RULE.confidence,
        service=build.service,
    )


RULE = Rule(
    id="missing-context",
    summary="a build names a context that does not exist",
    category=Category.BROKEN,
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "deploy/compose.yaml": "services:\n  api:\n    build: ./api\n",
                "api/Dockerfile": "FROM scratch\nCOPY a /\n",
                "api/a": "",
            },
            at="build: ./api",
            says="context `./api`, which does not exist",
        ),
        Bad(
            {"build.sh": "#!/bin/sh\ndocker build -t web ./frontend\n", "web/Dockerfile": "FROM scratch\n"},
            at="docker build",
        ),
        Good(
            {
                "deploy/compose.yaml": "services:\n  api:\n    build: ../api\n",
                "api/Dockerfile": "FROM scratch\nCOPY a /\n",
                "api/a": "",
            },
            why="the path is relative to the compose file",
        ),
        Good(
            {"compose.yaml": "services:\n  api:\n    build: https://example.com/api.git#main\n"},
            why="a remote context is not looked for in the repository",
        ),
    ),
)
