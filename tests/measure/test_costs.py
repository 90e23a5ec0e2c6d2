"""Costs of a repository: from the ledger, the history and what is declared; nothing else."""

import pytest

from dockwright.config import load
from dockwright.figures import Basis, Figure
from dockwright.ledger.store import Ledger
from dockwright.measure.costs import business
from dockwright.measure.recorded import Known, known
from dockwright.replay.result import DockerfileResult, OrderResult, ReplayResult
from tests.ledger.conftest import build

USAGE = "[usage]\nbuilds_per_month = 100\nkept_versions = 10\n"
DAY = 86_400


def history(basis: Basis) -> ReplayResult:
    """200 commits in ten parts over ninety days; 50 of them rebuild the image; a better order of steps."""

    def seconds(value: float) -> Figure:
        return Figure("x", value, "s", basis, "model")

    order = OrderResult(
        stage="", lines=[3, 2], moved=[3], before=seconds(9), after=seconds(3), replayed_before=seconds(10),
        replayed_after=seconds(4),
    )  # fmt: skip
    one = DockerfileResult(
        path="Dockerfile", context="", target="", commits=200, untouched=150, untouched_share=0.75, edited=1,
        buildable=200, buildable_untouched=150, steps=[], replayed_seconds=seconds(10), orders=[order],
    )  # fmt: skip
    begins = [number * 10 * DAY for number in range(10)]
    return ReplayResult(
        revision="HEAD", definition="at-end", commits=200, merges=False, dockerfiles=[one], begins=begins
    )


def test_nothing_known_is_nothing_told() -> None:
    found = business(load("", "d.toml"), [])
    assert (found.costs, found.savings, found.missing, found.notes) == ([], [], [], [])


def test_recorded_builds_and_declared_usage(tmp_path) -> None:
    with Ledger(tmp_path / "l.sqlite") as ledger:
        ledger.add_all(
            build(minute, values={"seconds": value}) for minute, value in enumerate((60, 90, 120, 150, 900))
        )
        ledger.add(build(9, scenario="cold", values={"seconds": 5000}))
        ledger.add(build(10, values={"compressed_bytes": 2e8}))
        recorded = known(ledger)
    found = business(
        load(USAGE + "[prices]\nci_minute = 0.006\nregistry_gb_month = 0.1\n", "d.toml"), recorded
    )
    by_kind = {one.kind: one.figure for one in found.costs}
    assert set(by_kind) == {"build", "registry"}
    # The middle half of 60, 90, 120, 150, 900 is 90 to 150: to the second, and three whole minutes.
    assert (by_kind["build"].low, by_kind["build"].high) == pytest.approx(
        (100 * 1.5 * 0.006, 100 * 3 * 0.006)
    )
    assert (by_kind["registry"].low, by_kind["registry"].high) == pytest.approx((0.02, 0.2))
    assert {one.kind for one in found.missing} == {"cache", "pulls", "cpu", "memory"}


def test_bytes_compressed_to_see_are_no_measured_ones(tmp_path) -> None:
    with Ledger(tmp_path / "l.sqlite") as ledger:
        run = build(1, values={"compressed_bytes": 2e8}, source="dockwright image --compressed")
        ledger.add(run)
        recorded = known(ledger)
    (cost,) = business(
        load("[usage]\nkept_versions = 5\n[prices]\nregistry_gb_month = 0.1\n", "d.toml"), recorded
    ).costs
    assert "gzip" in cost.figure.how
    assert cost.figure.basis is Basis.ESTIMATED


def test_a_cache_that_is_told() -> None:
    found = business(
        load("[usage]\ncache_gb.web = 25\n[prices]\ncache_gb_month = 0.1\n", "d.toml"), [Known("web")]
    )
    (cost,) = found.costs
    assert (cost.kind, cost.figure.low, cost.figure.high) == ("cache", pytest.approx(1.5), pytest.approx(2.5))


def test_builds_are_counted_from_the_history() -> None:
    found = business(load("", "d.toml"), [Known("Dockerfile", (60.0,))], history(Basis.ESTIMATED))
    (cost,) = (one for one in found.costs if one.kind == "build")
    per_month = 200 * 0.9 / 90 * 365.25 / 12
    assert cost.figure.low == pytest.approx(per_month / 4 * 1 * 0.005)
    assert cost.figure.high == pytest.approx(per_month * 1 * 0.006)
    assert cost.figure.basis is Basis.ASSUMED
    (one,) = found.savings
    assert one.figure.high == pytest.approx(per_month * 6 / 60 * 0.006)
    assert any("list prices" in note for note in found.notes)


def test_assumed_seconds_make_no_money() -> None:
    """Orders of magnitude of steps rank them; a sum of money out of them would be made up."""
    found = business(load("", "d.toml"), [], history(Basis.ASSUMED))
    assert found.costs == []
    assert found.savings == []
    assert {one.what for one in found.missing if one.kind == "build"} == {"seconds of a build"}
