"""What it costs, as plain data: amounts with their bounds and basis, and what is missing, grouped by what it is."""

from collections.abc import Sequence
from typing import Any

import msgspec

from dockwright.cost.summary import Business
from dockwright.report.places import FigureEntry
from dockwright.report.plain import plain


class CostEntry(msgspec.Struct, frozen=True):
    """Money in a month for one `kind`: build, cache, registry, pulls, cpu or memory."""

    target: str
    kind: str
    figure: FigureEntry


class SavingEntry(msgspec.Struct, frozen=True):
    """What a change would save in a month."""

    target: str
    change: str
    figure: FigureEntry


class MissingEntry(msgspec.Struct, frozen=True):
    """Costs that cannot be told: what is not known, for which targets, and how to get it."""

    kind: str
    what: str
    how: str
    targets: Sequence[str]


class BusinessEntry(msgspec.Struct, frozen=True):
    """Costs, the dearest first."""

    costs: Sequence[CostEntry]
    savings: Sequence[SavingEntry]
    missing: Sequence[MissingEntry]
    notes: Sequence[str]


def business(found: Business | None) -> dict[str, Any] | None:
    """Plain data for `BusinessEntry`; None where it was not asked for."""
    if found is None:
        return None
    groups: dict[tuple[str, str, str], list[str]] = {}
    for one in found.missing:
        groups.setdefault((one.kind, one.what, one.how), []).append(one.target)
    return {
        "costs": [plain(one) for one in found.costs],
        "savings": [plain(one) for one in found.savings],
        "missing": [
            {"kind": kind, "what": what, "how": how, "targets": targets}
            for (kind, what, how), targets in groups.items()
        ],
        "notes": list(found.notes),
    }


def money(figure: FigureEntry) -> str:
    """`0.42 to 1.70 USD a month (assumed)`; a bound is never hidden."""
    low = figure.value if figure.low is None else figure.low
    high = figure.value if figure.high is None else figure.high
    amount = _amount(low) if _amount(low) == _amount(high) else f"{_amount(low)} to {_amount(high)}"
    return f"{amount} {figure.unit} a month ({figure.basis})"


def _amount(value: float) -> str:
    if value and abs(value) < 0.01:
        return "0.00" if abs(value) < 0.0001 else f"{value:.4f}"
    return f"{value:,.2f}" if abs(value) < 100 else f"{value:,.0f}"
