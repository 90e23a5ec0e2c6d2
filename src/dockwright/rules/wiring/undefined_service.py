"""A service depends on, links to or shares the network of a service that nothing defines.

Compose refuses the whole project: `service "web" depends on undefined service "postgres"`. It happens when a service is
renamed (`db` to `dev-db`) and those that wait for it are not.

Fix: use the name of the service that is there. Not reported: overrides and pieces of another file (the base may have
it), optional dependencies (`required: false`), and names that hold a variable.
"""

from collections.abc import Iterator

from dockwright.compose.value import Text
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ServiceSubject
from dockwright.rules.wiring._undefined import undefined_findings


def check(subject: ServiceSubject) -> Iterator[Finding]:
    yield from undefined_findings(RULE, subject, "services", _uses(subject))


def _uses(subject: ServiceSubject) -> Iterator[tuple[Text | None, str]]:
    service = subject.service
    for dependency in service.depends_on:
        if dependency.required:
            yield dependency.service, "depends on service"
    for link in service.links:
        yield link.part(0, (link.raw + ":").index(":")), "links to service"
    for words, mode in (("shares the network of", service.network_mode), ("shares the processes of", service.pid),
                        ("shares memory with", service.ipc)):  # fmt: skip
        if mode is not None and mode.raw.startswith("service:"):
            yield mode.part(len("service:"), len(mode.raw)), words
    for volumes in service.volumes_from:
        if not volumes.raw.startswith("container:"):
            yield volumes.part(0, (volumes.raw + ":").index(":")), "mounts the volumes of service"


RULE = Rule(
    id="undefined-service",
    summary="a service depends on a service that nothing defines",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    depends_on: [postgres]\n"
                "  dev-postgres:\n    image: postgres:16\n"
            },
            at="depends_on: [postgres]",
            says="`postgres`, which nothing defines",
        ),
        Bad(
            {
                "compose.yaml": "services:\n  sidecar:\n    image: busybox:1.36\n"
                "    network_mode: service:vpn\n  web:\n    image: nginx:1.27\n"
            },
            at="network_mode: service:vpn",
            says="shares the network of `vpn`",
        ),
        Good(
            {
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    links: ['db:database']\n"
                "    depends_on:\n      cache:\n        condition: service_started\n        required: false\n"
                "  db:\n    image: postgres:16\n"
            },
            why="a link may rename, and an optional dependency may be absent",
        ),
        Good(
            {
                "compose.yaml": "services:\n  db:\n    image: postgres:16\n",
                "compose.override.yaml": "services:\n  web:\n    image: nginx:1.27\n    depends_on: [db]\n",
            },
            why="compose loads the override together with the base",
        ),
    ),
)
