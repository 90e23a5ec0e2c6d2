"""A server is started with an option it does not have.

The server prints `unrecognized configuration parameter` or `unrecognized arguments` and ends, so the container restarts
for ever. Options disappear with major versions (`checkpoint_segments` went with PostgreSQL 9.5, `query_cache_size` with
MySQL 8.0), and some are misspelt (gunicorn's is `--keep-alive`).

Fix: remove the option, or use the one that took its place in this version.

Judged are commands of compose services and of Dockerfiles, for the versions their image tags name. Not reported: images
whose tag tells no version, and servers whose options are not in our tables.
"""

from collections.abc import Iterator

from dockwright.dockerfile.image_reference import ImageReference
from dockwright.dockerfile.instructions.types import Cmd, Entrypoint
from dockwright.knowledge.server_options import refuses, similar
from dockwright.knowledge.services import ServiceImage, service_image
from dockwright.repository.repository import Repository
from dockwright.rules._shared.commands import of_command, of_instruction
from dockwright.rules._shared.images import base_image, image_of, only_stage
from dockwright.rules.finding import Category, Confidence, Finding, Location, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ServiceSubject, StageSubject, compose_subjects, dockerfile_subjects
from dockwright.shell.script import Command
from dockwright.shell.words import Word

Fault = tuple[Word, str]
SAME_VERSIONS = (
    "bitnami/",
    "postgis/",
    "pgvector/",
    "supabase/postgres",
    "apache/",
    "mysql/",
    "percona",
    "quay.io/keycloak/",
)
"""Beginnings of image names that count versions as the program does; `cp-kafka` and `timescaledb` do not."""


def check(repository: Repository) -> Iterator[Finding]:
    for compose in compose_subjects(repository):
        for service in compose.file.services.values():
            yield from _in_service(ServiceSubject(compose, service))
    for dockerfile in dockerfile_subjects(repository):
        for stage in dockerfile.stages:
            yield from _in_stage(stage)


def _in_service(subject: ServiceSubject) -> Iterator[Finding]:
    service = subject.service
    image = image_of(service)
    built = only_stage(subject)
    if image is None and built is not None:
        image = base_image(built.stage.stage)
    commands = [*of_command(service.entrypoint), *of_command(service.command)]
    if not commands and not service.environment:
        return
    for word, message in _faults(commands, image, bare=service.entrypoint is None):
        yield _finding(subject.at(word.span, f"{subject.route}.command"), message, service.name)
    known = _known(image)
    if known is None or image is None:
        return
    for pair in service.environment:
        removed = known.removed_in(pair.name, image.tag or "")
        if removed is not None:
            instead = f"; it is `{removed.instead}` now" if removed.instead else ""
            message = f"`{pair.name}` is gone from {image.familiar_name} since {removed.since}{instead}"
            location = subject.at(pair.span, f"{subject.route}.environment")
            yield _finding(location, message, service.name, severity=Severity.MEDIUM)


def _in_stage(subject: StageSubject) -> Iterator[Finding]:
    image = base_image(subject.stage)
    for instruction in subject.stage.instructions:
        if isinstance(instruction, Cmd | Entrypoint):
            commands = list(of_instruction(subject, instruction))
            for word, message in _faults(commands, image, bare=isinstance(instruction, Cmd)):
                yield _finding(
                    Location.at(subject.source, word.span, instruction.name.lower()), message, subject.service
                )


def _faults(commands: list[Command], image: ImageReference | None, *, bare: bool) -> Iterator[Fault]:
    """Words that the started program refuses. `bare`: words without a program go to the image's own server."""
    known = _known(image)
    for command in commands:
        name = command.name
        for word in command.args:
            option = (word.value or "").partition("=")[0]
            if option.startswith("--") and len(option) > 2 and refuses(name, option):
                meant = similar(name, option)
                yield word, f"`{name}` has no option `{option}`" + (f"; it is `{meant}`" if meant else "")
        if (
            known is not None
            and image is not None
            and (name in SERVERS.get(known.name, ()) or (bare and name.startswith("-")))
        ):
            yield from _removed(command, known, image)


SERVERS = {
    "postgres": ("postgres", "docker-entrypoint.sh"),
    "mysql": ("mysqld", "docker-entrypoint.sh"),
    "mariadb": ("mariadbd", "mysqld", "docker-entrypoint.sh"),
    "redis": ("redis-server",),
    "mongo": ("mongod",),
    "etcd": ("etcd",),
    "prometheus": ("prometheus",),
    "keycloak": ("start", "start-dev", "kc.sh"),
}
"""Programs of an image that take its options."""


def _known(image: ImageReference | None) -> ServiceImage | None:
    """What is known of an image whose tag is the program's own version."""
    known = service_image(image.familiar_name) if image is not None else None
    if known is None or image is None:
        return None
    return (
        known if image.familiar_name == known.name or image.familiar_name.startswith(SAME_VERSIONS) else None
    )


def _removed(command: Command, known: ServiceImage, image: ImageReference) -> Iterator[Fault]:
    for word in command.argv:
        text = (word.value or "").lstrip("-").removeprefix("c ").partition("=")[0]
        for spelled in dict.fromkeys((text, text.replace("-", "_"), word.value or "")):
            removed = known.removed_in(spelled, image.tag or "") if spelled else None
            if removed is not None:
                instead = f"; it is `{removed.instead}` now" if removed.instead else ""
                yield (
                    word,
                    f"option `{removed.option}` is gone from {known.name} since {removed.since}{instead}",
                )
                break


def _finding(location: Location, message: str, service: str, severity: Severity | None = None) -> Finding:
    return RULE.finding(location, message, severity=severity, service=service)


RULE = Rule(
    id="removed-server-option",
    summary="a server is started with an option it does not have",
    category=Category.BROKEN,
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  db:\n    image: postgres:15-alpine\n    command: |\n      postgres\n"
                "        -c shared_buffers=64MB\n        -c checkpoint_segments=10\n"
            },
            at="-c checkpoint_segments=10",
            says="option `checkpoint_segments` is gone from postgres since 9.5; it is `max_wal_size` now",
        ),
        Bad(
            {
                "Dockerfile": "FROM python:3.12-slim\nRUN pip install gunicorn\n"
                "CMD exec gunicorn app:app \\\n    --bind 0.0.0.0:8000 \\\n    --keepalive 5\n"
            },
            at="--keepalive 5",
            says="`gunicorn` has no option `--keepalive`; it is `--keep-alive`",
        ),
        Good(
            {
                "compose.yaml": "services:\n  db:\n    image: postgres\n    command: postgres -c checkpoint_segments=10\n"
                "  api:\n    image: api:1\n    command: gunicorn app:app --keep-alive 5 --worker 2 --forwarded-allow-ips='*'\n"
                "  other:\n    image: api:1\n    command: hypercorn app:app --keepalive 5\n"
            },
            why="no version is named, argparse takes the beginning of an option, and another server has other options",
        ),
    ),
)
