"""Who is alive: status by the strongest caller, followed through the reference graph.

A reference can give at most what its strength allows (a name list or documentation: docs; test code: tests; anything
stronger: live), and never more than its holder has itself: a compose file that only a dead script runs is dead, and
so is a Dockerfile that only that compose file builds.

Roots, live without being named:
- CI configuration where its system looks for it (`.github/workflows/*.yml` itself, not folders below it);
- scripts, Makefiles and programs of the repository itself: people run them by hand (test code: tests);
- files that a tool finds by their default name in the repository's root: `compose.yaml`, `docker-compose.yml` (with
  their override), `Dockerfile`, `docker-bake.hcl`, `skaffold.yaml`, `Tiltfile`, `fly.toml` …, and dev containers;
- a compose file at its default name beside a README: a project of its own that people start from its folder;
- the `Dockerfile` (of that very name) in the root of a context that something live builds from.
"""

from collections.abc import Callable, Iterable, Mapping
from heapq import heappop, heappush

from dockwright.repository.model import Reference, Status, Strength

RANK = {Status.DEAD: 0, Status.DOCS: 1, Status.TESTS: 2, Status.LIVE: 3}
_BY_RANK = (Status.DEAD, Status.DOCS, Status.TESTS, Status.LIVE)


def allowed(strength: Strength) -> Status:
    """The most a reference of that strength can give."""
    if strength <= Strength.DOCS:
        return Status.DOCS
    return Status.TESTS if strength is Strength.TEST else Status.LIVE


def statuses(
    roots: Mapping[str, Status],
    references: Iterable[Reference],
    nodes: frozenset[str],
    outside: Callable[[str], Status],
) -> dict[str, Status]:
    """The status of every node (path of an inventoried file).

    `roots` gives what a node has by itself; `outside` the status of a file that is no node but names one (a
    configuration file, a page of documentation). Each node is settled once, the highest status first.
    """
    edges: dict[str, list[tuple[int, str]]] = {}
    found = dict.fromkeys(nodes, 0)
    queue: list[tuple[int, str]] = []

    def raise_to(path: str, rank: int) -> None:
        if rank > found[path]:
            found[path] = rank
            heappush(queue, (-rank, path))

    for path, status in roots.items():
        if path in nodes:
            raise_to(path, RANK[status])
    for reference in references:
        target, holder = reference.target, reference.place.path
        if target is None or target not in nodes or target == holder:
            continue
        most = RANK[allowed(reference.strength)]
        if holder in nodes:
            edges.setdefault(holder, []).append((most, target))
        else:
            raise_to(target, min(most, RANK[outside(holder)]))
    while queue:
        negative, path = heappop(queue)
        if -negative < found[path]:
            continue
        for most, target in edges.get(path, ()):
            raise_to(target, min(most, -negative))
    return {path: _BY_RANK[rank] for path, rank in found.items()}
