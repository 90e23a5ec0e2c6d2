"""A build names a Dockerfile that does not exist.

Docker stops before the first step: `failed to read dockerfile: open …: no such file or directory`. It happens when a
Dockerfile is moved or deleted and its callers (compose files, bake files, CI workflows, Makefiles, scripts,
documentation) are not. BuildKit and Compose report it only for the one build that is run, one at a time.

To mend it, name a file that exists, or remove the build.

High confidence for builds that are declared (compose, bake, workflow) and name the file. Medium for commands, which may
run in another directory or after a step that makes it, and for what names none: another file may add it.

Not reported: paths with variables nothing sets, commands in documentation that name no file of their own, files that a script writes before it builds, that a Makefile
has a rule for or git ignores (they are generated), and builds from a remote context.
"""

import re
from collections.abc import Iterator
from posixpath import basename

from dockwright.repository.layout import clean
from dockwright.repository.model import Build, Strength
from dockwright.repository.repository import Repository
from dockwright.rules._shared.loading import is_override_name
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.references._near import made_by, near_files, near_words, weight
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import BuildSubject, at

DECLARED = frozenset(("compose", "bake", "workflow", "devcontainer", "skaffold", "tilt"))
"""Kinds of builds of which a file says everything, and no shell what goes before."""
COMMAND = re.compile(rb"\b(?:docker|podman|buildah|nerdctl)\b|(?:-f|--file)[ =]")


def check(subject: BuildSubject) -> Iterator[Finding]:
    build = subject.build
    if "dockerfile" not in build.missing or build.uncertain:
        return
    if build.place.path.lower().endswith(("taskfile.yml", "taskfile.yaml")) and not build.dockerfile_named:
        return  # `cmd: >` goes on over the next lines
    named = build.dockerfile_named or "Dockerfile"
    near = near_files(
        named,
        (item.path for item in subject.repository.own_dockerfiles if not item.inline),
    )
    elsewhere = any(basename(path) == basename(named) for path in near)
    if build.strength <= Strength.DOCS and (not build.dockerfile_named or elsewhere or _told(build, named)):
        return
    made = made_by(subject.repository, _path(build, named))
    if made:
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
        confidence=_confidence(subject.repository, build),
        evidence=near_words(near, "Dockerfile"),
        service=build.service,
    )


def _path(build: Build, named: str) -> str:
    """Where the file would be: beside the context of a build that declares it, as written for a command."""
    if build.context is not None and (build.kind != "command" or not build.dockerfile_named):
        return clean(build.context, named) or named
    return named.removeprefix("./")


def _confidence(repository: Repository, build: Build) -> Confidence:
    """High for a declared build that names the file, and for a declared file that no other may change."""
    if build.kind not in DECLARED or build.strength <= Strength.DOCS:
        return Confidence.MEDIUM
    item = repository.compose(build.owner) if build.kind == "compose" else None
    part = item is not None and (item.fragment or is_override_name(item.path))
    return RULE.confidence if build.dockerfile_named and not part else Confidence.MEDIUM


def _told(build: Build, named: str) -> bool:
    """True when the page names the file elsewhere than in a command: it tells the reader to write it."""
    name = re.escape(basename(named).encode("utf-8", "surrogateescape"))
    lines = build.place.source.data.split(b"\n")
    word = re.compile(rb"(?<![\w./-])(?:\./)?" + name + rb"(?![\w-])")
    return any(word.search(line) and not COMMAND.search(line) for line in lines)


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
                "docs/embed.md": "1. Create a file named `static.Dockerfile` in your project.\n2. Build it:\n\n"
                "```console\ndocker build -f static.Dockerfile -t app .\n```\n",
                "Dockerfile": "FROM scratch\nCOPY a /\n",
                "a": "",
            },
            why="the page tells the reader to write the file",
        ),
        Good(
            {
                "build.sh": "#!/bin/sh\ncat > Dockerfile.gen <<EOF\nFROM scratch\nEOF\ndocker build -f Dockerfile.gen .\n",
            },
            why="the script writes the file before it builds it",
        ),
    ),
)
