"""Different images are built under one tag.

A tag names one image. Where two services of a stack build different things under one `image:`, the one that is built last is
what both run. Where two stacks of a repository do, building the second replaces the image of the first: its next `up` runs what
the other one built, from another Dockerfile, target or with other arguments, and says nothing.

Fix: a tag of its own for each (`app:test`), or no `image:`, for compose then makes the name from project and service. Not reported:
the same build in several places (meant to be shared), tags with a variable that nothing sets, alternatives by profile, and
files that are loaded together.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from dockwright.repository.repository import Repository
from dockwright.rules.finding import Category, Confidence, Finding, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule

if TYPE_CHECKING:
    from dockwright.compose.collisions.model import Claim
    from dockwright.rules._shared.sides import Side

_DECIDES = (
    "context",
    "dockerfile",
    "dockerfile_inline",
    "target",
    "args",
    "additional_contexts",
    "platforms",
)
_WORDS = {
    "context": "context",
    "dockerfile": "Dockerfile",
    "dockerfile_inline": "Dockerfile",
    "target": "target",
    "args": "build arguments",
    "additional_contexts": "additional contexts",
    "platforms": "platforms",
}
"""What decides which image a build makes."""


def check(repository: Repository) -> Iterator[Finding]:
    building = [
        item
        for item in repository.own_composes
        if any(one.build is not None and one.image is not None for one in item.file.services.values())
    ]
    if not building:
        return
    from dockwright.rules._shared.projects import stands_alone
    from dockwright.rules._shared.sides import side

    for item in building:
        one = side(repository, item) if stands_alone(repository, item) else None
        if one is not None:
            yield from _within(repository, one)
    if len(building) > 1:
        yield from _between(repository)


def _within(repository: Repository, one: "Side") -> Iterator[Finding]:
    from dockwright.compose.collisions.model import Kind

    first: dict[str, list[Claim]] = {}
    for claim in one.of_kind(Kind.IMAGE):
        earlier = first.setdefault(claim.value, [])
        other = next((found for found in earlier[:20] if _alternatives(one, claim, found) is False), None)
        earlier.append(claim)
        if other is not None:
            yield from _finding(repository, (one, claim), (one, other))


def _alternatives(one: "Side", claim: "Claim", other: "Claim") -> bool:
    """True when both need a profile and have none in common."""
    mine, theirs = (
        set(one.model["services"][found.service].get("profiles") or ()) for found in (claim, other)
    )
    return bool(mine) and bool(theirs) and not mine & theirs


def _between(repository: Repository) -> Iterator[Finding]:
    from dockwright.compose.collisions.model import Kind
    from dockwright.rules._shared.sides import meeting

    told: set[tuple[str, str]] = set()
    for one, other, collisions in meeting(repository, Kind.IMAGE):
        for met in collisions:
            if (one.item.path, met.value) not in told:
                found = list(_finding(repository, (one, met.a), (other, met.b)))
                told.update((one.item.path, met.value) for _ in found)
                yield from found


def _finding(
    repository: Repository, ours: "tuple[Side, Claim]", theirs: "tuple[Side, Claim]"
) -> Iterator[Finding]:
    from dockwright.rules._shared.sides import unsettled

    (one, claim), (other, their_claim) = ours, theirs
    mine, build = (_build(side, found) for side, found in (ours, theirs))
    differs = dict.fromkeys(_WORDS[key] for key in _DECIDES if mine.get(key) != build.get(key))
    if not differs or unsettled(claim, one) or unsettled(their_claim, other):
        return
    within = one is other
    where = "" if within else f" of `{other.item.path}`"
    yield RULE.finding(
        one.location(repository, claim.path),
        f"services `{claim.service}` and `{their_claim.service}`{where} build different images under the tag "
        f"`{claim.value}`: another {', '.join(differs)}",
        related=[Related(other.location(repository, their_claim.path), "the same tag")],
        severity=RULE.severity if within else Severity.LOW,
        confidence=RULE.confidence if within else Confidence.MEDIUM,
        service=claim.service,
        environment=one.item.environment,
    )


def _build(side: "Side", claim: "Claim") -> Mapping[str, Any]:
    found: Mapping[str, Any] = side.model["services"][claim.service].get("build") or {}
    return {**found, "dockerfile": found.get("dockerfile") or "Dockerfile"}


_TWO = "services:\n  api:\n    image: shop:latest\n    build: {{context: {}, target: {}}}\n"

RULE = Rule(
    id="image-tag-collision",
    summary="different images are built under one tag",
    category=Category.DANGEROUS,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "Dockerfile": "FROM alpine:3.20 AS web\nRUN echo web > /what\nFROM alpine:3.20 AS api\nRUN echo api > /what\n",
                "compose.yaml": "services:\n  web:\n    image: shop:1\n    build: {context: ., target: web}\n"
                "  api:\n    image: shop:1\n    build: {context: ., target: api}\n",
            },
            at="image: shop:1",
            says="services `web` and `api` build different images under the tag `shop:1`: another target",
        ),
        Bad(
            {
                "Dockerfile": "FROM alpine:3.20 AS dev\nFROM alpine:3.20 AS test\n",
                "compose.yaml": _TWO.format(".", "dev"),
                "compose.test.yaml": _TWO.format(".", "test"),
            },
            at="image: shop:latest",
            says="build different images under the tag `shop:latest`: another target",
        ),
        Good(
            {
                "Dockerfile": "FROM alpine:3.20 AS app\n",
                "compose.yaml": "services:\n  web:\n    image: shop:1\n    build: {context: ., target: app}\n"
                "  worker:\n    image: shop:1\n    build: {context: ., target: app}\n    command: work\n",
            },
            why="one build, used twice",
        ),
        Good(
            {
                "Dockerfile": "FROM alpine:3.20 AS cpu\nFROM alpine:3.20 AS gpu\n",
                "compose.yaml": "services:\n  cpu:\n    profiles: [cpu]\n    image: ai:1\n    build: {context: ., target: cpu}\n"
                "  gpu:\n    profiles: [gpu]\n    image: ai:1\n    build: {context: ., target: gpu}\n",
            },
            why="alternatives: nobody starts both",
        ),
    ),
)
