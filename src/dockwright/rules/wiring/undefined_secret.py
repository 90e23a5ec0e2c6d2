"""A service or build uses a secret that nothing defines.

Compose refuses the whole project: `service "db" refers to undefined secret db_password`.

Fix: define the secret under `secrets:` (a file or a variable). Not reported: overrides and pieces of another file, and
names that hold a variable.
"""

from collections.abc import Iterator
from itertools import chain

from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ServiceSubject
from dockwright.rules.wiring._undefined import undefined_findings


def check(subject: ServiceSubject) -> Iterator[Finding]:
    service = subject.service
    used = ((secret.source, "uses secret") for secret in service.secrets)
    built = (
        (secret.source, "builds with secret") for secret in (service.build.secrets if service.build else ())
    )
    yield from undefined_findings(RULE, subject, "secrets", chain(used, built))


RULE = Rule(
    id="undefined-secret",
    summary="a service or build uses a secret that nothing defines",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  db:\n    image: postgres:16\n    secrets: [db_password]\n"
                "secrets:\n  db-password:\n    environment: DB_PASSWORD\n"
            },
            at="secrets: [db_password]",
            says="`db_password`, which nothing defines",
        ),
        Good(
            {
                "compose.yaml": "services:\n  db:\n    image: postgres:16\n    secrets:\n"
                "      - source: db_password\n        target: pw\n"
                "secrets:\n  db_password:\n    environment: DB_PASSWORD\n"
            },
            why="the long form names its secret by `source`",
        ),
    ),
)
