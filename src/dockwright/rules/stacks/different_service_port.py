"""One setting names different ports of the same kind of server in different compose files.

ClickHouse speaks its own protocol on 9000 and HTTP on 8123; RabbitMQ AMQP on 5672 and its management page on 15672. A
client library knows one of them. When the same variable of the same service says 9000 in one environment and 8123 in
another, one of the two does not work, or the program guesses.

Fix: give every environment the port of the protocol that the client speaks.

Judged are `…_PORT` variables whose server is well known and has several ports, in files of one folder; reported at the
value that fewer files have. Not reported: ports of the host.
"""

import posixpath
from collections.abc import Iterator

import msgspec

from dockwright.compose.model import KeyValue, Service
from dockwright.dockerfile.image_reference import ImageReference
from dockwright.knowledge.services import ServiceImage, service_image
from dockwright.repository.model import ComposeItem, Place
from dockwright.repository.repository import Repository
from dockwright.rules._shared.images import image_of
from dockwright.rules._shared.services import plain_name
from dockwright.rules.finding import Category, Confidence, Finding, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import at

SHOWN = 6


class Given(msgspec.Struct, frozen=True, eq=False):
    item: ComposeItem
    service: Service
    pair: KeyValue
    port: int
    use: str
    server: str

    @property
    def place(self) -> Place:
        return Place(self.item.source, self.pair.span)


def check(repository: Repository) -> Iterator[Finding]:
    groups: dict[tuple[str, str, str], list[Given]] = {}
    for item in repository.own_composes:
        folder = posixpath.dirname(item.path)
        for given in _given(item):
            groups.setdefault((folder, plain_name(given.service.name), given.pair.name), []).append(given)
    for (_, service, _), found in groups.items():
        by_port: dict[int, list[Given]] = {}
        for given in found:
            by_port.setdefault(given.port, []).append(given)
        if len(by_port) > 1 and len({given.server for given in found}) == 1:
            yield _finding(service, by_port)


def _given(item: ComposeItem) -> Iterator[Given]:
    """`X_PORT` variables with a literal port of a well-known server of the same file."""
    servers = {
        name: known for name, service in item.file.services.items() if (known := _server(image_of(service)))
    }
    for service in item.file.services.values():
        hosts = {
            pair.name: pair.value.resolved().filled for pair in service.environment if pair.value is not None
        }
        for pair in service.environment:
            literal = pair.value.literal if pair.value is not None else None
            if not literal or not literal.isdecimal() or not pair.name.endswith("_PORT"):
                continue
            known = servers.get(hosts.get(pair.name.removesuffix("PORT") + "HOST", ""))
            use = (
                next((port.use for port in known.ports if port.port == int(literal)), None) if known else None
            )
            if known is not None and use is not None:
                yield Given(item, service, pair, int(literal), use, known.name)


def _server(image: ImageReference | None) -> ServiceImage | None:
    known = service_image(image.familiar_name) if image is not None else None
    return known if known is not None and len(known.ports) > 1 else None


def _finding(service: str, by_port: dict[int, list[Given]]) -> Finding:
    ordered = sorted(by_port.values(), key=len)
    rare, usual = ordered[0], ordered[-1]
    first = rare[0]
    others = [given for group in ordered[1:] for given in group]
    return RULE.finding(
        at(first.place, f"services.{first.service.name}.environment.{first.pair.name}"),
        f"`{first.pair.name}` of `{service}` is {first.port} ({first.use}) here and {usual[0].port} ({usual[0].use}) "
        f"in {len(usual)} other {'file' if len(usual) == 1 else 'files'}",
        related=[Related(at(given.place), f"{given.port} here too") for given in rare[1:SHOWN]]
        + [Related(at(given.place), f"{given.port} here") for given in others[:SHOWN]],
        service=first.service.name,
        environment=first.item.environment,
    )


def _example(port: int, name: str = "api") -> str:
    return (
        f"services:\n  {name}:\n    image: api:1\n    environment:\n      CLICKHOUSE_HOST: events\n"
        f"      CLICKHOUSE_PORT: {port}\n  events:\n    image: clickhouse/clickhouse-server:24.8\n"
    )


RULE = Rule(
    id="different-service-port",
    summary="one setting names different ports of the same server in different compose files",
    category=Category.DRIFT,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": _example(9000),
                "compose.dev.yaml": _example(9000, "dev-api"),
                "compose.staging.yaml": _example(8123),
            },
            at="CLICKHOUSE_PORT: 8123",
            says="`CLICKHOUSE_PORT` of `api` is 8123",
        ),
        Good(
            {"compose.yaml": _example(9000), "compose.staging.yaml": _example(8123, "importer")},
            why="two programs may use two protocols",
        ),
    ),
)
