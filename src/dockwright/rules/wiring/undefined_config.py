"""A service uses a config that nothing defines.

Compose refuses the whole project: `service "web" refers to undefined config nginx_conf`.

Fix: define the config under `configs:`. Not reported: overrides and pieces of another file, and names that hold a
variable.
"""

from collections.abc import Iterator

from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ServiceSubject
from dockwright.rules.wiring._undefined import undefined_findings


def check(subject: ServiceSubject) -> Iterator[Finding]:
    uses = ((config.source, "uses config") for config in subject.service.configs)
    yield from undefined_findings(RULE, subject, "configs", uses)


RULE = Rule(
    id="undefined-config",
    summary="a service uses a config that nothing defines",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    configs: [site]\n"
                "configs:\n  nginx_site:\n    file: ./site.conf\n",
                "site.conf": "server {}\n",
            },
            at="configs: [site]",
            says="`site`, which nothing defines",
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
