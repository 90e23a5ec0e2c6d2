"""Costs by hand: every kind, its bounds, its basis, and what is missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockwright import business
from dockwright.business import Prices, Usage
from dockwright.config import load
from dockwright.cost.monthly import NEEDS, Cost, Counts, Missing, monthly, saving
from dockwright.cost.prices import prices
from dockwright.cost.ranges import Range, exact, total
from dockwright.errors import ConfigError
from dockwright.figures import Basis
from dockwright.knowledge.prices import list_prices

OWN = Prices(
    currency="EUR", ci_minute=0.01, cache_gb_month=0.07, cache_included_gb=10, registry_gb_month=0.1, transfer_gb=0.05,
    cpu_second=0.00002, memory_gib_second=0.000002,
)  # fmt: skip


def known(value: float, high: float | None = None) -> Range:
    return Range(value, value if high is None else high, Basis.MEASURED, "counted")


WHOLE = Counts(
    target="web", builds=known(100, 200), seconds=known(50, 70), cache_bytes=known(8e9, 12e9), image_bytes=known(5e8),
    versions=known(10), pulls=known(1000), cpu=known(2), memory_gib=known(0.5), hours=known(730),
)  # fmt: skip


def amounts(counts: Counts, declared: Prices) -> dict[str, tuple[float, float]]:
    found = monthly(counts, prices(declared))
    return {one.kind: (one.figure.low, one.figure.high) for one in found if isinstance(one, Cost)}


def test_every_kind_by_hand() -> None:
    assert amounts(WHOLE, OWN) == {
        "build": pytest.approx(
            (100 * 50 / 60 * 0.01, 200 * 2 * 0.01)
        ),  # 70 s in a job by itself are 2 minutes
        "cache": pytest.approx((0, 12 * 0.07)),
        "registry": pytest.approx((0.5 * 0.1, 5 * 0.1)),
        "pulls": pytest.approx((500 * 0.05, 500 * 0.05)),
        "cpu": pytest.approx((2 * 730 * 3600 * 0.00002,) * 2),
        "memory": pytest.approx((0.5 * 730 * 3600 * 0.000002,) * 2),
    }


def test_own_prices_are_not_assumed_and_list_prices_are() -> None:
    for declared, basis in ((OWN, Basis.DERIVED), (Prices(), Basis.ASSUMED)):
        assert {one.figure.basis for one in monthly(WHOLE, prices(declared))} == {basis}
    mixed = monthly(WHOLE, prices(Prices(ci_minute=0.01)))
    assert {one.kind for one in mixed if one.figure.basis is Basis.ASSUMED} == set(NEEDS) - {"build"}
    assert "github" in monthly(WHOLE, prices(Prices()))[0].figure.how
    assert {one.figure.unit for one in monthly(WHOLE, prices(OWN))} == {"EUR"}


def test_what_is_missing_is_named_with_the_way_to_it() -> None:
    found = monthly(Counts(target="web", seconds=known(5)), prices(Prices()))
    assert all(isinstance(one, Missing) for one in found)
    assert [one.kind for one in found] == list(NEEDS)
    assert found[0].what == "builds in a month"
    assert "builds_per_month" in found[0].how
    assert found[2].what == "compressed bytes of the image and versions kept in the registry"


def test_a_free_cache_costs_nothing_at_the_low_end() -> None:
    counts = Counts(target="x", cache_bytes=known(25e9))
    assert amounts(counts, OWN)["cache"] == pytest.approx((15 * 0.07, 25 * 0.07))


def test_savings() -> None:
    price = prices(OWN)["ci_minute"]
    clear = saving(known(60), known(6), known(100, 200), price)
    assert (clear.low, clear.high) == pytest.approx((100 * 54 / 60 * 0.01, 200 * 54 / 60 * 0.01))
    unclear = saving(known(50, 70), known(45, 65), known(100), price)
    assert unclear.low < 0 < unclear.high
    assert clear.basis is Basis.DERIVED
    assert saving(known(2), known(1), known(1), prices(Prices())["ci_minute"]).basis is Basis.ASSUMED


ranges = st.tuples(st.floats(0, 1e6), st.floats(0, 1e6)).map(lambda pair: known(min(pair), max(pair)))


@given(ranges, ranges, st.floats(0, 1), st.floats(0, 1))
def test_intervals_hold_what_they_are_made_of(a: Range, b: Range, x: float, y: float) -> None:
    inside = [one.low + share * (one.high - one.low) for one, share in ((a, x), (b, y))]
    product = a * b
    assert product.low <= inside[0] * inside[1] * (1 + 1e-9)
    assert inside[0] * inside[1] <= product.high * (1 + 1e-9)
    both = total([a, b])
    assert both.low <= sum(inside) * (1 + 1e-9)
    assert sum(inside) <= both.high * (1 + 1e-9)
    assert (exact(1, Basis.ASSUMED, "price") * a).basis is Basis.ASSUMED


def test_list_prices_have_sources_and_are_those_that_can_be_set() -> None:
    known_prices = list_prices()
    assert set(known_prices) == set(Prices.__struct_fields__) - {"currency"}
    for one in known_prices.values():
        assert 0 <= one.low <= one.high
        assert one.source
        assert one.date[:3] == "202"


def test_what_is_declared() -> None:
    config = load(
        '[prices]\nci_minute = 0.008\n[usage]\npulls_per_month = {web = 7, "*" = 1}\nkept_versions = 3\n',
        "d.toml",
    )
    assert business.prices(config.prices).ci_minute == 0.008
    usage = business.usage(config.usage)
    assert [usage.of("pulls_per_month", name) for name in ("web", "db")] == [7, 1]
    assert usage.of("kept_versions", "web") == 3
    assert Usage().of("cpu", "web") is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[prices]\nci_minute = -1", "prices.ci_minute: -1"),
        ('[prices]\nci_minute = "much"', "prices.ci_minute"),
        ("[prices]\nminute = 1", "unknown field `minute`"),
        ('[prices]\ncurrency = "EUR"', "every price is to be set"),
        ("[usage]\ncpu.web = nan", "usage.cpu.web: nan"),
        ("[usage]\nbuilds_per_month = inf", "usage.builds_per_month: inf"),
    ],
)
def test_what_cannot_be_is_refused(text: str, says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(text, "dockwright.toml")
    assert says in caught.value.message
