"""Where the claims of two projects meet."""

import re
from collections import defaultdict
from collections.abc import Iterable

from dockwright.compose.collisions.claims import claims
from dockwright.compose.collisions.model import Claim, Collision, Effect, Kind, Model

_PORT = re.compile(
    r"^(?:(?P<address>\[[^\]]*\]|[^:/]*):)?(?P<first>\d+)(?:-(?P<last>\d+))?/(?P<protocol>\w+)$"
)
_ANY = frozenset({"", "0.0.0.0", "::", "[::]"})  # noqa: S104 (what users write, not what we bind)
_EFFECTS = {
    Kind.CONTAINER: Effect.REFUSED,
    Kind.PORT: Effect.REFUSED,
    Kind.SUBNET: Effect.REFUSED,
    Kind.PROJECT: Effect.REPLACED,
    Kind.IMAGE: Effect.REPLACED,
    Kind.VOLUME: Effect.SHARED,
    Kind.NETWORK: Effect.SHARED,
    Kind.BIND: Effect.SHARED,
}


def between(a: Model, b: Model) -> list[Collision]:
    """What two different stacks cannot both have, or would share, when they run side by side as they are written.

    One collision for each pair of values: two services that build one image are told once.
    """
    return meetings(claims(a), claims(b))


def meetings(ours: Iterable[Claim], theirs: Iterable[Claim]) -> list[Collision]:
    """`between` of what two stacks claim."""
    by_kind: dict[Kind, list[Claim]] = defaultdict(list)
    for claim in theirs:
        by_kind[claim.kind].append(claim)
    found: dict[tuple[str, str, str], Collision] = {}
    for left in ours:
        for right in by_kind[left.kind]:
            if _meet(left, right):
                found.setdefault((left.kind, left.value, right.value), _collision(left, right))
    return list(found.values())


def of_copies(model: Model) -> list[Collision]:
    """What still meets when the same stack is started once more under another project name (`-p`).

    Names that hold the project's name differ then; fixed names, host ports, subnets, image tags and paths do not.
    """
    found: dict[tuple[str, str], Collision] = {}
    for claim in claims(model):
        if not claim.own and _meet(claim, claim):
            found.setdefault((claim.kind, claim.value), _collision(claim, claim))
    return list(found.values())


def _collision(a: Claim, b: Claim) -> Collision:
    return Collision(a.kind, a.value, _EFFECTS[a.kind], a, b)


def _meet(a: Claim, b: Claim) -> bool:
    if a.kind is Kind.PORT:
        return ports_meet(a.value, b.value)
    if a.kind is Kind.SUBNET:
        return subnets_meet(a.value, b.value)
    if a.kind is Kind.BIND:
        return a.value == b.value and not (a.read_only and b.read_only)
    return a.value == b.value


def ports_meet(a: str, b: str) -> bool:
    """True when both cannot be published at once: one protocol, one number, addresses that overlap.

    A range that is left in the canonical form is a choice for one container port (`8000-8010:80`): the engine takes
    one that is free, so it meets nothing for sure.
    """
    x, y = _PORT.match(a), _PORT.match(b)
    if x is None or y is None:
        return a == b  # a variable that nothing sets: only the same text is surely the same port
    if x["protocol"].lower() != y["protocol"].lower() or x["first"] != y["first"]:
        return False
    if any(one["last"] not in (None, one["first"]) for one in (x, y)):
        return False
    return addresses_meet(x["address"] or "", y["address"] or "")


def addresses_meet(a: str, b: str) -> bool:
    """True when a port cannot be published on both host addresses; none is all of them."""
    return a in _ANY or b in _ANY or a.strip("[]") == b.strip("[]")


def subnets_meet(a: str, b: str) -> bool:
    """True when two subnets hold an address in common."""
    import ipaddress

    try:
        left, right = ipaddress.ip_network(a, strict=False), ipaddress.ip_network(b, strict=False)
    except ValueError:
        return a == b
    if isinstance(left, ipaddress.IPv4Network) and isinstance(right, ipaddress.IPv4Network):
        return left.overlaps(right)
    if isinstance(left, ipaddress.IPv6Network) and isinstance(right, ipaddress.IPv6Network):
        return left.overlaps(right)
    return False
