"""A database accepts everybody without a password.

`POSTGRES_HOST_AUTH_METHOD: trust` lets any client that reaches the port be superuser, whatever password it sends; so do
MySQL's and MariaDB's empty-password switches. With a published port that is everybody on the network. Such a line is
copied from test to production, and a wrong password in an application is never noticed in tests.

Fix: set a password (also a constant one for tests) and remove the line. Lower severity where the file is for tests and
publishes no port.
"""

from collections.abc import Iterator

from dockwright.compose.model import KeyValue
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ServiceSubject

SWITCHES = frozenset(
    (
        "MYSQL_ALLOW_EMPTY_PASSWORD", "MARIADB_ALLOW_EMPTY_PASSWORD", "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD",
        "MYSQL_ALLOW_EMPTY_ROOT_PASSWORD", "ALLOW_EMPTY_PASSWORD", "ALLOW_ANONYMOUS_LOGIN",
    )
)  # fmt: skip
"""docker-library mysql and mariadb: any non-empty value; bitnami images: yes."""
GENERAL = frozenset(("ALLOW_EMPTY_PASSWORD", "ALLOW_ANONYMOUS_LOGIN"))
SERVERS = ("sql", "maria", "percona", "redis", "valkey", "keydb", "mongo", "postgres", "zookeeper", "kafka", "rabbit", "etcd",
           "elastic", "cassandra", "influx", "minio", "memcached", "$")  # fmt: skip
OFF = frozenset(("", "0", "no", "false", "off"))
SHELTERED = frozenset(("test", "ci", "development"))


def check(subject: ServiceSubject) -> Iterator[Finding]:
    for pair in subject.service.environment:
        words = _open(pair) if pair.name not in GENERAL or _server(subject) else ""
        if words and pair.value is not None:
            sheltered = subject.item.environment in SHELTERED and not subject.service.ports
            yield RULE.finding(
                subject.at(pair.value.span, subject.route),
                f"service `{subject.service.name}` {words} (`{pair.name}`)",
                severity=Severity.LOW if sheltered else RULE.severity,
                evidence=["it publishes a port"] if subject.service.ports else [],
                service=subject.service.name,
                environment=subject.item.environment,
            )


def _server(subject: ServiceSubject) -> bool:
    """True unless the image is known and none that keeps data: in images of applications the switch is about their database."""
    image = subject.service.image
    name = (image.default or image.raw).rpartition("/")[2] if image is not None else ""
    return not name or any(word in name for word in SERVERS)


def _open(pair: KeyValue) -> str:
    value = (pair.value.default or "").strip().lower() if pair.value is not None else ""
    if pair.name == "POSTGRES_HOST_AUTH_METHOD":
        return "lets every client in without a password" if value == "trust" else ""
    if pair.name in SWITCHES:
        return "may be used without a password" if value not in OFF else ""
    return ""


RULE = Rule(
    id="trust-authentication",
    summary="a database accepts everybody without a password",
    category=Category.SECURITY,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  db:\n    image: postgres:16\n    environment:\n"
                "      POSTGRES_HOST_AUTH_METHOD: trust\n    ports: ['5432:5432']\n"
            },
            at="POSTGRES_HOST_AUTH_METHOD: trust",
            says="lets every client in without a password",
        ),
        Bad(
            {
                "compose.yaml": "services:\n  db:\n    image: mysql:8\n    environment:\n"
                "      - MYSQL_ALLOW_EMPTY_PASSWORD=yes\n"
            },
            at="MYSQL_ALLOW_EMPTY_PASSWORD=yes",
            says="may be used without a password",
        ),
        Good(
            {
                "compose.yaml": "services:\n  db:\n    image: postgres:16\n    environment:\n"
                "      POSTGRES_HOST_AUTH_METHOD: scram-sha-256\n      ALLOW_EMPTY_PASSWORD: 'no'\n"
            },
            why="the method asks for a password, and the switch is off",
        ),
    ),
)
