"""A network is defined in a compose file, and no service uses it.

Compose does not create it. It shows a separation of services that does not exist: everything sits in other networks.

Fix: remove the entry, or use it where it was meant. Not reported: external networks, files without services, and networks that
another file uses which may be loaded with this one.
"""

from collections.abc import Iterator

from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ComposeSubject
from dockwright.rules.wiring._unused import unused


def check(subject: ComposeSubject) -> Iterator[Finding]:
    yield from unused(RULE, subject, "networks")


RULE = Rule(
    id="unused-network",
    summary="a network is defined, and no service uses it",
    category=Category.DEAD,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    networks: [front]\n"
                "networks:\n  front:\n  back:\n    internal: true\n"
            },
            at="back:",
            says="network `back` is defined, and no service uses it",
        ),
        Good(
            {
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    networks:\n"
                "      front:\n        aliases: [www]\nnetworks:\n  default:\n    driver: bridge\n  front:\n"
            },
            why="the default network is used by every service that names none",
        ),
    ),
)
