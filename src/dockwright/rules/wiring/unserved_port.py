"""A published port leads to a container port that nothing in the image serves.

`ports: ["3000:8080"]` on an image that exposes 3000 and listens there: the connection is refused. Mostly host and
container port are exchanged, or the image was changed and the mapping was not.

Fix: publish the port the program listens on (`HOST:CONTAINER`), or make the program listen on this one.

Reported when the image says which ports it has (EXPOSE of the Dockerfile, or what is documented of a well-known image)
and the number stands nowhere else: not in the Dockerfile, the environment, the command or the health check. High
confidence where the Dockerfile's command or health check uses the exposed port. Not reported: services with mounted
configuration or env files, which may set another port, and ports that configuration of the repository listens on.
"""

import re
from collections.abc import Iterator

from dockwright.compose.ports import bindings
from dockwright.dockerfile.instructions.types import Cmd, Entrypoint, Healthcheck
from dockwright.knowledge.images import base_image as known_base
from dockwright.knowledge.services import service_image
from dockwright.rules._shared.images import Built, base_image, image_of, only_stage
from dockwright.rules._shared.mentions import FULLY_DOCUMENTED, configured_by_files, has_number, service_texts
from dockwright.rules.finding import Category, Confidence, Finding, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ServiceSubject

CONFIGURATION = (".conf", ".template", ".tmpl", ".cfg", ".cnf", "Caddyfile", ".j2")
LISTENS = re.compile(rb"(?i)\b(?:listen|bind|port)[ \t=:]+(?:[\w.*\[\]-]+:)?(\d{2,5})\b")
LARGEST = 100_000


def check(subject: ServiceSubject) -> Iterator[Finding]:
    service = subject.service
    if (
        not service.ports
        or service.network_mode is not None
        or configured_by_files(service)
        or service.extends
    ):
        return
    known = _known(subject)
    if known is None:
        return
    served, because, sure, related = known
    texts = list(service_texts(service))
    seen: set[int] = set()
    for port in service.ports:
        for binding in bindings(port):
            number = binding.target
            if (
                binding.protocol != "tcp"
                or number in served
                or number in seen
                or any(has_number(t, number) for t in texts)
                or _listened_to(subject, number)
            ):
                continue
            seen.add(number)
            listed = ", ".join(str(one) for one in sorted(served)[:6])
            yield RULE.finding(
                subject.at(port.node.span, f"{subject.route}.ports"),
                f"publishes container port {number}, but the image serves {listed}",
                related=related,
                confidence=RULE.confidence if sure else Confidence.MEDIUM,
                evidence=[because],
                service=service.name,
                environment=subject.item.environment,
            )


def _listened_to(subject: ServiceSubject, port: int) -> bool:
    """True when configuration or a script of the repository listens on the port: the image may hold it."""

    def find() -> frozenset[int]:
        found: set[int] = set()
        tree = subject.repository.tree
        for entry in tree.entries():
            if not entry.is_link and entry.size < LARGEST and entry.path.endswith(CONFIGURATION):
                found.update(int(match[1]) for match in LISTENS.finditer(tree.read(entry.path)))
        return frozenset(found)

    return port in subject.repository.memo("ports_listened_to", find)


def _known(subject: ServiceSubject) -> tuple[set[int], str, bool, list[Related]] | None:
    """The ports the image serves, what that rests on, and whether it is beyond doubt; None when it is not known."""
    image = image_of(subject.service)
    if image is not None:
        service = service_image(image.familiar_name)
        if service is None or not service.ports or service.name not in FULLY_DOCUMENTED:
            return None
        return {port.port for port in service.ports}, f"documented of `{image.familiar_name}`", False, []
    built = only_stage(subject)
    if built is None:
        return None
    config = built.stage.stage.config
    exposed = {int(name.partition("/")[0]) for name in config.exposed_ports if name.endswith("/tcp")}
    base = base_image(built.stage.stage)
    if not exposed or base is None:
        return None
    documented = known_base(base.familiar_name, base.tag or "")
    for port in documented.ports if documented is not None else ():
        number = port.partition("/")[0]
        exposed |= {int(number)} if number.isdecimal() else set()
    text = built.dockerfile.source.data.decode("utf-8", "replace")
    served = exposed | {one for one in _targets(subject) if has_number(text, one)}
    return served, f"`{built.dockerfile.path}` exposes them", _uses(built, exposed), _places(built)


def _targets(subject: ServiceSubject) -> set[int]:
    return {one.target for port in subject.service.ports for one in bindings(port)}


def _uses(built: Built, ports: set[int]) -> bool:
    """True when the command or the health check of the image names one of the ports."""
    config = built.stage.stage.config
    texts = [" ".join(setting.value) for setting in (config.cmd, config.entrypoint) if setting is not None]
    texts += [" ".join(config.healthcheck.value.test)] if config.healthcheck is not None else []
    return any(has_number(text, port) for text in texts for port in ports)


def _places(built: Built) -> list[Related]:
    commands = [
        one.command
        for one in built.stage.stage.config.port_ranges.items().values()
        if one.command is not None
    ]
    found = [built.dockerfile.related(command.span, "exposed here") for command in commands]
    lines = [one for one in built.stage.stage.instructions if isinstance(one, Cmd | Entrypoint | Healthcheck)]
    return (found + [built.dockerfile.related(one.span, "listens here") for one in lines])[:3]


RULE = Rule(
    id="unserved-port",
    summary="a published port leads to a container port that nothing in the image serves",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  web:\n    build: .\n    ports:\n      - '3000:8080'\n",
                "Dockerfile": 'FROM node:22-slim\nEXPOSE 3000\nCMD ["npx", "serve", "-l", "3000"]\n',
            },
            at="- '3000:8080'",
            says="publishes container port 8080, but the image serves 3000",
        ),
        Bad(
            {"compose.yaml": "services:\n  db:\n    image: postgres:16\n    ports: ['5432:5433']\n"},
            at="ports: ['5432:5433']",
            says="publishes container port 5433, but the image serves 5432",
        ),
        Good(
            {
                "compose.yaml": "services:\n  web:\n    build: .\n    environment: {PORT: 8080}\n    ports: ['3000:8080']\n"
                "  api:\n    build: .\n    command: serve -l 9000\n    ports: ['80:9000']\n"
                "  db:\n    image: postgres:16\n    command: -p 5433\n    ports: ['5432:5433']\n"
                "  proxy:\n    image: nginx:1.27\n    volumes: ['./n.conf:/etc/nginx/nginx.conf:ro']\n    ports: ['80:8080']\n",
                "Dockerfile": 'FROM node:22-slim\nEXPOSE 3000\nCMD ["npx", "serve"]\n',
                "n.conf": "",
            },
            why="the environment, the command or a mounted configuration sets another port",
        ),
    ),
)
