"""A service waits until another is healthy, and that one has no health check.

Compose stops with `dependency failed to start: container … has no healthcheck configured`, or with podman-compose waits
for ever.

Fix: give the service that is waited for a `healthcheck`, or wait for `service_started`.

A health check counts wherever it comes from: the compose files loaded together, or HEALTHCHECK in the Dockerfile of the
image. Docker's official images have none by policy; other public images are not known, so nothing is said of them.
"""

from collections.abc import Iterator

from dockwright.compose.model import Service
from dockwright.rules._shared.images import base_image, image_of, is_official, only_stage
from dockwright.rules._shared.loading import companions
from dockwright.rules.finding import Category, Confidence, Finding, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ServiceSubject


def check(subject: ServiceSubject) -> Iterator[Finding]:
    for dependency in subject.service.depends_on:
        if dependency.condition is None or dependency.condition.raw != "service_healthy":
            continue
        name = dependency.service.raw
        target = subject.file.services.get(name)
        if target is None or any(
            name in other.file.services for other in companions(subject.repository, subject.item)
        ):
            continue
        because = _lacks(subject, target)
        if because:
            yield RULE.finding(
                subject.at(dependency.service.span, subject.route),
                f"service `{subject.service.name}` waits until `{name}` is healthy, which has no health check",
                related=[Related(subject.at(target.span), "defined here")],
                evidence=[because],
                service=subject.service.name,
                environment=subject.item.environment,
            )


def _lacks(subject: ServiceSubject, target: Service) -> str:
    """Why the service surely has no health check; empty when it has one or that cannot be known."""
    if target.extends is not None:
        return ""
    if target.healthcheck is not None:
        return "its health check is disabled" if target.healthcheck.disabled else ""
    image = image_of(target)
    if image is not None:
        return f"official images such as `{image.familiar_name}` bring none" if is_official(image) else ""
    built = only_stage(ServiceSubject(subject.compose, target))
    if built is None:
        return ""
    config = built.stage.stage.config
    if config.healthcheck is not None:
        return "its image switches HEALTHCHECK off" if config.healthcheck.value.test[:1] == ("NONE",) else ""
    base = base_image(built.stage.stage)
    if base is None or not is_official(base):
        return ""
    return f"`{built.dockerfile.path}` has no HEALTHCHECK, and `{base.familiar_name}` brings none"


RULE = Rule(
    id="healthy-without-healthcheck",
    summary="a service waits until another is healthy, and that one has no health check",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    depends_on:\n      db:\n"
                "        condition: service_healthy\n  db:\n    image: postgres:16\n"
            },
            at="db:",
            says="waits until `db` is healthy, which has no health check",
        ),
        Bad(
            {
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    depends_on:\n      api:\n"
                "        condition: service_healthy\n  api:\n    build: .\n",
                "Dockerfile": 'FROM python:3.12-slim\nCMD ["python", "-m", "http.server"]\n',
            },
            at="api:",
            says="`api` is healthy, which has no health check",
        ),
        Good(
            {
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    depends_on:\n      api:\n"
                "        condition: service_healthy\n      ext:\n        condition: service_healthy\n"
                "  api:\n    build: .\n  ext:\n    image: example.com/ext:1\n",
                "Dockerfile": "FROM python:3.12-slim\nHEALTHCHECK CMD true\n",
            },
            why="the image brings its own check; what a private image brings is not known",
        ),
    ),
)
