"""An image of a server has no health check.

Without HEALTHCHECK the engine only sees whether the process exists: a server that hangs counts as running, `depends_on`
cannot wait for it, and `docker ps` says nothing. Orchestrators with checks of their own (Kubernetes, Cloud Run) ignore
it, so severity is low.

Fix: add a HEALTHCHECK that asks the program's own port with a tool the image has, or a `healthcheck` in compose.

Judged are images that something live builds and that serve: they expose a port, or start a known server. Not reported
where every compose service that builds the image brings its own check, nor where the base image may bring one.
"""

import re
from collections.abc import Iterator, Sequence

from dockwright.lazy import lazy_regex
from dockwright.repository.model import Build, Status
from dockwright.rules._shared.images import base_image, is_official
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import StageSubject

SERVERS = frozenset(
    [
        "gunicorn",
        "uvicorn",
        "hypercorn",
        "daphne",
        "celery",
        "flower",
        "nginx",
        "caddy",
        "httpd",
        "apache2",
        "puma",
        "rails",
        "unicorn",
        "php-fpm",
        "supervisord",
    ]
)
_COMMENTED = lazy_regex(rb"^[ \t]*#[ \t]*HEALTHCHECK\b", re.MULTILINE)


def check(subject: StageSubject) -> Iterator[Finding]:
    if not subject.kept or subject.item.status is not Status.LIVE or subject.item.inline:
        return
    builds = subject.item.builds  # for one file alone they are not known, and the rule ends here
    config = subject.stage.config
    base = base_image(subject.stage)
    if config.healthcheck is not None or base is None or not is_official(base):
        return
    words = [
        word for setting in (config.entrypoint, config.cmd) if setting is not None for word in setting.value
    ]
    programs = {part.rpartition("/")[2] for word in words[:4] for part in word.split()[:6]}
    if not config.exposed_ports and not programs & SERVERS:
        return
    if _checked_by_compose(subject, builds):
        return
    out = _COMMENTED.search(subject.source.data)
    yield RULE.finding(
        subject.at(subject.stage.from_.span, f"stage {subject.stage.label}"),
        "the image of a server has no HEALTHCHECK",
        evidence=["one is commented out"] if out else [],
        service=subject.service,
        environment=subject.item.environment,
    )


def _checked_by_compose(subject: StageSubject, builds: Sequence[Build]) -> bool:
    """True when compose services build the image, and each brings a check of its own."""
    services = []
    for build in builds:
        compose = subject.repository.compose(build.owner)
        service = compose.file.services.get(build.service) if compose is not None else None
        if service is not None:
            services.append(service)
    return bool(services) and all(service.healthcheck is not None for service in services)


RULE = Rule(
    id="no-healthcheck",
    summary="an image of a server has no health check",
    category=Category.DANGEROUS,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    check=check,
    same_as=(
        "trivy:DS-0026",
        "checkov:CKV_DOCKER_2",
        "kics:b03a748a-542d-44f4-bb86-9199ab4fd2d5",
        "dockle:CIS-DI-0006",
    ),
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  web:\n    build: .\n",
                "Dockerfile": "FROM python:3.12-slim\nEXPOSE 8000\n# HEALTHCHECK CMD true\nCMD python -m http.server\n",
            },
            at="FROM python:3.12-slim",
            says="the image of a server has no HEALTHCHECK",
        ),
        Good(
            {
                "compose.yaml": "services:\n  web:\n    build: .\n    healthcheck:\n      test: curl -f http://localhost/\n"
                "  job:\n    build: ./job\n  own:\n    build: ./own\n",
                "Dockerfile": "FROM nginx:1.27\nEXPOSE 80\n",
                "job/Dockerfile": "FROM python:3.12-slim\nCMD python -m report\n",
                "own/Dockerfile": "FROM example.com/base:1\nEXPOSE 80\n",
            },
            why="compose brings the check, a job serves nothing, and an unknown base may bring one",
        ),
    ),
)
