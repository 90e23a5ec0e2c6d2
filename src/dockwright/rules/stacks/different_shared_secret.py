"""Services that must agree on a secret are given different ones.

`SERVICE_SECRET`, `JWT_SECRET_KEY` and their like only work when both ends have the same value: one signs, the other
checks. Two literals in one compose file that differ make every call between the two fail.

Fix: one value, best by an anchor or an env file, so that they cannot part again. Judged are names that say that they are
shared (service, JWT, internal, shared). High confidence where another compose file gives the two services one value for
it; medium otherwise. Values are never shown. Not reported: services that are alternatives of each other.
"""

import re
from collections.abc import Iterator

from dockwright.compose.model import KeyValue, Service
from dockwright.rules._shared.services import alternatives, plain_name, setting
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ComposeSubject

_SHARED = re.compile(
    r"(?:.*_)?(?:SERVICE|JWT|SHARED|INTERNAL|INTER_SERVICE|SERVICE_AUTH|CLUSTER|GATEWAY|WEBHOOK)_"
    r"(?:AUTH_|ACCESS_|API_)?(?:SECRET|TOKEN|KEY|SECRET_KEY)",
    re.IGNORECASE,
)

Given = tuple[Service, KeyValue, str]


def check(subject: ComposeSubject) -> Iterator[Finding]:
    holders: dict[str, list[Given]] = {}
    for service in subject.file.services.values():
        for pair in service.environment:
            literal = pair.value.literal if pair.value is not None else None
            if literal and _SHARED.fullmatch(pair.name):
                holders.setdefault(pair.name, []).append((service, pair, literal))
    for name, found in holders.items():
        first = found[0]
        for other in found[1:]:
            if other[2] != first[2] and not alternatives(first[0], other[0]):
                yield _finding(subject, name, first, other)
                break


def _finding(subject: ComposeSubject, name: str, one: Given, other: Given) -> Finding:
    agreed = _agreed(subject, name, one[0], other[0])
    return RULE.finding(
        subject.at(other[1].span, f"services.{other[0].name}.environment.{name}"),
        f"services `{one[0].name}` and `{other[0].name}` are given different values of `{name}`",
        related=[subject.related(one[1].span, "the other value")],
        confidence=RULE.confidence if agreed else Confidence.MEDIUM,
        evidence=[f"`{agreed}` gives both the same"] if agreed else [],
        service=other[0].name,
        environment=subject.item.environment,
    )


def _agreed(subject: ComposeSubject, name: str, one: Service, other: Service) -> str:
    """A compose file that gives the two services one value for the name; empty when there is none."""
    wanted = {plain_name(one.name), plain_name(other.name)}
    for item in subject.repository.own_composes:
        values: dict[str, str] = {}
        for service in item.file.services.values() if item is not subject.item else ():
            pair = setting(service, name)
            if pair is not None and pair.value is not None and plain_name(service.name) in wanted:
                values.setdefault(plain_name(service.name), pair.value.raw)
        if len(values) == 2 and len(set(values.values())) == 1:
            return item.path
    return ""


RULE = Rule(
    id="different-shared-secret",
    summary="services that must agree on a secret are given different ones",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  auth:\n    image: auth:1\n    environment:\n      SERVICE_SECRET: one-value\n"
                "  api:\n    image: api:1\n    environment:\n      SERVICE_SECRET: other-value\n",
                "compose.test.yaml": "services:\n  test-auth:\n    image: auth:1\n    environment: [SERVICE_SECRET=same]\n"
                "  test-api:\n    image: api:1\n    environment: [SERVICE_SECRET=same]\n",
            },
            at="SERVICE_SECRET: other-value",
            says="`auth` and `api` are given different values of `SERVICE_SECRET`",
        ),
        Good(
            {
                "compose.yaml": "services:\n  api:\n    image: api:1\n    environment:\n      JWT_SECRET: a\n"
                "      POSTGRES_PASSWORD: a\n"
                "  api-test:\n    image: api:1\n    environment:\n      JWT_SECRET: b\n"
                "  wiki-db:\n    image: postgres:16\n    environment:\n      POSTGRES_PASSWORD: b\n"
            },
            why="the test service has its own, and every database its own password",
        ),
    ),
)
