"""Two networks of fixed subnets overlap.

The engine refuses the second network: `Pool overlaps with other one on this address space`. Networks of different
projects count too, for there is one address space per machine.

Fix: leave `ipam` out, so that the engine chooses, or use subnets that do not overlap. Not reported: the same network of
the same project in several files, and production files beside others.
"""

import ipaddress
from collections.abc import Iterator

import msgspec

from dockwright.compose.model import Resource
from dockwright.compose.value import Text
from dockwright.repository.model import ComposeItem, Place
from dockwright.repository.repository import Repository
from dockwright.repository.vocabulary import PRODUCTION
from dockwright.rules._shared.projects import project_of, together
from dockwright.rules.finding import Category, Confidence, Finding, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import at

Net = ipaddress.IPv4Network | ipaddress.IPv6Network


MOST = 1000


class Subnet(msgspec.Struct, frozen=True, eq=False):
    item: ComposeItem
    network: Resource
    text: Text
    net: Net

    @property
    def place(self) -> Place:
        return Place(self.item.source, self.text.span)


def check(repository: Repository) -> Iterator[Finding]:
    found = [subnet for item in repository.own_composes for subnet in _subnets(item)][:MOST]
    reported: set[str] = set()
    for index, subnet in enumerate(found):
        for other in found[:index]:
            if subnet.net.version != other.net.version or not subnet.net.overlaps(other.net):
                continue
            if subnet.item is other.item:
                if subnet.network.key != other.network.key:
                    yield _finding(subnet, other, within=True)
            elif subnet.item.path not in reported and _apart(repository, subnet, other):
                reported.add(subnet.item.path)
                yield _finding(subnet, other, within=False)


def _subnets(item: ComposeItem) -> Iterator[Subnet]:
    for network in item.file.networks.values():
        for text in network.subnets if not network.external else ():
            try:
                net = ipaddress.ip_network(text.default or "", strict=False)
            except ValueError:
                continue
            yield Subnet(item, network, text, net)


def _apart(repository: Repository, one: Subnet, other: Subnet) -> bool:
    """True when both networks may exist at the same time, as two."""
    if PRODUCTION in (one.item.environment, other.item.environment) or together(
        repository, one.item, other.item
    ):
        return False
    if one.item.path.rpartition("/")[0] != other.item.path.rpartition("/")[0]:
        return False
    mine, theirs = project_of(repository, one.item), project_of(repository, other.item)
    if mine is None or theirs is None:
        return False
    names = [subnet.network.name.raw if subnet.network.name else "" for subnet in (one, other)]
    if names[0] or names[1]:
        return names[0] != names[1]
    return mine is not theirs or one.network.key != other.network.key


def _finding(one: Subnet, other: Subnet, *, within: bool) -> Finding:
    where = f"network `{other.network.key}`" + ("" if within else f" of `{other.item.path}`")
    return RULE.finding(
        at(one.place, f"networks.{one.network.key}.ipam"),
        f"subnet {one.net} of network `{one.network.key}` overlaps {other.net} of {where}",
        related=[Related(at(other.place), "the other subnet")],
        severity=RULE.severity if within else Severity.LOW,
        confidence=RULE.confidence if within else Confidence.MEDIUM,
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
