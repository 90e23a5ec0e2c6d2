"""The prices that hold: the user's, else list prices, each saying which it is."""

import msgspec

from dockwright.business import Prices
from dockwright.knowledge.prices import list_prices


class Price(msgspec.Struct, frozen=True):
    """Money for one unit, between `low` and `high`; `said` is where it comes from."""

    key: str
    low: float
    high: float
    currency: str
    unit: str
    said: str
    own: bool


def prices(declared: Prices) -> dict[str, Price]:
    """By key."""
    found = {}
    for key, known in list_prices().items():
        own = getattr(declared, key)
        if own is not None:
            found[key] = Price(key, own, own, declared.currency, known.unit, f"`[prices] {key}`", own=True)
        else:
            said = f"list price of {known.what}, {known.source}, {known.date}"
            found[key] = Price(key, known.low, known.high, "USD", known.unit, said, own=False)
    return found
