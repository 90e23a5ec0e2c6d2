"""Clusters of Dockerfiles that are variants of one: star clustering around a representative.

Linkage rule: every member is at least `THRESHOLD` alike with the representative, which is itself a file of the
repository. Representatives are chosen greedily: of the files not yet in a cluster, the one with the greatest sum of
likeness to others not yet in one (the first by path among equals). Unlike single or average linkage the rule says
something about each file that a reader can check, and chains of small steps do not join what is different.
"""

from collections.abc import Iterator, Sequence
from heapq import heapify, heappop, heappush

import msgspec

from dockwright.figures import Figure
from dockwright.overlap.atoms import KINDS
from dockwright.overlap.difference import Difference, difference
from dockwright.overlap.pairs import Comparer
from dockwright.overlap.place import Place

THRESHOLD = 0.75

Links = dict[int, dict[int, float]]
"""Likeness of files by index, where it reaches the threshold."""


class Member(msgspec.Struct, frozen=True):
    """A file of a cluster: how alike it is with the representative, and in what it differs from it."""

    path: str
    service: str
    likeness: Figure
    difference: Difference


class Cluster(msgspec.Struct, frozen=True):
    """Files that are variants of `representative`. `common` are its instructions that every member has, in order.

    Equal copies are not members: they are listed with the file they equal (`copies.Copies`).
    """

    representative: str
    service: str
    members: tuple[Member, ...]
    common: tuple[Place, ...]
    size: int
    """Instructions of the representative."""
    varies: tuple[str, ...]
    """Aspects (kinds of setting) in which members differ from the representative, in table order."""

    @property
    def paths(self) -> tuple[str, ...]:
        return (self.representative, *(member.path for member in self.members))

    @property
    def services(self) -> tuple[str, ...]:
        """The services its files belong to, sorted."""
        return tuple(sorted({self.service, *(member.service for member in self.members)} - {""}))


def clusters(
    comparer: Comparer, pairs: Sequence[tuple[int, int]], threshold: float = THRESHOLD
) -> list[Cluster]:
    """Clusters of two files or more, the largest first, then by path of the representative."""
    links: Links = {}
    for i, j in pairs:
        value = comparer.ratio(i, j, threshold)
        if value >= threshold:
            links.setdefault(i, {})[j] = value
            links.setdefault(j, {})[i] = value
    found = [
        _cluster(comparer, center, others)
        for component in _components(links)
        for center, others in _stars(comparer, {at: links[at] for at in component}, threshold)
    ]
    found.sort(key=lambda cluster: (-len(cluster.members), cluster.representative))
    return found


def _components(links: Links) -> list[list[int]]:
    seen: set[int] = set()
    found: list[list[int]] = []
    for start in sorted(links):
        if start in seen:
            continue
        seen.add(start)
        component = [start]
        for at in component:
            new = [other for other in links[at] if other not in seen]
            seen.update(new)
            component.extend(new)
        found.append(component)
    return found


def _stars(comparer: Comparer, links: Links, threshold: float) -> Iterator[tuple[int, list[int]]]:
    """Representatives with their members. Sums are kept as whole millionths, so that they stay exact.

    Not every pair that is alike enough has been linked where there are many files, so members are also looked for
    among those linked to a member.
    """
    weights = {
        at: {other: round(value * 1_000_000) for other, value in others.items()}
        for at, others in links.items()
    }
    totals = {at: sum(others.values()) for at, others in weights.items()}
    queue = [(-total, at) for at, total in totals.items()]
    heapify(queue)
    while queue:
        total, center = heappop(queue)
        if not total or totals.get(center) != -total:
            continue
        near = [at for at in weights[center] if at in totals]
        second = {far for at in near for far in weights[at] if far in totals} - {center, *near}
        near += [at for at in second if comparer.ratio(center, at, threshold) >= threshold]
        yield center, sorted(near)
        for gone in (center, *near):
            del totals[gone]
        for gone in (center, *near):
            for at, weight in weights[gone].items():
                if at in totals:
                    totals[at] -= weight
                    heappush(queue, (-totals[at], at))


def _cluster(comparer: Comparer, center: int, others: list[int]) -> Cluster:
    base = comparer.files[center]
    kept = set(range(len(base.instructions)))
    members: list[Member] = []
    for at in others:
        file = comparer.files[at]
        aligned = comparer.alignment(min(center, at), max(center, at))
        side = 0 if center < at else 1
        kept &= {match[side] for match in aligned.matches}
        likeness = comparer.similarity(min(center, at), max(center, at)).sequence
        members.append(
            Member(file.path, file.service, likeness, difference(base, file, aligned, flipped=center > at))
        )
    differing = {row.aspect for member in members for row in member.difference.rows}
    return Cluster(
        base.path,
        base.service,
        tuple(members),
        tuple(base.place(base.instructions[at].span) for at in sorted(kept)),
        len(base.instructions),
        tuple(kind for kind in KINDS if kind in differing),
    )
