"""CI runs the tests on a bind mount of the checkout, not on what the image holds.

A test service with `..:/code` sees the files of the checkout over those that the Dockerfile copied. The tests pass while
the image that ships lacks a file, a build step or a dependency: what is tested is not what is shipped.

Fix: no such mount in CI (an override with `volumes: !reset []`, or a service for development apart). Judged are services
that run tests, in files that a workflow loads; the mount must lie over the image's working directory. Mounts of test
reports and caches are fine.
"""

import posixpath
import re
from collections.abc import Iterator

from dockwright.compose.volumes import mount
from dockwright.dockerfile.instructions.types import Copy
from dockwright.repository.model import Invocation
from dockwright.rules._shared.commands import of_command
from dockwright.rules._shared.images import Built, only_stage
from dockwright.rules._shared.loading import ways
from dockwright.rules._shared.made import below
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ServiceSubject, related
from dockwright.shell.calls import ComposeCall

_TESTS = re.compile(
    r"\b(?:pytest|py\.test|tox|nox|jest|vitest|mocha|phpunit|rspec|ctest|cypress|playwright|behave|unittest)\b"
    r"|\b(?:manage\.py|npm|yarn|pnpm|go|cargo|mvn|gradle|dotnet|mix|rails|rake|make|django-admin|bun|run)\s+(?:run\s+)?test"
)
STARTS = frozenset(("up", "run", "start", "exec", "create"))


def check(subject: ServiceSubject) -> Iterator[Finding]:
    if not _runs_tests(subject):
        return
    built = only_stage(subject)
    call = _started_by_ci(subject) if built is not None else None
    if built is None or call is None:
        return
    config = built.stage.stage.config.working_dir
    workdir = config.value if config is not None else ""
    for volume in subject.service.volumes:
        one = mount(volume)
        if one is None or one.type != "bind" or not one.source.startswith(".") or not workdir:
            continue
        if not below(workdir, posixpath.normpath(one.target)) or not _copies_code(built):
            continue
        yield RULE.finding(
            subject.at(volume.node.span, f"{subject.route}.volumes"),
            f"CI runs the tests of `{subject.service.name}` on a mount of the checkout over `{one.target}`, "
            f"not on what `{built.dockerfile.path}` builds",
            related=[related(call.place, "CI starts it here")],
            service=subject.service.name,
            environment=subject.item.environment,
        )
        return


def _runs_tests(subject: ServiceSubject) -> bool:
    commands = [*of_command(subject.service.entrypoint), *of_command(subject.service.command)]
    return any(_TESTS.search(" ".join(word.shown() for word in command.argv)) for command in commands)


def _copies_code(built: Built) -> bool:
    """True when the image itself holds the code: COPY of a folder from the context."""
    return any(
        isinstance(command, Copy)
        and command.from_ is None
        and any(_folder(word.value) for word in command.sources)
        for stage in built.chain
        for command in stage.stage.instructions
    )


def _folder(source: str) -> bool:
    return "." not in posixpath.basename(source.rstrip("/")) or source in (".", "./", "..")


def _started_by_ci(subject: ServiceSubject) -> Invocation | None:
    """The command of a workflow that starts the service."""
    name = subject.service.name
    for workflow in subject.repository.workflows:
        for invocation in workflow.invocations:
            call = invocation.call
            if not isinstance(call, ComposeCall) or call.subcommand not in STARTS:
                continue
            if subject.path not in invocation.files or _unmounted(subject, invocation):
                continue
            named = {word.value for word in call.services}
            if name in named or (not named and not subject.service.profiles):
                return invocation
    return None


def _unmounted(subject: ServiceSubject, invocation: Invocation) -> bool:
    """True when another file of the command gives the service other volumes."""
    for way in ways(subject.repository, subject.item):
        if {item.path for item in way.items} == set(invocation.files):
            definitions = [
                service for item, service in way.services(subject.service.name) if item is not subject.item
            ]
            return any(
                "volumes" in service.keys or service.node.get("volumes") is not None
                for service in definitions
            )
    return False


RULE = Rule(
    id="code-bind-in-ci-test",
    summary="CI runs the tests on a bind mount of the checkout, not on what the image holds",
    category=Category.DANGEROUS,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.test.yaml": "services:\n  tests:\n    build: .\n    command: pytest -q\n    volumes:\n      - .:/code\n",
                "Dockerfile": 'FROM python:3.12-slim\nWORKDIR /code\nCOPY . .\nCMD ["python", "-m", "app"]\n',
                "app.py": "",
                ".github/workflows/test.yml": "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n"
                "      - uses: actions/checkout@v4\n      - run: docker compose -f compose.test.yaml run tests\n",
            },
            at="- .:/code",
            says="CI runs the tests of `tests` on a mount of the checkout over `/code`",
        ),
        Good(
            {
                "compose.test.yaml": "services:\n  tests:\n    build: .\n    command: pytest -q\n"
                "    volumes: ['./reports:/code/reports']\n"
                "  dev:\n    build: .\n    command: python -m app --reload\n    volumes: ['.:/code']\n",
                "Dockerfile": "FROM python:3.12-slim\nWORKDIR /code\nCOPY . .\n",
                "app.py": "",
                ".github/workflows/test.yml": "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n"
                "      - run: docker compose -f compose.test.yaml run tests\n",
            },
            why="only reports are mounted, and the other service is for development",
        ),
    ),
)
