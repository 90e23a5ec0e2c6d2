"""Figures: numbers that carry their unit and what they rest on."""

from enum import IntEnum

import msgspec


class Basis(IntEnum):
    """What a number rests on, weakest first, so that `min` of several is the basis of their sum."""

    ASSUMED = 0
    """A price or default of the user's or ours."""
    ESTIMATED = 1
    """A model; `how` names it."""
    DERIVED = 2
    """An exact computation from facts in the repository."""
    MEASURED = 3
    """An engine, a clock or a file did it."""


class Figure(msgspec.Struct, frozen=True):
    """A number with its unit (`files`, `bytes`, `s`, `share`, `USD` …), its basis, and how it was come by.

    `share` figures lie between 0 and 1. `low` and `high` bound an estimate where bounds are known.
    """

    name: str
    value: float
    unit: str
    basis: Basis
    how: str
    low: float | None = None
    high: float | None = None


def weakest(figures: list[Figure]) -> Basis:
    """The basis a sum of `figures` has: that of its weakest part. An empty sum is derived."""
    return min((figure.basis for figure in figures), default=Basis.DERIVED)
