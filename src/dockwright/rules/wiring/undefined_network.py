"""A service joins a network that nothing defines.

Compose refuses the whole project: `service "web" refers to undefined network backend`. It happens when a network is
renamed at one end, or a service is copied from another file.

Fix: define the network under `networks:`, or use the name that is there. Not reported: files that are overrides or
pieces of another (the base may define it), names that hold a variable, and files with an `include` that is not in the
repository.
"""

from collections.abc import Iterator

from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ServiceSubject
from dockwright.rules.wiring._undefined import undefined_findings


def check(subject: ServiceSubject) -> Iterator[Finding]:
    uses = (
        (network.name, "joins network")
        for network in subject.service.networks
        if network.name.raw != "default"
    )
    yield from undefined_findings(RULE, subject, "networks", uses)


RULE = Rule(
    id="undefined-network",
    summary="a service joins a network that nothing defines",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    networks: [front, backend]\n"
                "networks:\n  front:\n  back-end:\n"
            },
            at="networks: [front, backend]",
            says="`backend`, which nothing defines",
        ),
        Good(
            {"compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    networks: [default]\n"},
            why="the default network needs no definition",
        ),
        Good(
            {
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\nnetworks:\n  back:\n",
                "compose.debug.yaml": "services:\n  web:\n    networks: [back]\n    environment: {DEBUG: '1'}\n",
                "Makefile": "debug:\n\tdocker compose -f compose.yaml -f compose.debug.yaml up\n",
            },
            why="the base it is loaded with defines the network",
        ),
    ),
)
