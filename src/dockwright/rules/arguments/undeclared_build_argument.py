"""A build passes an argument that the Dockerfile does not declare.

BuildKit warns (`one or more build args were not consumed`) and builds without it: whoever set it believes that the
image differs between environments, and it does not. Where the argument is meant to choose a base image or a set of
dependencies, every environment gets the default.

Fix: remove it from the build, or declare it (`ARG NAME`) in the stage that is meant to read it. Declaring it makes its
value count for the first time, so look at what changes.

Predefined arguments (proxies, `BUILDKIT_*`, `SOURCE_DATE_EPOCH`) need no ARG and are not reported. Neither are
Dockerfiles that are templates, builds whose Dockerfile is not known, nor an argument that one place passes to several
Dockerfiles of which one declares it (a CI matrix), nor commands in documentation that name no Dockerfile.
"""

from collections.abc import Iterator

from dockwright.knowledge.arguments import is_predefined
from dockwright.repository.model import Argument, Strength
from dockwright.repository.repository import Repository
from dockwright.rules.arguments._declared import declared_names
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import BuildSubject, at


def check(subject: BuildSubject) -> Iterator[Finding]:
    build, dockerfile = subject.build, subject.dockerfile
    if (
        dockerfile is None
        or build.uncertain
        or dockerfile.tree.template
        or build.strength <= Strength.NAME_LIST
    ):
        return
    if build.strength <= Strength.DOCS and not build.dockerfile_named:
        return  # a page that shows `docker build .` may mean the reader's own Dockerfile
    declared = declared_names(dockerfile.tree)
    siblings = _siblings(subject.repository)
    for argument in build.arguments:
        if argument.name in siblings.get(_key(argument), ()):
            continue
        if argument.name in declared or is_predefined(argument.name) or not argument.name.isidentifier():
            continue
        yield RULE.finding(
            at(argument.place),
            f"passes build argument `{argument.name}`, which `{build.dockerfile}` does not declare",
            severity=Severity.LOW if build.strength <= Strength.DOCS else RULE.severity,
            service=build.service or dockerfile.service,
        )


def _key(argument: Argument) -> tuple[str, int]:
    return argument.place.path, argument.place.span.start


def _siblings(repository: Repository) -> dict[tuple[str, int], set[str]]:
    """For each place that passes arguments, what the Dockerfiles built from there declare: a matrix passes all to all."""

    def find() -> dict[tuple[str, int], set[str]]:
        found: dict[tuple[str, int], set[str]] = {}
        for build in repository.builds:
            item = repository.dockerfile(build.dockerfile)
            if item is not None:
                for argument in build.arguments:
                    found.setdefault(_key(argument), set()).update(declared_names(item.tree))
        return found

    return repository.memo("declared_by_place", find)


RULE = Rule(
    id="undeclared-build-argument",
    summary="a build passes an argument that the Dockerfile does not declare",
    category=Category.BROKEN,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  api:\n    build:\n      context: .\n      args:\n        BUILD_ENV: staging\n",
                "Dockerfile": "FROM python:3.12-slim\nARG VERSION\nRUN echo $VERSION $BUILD_ENV\n",
            },
            at="BUILD_ENV: staging",
            says="`BUILD_ENV`, which `Dockerfile` does not declare",
        ),
        Good(
            {
                "compose.yaml": "services:\n  api:\n    build:\n      context: .\n      args:\n        PYTHON: '3.12'\n"
                "        BUILDKIT_INLINE_CACHE: 1\n        HTTP_PROXY: http://proxy.example:3128\n",
                "Dockerfile": "ARG PYTHON=3.11\nFROM python:${PYTHON}-slim\nRUN true\n",
            },
            why="a global ARG counts, and BuildKit knows some names by itself",
        ),
    ),
)
