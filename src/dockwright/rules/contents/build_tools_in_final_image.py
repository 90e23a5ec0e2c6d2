"""Compilers and build tools stay in the image that ships.

A single-stage image that installs `build-essential`, `gcc` or development headers to build its dependencies carries
them into production: tens to hundreds of megabytes, and tools an intruder is glad of. Build in one stage and copy
the result into another, or remove the tools in the same RUN that installed them.

Only stages that some build ships are judged, and only packages that are compilers or build tools by the table in
`knowledge`. Not reported: tools removed in the same RUN, virtual packages (`apk add --virtual`) deleted there,
development and test images. Medium confidence: the files do not say which images ship.
"""

from collections.abc import Iterator

from dockwright.knowledge.packages import names_manager
from dockwright.knowledge.programs import is_build_tool
from dockwright.lazy import lazy_regex
from dockwright.repository.model import Build, Strength
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.runs import RunBody
from dockwright.rules.subjects import StageSubject
from dockwright.shell.package_types import Action, Install
from dockwright.shell.script import Nest

WORKSHOP = lazy_regex(
    r"(^|[-_.])(dev|development|tests?|testing|debug|ci|lint|validate|verify|check|fmt|vendor|generate|build|builder|integration|e2e|bench)([-_.]|$)"
)
WORKPLACE = lazy_regex(
    r"/(?:\.devcontainer|tests?|dev|devel|develop|development|ci|build-image|builder|packaging|packages?|rpm|deb|debian|genproto|proto-?gen|codegen|lint|linters)/"
)
"""Folders of images that people work in, or that make files of the repository."""
HINT = lazy_regex(
    rb"-dev(?:el)?(?!\w)|(?<![\w.+-])(?:build|gcc|g\+\+|c?make|ninja|auto(?:conf|make)|libtool|pkg-?conf|bison|flex|"
    rb"clang|llvm|gfortran|nasm|yasm|meson|dpkg-dev|debhelper|fakeroot|patch|git-lfs|go|rust|cargo|default-jdk|maven|"
    rb"gradle|linux-headers|ccache|gdb|swig|proto(?:c|buf)|binutils|m4|scons|alpine-sdk|abuild|rpm-build|redhat-rpm|"
    rb"kernel-headers|[Dd]evelopment|openjdk)"
)
"""Every build tool has such a name; without one there is nothing to read more closely."""
APK_DEL = lazy_regex(rb"(?:&&|;)[ \t]*apk[ \t]+del(?:[ \t]+-[\w-]+)*+[ \t]+[.$]")
"""`apk del` of a virtual package or a variable; of packages by name only a closer look tells."""
WORKSHOPS = frozenset(("development", "test", "ci"))
SYSTEM = frozenset(("apt", "apk", "dnf", "yum", "microdnf", "zypper", "pacman"))


def check(subject: StageSubject) -> Iterator[Finding]:
    if not subject.kept or subject.item.environment in WORKSHOPS or WORKSHOP.search(subject.stage.name):
        return
    if WORKPLACE.search(f"/{subject.path}") or _worked_in(subject):
        return
    for stage in (subject.stage, *subject.stage.ancestors):
        for body in subject.dockerfile.runs[stage.index]:
            data = body.data
            if not names_manager(data, SYSTEM) or not hinted(data) or _plainly_removed(data):
                continue
            for install in body.installs:
                if (
                    install.action is not Action.INSTALL
                    or install.manager not in SYSTEM
                    or _removed(body, install)
                ):
                    continue
                tools = [
                    package.name
                    for package in install.packages
                    if is_build_tool(install.manager, package.name)
                ]
                if tools:
                    optional = install.command.inside(Nest.THEN, Nest.ELSE, Nest.CASE)
                    yield RULE.finding(
                        subject.at(install.command.span, f"stage {stage.label}"),
                        f"{', '.join(f'`{tool}`' for tool in tools[:4])}{' and more' if len(tools) > 4 else ''} "
                        f"{'stays' if len(tools) == 1 else 'stay'} in the image that ships",
                        service=subject.service,
                        severity=Severity.LOW if optional else None,
                        confidence=Confidence.LOW if optional else None,
                        evidence=[
                            f"final stage `{subject.stage.label}`",
                            *(["installed only where a condition holds"] if optional else []),
                        ],
                    )


def _worked_in(subject: StageSubject) -> bool:
    """True when compose alone builds it and puts the checked-out source over it: people work in that image."""
    builds = [build for build in subject.item.builds if build.strength > Strength.DOCS]
    if not builds or any(build.kind != "compose" for build in builds):
        return False
    return all(_source_mounted(subject, build) for build in builds)


def _source_mounted(subject: StageSubject, build: Build) -> bool:
    compose = subject.repository.compose(build.owner)
    service = compose.file.services.get(build.service) if compose is not None else None
    return service is not None and any(
        volume.source is not None and volume.source.raw.rstrip("/") in (".", "..", "$PWD", "${PWD}")
        for volume in service.volumes
    )


def hinted(data: bytes) -> bool:
    """A quick test: False when no package in the text can be a build tool."""
    return HINT.search(data) is not None


def _plainly_removed(data: bytes) -> bool:
    """True when `apk del` plainly is a command of the text: what `_removed` would find, without reading all of it."""
    found = APK_DEL.search(data)
    if found is None or any(mark in data for mark in (b"<<", b"#", b'\\"', b"\\'")):
        return False
    return data.count(b'"', 0, found.start()) % 2 == 0 and data.count(b"'", 0, found.start()) % 2 == 0


_WORDS = frozenset(("add", "del", "-q", "--quiet", "--no-cache", "--purge", "-r"))


def _removed(body: RunBody, install: Install) -> bool:
    """True when the same RUN removes what the install brought."""
    names = {package.name for package in install.packages}
    for other in body.installs:
        if other.action is Action.REMOVE and other.manager == install.manager:
            gone = {package.name for package in other.packages}
            if gone & names or any(package.kind == "virtual" for package in install.packages) or not gone:
                return True
    deleted = [
        word.value
        for command in body.commands
        if command.name == "apk" and "del" in [word.value for word in command.args]
        for word in command.args
    ]
    virtual = {word.value for word in install.command.args}
    return any(
        name is None or name.startswith(".") or name in names or (name in virtual and name not in _WORDS)
        for name in deleted
    )


RULE = Rule(
    id="build-tools-in-final-image",
    summary="compilers and build tools stay in the image that ships",
    category=Category.FAT,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  api:\n    build: .\n",
                "Dockerfile": "FROM python:3.12-slim\nRUN apt-get update && apt-get install -y build-essential libpq5\n"
                "RUN pip install psycopg2\n",
            },
            at="build-essential",
            says="`build-essential` stays in the image that ships",
        ),
        Good(
            {
                "compose.yaml": "services:\n  api:\n    build: .\n",
                "Dockerfile": "FROM python:3.12-slim AS build\nRUN apt-get update && apt-get install -y build-essential\n"
                "RUN pip install --prefix=/install psycopg2\nFROM python:3.12-slim\nCOPY --from=build /install /usr/local\n",
            },
            why="the stage that has them is not the one that ships",
        ),
        Good(
            {
                "compose.yaml": "services:\n  api:\n    build: .\n",
                "Dockerfile": "FROM python:3.12-alpine\nRUN apk add --no-cache --virtual .build gcc musl-dev \\\n"
                "    && pip install psycopg2 && apk del .build\n",
            },
            why="they are removed in the RUN that installed them",
        ),
    ),
)
