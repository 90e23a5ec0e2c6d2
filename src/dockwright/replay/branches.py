"""A cache for each branch: what was built at the commits a branch goes back to, and nothing of other branches.

That is how caches of CI services are cut up (a branch reads its own and that of the branch it came from), and what a
builder per branch has. A branch is the line of first parents; where several lines leave a commit, the one that leads to
the last commit of the walk goes on, and the others begin there.
"""

from array import array
from collections.abc import Iterator, Sequence

from dockwright.replay.shape import HIT, MISS, UNKNOWN, Codes, Shape
from dockwright.trees.revisions import Walk


class Lines:
    """For each commit the line it is on; for each line the commit it leaves from (-1: it leaves from none)."""

    def __init__(self, walk: Walk) -> None:
        count = len(walk)
        self.of = array("i", bytes(4 * count))
        self.leaves: list[int] = []
        main = bytearray(count)
        at = count - 1
        while at >= 0:
            main[at] = 1
            at = walk.parents[at]
        continued = bytearray(count)
        for number in range(count):
            parent = walk.parents[number]
            goes_on = parent >= 0 and (main[number] or not (main[parent] or continued[parent]))
            if goes_on:
                self.of[number] = self.of[parent]
                continued[parent] = 1
            else:
                self.of[number] = len(self.leaves)
                self.leaves.append(parent if parent >= 0 else -1)

    def back(self, number: int) -> Iterator[tuple[int, int]]:
        """The lines a commit goes back to, each with the last commit of it that counts."""
        while number >= 0:
            line = self.of[number]
            yield line, number
            number = self.leaves[line]


class BranchCaches:
    """The caches of all branches, for all Dockerfiles. Memory: some 100 bytes for each new key of a step."""

    def __init__(self, walk: Walk) -> None:
        self._lines = Lines(walk)
        self._first: dict[int, int] = {}
        """By Dockerfile, key and line: the first commit that built it."""

    def build(self, subject: int, shape: Shape, sums: Sequence[int], number: int) -> Codes:
        """The verdicts on a build at a commit, which is then remembered on its line."""
        back = list(self._lines.back(number))
        keys = shape.keys(sums)
        codes = bytearray()
        for step, (exact, loose) in zip(shape.steps, keys, strict=True):
            if step.counted:
                codes.append(
                    HIT
                    if self._known(subject, exact, True, back)
                    else UNKNOWN
                    if self._known(subject, loose, False, back)
                    else MISS
                )
        line = back[0][0]
        for exact, loose in keys:
            self._first.setdefault(hash((subject, exact, True, line)), number)
            if loose != exact:
                self._first.setdefault(hash((subject, loose, False, line)), number)
        return bytes(codes)

    def _known(self, subject: int, key: int, exact: bool, back: list[tuple[int, int]]) -> bool:
        for line, limit in back:
            first = self._first.get(hash((subject, key, exact, line)))
            if first is not None and first <= limit:
                return True
        return False
