"""The rule for changes: silent on noise of many kinds, and finding steps where they are."""

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.trend import NOISE, found, series
from dockwright.measure.trends.rule import WINDOW, changes, median


def alarms(kind: str, number: int, length: int) -> int:
    return sum(bool(changes(series(kind, seed, length), "s")) for seed in range(number))


@pytest.mark.slow
@pytest.mark.parametrize("kind", NOISE)
def test_noise_alone_is_no_change(kind: str) -> None:
    """At 0.5 % a look, five or more of 300 have a chance of two in a hundred; these seeds have fewer."""
    assert alarms(kind, 150, 40) + alarms(kind, 150, 12) <= 4


def test_a_step_is_found_where_it_is() -> None:
    for seed in range(10):
        values = [*series("normal, 5 %", seed, 30), *series("normal, 5 %", f"b{seed}", 12, 90.0)]
        (one,) = changes(values, "s")
        assert abs(one.index - 30) <= 1
        assert one.before == pytest.approx(60, rel=0.05)
        assert one.after == pytest.approx(90, rel=0.05)
        assert one.p <= 0.005
        assert one.share == pytest.approx(0.5, abs=0.1)


@pytest.mark.slow
def test_soon_enough() -> None:
    assert found("normal, 5 %", 0.2, 5, 40) > 0.8
    assert found("5 %, one in 20 five times as long", 0.5, 10, 40) > 0.8


def test_several_steps_up_and_down() -> None:
    levels = (60.0, 90.0, 40.0)
    values = [value for level in levels for value in series("normal, 5 %", f"several {level}", 25, level)]
    assert [round(one.index / 25) for one in changes(values, "s")] == [1, 2]
    assert [one.after > one.before for one in changes(values, "s")] == [True, False]


def test_too_small_to_matter() -> None:
    values = [*series("normal, 5 %", 1, 100), *series("normal, 5 %", 2, 100, 61.8)]  # 3 %
    assert changes(values, "s") == []


def test_one_slow_build_is_no_change() -> None:
    values = series("normal, 5 %", 3, 40)
    values[20] = 6000.0
    values[-1] = 6000.0
    assert changes(values, "s") == []


def test_sizes_are_told_at_once() -> None:
    mega = 1e6
    assert [
        (one.index, one.before, one.after, one.p) for one in changes([100 * mega] * 5 + [110 * mega], "bytes")
    ] == [(5, 100 * mega, 110 * mega, None)]
    assert changes([100 * mega, 100.5 * mega, 100 * mega, 99.7 * mega], "bytes") == []
    jitter = [100 * mega + (seed % 7) * 0.4 * mega for seed in range(30)]
    assert changes(jitter, "bytes") == []
    assert [one.index for one in changes([*jitter, 130 * mega, 130 * mega], "bytes")] == [30]
    assert changes([0.0, 0.0, 5.0], "bytes")[0].share == math.inf


def test_few_values() -> None:
    for length in range(6):
        assert changes([1.0] * length, "s") == []
        assert changes([float(n) for n in range(length)], "s") == []


def test_only_the_newest_are_looked_at() -> None:
    values = [10.0] * 50 + [20.0] * WINDOW
    assert changes(values, "s") == []
    (one,) = changes([10.0] * WINDOW + [20.0] * 50, "s")
    assert one.index == WINDOW


@settings(max_examples=80, deadline=None)
@given(st.lists(st.floats(0, 1e9), max_size=40), st.sampled_from(["s", "bytes"]))
def test_any_series(values: list[float], unit: str) -> None:
    """The same answer twice; levels are the medians between changes; scaling the unit changes nothing."""
    once = changes(values, unit)
    assert once == changes(values, unit)
    edges = [0, *(one.index for one in once), len(values)]
    assert edges == sorted(set(edges)) or values == []
    for one, (begin, end), (_, stop) in zip(once, pairwise(edges), list(pairwise(edges))[1:], strict=False):
        assert one.before == median(values[begin:end])
        assert one.after == median(values[end:stop])
    assert [one.index for one in changes([value * 1024 for value in values], unit)] == [
        one.index for one in once
    ]
