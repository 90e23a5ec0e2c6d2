"""List prices (data/prices.toml), each with its source and date: for where the user has set none. Always assumed."""

from functools import cache

import msgspec

from dockwright.knowledge.tables import typed


class ListPrice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """US dollars for one `unit` of `what`, between `low` and `high`."""

    what: str
    low: float
    high: float
    unit: str
    source: str
    date: str


@cache
def list_prices() -> dict[str, ListPrice]:
    """By their keys, which are those of `[prices]` in `dockwright.toml`."""
    return typed("prices", dict[str, ListPrice])
