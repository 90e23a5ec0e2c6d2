"""Intervals: counts that are known only between two bounds, and what they come to."""

from collections.abc import Iterable

import msgspec

from dockwright.figures import Basis


class Range(msgspec.Struct, frozen=True):
    """Between `low` and `high` (both equal where it is known), what it rests on, and how it was come by."""

    low: float
    high: float
    basis: Basis
    how: str

    def __mul__(self, other: "Range | float") -> "Range":
        """Of amounts that are not negative: the bounds multiply; the weaker basis holds."""
        if not isinstance(other, Range):
            return Range(self.low * other, self.high * other, self.basis, self.how)
        how = "; ".join(dict.fromkeys((self.how, other.how)))
        return Range(self.low * other.low, self.high * other.high, min(self.basis, other.basis), how)

    @property
    def middle(self) -> float:
        """Half way between the bounds."""
        return (self.low + self.high) / 2


def exact(value: float, basis: Basis, how: str) -> Range:
    """A known amount."""
    return Range(value, value, basis, how)


def total(ranges: Iterable[Range]) -> Range | None:
    """The sum; None of nothing. Bounds add up, which is wider than needed where parts vary by themselves."""
    parts = list(ranges)
    if not parts:
        return None
    how = "; ".join(dict.fromkeys(part.how for part in parts))
    return Range(
        sum(part.low for part in parts),
        sum(part.high for part in parts),
        min(part.basis for part in parts),
        how,
    )
