"""A service calls another under its published host port, which does not exist inside the network.

`ports: ["5433:5432"]` publishes port 5432 of the container as 5433 *of the host*. Other services reach the container by
its name and its own port: `db:5432`. `db:5433` is refused. It is written by those who look up the port in `docker ps`,
and it works as long as both numbers happen to be equal.

Fix: the container's port. Reported for URLs (`redis://cache:6380`) and for pairs such as `DB_HOST: db` with
`DB_PORT: 5433`, when the number is a published port of that very service and no container port of it. Not reported:
host networking, and hosts that are no service of the file.
"""

import re
from collections.abc import Iterator, Mapping

from dockwright.compose.model import KeyValue, Service
from dockwright.compose.ports import bindings
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ServiceSubject

_URL = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,20}://(?:[^\s/@]{0,200}@)?([A-Za-z0-9][\w.-]{0,100}):(\d{2,5})\b", re.IGNORECASE
)
_PAIR = re.compile(r"([A-Za-z0-9][\w-]{0,100}):(\d{2,5})")


def check(subject: ServiceSubject) -> Iterator[Finding]:
    if subject.service.network_mode is not None:
        return
    services = subject.file.services
    values = {pair.name: pair for pair in subject.service.environment if pair.value is not None}
    for pair in subject.service.environment:
        for host, port in _addresses(pair, values):
            target = services.get(host)
            if target is None or target.name == subject.service.name:
                continue
            inside = _published_as(target, port)
            if inside is not None:
                yield _finding(subject, pair, target, port, inside)
                break


def _addresses(pair: KeyValue, values: Mapping[str, KeyValue]) -> Iterator[tuple[str, int]]:
    """Hosts with ports that a variable's value names; for `X_PORT` together with the value of `X_HOST`."""
    text = pair.value.resolved().filled if pair.value is not None else ""
    if pair.name.upper().endswith("PORT") and text.isdecimal() and len(text) < 6:
        stem = pair.name[: -len("PORT")]
        for ending in ("HOST", "HOSTNAME", "SERVER", "SERVICE_HOST", "ADDRESS", "host"):
            other = values.get(stem + ending)
            if other is not None and other.value is not None:
                yield other.value.resolved().filled, int(text)
                return
        return
    found = _PAIR.fullmatch(text)
    if found:
        yield found[1], int(found[2])
        return
    for url in _URL.finditer(text):
        yield url[1], int(url[2])


def _published_as(service: Service, port: int) -> int | None:
    """The container port that `port` of the host leads to; None when the container itself may listen on `port`."""
    inside: int | None = None
    own: set[int] = {
        int(text.raw.partition("/")[0]) for text in service.expose if text.raw.partition("/")[0].isdecimal()
    }
    for declared in service.ports:
        for binding in bindings(declared):
            own.add(binding.target)
            if binding.published == str(port):
                inside = binding.target
    if inside is None or port in own:
        return None
    mentions = [pair.value.raw for pair in service.environment if pair.value is not None]
    texts = [service.command.text, *service.command.words] if service.command is not None else []
    mentions += [text.raw for text in texts if text is not None]
    return None if any(re.search(rf"(?<!\d){port}(?!\d)", text) for text in mentions) else inside


def _finding(subject: ServiceSubject, pair: KeyValue, target: Service, port: int, inside: int) -> Finding:
    return RULE.finding(
        subject.at(pair.span, f"{subject.route}.environment.{pair.name}"),
        f"`{pair.name}` of service `{subject.service.name}` calls `{target.name}` at port {port}, "
        f"which is its port on the host; inside the network it is {inside}",
        related=[subject.related(target.ports[0].node.span, "published here")],
        service=subject.service.name,
        environment=subject.item.environment,
    )


RULE = Rule(
    id="host-port-inside-network",
    summary="a service calls another under its published host port",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  api:\n    image: api:1\n    environment:\n"
                "      CACHE_URL: redis://:${PW:-x}@cache:6380/0\n"
                "  cache:\n    image: redis:7\n    ports: ['6380:6379']\n"
            },
            at="CACHE_URL: redis://",
            says="calls `cache` at port 6380, which is its port on the host; inside the network it is 6379",
        ),
        Bad(
            {
                "compose.yaml": "services:\n  api:\n    image: api:1\n    environment:\n      - DB_HOST=db\n"
                "      - DB_PORT=5433\n  db:\n    image: postgres:16\n    ports: ['5433:5432']\n"
            },
            at="- DB_PORT=5433",
            says="calls `db` at port 5433",
        ),
        Good(
            {
                "compose.yaml": "services:\n  api:\n    image: api:1\n    environment:\n"
                "      DB_URL: postgres://u@db:5432/app\n      PUBLIC_URL: http://localhost:8081\n"
                "      ADMIN: http://admin:9000\n"
                "  db:\n    image: postgres:16\n    ports: ['5433:5432']\n"
                "  admin:\n    image: admin:1\n    environment: {LISTEN: ':9000'}\n    ports: ['9000:80', '9001:9000']\n"
            },
            why="the container's own port, an address on the host, and a port the service may well listen on",
        ),
    ),
)
