"""A build names a Dockerfile that does not exist.

Docker stops before the first step: `failed to read dockerfile: open …: no such file or directory`. It happens when a
Dockerfile is moved or deleted and its callers (compose files, bake files, CI workflows, Makefiles, scripts,
documentation) are not. BuildKit and Compose report it only for the one build that is run, one at a time.

To mend it, name a file that exists, or remove the build.

Medium confidence for commands when a file of that name lies elsewhere: the directory they run in may be another one.

Not reported: paths with variables nothing sets, commands in documentation that name no file of their own, files that a script writes before it builds, and builds from a
remote context.
"""

from collections.abc import Iterator
from posixpath import basename

from dockwright.repository.model import Strength
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.references._near import near_files, near_words, weight
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import BuildSubject, at


def check(subject: BuildSubject) -> Iterator[Finding]:
    build = subject.build
    if "dockerfile" not in build.missing or build.uncertain:
        return
    named = build.dockerfile_named or "Dockerfile"
    near = near_files(
        named,
        (item.path for item in subject.repository.own_dockerfiles if not item.inline),
    )
    elsewhere = any(basename(path) == basename(named) for path in near)
    if build.strength <= Strength.DOCS and (not build.dockerfile_named or elsewhere):
        return
    where = f"context `{build.context_named}`" if build.context_named not in ("", ".") else "the context"
    message = (
        f"builds `{named}`, which does not exist"
        if build.dockerfile_named
        else f"builds from {where}, which holds no Dockerfile"
    )
    yield RULE.finding(
        at(build.dockerfile_place or build.place),
        message,
        severity=weight(build.strength, RULE.severity),
        confidence=Confidence.MEDIUM if build.kind == "command" and elsewhere else RULE.confidence,
        evidence=near_words(near, "Dockerfile"),
        service=build.service,
    )


RULE = Rule(
    id="missing-dockerfile",
    summary="a build names a Dockerfile that does not exist",
    category=Category.BROKEN,
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  api:\n    build:\n      context: .\n      dockerfile: docker/api.Dockerfile\n",
                "docker/api.prod.Dockerfile": "FROM scratch\nCOPY a /\n",
                "a": "",
            },
            at="dockerfile: docker/api.Dockerfile",
            says="`docker/api.Dockerfile`, which does not exist",
        ),
        Bad(
            {
                ".github/workflows/ci.yml": "on: push\njobs:\n  image:\n    runs-on: ubuntu-latest\n    steps:\n"
                "      - uses: actions/checkout@v4\n      - run: docker build -f Dockerfile.backend -t backend .\n",
                "docker/backend.Dockerfile": "FROM scratch\nCOPY a /\n",
                "a": "",
            },
            at="docker build -f Dockerfile.backend",
        ),
        Bad(
            {
                "docker-bake.hcl": 'target "web" {\n  context = "web"\n  dockerfile = "Web.Dockerfile"\n}\n',
                "web/a": "",
            },
            at="Web.Dockerfile",
        ),
        Good(
            {
                "compose.yaml": "services:\n  api:\n    build:\n      context: .\n      dockerfile: ${API_DOCKERFILE}\n"
                "  web:\n    build: ./web\n",
                "web/Dockerfile": "FROM scratch\nCOPY a /\n",
                "web/a": "",
            },
            why="a variable that nothing in the repository sets may name anything",
        ),
        Good(
            {
                "build.sh": "#!/bin/sh\ncat > Dockerfile.gen <<EOF\nFROM scratch\nEOF\ndocker build -f Dockerfile.gen .\n",
            },
            why="the script writes the file before it builds it",
        ),
    ),
)
