"""A health check asks a port that the service does not listen on.

The check runs inside the container, so it must use the container's own port. A published host port (`ports:
["8081:8080"]` with a check of `localhost:8081`) or a number left from another service makes the container unhealthy for
ever, and what waits for it never starts.

Fix: ask the port the program listens on inside the container.

High confidence where the number is the host side of one of the service's own ports. Otherwise reported when the ports of
the service are known and the number stands nowhere else: not in its environment, command, Dockerfile or mounted files.
"""

import re
from collections.abc import Iterator

from dockwright.compose.model import Healthcheck
from dockwright.compose.ports import bindings
from dockwright.knowledge.services import service_image
from dockwright.rules._shared.images import image_of, only_stage
from dockwright.rules._shared.mentions import (
    FULLY_DOCUMENTED,
    configured_by_files,
    has_number,
    service_texts,
    targets,
)
from dockwright.rules.finding import Category, Confidence, Finding, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ServiceSubject
from dockwright.text import Span

_LOCAL = re.compile(r"(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::|[\s/]+|',\s*|\",\s*)(\d{2,5})\b")


def check(subject: ServiceSubject) -> Iterator[Finding]:
    service = subject.service
    health = service.healthcheck
    if health is None or health.disabled or service.network_mode is not None or service.extends is not None:
        return
    text = " ".join(word.resolved().filled for word in health.test)
    asked = {int(number) for number in _LOCAL.findall(text)}
    own = set(targets(service))
    if len(asked) != 1 or not own or asked & own:
        return
    (port,) = asked
    if any(has_number(one, port) for one in service_texts(service, health=False)) or _elsewhere(
        subject, port
    ):
        return
    outside = next(
        (one for item in service.ports for one in bindings(item) if one.published == str(port)), None
    )
    if outside is None and (configured_by_files(service) or not _image_known(subject)):
        return
    listed = ", ".join(str(one) for one in sorted(own))
    yield RULE.finding(
        subject.at(_port_span(subject, health, port), f"{subject.route}.healthcheck"),
        f"health check of `{service.name}` asks port {port}, "
        + (
            f"which is its port on the host; inside it is {outside.target}"
            if outside
            else f"but its ports are {listed}"
        ),
        related=[Related(subject.at(service.ports[0].node.span), "its ports")],
        confidence=RULE.confidence if outside is not None else Confidence.MEDIUM,
        service=service.name,
        environment=subject.item.environment,
    )


def _port_span(subject: ServiceSubject, health: Healthcheck, port: int) -> Span:
    """Where the number stands in the test; the whole part of the test when a variable holds it."""
    part = next((text for text in health.test if has_number(text.resolved().filled, port)), health.test[-1])
    data = subject.source.data[part.span.start : part.span.end]
    match = re.search(rb"(?<!\d)%d(?!\d)" % port, data)
    if match is None:
        return part.span
    return Span(part.span.start + match.start(), part.span.start + match.end())


def _elsewhere(subject: ServiceSubject, port: int) -> bool:
    """True when the image itself has the port: its Dockerfile names it, or it is documented."""
    image = image_of(subject.service)
    known = service_image(image.familiar_name) if image is not None else None
    if known is not None and any(one.port == port for one in known.ports):
        return True
    built = only_stage(subject)
    return built is not None and has_number(built.dockerfile.source.data.decode("utf-8", "replace"), port)


def _image_known(subject: ServiceSubject) -> bool:
    """True when the image is one whose ports we know: our own Dockerfile with EXPOSE, or a documented one."""
    built = only_stage(subject)
    if built is not None:
        return bool(built.stage.stage.config.exposed_ports)
    image = image_of(subject.service)
    known = service_image(image.familiar_name) if image is not None else None
    return known is not None and known.name in FULLY_DOCUMENTED


RULE = Rule(
    id="wrong-healthcheck-port",
    summary="a health check asks a port that the service does not listen on",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  api:\n    image: example.com/api:1\n    ports: ['8081:8080']\n    healthcheck:\n"
                "      test: curl -f http://localhost:8081/health\n"
            },
            at="8081/health",
            says="asks port 8081, which is its port on the host; inside it is 8080",
        ),
        Bad(
            {
                "compose.yaml": "services:\n  api:\n    build: .\n    ports: ['8000:8000']\n    healthcheck:\n"
                "      test: curl -f http://localhost:3000/health\n",
                "Dockerfile": "FROM python:3.12-slim\nEXPOSE 8000\nCMD python -m app\n",
            },
            at="3000/health",
            says="asks port 3000, but its ports are 8000",
        ),
        Good(
            {
                "compose.yaml": "services:\n  api:\n    image: example.com/api:1\n    ports: ['8081:8080']\n    healthcheck:\n"
                "      test: curl -f http://localhost:9000/metrics\n"
                "  web:\n    image: example.com/web:1\n    environment: {ADMIN_PORT: 9001}\n    ports: ['80:80', '9002:9001']\n"
                "    healthcheck:\n      test: curl -f http://localhost:9001/\n"
                "  rabbit:\n    image: rabbitmq:4\n    ports: ['5672:5672']\n    healthcheck:\n"
                "      test: curl -f http://localhost:15672/\n"
            },
            why="an unknown image may serve more ports than it publishes, and known ones do",
        ),
    ),
)
