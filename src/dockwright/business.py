"""What the user declares about money: `[prices]` and `[usage]` of `dockwright.toml`.

[prices]                     # in one currency; those not set are list prices with source and date
currency = "EUR"
ci_minute = 0.008
cache_gb_month = 0.07        # beyond cache_included_gb
registry_gb_month = 0.10
transfer_gb = 0.09
cpu_second = 0.000024
memory_gib_second = 0.0000025

[usage]                      # how much of it: one number for every target, or a table by target
builds_per_month = 400       # without it: from the history, where that is replayed
kept_versions = 10
pulls_per_month.web = 2000
cpu.web = 1
memory_gib.web = 0.5
running_hours_per_month.web = 730
"""

import math
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

Number = int | float
_Table = TypeVar("_Table")


class Prices(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The user's prices; None: the list price."""

    currency: str = "USD"
    ci_minute: Number | None = None
    cache_gb_month: Number | None = None
    cache_included_gb: Number | None = None
    registry_gb_month: Number | None = None
    transfer_gb: Number | None = None
    cpu_second: Number | None = None
    memory_gib_second: Number | None = None


class Usage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much is used, by target or for all; what is not set is not guessed."""

    builds_per_month: Number | dict[str, Number] = {}
    kept_versions: Number | dict[str, Number] = {}
    pulls_per_month: Number | dict[str, Number] = {}
    cache_gb: Number | dict[str, Number] = {}
    cpu: Number | dict[str, Number] = {}
    memory_gib: Number | dict[str, Number] = {}
    running_hours_per_month: Number | dict[str, Number] = {}

    def of(self, name: str, target: str) -> float | None:
        """The number for a target: its own, else that for all."""
        given = getattr(self, name)
        found = given.get(target, given.get("*")) if isinstance(given, dict) else given
        return None if found is None else float(found)


def prices(table: Mapping[str, Any]) -> Prices:
    """`[prices]` as TOML has it (`Config.prices`). Raises ValueError that names the key."""
    return _read(table, Prices, "prices")


def usage(table: Mapping[str, Any]) -> Usage:
    """`[usage]` as TOML has it (`Config.usage`). Raises ValueError that names the key."""
    return _read(table, Usage, "usage")


def _read(table: Mapping[str, Any], shape: type[_Table], name: str) -> _Table:
    try:
        return msgspec.convert(table, shape)
    except msgspec.ValidationError as error:
        raise ValueError(str(error).replace("`$", f"`$.{name}")) from error


def check(prices: Prices, usage: Usage) -> None:
    """Raises ValueError that names the key of a number that cannot be one."""
    if prices.currency != "USD" and any(
        getattr(prices, name) is None
        for name in prices.__struct_fields__
        if name not in ("currency", "cache_included_gb")
    ):
        raise ValueError(
            f"prices.currency: with {prices.currency!r} every price is to be set, as list prices are in USD"
        )
    for name in prices.__struct_fields__[1:]:
        _number(f"prices.{name}", getattr(prices, name))
    for name in usage.__struct_fields__:
        given = getattr(usage, name)
        for target, number in given.items() if isinstance(given, dict) else (("", given),):
            _number(f"usage.{name}{f'.{target}' if target else ''}", number)


def _number(key: str, number: Number | None) -> None:
    if number is not None and not (math.isfinite(number) and number >= 0):
        raise ValueError(f"{key}: {number} is no amount: it is to be zero or more")
