"""A config is defined in a compose file, and no service uses it.

It is only text, but the file behind it looks as if it were in force.

Fix: remove the entry, or use it where it was meant. Not reported: external configs, files without services, and configs that
another file uses which may be loaded with this one.
"""

from collections.abc import Iterator

from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ComposeSubject
from dockwright.rules.wiring._unused import unused


def check(subject: ComposeSubject) -> Iterator[Finding]:
    yield from unused(RULE, subject, "configs")


RULE = Rule(
    id="unused-config",
    summary="a config is defined, and no service uses it",
    category=Category.DEAD,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\nconfigs:\n  site:\n    content: server {}\n"
            },
            at="site:",
            says="config `site` is defined, and no service uses it",
        ),
        Good(
            {
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    configs:\n"
                "      - source: site\n        target: /etc/nginx/conf.d/default.conf\n"
                "configs:\n  site:\n    content: server {}\n"
            },
            why="the long form names its config by `source`",
        ),
    ),
)
