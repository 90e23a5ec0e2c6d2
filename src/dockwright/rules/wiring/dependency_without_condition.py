"""A service waits only for the start of a service that has a health check.

The list form of `depends_on` (and `condition: service_started`) starts the dependency first, and the service at once
after it: a database takes seconds until it answers, so the service fails, or hides the race in a retry loop. The
dependency has a health check, so compose could wait for it.

Fix: the long form with `condition: service_healthy`. Not safe where the dependency may stay unhealthy for good reasons.
Not reported: dependencies without a health check, and `docker stack deploy` files (`deploy` with more than one replica),
where `depends_on` has no effect at all. One finding for all services that share the lines (`<<: *defaults`).
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dockwright.compose.model import Dependency, Service
from dockwright.rules._shared.images import image_of
from dockwright.rules._shared.loading import ways
from dockwright.rules.finding import Category, Confidence, Finding, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ComposeSubject, ServiceSubject
from dockwright.text import Span

NEEDS_TIME = (
    "postgres", "mysql", "mariadb", "mongo", "redis", "valkey", "rabbitmq", "kafka", "elasticsearch", "opensearch",
    "clickhouse", "cassandra", "mssql", "oracle", "minio", "neo4j", "keycloak", "vault", "consul", "postgis", "pgvector",
    "timescale", "influxdb", "questdb", "qdrant", "weaviate", "milvus", "chroma", "localstack", "nats",
)  # fmt: skip
"""Parts of image names of stores and brokers: clients that come too early fail."""


def check(compose: ComposeSubject) -> Iterator[Finding]:
    groups: dict[Span, list[_Hasty]] = {}
    for service in compose.file.services.values():
        found = _hasty(ServiceSubject(compose, service))
        if found is not None:
            groups.setdefault(found.span, []).append(found)
    for group in groups.values():
        yield _finding(group)


class _Hasty(NamedTuple):
    """A service with its dependencies that have a health check nobody waits for."""

    subject: ServiceSubject
    targets: list[tuple[Dependency, Service]]

    @property
    def span(self) -> Span:
        return self.targets[0][0].service.span


def _hasty(subject: ServiceSubject) -> _Hasty | None:
    hasty = [
        (dependency, target)
        for dependency in subject.service.depends_on
        if dependency.condition is None or dependency.condition.raw == "service_started"
        if (target := _checked(subject, dependency)) is not None
    ]
    return _Hasty(subject, hasty) if hasty and not _waits_elsewhere(subject) else None


def _finding(group: Sequence[_Hasty]) -> Finding:
    """One finding for all services that share the lines by an anchor or an alias."""
    subject, hasty = group[0]
    names = ", ".join(f"`{target.name}`" for _, target in hasty)
    stores = [target.name for _, target in hasty if _is_store(target)]
    others = [other.subject.service.name for other in group[1:]]
    return RULE.finding(
        subject.at(group[0].span, subject.route),
        f"service `{subject.service.name}` waits only for the start of {names}, "
        f"which {'has a health check' if len(hasty) == 1 else 'have health checks'}",
        related=[
            Related(
                subject.at(target.healthcheck.node.key_span or target.span),
                f"health check of `{target.name}`",
            )
            for _, target in hasty
            if target.healthcheck is not None and target.healthcheck.node.file is subject.file.yaml
        ],
        evidence=[f"so do {', '.join(f'`{name}`' for name in others)}, by the same lines"] if others else [],
        severity=RULE.severity if stores else Severity.LOW,
        service=subject.service.name,
        environment=subject.item.environment,
    )


def _checked(subject: ServiceSubject, dependency: Dependency) -> Service | None:
    """The service of the same file a dependency means, when it has a health check in force."""
    target = subject.file.services.get(dependency.service.raw)
    if (
        target is None
        or target.healthcheck is None
        or target.healthcheck.disabled
        or not target.healthcheck.test
    ):
        return None
    return target


def _is_store(service: Service) -> bool:
    image = image_of(service)
    return image is not None and any(name in image.repository for name in NEEDS_TIME)


def _waits_elsewhere(subject: ServiceSubject) -> bool:
    """True when another file it is loaded with gives a condition."""
    return any(
        dependency.condition is not None and dependency.condition.raw != "service_started"
        for way in ways(subject.repository, subject.item)
        for item, service in way.services(subject.service.name)
        if item is not subject.item
        for dependency in service.depends_on
    )


RULE = Rule(
    id="dependency-without-condition",
    summary="a service waits only for the start of a service that has a health check",
    category=Category.DANGEROUS,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  web:\n    build: .\n    depends_on:\n      - db\n"
                "  db:\n    image: postgres:16\n    healthcheck:\n      test: pg_isready\n",
                "Dockerfile": "FROM scratch\n",
            },
            at="- db",
            says="waits only for the start of `db`",
        ),
        Bad(
            {
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    depends_on:\n      api:\n"
                "        condition: service_started\n  api:\n    image: httpd:2.4\n    healthcheck:\n"
                "      test: [CMD, httpd, -t]\n"
            },
            at="api:",
            says="waits only for the start of `api`",
        ),
        Good(
            {
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    depends_on: [cache, mail]\n"
                "  cache:\n    image: redis:7\n  mail:\n    image: axllent/mailpit:v1\n    healthcheck:\n"
                "      disable: true\n"
            },
            why="there is nothing to wait for",
        ),
        Good(
            {
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    depends_on:\n      setup:\n"
                "        condition: service_completed_successfully\n  setup:\n    image: alpine:3.20\n"
                "    healthcheck:\n      test: 'true'\n"
            },
            why="waiting for the end of a job is another condition",
        ),
    ),
)
