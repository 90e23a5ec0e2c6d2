"""Which pairs of Dockerfiles are alike: candidates by shared instructions, exact alignment for those only.

Up to a few hundred files every pair that shares an instruction is weighed. Beyond that an instruction that stands in
very many files brings together only files that are near each other by service and path, and each file keeps its
`PARTNERS` best candidates: work and memory grow with the number of files, not with its square.
"""

from collections import Counter
from collections.abc import Sequence

from dockwright.overlap.files import NormalFile
from dockwright.overlap.similarity import Alignment, Similarity, alignment, bound, similarity

FLOOR = 0.5
"""Pairs of different services below this are not reported."""
PARTNERS = 24
"""Most candidates each file proposes."""
POSTINGS = 400_000
"""Budget from which the number of files one instruction may bring together is worked out."""


class Comparer:
    """Pairs compared so far. Each pair of files is aligned once; `aligned` counts them."""

    def __init__(self, files: Sequence[NormalFile]) -> None:
        self.files = files
        self._alignments: dict[tuple[int, int], Alignment] = {}
        self._ratios: dict[tuple[int, int], float] = {}

    @property
    def aligned(self) -> int:
        return len(self._alignments)

    def alignment(self, i: int, j: int) -> Alignment:
        """Alignment of two files by index, `i` before `j`."""
        if (i, j) not in self._alignments:
            self._alignments[i, j] = alignment(self.files[i], self.files[j])
        return self._alignments[i, j]

    def ratio(self, i: int, j: int, floor: float = 0.0) -> float:
        """Their `sequence` share; 0 without aligning them when it cannot reach `floor`."""
        i, j = min(i, j), max(i, j)
        found = self._ratios.get((i, j))
        if found is None:
            a, b = self.files[i], self.files[j]
            if bound(a, b) < floor:
                return 0.0
            size = len(a.instructions) + len(b.instructions)
            found = 2 * len(self.alignment(i, j).matches) / size if size else 1.0
            self._ratios[i, j] = found
        return found

    def similarity(self, i: int, j: int) -> Similarity:
        return similarity(self.files[i], self.files[j], self.alignment(i, j))


def candidates(files: Sequence[NormalFile], partners: int = PARTNERS) -> list[tuple[int, int]]:
    """Pairs of indexes worth comparing, `i < j`, sorted. At most `partners` times the number of files.

    Files without any instruction are like nothing.
    """
    order = [at for at in range(len(files)) if files[at].bag]
    order.sort(key=lambda at: (files[at].service, files[at].path))
    cap = max(64, POSTINGS // max(len(files), 1))
    postings: dict[int, list[int]] = {}
    for rank, at in enumerate(order):
        for token in files[at].bag:
            postings.setdefault(token, []).append(rank)
    found: set[tuple[int, int]] = set()
    for rank, at in enumerate(order):
        score: Counter[int] = Counter()
        for token in files[at].bag:
            score.update(_near(postings[token], rank, cap))
        score.update(_fellows(files, order, rank, partners))
        del score[rank]
        sizes = {other: len(files[order[other]].bag) + len(files[at].bag) for other in score}
        best = sorted(score, key=lambda other: (-score[other] / sizes[other], other))
        found.update((min(at, order[other]), max(at, order[other])) for other in best[:partners])
    return sorted(found)


def _near(postings: list[int], rank: int, cap: int) -> list[int]:
    """The postings; of a long list only those around `rank`."""
    if len(postings) <= cap:
        return postings
    from bisect import bisect_left

    start = min(max(bisect_left(postings, rank) - cap // 2, 0), len(postings) - cap)
    return postings[start : start + cap]


def _fellows(files: Sequence[NormalFile], order: list[int], rank: int, partners: int) -> list[int]:
    """Neighbours of the same service: reported also when they share nothing."""
    service = files[order[rank]].service
    if not service:
        return []
    around = range(max(rank - partners // 2, 0), min(rank + partners // 2 + 1, len(order)))
    return [other for other in around if files[order[other]].service == service]


def alike(comparer: Comparer, pairs: Sequence[tuple[int, int]], floor: float = FLOOR) -> list[Similarity]:
    """Pairs of one service, and pairs of two from `floor` on; the most alike first, then by path."""
    files = comparer.files
    found: list[Similarity] = []
    for i, j in pairs:
        service = files[i].service
        if (service and service == files[j].service) or comparer.ratio(i, j, floor) >= floor:
            found.append(comparer.similarity(i, j))
    found.sort(key=lambda pair: (-pair.sequence.value, pair.a, pair.b))
    return found
