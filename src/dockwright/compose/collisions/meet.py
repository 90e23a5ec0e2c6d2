"""Where the claims of two projects meet."""

import ipaddress
import re
from collections import defaultdict

from dockwright.compose.collisions.claims import claims
from dockwright.compose.collisions.model import Claim, Collision, Effect, EmbeddedPort, Kind, Model, Path

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
    by_kind: dict[Kind, list[Claim]] = defaultdict(list)
    for claim in claims(b):
        by_kind[claim.kind].append(claim)
    found: dict[tuple[str, str, str], Collision] = {}
    for left in claims(a):
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
        return _subnets_meet(a.value, b.value)
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
    left, right = (one["address"] or "" for one in (x, y))
    return left in _ANY or right in _ANY or left.strip("[]") == right.strip("[]")


def _subnets_meet(a: str, b: str) -> bool:
    try:
        left, right = ipaddress.ip_network(a, strict=False), ipaddress.ip_network(b, strict=False)
    except ValueError:
        return a == b
    if isinstance(left, ipaddress.IPv4Network) and isinstance(right, ipaddress.IPv4Network):
        return left.overlaps(right)
    if isinstance(left, ipaddress.IPv6Network) and isinstance(right, ipaddress.IPv6Network):
        return left.overlaps(right)
    return False


_HOST = re.compile(
    r"(?<![\w.-])(?:localhost|127\.0\.0\.1|0\.0\.0\.0|host\.docker\.internal|\[::1\]):(\d{2,5})(?!\d)"
)


def embedded_ports(model: Model) -> list[EmbeddedPort]:
    """Variables whose values name a host port of the project by number, as a browser or another program would.

    Inside a container `localhost` is the container itself: a variable whose port is a container port of the same
    service, and no host port of any, is not meant.
    """
    published: dict[str, Path] = {}
    for service, settings in (model.get("services") or {}).items():
        for index, port in enumerate(settings.get("ports") or ()):
            if str(port.get("published") or "").isdigit():
                published.setdefault(str(port["published"]), ("services", service, "ports", index))
    found = []
    for service, settings in (model.get("services") or {}).items():
        own = {str(port.get("target")) for port in settings.get("ports") or ()}
        for name, value in (settings.get("environment") or {}).items():
            for match in _HOST.finditer(str(value or "")):
                port = match[1]
                if port in published and (port not in own or published[port][1] == service):
                    path = ("services", service, "environment", name)
                    found.append(EmbeddedPort(port, path, published[port], match[0]))
    return found
