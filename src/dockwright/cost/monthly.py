"""What a target costs in a month: for each kind of cost an interval, or what is missing to tell it.

    build     builds * seconds, at the price of a CI minute: to the second, up to every build in a job by itself that is
              rounded up to whole minutes (as GitHub bills)
    cache     bytes of exported cache beyond what is included, which is taken as used by this target alone (high) or left
              to others (low: nothing below it)
    registry  compressed bytes: once (all layers shared between versions) up to once for every kept version
    pulls     compressed bytes for each pull: from the price within a region up to that over the internet
    cpu, memory   what is allotted, for the hours it runs

No price is exact and no free tier is counted but the cache's; a figure says so by its basis, which is `assumed` unless
the price is the user's.
"""

import math
from collections.abc import Mapping

import msgspec

from dockwright.cost.prices import Price
from dockwright.cost.ranges import Range, exact
from dockwright.figures import Basis, Figure

GB = 1e9
HOUR = 3600.0


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a target; None: it is not."""

    target: str
    builds: Range | None = None
    """In a month."""
    seconds: Range | None = None
    """Of one build."""
    cache_bytes: Range | None = None
    image_bytes: Range | None = None
    """Compressed, as a registry keeps it."""
    versions: Range | None = None
    pulls: Range | None = None
    """In a month."""
    cpu: Range | None = None
    memory_gib: Range | None = None
    hours: Range | None = None
    """That it runs in a month."""


class Cost(msgspec.Struct, frozen=True):
    """Money in a month; `figure.low` and `figure.high` are its bounds."""

    target: str
    kind: str
    figure: Figure


class Missing(msgspec.Struct, frozen=True):
    """A cost that cannot be told: what is not known, and how to get it."""

    target: str
    kind: str
    what: str
    how: str


_GET = {
    "builds": ("builds in a month", "set `[usage] builds_per_month`, or run `dockwright audit --replay`"),
    "seconds": (
        "seconds of a build",
        "run `dockwright build` or `bench`, or `dockwright ledger import` files of CI",
    ),
    "cache_bytes": (
        "bytes of the exported cache",
        "set `[usage] cache_gb`; `dockwright cache-advice` predicts it",
    ),
    "image_bytes": (
        "compressed bytes of the image",
        "run `dockwright image IMAGE --as TARGET --compressed`, or import metadata with provenance `max`",
    ),
    "versions": ("versions kept in the registry", "set `[usage] kept_versions`"),
    "pulls": ("pulls in a month", "set `[usage] pulls_per_month`"),
    "cpu": ("virtual CPUs it runs on", "set `[usage] cpu`"),
    "memory_gib": ("GiB of memory it has", "set `[usage] memory_gib`"),
    "hours": ("hours it runs in a month", "set `[usage] running_hours_per_month`"),
}
NEEDS = {
    "build": ("builds", "seconds"),
    "cache": ("cache_bytes",),
    "registry": ("image_bytes", "versions"),
    "pulls": ("image_bytes", "pulls"),
    "cpu": ("cpu", "hours"),
    "memory": ("memory_gib", "hours"),
}
"""The counts each kind of cost is made of."""


def monthly(counts: Counts, prices: Mapping[str, Price]) -> list[Cost | Missing]:
    """Every kind of cost of a target, or what is missing of it."""
    found: list[Cost | Missing] = []
    for kind, needed in NEEDS.items():
        lacking = [name for name in needed if getattr(counts, name) is None]
        if lacking:
            what, how = zip(*(_GET[name] for name in lacking), strict=True)
            found.append(Missing(counts.target, kind, " and ".join(what), "; ".join(how)))
        else:
            found.append(Cost(counts.target, kind, _figure(kind, counts, prices)))
    return found


def _figure(kind: str, counts: Counts, prices: Mapping[str, Price]) -> Figure:
    amount, key = _amount(kind, counts, prices)
    price = prices[key]
    basis = Basis.DERIVED if price.own else Basis.ASSUMED
    money = amount * Range(price.low, price.high, basis, price.said)
    return Figure(
        f"{kind} of {counts.target}, a month",
        money.middle,
        price.currency,
        money.basis,
        money.how,
        money.low,
        money.high,
    )


def _amount(kind: str, counts: Counts, prices: Mapping[str, Price]) -> tuple[Range, str]:
    """How much of which price."""
    known = {name: value for name in NEEDS[kind] if isinstance(value := getattr(counts, name), Range)}
    if kind == "build":
        return known["builds"] * minutes(known["seconds"]), "ci_minute"
    if kind == "cache":
        included = prices["cache_included_gb"]
        bytes_ = known["cache_bytes"]
        low, high = max(0.0, bytes_.low / GB - included.high), bytes_.high / GB
        return Range(
            low, high, bytes_.basis, f"{bytes_.how}; {included.high:g} GB included, shared with all others"
        ), "cache_gb_month"
    if kind == "registry":
        versions = known["versions"]
        kept = Range(min(1.0, versions.low), versions.high, versions.basis, versions.how)
        return known["image_bytes"] * (1 / GB) * kept, "registry_gb_month"
    if kind == "pulls":
        return known["image_bytes"] * (1 / GB) * known["pulls"], "transfer_gb"
    if kind == "cpu":
        return known["cpu"] * known["hours"] * HOUR, "cpu_second"
    return known["memory_gib"] * known["hours"] * HOUR, "memory_gib_second"


def minutes(seconds: Range) -> Range:
    """Billed minutes of one build: to the second, up to whole minutes of a job of its own."""
    return Range(seconds.low / 60, float(math.ceil(seconds.high / 60)), seconds.basis, seconds.how)


def saving(before: Range, after: Range, builds: Range, price: Price) -> Figure:
    """Money a month that fewer seconds a build save; negative at the low end where the intervals overlap.

    Minutes are taken to the second: what rounding saves or not depends on what else is in the job.
    """
    low, high = (before.low - after.high) / 60, (before.high - after.low) / 60
    bounds = [
        share * number * money
        for share in (low, high)
        for number in (builds.low, builds.high)
        for money in (price.low, price.high)
    ]
    basis = min(before.basis, after.basis, builds.basis, Basis.DERIVED if price.own else Basis.ASSUMED)
    how = "; ".join(dict.fromkeys((before.how, after.how, builds.how, price.said)))
    return Figure(
        "saved a month", (min(bounds) + max(bounds)) / 2, price.currency, basis, how, min(bounds), max(bounds)
    )


def own(value: float | None, key: str) -> Range | None:
    """A count the user has set."""
    return None if value is None else exact(value, Basis.DERIVED, f"`[usage] {key}`")
