"""A service runs privileged.

A privileged container has every capability and every device of the host: who breaks into it owns the machine.

Fix: give it the capabilities (`cap_add`) or devices it needs, one by one. Docker-in-Docker images cannot run without it
and are reported with lower severity.
"""

from collections.abc import Iterator

from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ServiceSubject

TRUE = frozenset(("true", "yes", "on", "y"))
NEEDS_IT = ("dind", "buildkit", "kind", "k3s", "sysbox", "qemu", "tonistiigi/binfmt")


def check(subject: ServiceSubject) -> Iterator[Finding]:
    value = subject.service.privileged
    if value is None or (value.default or "").lower() not in TRUE:
        return
    image = (subject.service.image.raw if subject.service.image is not None else "").lower()
    needs = any(name in image for name in NEEDS_IT)
    yield RULE.finding(
        subject.at(value.span, subject.route),
        f"service `{subject.service.name}` runs privileged",
        severity=Severity.LOW if needs else RULE.severity,
        evidence=[f"`{image}` runs containers of its own and needs it"] if needs else [],
        service=subject.service.name,
        environment=subject.item.environment,
    )


RULE = Rule(
    id="privileged-service",
    summary="a service runs privileged",
    category=Category.SECURITY,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    same_as=("kics:ae5b6871-7f45-42e0-bb4c-ab300c4d2026", "semgrep:privileged-service"),
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  vpn:\n    image: linuxserver/wireguard:1.0\n    privileged: true\n"
            },
            at="privileged: true",
            says="`vpn` runs privileged",
        ),
        Good(
            {
                "compose.yaml": "services:\n  a:\n    image: nginx:1.27\n    privileged: false\n"
                "  b:\n    image: nginx:1.27\n    cap_add: [NET_ADMIN]\n"
                "  c:\n    image: nginx:1.27\n    privileged: ${PRIVILEGED}\n"
            },
            why="single capabilities are the right way, and a variable without default may be anything",
        ),
    ),
)
