"""Two networks of fixed subnets overlap.

The engine refuses the second network: `Pool overlaps with other one on this address space`. Networks of different
projects count too, for there is one address space per machine.

Fix: leave `ipam` out, so that the engine chooses, or use subnets that do not overlap. Not reported: the same network of
the same project in several files, and production files beside others.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dockwright.repository.model import ComposeItem, Place
from dockwright.repository.repository import Repository
from dockwright.rules.finding import Category, Confidence, Finding, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import at

if TYPE_CHECKING:
    from dockwright.compose.collisions.model import Claim, Collision
    from dockwright.rules._shared.sides import Side

MOST = 200


def check(repository: Repository) -> Iterator[Finding]:
    fixed = [
        item for item in repository.own_composes if any(one.subnets for one in item.file.networks.values())
    ]
    if not fixed:
        return
    for item in fixed:
        yield from _within(item)
    if len(fixed) > 1:
        yield from _between(repository)


def _within(item: ComposeItem) -> Iterator[Finding]:
    """Two networks of one file."""
    from dockwright.compose.collisions.meet import subnets_meet

    found = [
        (network, text, text.default or "")
        for network in item.file.networks.values()
        for text in (network.subnets if not network.external else ())
    ][:MOST]
    for index, (network, text, subnet) in enumerate(found):
        for other, their_text, theirs in found[:index]:
            if network.key != other.key and subnet and theirs and subnets_meet(subnet, theirs):
                yield RULE.finding(
                    at(Place(item.source, text.span), f"networks.{network.key}.ipam"),
                    f"subnet {subnet} of network `{network.key}` overlaps {theirs} of network `{other.key}`",
                    related=[Related(at(Place(item.source, their_text.span)), "the other subnet")],
                    environment=item.environment,
                )


def _between(repository: Repository) -> Iterator[Finding]:
    """Networks of two stacks that are not one and the same network."""
    from dockwright.compose.collisions.model import Kind
    from dockwright.rules._shared.sides import meeting, unsettled

    reported: set[str] = set()
    for one, other, collisions in meeting(repository, Kind.SUBNET):
        for met in collisions if one.item.path not in reported else ():
            if _name(one, met.a) != _name(other, met.b) and not (
                unsettled(met.a, one) or unsettled(met.b, other)
            ):
                reported.add(one.item.path)
                yield _finding(repository, one, other, met)
                break


def _name(one: "Side", claim: "Claim") -> str:
    """The engine's name of the network a subnet belongs to."""
    return str(one.model["networks"][claim.path[1]].get("name") or claim.path[1])


def _finding(repository: Repository, one: "Side", other: "Side", met: "Collision") -> Finding:
    network, theirs = met.a.path[1], met.b.path[1]
    return RULE.finding(
        one.location(repository, met.a.path),
        f"subnet {met.a.value} of network `{network}` overlaps {met.b.value} of network `{theirs}` of `{other.item.path}`",
        related=[Related(other.location(repository, met.b.path), "the other subnet")],
        severity=Severity.LOW,
        confidence=Confidence.MEDIUM,
        environment=one.item.environment,
    )


RULE = Rule(
    id="subnet-collision",
    summary="two networks of fixed subnets overlap",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    networks: [front, back]\n"
                "networks:\n  front:\n    ipam:\n      config:\n        - subnet: 172.28.0.0/16\n"
                "  back:\n    ipam:\n      config:\n        - subnet: 172.28.5.0/24\n"
            },
            at="- subnet: 172.28.5.0/24",
            says="overlaps 172.28.0.0/16 of network `front`",
        ),
        Good(
            {
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    networks: [front]\nnetworks:\n  front:\n"
                "    ipam:\n      config:\n        - subnet: 172.28.0.0/24\n        - subnet: fd00::/64\n",
                "compose.podman.yaml": "services:\n  web:\n    image: nginx:1.27\n    networks: [front]\nnetworks:\n"
                "  front:\n    ipam:\n      config:\n        - subnet: 172.28.0.0/24\n",
            },
            why="both files mean the same network of the same project",
        ),
    ),
)
