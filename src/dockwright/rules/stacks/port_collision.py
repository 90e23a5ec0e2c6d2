"""Two services of one compose file publish the same host port.

The second one to start fails with `Bind for 0.0.0.0:8080 failed: port is already allocated`. Defaults count: two
different variables with the same default collide until somebody sets one.

Fix: another host port for one of them. Not reported: services whose profiles have nothing in common (alternatives),
different host addresses, TCP beside UDP, ports the engine chooses, and one publication that stands twice, of
which Compose makes one.
"""

from collections.abc import Iterator

from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.stacks._published import Published, may_run_together, published, same_address
from dockwright.rules.subjects import ComposeSubject

MOST = 20
"""So many services of one port are compared with each further one."""


def check(subject: ComposeSubject) -> Iterator[Finding]:
    seen: dict[tuple[int, str], list[Published]] = {}
    for port in published(subject.item):
        earlier = seen.setdefault(port.key, [])
        other = next((one for one in earlier if _collide(one, port)), None)
        if other is not None:
            yield _finding(subject, port, other)
        if len(earlier) < MOST:
            earlier.append(port)


def _collide(one: Published, other: Published) -> bool:
    if one.service.name == other.service.name and one.equal(other):
        return (
            False  # Compose makes one of two equal publications (compose-go override/uncity.go: portIndexer)
        )
    if one.span == other.span or not same_address(one.binding, other.binding):
        return False
    return may_run_together(one.service, other.service)


def _finding(subject: ComposeSubject, port: Published, other: Published) -> Finding:
    same = port.service.name == other.service.name
    whose = "twice" if same else f"as service `{other.service.name}` does"
    guarded = bool(port.service.profiles or other.service.profiles)
    return RULE.finding(
        subject.at(port.span, f"services.{port.service.name}.ports"),
        f"service `{port.service.name}` publishes host port {port.port} {whose}",
        related=[subject.related(other.span, "published here too")],
        severity=Severity.MEDIUM if guarded or same else RULE.severity,
        confidence=RULE.confidence if port.literal or other.literal or not guarded else Confidence.MEDIUM,
        evidence=[] if port.literal and other.literal else ["by the defaults of its variables"],
        service=port.service.name,
        environment=subject.item.environment,
    )


RULE = Rule(
    id="port-collision",
    summary="two services of one compose file publish the same host port",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    same_as=("dclint:no-duplicate-exported-ports",),
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    ports: ['8080:80']\n"
                "  admin:\n    image: httpd:2.4\n    ports:\n      - '${ADMIN_PORT:-8080}:80'\n"
            },
            at="- '${ADMIN_PORT:-8080}:80'",
            says="`admin` publishes host port 8080 as service `web` does",
        ),
        Good(
            {
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    profiles: [nginx]\n    ports: ['80:80']\n"
                "  caddy:\n    image: caddy:2\n    profiles: [caddy]\n    ports: ['80:80']\n"
                "  dns:\n    image: coredns/coredns:1.11\n    ports: ['127.0.0.1:53:53', '127.0.0.2:53:53', '53:53/udp']\n"
            },
            why="alternatives by profile, different addresses, different protocols",
        ),
        Good(
            {
                "compose.yaml": "services:\n  a:\n    image: nginx:1.27\n    ports: ['80']\n  b:\n    image: nginx:1.27\n    ports: ['80']\n"
            },
            why="the engine chooses the host ports",
        ),
    ),
)
