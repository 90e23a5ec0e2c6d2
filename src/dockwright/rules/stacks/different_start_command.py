"""One service is started by another server in every environment.

Development runs `uvicorn --reload`, staging `uvicorn --workers 4`, production `gunicorn`: workers, time limits, signals and
start-up hooks differ, so what was tested is not what runs. A test stack on `--reload` is the commonest case.

Fix: one command with the differences as variables. Judged are services of the same name (words of environment left
away) in compose files of one folder, with the commands of their Dockerfiles; reported when three or more servers or modes
of starting are in use. One finding per service.
"""

import posixpath
import re
from collections.abc import Iterator

import msgspec

from dockwright.repository.model import ComposeItem, Place
from dockwright.repository.repository import Repository
from dockwright.rules._shared.commands import of_command, started
from dockwright.rules._shared.images import only_stage
from dockwright.rules._shared.services import plain_name
from dockwright.rules.finding import Category, Confidence, Finding, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ServiceSubject, at, compose_subjects
from dockwright.text import Span

SERVERS = (
    "gunicorn",
    "uvicorn",
    "hypercorn",
    "daphne",
    "granian",
    "flask",
    "runserver",
    "nodemon",
    "puma",
    "unicorn",
    "next",
    "vite",
)
_MODES = (
    ("--reload", "--reload"),
    ("--workers", "--workers"),
    ("-w ", "--workers"),
    (" dev", "dev"),
    (" start", "start"),
)
ENOUGH = 3


class Start(msgspec.Struct, frozen=True, eq=False):
    item: ComposeItem
    service: str
    span: Span
    how: str


def check(repository: Repository) -> Iterator[Finding]:
    groups: dict[tuple[str, str], list[Start]] = {}
    for compose in compose_subjects(repository):
        for service in compose.file.services.values():
            if service.build is not None:
                subject = ServiceSubject(compose, service)
                how = _how(subject)
                if how:
                    key = (posixpath.dirname(compose.path), plain_name(service.name))
                    groups.setdefault(key, []).append(Start(compose.item, service.name, service.span, how))
    for (_, name), starts in groups.items():
        kinds = {start.how: start for start in reversed(starts)}
        if len(kinds) >= ENOUGH and len({start.item.path for start in starts}) >= ENOUGH:
            yield _finding(name, kinds)


def _how(subject: ServiceSubject) -> str:
    """Server and mode by which a service is started; empty when that is not known."""
    commands = [*of_command(subject.service.entrypoint), *of_command(subject.service.command)]
    texts = [" ".join(word.shown() for word in command.argv) for command in started(commands)]
    if not texts:
        built = only_stage(subject)
        config = built.stage.stage.config if built is not None else None
        texts = (
            [" ".join(one.value) for one in (config.cmd, config.entrypoint) if one is not None]
            if config
            else []
        )
    for text in texts:
        for server in SERVERS:
            if re.search(rf"(?:^|[\s/]){server}(?:\s|$)", text):
                modes = dict.fromkeys(shown for mark, shown in _MODES if mark in f"{text} ")
                return " ".join((server, *modes))
    return ""


def _finding(name: str, kinds: dict[str, Start]) -> Finding:
    starts = list(kinds.values())
    first = starts[0]
    return RULE.finding(
        at(Place(first.item.source, first.span), f"services.{first.service}"),
        f"service `{name}` is started in {len(kinds)} ways: {', '.join(f'`{how}`' for how in sorted(kinds))}",
        related=[Related(at(Place(start.item.source, start.span)), f"`{start.how}`") for start in starts],
        service=first.service,
    )


def _compose(command: str) -> str:
    return f"services:\n  api:\n    build: .\n    command: {command}\n"


RULE = Rule(
    id="different-start-command",
    summary="one service is started by another server in every environment",
    category=Category.DRIFT,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": _compose("uvicorn app:app --reload"),
                "compose.staging.yaml": _compose("uvicorn app:app --workers 4"),
                "compose.alpine.yaml": "services:\n  api:\n    build: .\n",
                "Dockerfile": 'FROM python:3.12-slim\nCMD ["gunicorn", "app:app", "-w", "4"]\n',
            },
            at="api:",
            says="service `api` is started in 3 ways",
        ),
        Good(
            {
                "compose.yaml": _compose("uvicorn app:app --reload"),
                "compose.test.yaml": _compose("uvicorn app:app --reload --log-level debug"),
                "compose.staging.yaml": _compose("uvicorn app:app --workers 4"),
                "Dockerfile": "FROM python:3.12-slim\n",
            },
            why="one way to develop and one to run is what most need",
        ),
    ),
)
