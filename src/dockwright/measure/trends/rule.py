"""Where a series of measurements changed its level: the rule behind every regression that is told.

**Durations** are noisy, so they are tested. At every place with at least `LEAST_POINTS` builds on both sides the two sides
are compared by the Mann-Whitney rank sum (ranks only: one very slow build is one rank). The sum that is least probable by
itself is the statistic; how often a random order of the same values gives as improbable a one (999 permutations with a
fixed seed, so the same series always gives the same answer; ties are in it) is its p value. That the place
was searched for is thereby in the p value. A change is told, where two medians fit best, when p <= ALPHA (0.005) *and* the medians of the two sides
differ by at least `least` (5 %). Then both sides are searched again in the same way.

**Sizes and counts** are no samples: the same files give the same image. A change is told at once when a value differs from
the median since the last change by at least `least` (1 %) and by more than 6 times the spread since then (1.4826 * MAD).

Rates of false alarms and of detection: `docs/ledger.md`, measured by `benchmarks/trend.py`.
Sources: Mann and Whitney 1947; the search over all places after Pettitt 1979, by permutation instead of his
approximation, as that is blind near the ends, where a regression of yesterday is.
"""

import itertools
import math
import random
from collections.abc import Callable, Sequence
from functools import partial

import msgspec

ALPHA = 0.005
PERMUTATIONS = 999
LEAST_POINTS = 3
LEAST_SHARE = {"s": 0.05}
LEAST_EXACT = 0.01
SPREADS = 6.0
WINDOW = 300
"""Newest values that are looked at."""


class Change(msgspec.Struct, frozen=True):
    """From `index` on the values have another level; `before` and `after` are medians up to the changes beside it.

    `p` is None for sizes and counts, which are not tested.
    """

    index: int
    before: float
    after: float
    p: float | None = None

    @property
    def share(self) -> float:
        """By which part of the former level; infinite from zero."""
        return (
            (self.after - self.before) / abs(self.before)
            if self.before
            else math.copysign(math.inf, self.after)
        )


def changes(values: Sequence[float], unit: str) -> list[Change]:
    """The changes in a series, oldest first; indices count from its first value."""
    skipped = max(0, len(values) - WINDOW)
    window = values[skipped:]
    found = _noisy(window) if unit == "s" else _exact(window)
    return [msgspec.structs.replace(one, index=one.index + skipped) for one in found]


def median(values: Sequence[float]) -> float:
    """The middle value, or the mean of the two in the middle."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def spread(values: Sequence[float]) -> float:
    """1.4826 times the median absolute deviation: for normal noise its standard deviation, whatever the outliers."""
    middle = median(values)
    return 1.4826 * median([abs(value - middle) for value in values])


def _exact(values: Sequence[float]) -> list[Change]:
    starts = [0]
    for index in range(1, len(values)):
        level = values[starts[-1] : index]
        middle = median(level)
        step = abs(values[index] - middle)
        if step > 0 and step >= LEAST_EXACT * abs(middle) and step > SPREADS * spread(level):
            starts.append(index)
    return _between(values, dict.fromkeys(starts[1:]))


def _noisy(values: Sequence[float]) -> list[Change]:
    found: dict[int, float | None] = {}
    waiting = [(0, len(values))]
    while waiting:
        start, end = waiting.pop()
        place = _place(values[start:end])
        if place is None:
            continue
        split, p = place
        middle = start + split
        before, after = median(values[start:middle]), median(values[middle:end])
        if abs(after - before) >= LEAST_SHARE["s"] * abs(before):
            found[middle] = p
        waiting += [(start, middle), (middle, end)]
    return [one for one in _between(values, found) if abs(one.share) >= LEAST_SHARE["s"]]


def _between(values: Sequence[float], starts: dict[int, float | None]) -> list[Change]:
    """Changes at the starts of levels, with the medians of the levels."""
    edges = [0, *sorted(starts), len(values)]
    levels = [median(values[begin:end]) for begin, end in itertools.pairwise(edges) if end > begin]
    return [
        Change(index, levels[number], levels[number + 1], starts[index])
        for number, index in enumerate(edges[1:-1])
    ]


def _place(values: Sequence[float]) -> tuple[int, float] | None:
    """Where the level changes, and the p value of that it does; None when that is over ALPHA."""
    number = len(values)
    if number < 2 * LEAST_POINTS:
        return None
    ranks, scale = _ranks(values)
    if scale <= 0:  # all equal
        return None
    score = _highest_score(ranks, scale)
    bounds = _bounds(number, scale, score)
    shuffler = random.Random(number)  # noqa: S311 - a fixed seed on purpose
    allowed = int(ALPHA * (PERMUTATIONS + 1)) - 1
    reached = 0
    for _ in range(PERMUTATIONS):
        shuffler.shuffle(ranks)
        reached += _reaches(ranks, bounds)
        if reached > allowed:
            return None
    return _nearest_levels(values), (reached + 1) / (PERMUTATIONS + 1)


def _ranks(values: Sequence[float]) -> tuple[list[float], float]:
    """Ranks around their mean (equal values share theirs), and their variance divided by their number."""
    number = len(values)
    order = sorted(range(number), key=values.__getitem__)
    ranks = [0.0] * number
    at = 0
    while at < number:
        end = at
        while end < number and values[order[end]] == values[order[at]]:
            end += 1
        for index in order[at:end]:
            ranks[index] = (at + end - 1) / 2 - (number - 1) / 2
        at = end
    return ranks, sum(rank * rank for rank in ranks) / (number - 1) / number


def _highest_score(ranks: Sequence[float], scale: float) -> float:
    """The highest score of any place (see `_score`)."""
    number = len(ranks)
    total = sum(ranks[: LEAST_POINTS - 1])
    best = -math.inf
    for first in range(LEAST_POINTS, number - LEAST_POINTS + 1):
        total += ranks[first - 1]
        best = max(best, _score(abs(total), first, number, scale))
    return best


def _nearest_levels(values: Sequence[float]) -> int:
    """The place where two levels fit best: the least sum of distances from the medians of both sides."""

    def misfit(place: int) -> float:
        sides = values[:place], values[place:]
        return sum(abs(value - middle) for side in sides for middle in (median(side),) for value in side)

    return min(range(LEAST_POINTS, len(values) - LEAST_POINTS + 1), key=misfit)


def _reaches(ranks: Sequence[float], bounds: Sequence[float]) -> bool:
    """True when the sum of the first ranks reaches its bound at some place."""
    total = sum(ranks[: LEAST_POINTS - 1])
    for bound, rank in zip(bounds, ranks[LEAST_POINTS - 1 :], strict=False):
        total += rank
        if total >= bound or -total >= bound:
            return True
    return False


SMALL = 8
"""Up to here the smaller side is too small for the normal distribution."""


def _score(total: float, first: int, number: int, scale: float) -> float:
    """-ln of how probable such a sum of `first` ranks is by itself: makes places comparable; it need not be exact.

    With a small side by the sum of that many uniform numbers (Irwin and Hall), else by the normal distribution.
    """
    side = min(first, number - first)
    if side <= SMALL:
        left = side / 2 - total / number  # how far the sum of uniform numbers is from its end
        return -math.log(max(_irwin_hall(left, side), 1e-300))
    z = total / math.sqrt(scale * first * (number - first))
    return _normal_score(z)


def _normal_score(z: float) -> float:
    return -math.log(max(math.erfc(z / math.sqrt(2)) / 2, 1e-300))


def _irwin_hall(x: float, side: int) -> float:
    """The chance that the sum of `side` uniform numbers is at most `x`."""
    if x <= 0:
        return 0.0
    terms = ((-1.0) ** j * math.comb(side, j) * (x - j) ** side for j in range(int(x) + 1))
    return float(sum(terms) / math.factorial(side))


def _bounds(number: int, scale: float, score: float) -> list[float]:
    """For every place the smallest sum with at least this score; infinite where none has."""
    standard = _smallest(_normal_score, 40.0, score)
    small = {
        side: _smallest(partial(_score, first=side, number=number, scale=scale), side * number / 2, score)
        for side in range(LEAST_POINTS, SMALL + 1)
    }
    found = []
    for first in range(LEAST_POINTS, number - LEAST_POINTS + 1):
        side = min(first, number - first)
        found.append(small[side] if side <= SMALL else standard * math.sqrt(scale * first * (number - first)))
    return found


def _smallest(score_of: Callable[[float], float], most: float, score: float) -> float:
    """The smallest argument up to `most` that scores at least `score`; infinite where none does."""
    wanted = score - 1e-9
    if score_of(most) < wanted:
        return math.inf
    low, high = 0.0, most
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (low, middle) if score_of(middle) >= wanted else (middle, high)
    return high
