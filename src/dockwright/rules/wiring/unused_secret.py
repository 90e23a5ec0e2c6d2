"""A secret is defined in a compose file, and no service uses it.

The file or variable behind it is kept, rotated and guarded for nothing, or the service that needs it does not get it.

Fix: remove the entry, or use it where it was meant. Not reported: external secrets, files without services, and secrets that
another file uses which may be loaded with this one.
"""

from collections.abc import Iterator

from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ComposeSubject
from dockwright.rules.wiring._unused import unused


def check(subject: ComposeSubject) -> Iterator[Finding]:
    yield from unused(RULE, subject, "secrets")


RULE = Rule(
    id="unused-secret",
    summary="a secret is defined, and no service uses it",
    category=Category.DEAD,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  db:\n    image: postgres:16\n    secrets: [password]\n"
                "secrets:\n  password:\n    environment: DB_PASSWORD\n  api_key:\n    environment: API_KEY\n"
            },
            at="api_key:",
            says="secret `api_key` is defined, and no service uses it",
        ),
        Good(
            {
                "compose.yaml": "services:\n  web:\n    build:\n      context: .\n      secrets: [npmrc]\n"
                "secrets:\n  npmrc:\n    environment: NPMRC\n",
                "Dockerfile": "FROM scratch\n",
            },
            why="a build may be what uses it",
        ),
    ),
)
