"""Which service of one stack is which of another, where their names differ (`dev-postgres`, `test-postgres`).

Told by what they run (image or build), what they serve and mount, and whom they need; the name without its environment
word counts as one sign among them. A pair needs more than half of the signs that both sides give.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from dockwright.compose.roles import role

ENOUGH = 0.5
"""Share of the signs, by weight, that must agree."""
_NAME = 2.0
_RUNS = 4.0
_PORTS = 2.0
_MOUNTS = 1.0
_VARIABLES = 1.5
_NEEDS = 1.0


class _Signs(msgspec.Struct, frozen=True):
    name: str
    runs: frozenset[str]
    ports: frozenset[str]
    mounts: frozenset[str]
    variables: frozenset[str]
    needs: frozenset[str]


def paired(a: Mapping[str, Any], b: Mapping[str, Any]) -> dict[str, str]:
    """Services of `a` to services of `b`, for those whose name the other stack does not have.

    `a` and `b` are canonical models. Each service is paired once; the surest pairs first.
    """
    left, right = (dict(model.get("services") or {}) for model in (a, b))
    mine = {name: _signs(name, left[name] or {}) for name in left if name not in right}
    theirs = {name: _signs(name, right[name] or {}) for name in right if name not in left}
    scored = sorted(
        ((likeness(x, y), one, other) for one, x in mine.items() for other, y in theirs.items()),
        key=lambda found: (-found[0], found[1], found[2]),
    )
    pairs: dict[str, str] = {}
    taken: set[str] = set()
    for score, one, other in scored:
        if score > ENOUGH and one not in pairs and other not in taken:
            pairs[one] = other
            taken.add(other)
    return {name: pairs[name] for name in left if name in pairs}


def likeness(x: _Signs, y: _Signs) -> float:
    """Share of the signs that agree, 0 to 1. What both sides run decides: another program is another service."""
    if x.runs and y.runs and not x.runs & y.runs and x.name != y.name:
        return 0.0
    total = agreed = 0.0
    for weight, one, other in (
        (_RUNS, x.runs, y.runs),
        (_PORTS, x.ports, y.ports),
        (_MOUNTS, x.mounts, y.mounts),
        (_VARIABLES, x.variables, y.variables),
        (_NEEDS, x.needs, y.needs),
    ):
        if one and other:
            total += weight
            agreed += weight * len(one & other) / len(one | other)
    total += _NAME
    agreed += _NAME * (x.name == y.name)
    return agreed / total


def _signs(name: str, service: Mapping[str, Any]) -> _Signs:
    build = service.get("build") or {}
    runs = set()
    if build:
        dockerfile = str(build.get("dockerfile") or "Dockerfile")
        runs.add(f"build {_stem(dockerfile)} {build.get('context', '')}")
    elif service.get("image"):
        runs.add(f"image {_repository(str(service['image']))}")
    return _Signs(
        role(name).lower(),
        frozenset(runs),
        frozenset(
            f"{port.get('target')}/{port.get('protocol', 'tcp')}" for port in service.get("ports") or ()
        ),
        frozenset(str(mount.get("target")) for mount in service.get("volumes") or ()),
        frozenset(service.get("environment") or ()),
        frozenset(_roles(service.get("depends_on") or ())),
    )


def _roles(names: Iterable[str]) -> Iterable[str]:
    return (role(name).lower() for name in names)


def _stem(dockerfile: str) -> str:
    """`docker/backend.dev.Dockerfile` and `docker/backend.alpine.Dockerfile` build the same service."""
    folder, _, name = dockerfile.rpartition("/")
    stem = re.sub(r"(?i)(?:^|[._-])(?:docker|container)file(?:$|[._-])", ".", name).strip(".")
    return f"{folder}/{stem.split('.')[0]}"


def _repository(image: str) -> str:
    """An image without registry, tag and digest: `ghcr.io/x/postgres:15` → postgres."""
    name = image.partition("@")[0].rpartition("/")[2]
    return name.partition(":")[0]
