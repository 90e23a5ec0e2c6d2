"""Alignment of two token sequences: the longest common subsequence, exact as far as the work stays bounded.

The bit-parallel row method (H. Hyyrö, "Bit-parallel LCS-length computation revisited", 2004) keeps one integer per
row; the step bits of two neighbouring rows are enough to walk back, so the alignment costs `len(a)` operations on
integers of `len(b)` bits.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

Match = tuple[int, int]
"""Indexes of two equal tokens: one of `a`, one of `b`."""

MAX_CELLS = 100_000_000
"""Largest table (len(a) * len(b)) aligned exactly: 12.5 MB of row bits, tens of milliseconds."""


def align(a: Sequence[int], b: Sequence[int]) -> list[Match]:
    """Matches of a longest common subsequence, ascending in both indexes; deterministic.

    Where what lies between common head and tail is larger than `MAX_CELLS`, tokens that occur once on each side
    split it first, and parts that are still too large are left unmatched: the result is then a lower bound.
    """
    matches: list[Match] = []
    todo = [(0, len(a), 0, len(b))]
    while todo:
        lo_a, hi_a, lo_b, hi_b = todo.pop()
        while lo_a < hi_a and lo_b < hi_b and a[lo_a] == b[lo_b]:
            matches.append((lo_a, lo_b))
            lo_a, lo_b = lo_a + 1, lo_b + 1
        while lo_a < hi_a and lo_b < hi_b and a[hi_a - 1] == b[hi_b - 1]:
            hi_a, hi_b = hi_a - 1, hi_b - 1
            matches.append((hi_a, hi_b))
        if lo_a == hi_a or lo_b == hi_b:
            continue
        if (hi_a - lo_a) * (hi_b - lo_b) <= MAX_CELLS:
            matches.extend((lo_a + i, lo_b + j) for i, j in _lcs(a[lo_a:hi_a], b[lo_b:hi_b]))
        else:
            todo.extend(_split(a, b, (lo_a, hi_a, lo_b, hi_b), matches))
    matches.sort()
    return matches


def ratio(matches: int, a: int, b: int) -> float:
    """`2 * matches / (a + b)`; two empty sequences are equal."""
    return 2 * matches / (a + b) if a + b else 1.0


def _lcs(a: Sequence[int], b: Sequence[int]) -> list[Match]:
    """Matches of a longest common subsequence, last first.

    Bit j of row i is 0 where the length grows from column j to j + 1. Such a step that the row above has too comes
    from above; one that it has not is a match: step positions of neighbouring rows interleave.
    """
    places: dict[int, int] = {}
    for j, token in enumerate(b):
        places[token] = places.get(token, 0) | (1 << j)
    mask = (1 << len(b)) - 1
    row = mask
    rows = [row]
    for token in a:
        hits = row & places.get(token, 0)
        row = ((row + hits) | (row - hits)) & mask
        rows.append(row)
    matches: list[Match] = []
    i, j = len(a), len(b)
    while i and j:
        if rows[i] >> (j - 1) & 1:
            j -= 1
        elif not rows[i - 1] >> (j - 1) & 1:
            i -= 1
        else:
            i, j = i - 1, j - 1
            matches.append((i, j))
    return matches


def _split(
    a: Sequence[int], b: Sequence[int], box: tuple[int, int, int, int], matches: list[Match]
) -> Iterator[tuple[int, int, int, int]]:
    """The parts between tokens that occur once on each side, in the order both sides share (patience sorting)."""
    lo_a, hi_a, lo_b, hi_b = box
    seen_a, seen_b = Counter(a[lo_a:hi_a]), Counter(b[lo_b:hi_b])
    at_b = {token: j for j, token in enumerate(b[lo_b:hi_b], lo_b) if seen_b[token] == 1}
    pairs = [(i, at_b[a[i]]) for i in range(lo_a, hi_a) if seen_a[a[i]] == 1 and a[i] in at_b]
    for i, j in _increasing(pairs):
        matches.append((i, j))
        yield lo_a, i, lo_b, j
        lo_a, lo_b = i + 1, j + 1
    if (lo_a, lo_b) != box[::2]:
        yield lo_a, hi_a, lo_b, hi_b


def _increasing(pairs: list[Match]) -> list[Match]:
    """A longest subsequence with ascending second index; the first ascends already."""
    from bisect import bisect_left

    ends: list[int] = []
    piles: list[int] = []
    before: list[int] = []
    for at, (_, j) in enumerate(pairs):
        pile = bisect_left(ends, j)
        before.append(piles[pile - 1] if pile else -1)
        if pile == len(ends):
            ends.append(j)
            piles.append(at)
        else:
            ends[pile] = j
            piles[pile] = at
    chain: list[Match] = []
    at = piles[-1] if piles else -1
    while at >= 0:
        chain.append(pairs[at])
        at = before[at]
    return chain[::-1]
