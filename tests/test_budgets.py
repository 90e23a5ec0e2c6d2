"""Amounts as people write them, and `[budgets]`: read, refused with the key, found again in the text."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockwright import budgets, business
from dockwright import config as config_module
from dockwright.budgets import limit_for, limits, line_of
from dockwright.config import load
from dockwright.errors import ConfigError
from dockwright.quantities import parse_bytes, parse_seconds, show_bytes, show_seconds

TEXT = """\
# budgets of the shop
[budgets]
dockerfiles = 9
context.backend = "20 MB"
image = {backend = "200 MB", "*" = "1 GiB"}
dead."a.b" = 0

[budgets.rebuild]
web = "1m30s"
'the worker' = {cold = "10 min", no-change = 1}
"""


def test_a_table() -> None:
    found = {
        one.key: (one.target, one.amount, one.scenario)
        for one in limits(load(TEXT, "dockwright.toml").budgets)
    }
    assert found == {
        ("dockerfiles",): ("*", 9, ""),
        ("context", "backend"): ("backend", 20e6, ""),
        ("image", "backend"): ("backend", 200e6, ""),
        ("image", "*"): ("*", 2**30, ""),
        ("dead", "a.b"): ("a.b", 0, ""),
        ("rebuild", "web"): ("web", 90, "source"),
        ("rebuild", "the worker", "cold"): ("the worker", 600, "cold"),
        ("rebuild", "the worker", "no-change"): ("the worker", 1, "no-change"),
    }


def test_lines_of_budgets() -> None:
    found = [line_of(TEXT, one.key) for one in limits(load(TEXT, "dockwright.toml").budgets)]
    assert found == [3, 4, 5, 5, 6, 9, 10, 10]
    project = '[project]\nname = "x"\n[tool.dockwright.budgets]\nimage = "1 GB"\n'
    assert line_of(project, ("image",)) == 4
    assert line_of("[budgets]\nimage.other = 3\n", ("image", "web")) == 1
    assert line_of('[other]\nimage = "1 GB"\n', ("image",)) == 0


def test_the_targets_own_budget_goes_first() -> None:
    found = limits(load(TEXT, "dockwright.toml").budgets)
    assert limit_for(found, "image", "backend").amount == 200e6
    assert limit_for(found, "image", "other").amount == 2**30
    assert limit_for(found, "context", "other") is None
    assert limit_for(found, "rebuild", "web", "cold") is None


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('dockerfiles = "many"', "budgets.dockerfiles"),
        ("dockerfiles = -1", "budgets.dockerfiles: -1"),
        ('image = "5 pounds"', "budgets.image: '5 pounds' is no size"),
        ('image.web = ""', "no size"),
        ("context.web = -5", "budgets.context.web"),
        ("image.web = nan", "nan"),
        ("image.web = inf", "inf"),
        ("image.web = [1]", "budgets.image"),
        ('rebuild.web = "soon"', "budgets.rebuild.web: 'soon' is no duration"),
        ('rebuild.web = "1 30"', "no duration"),
        ('rebuild.web = {warm = "1 s"}', "'warm' is none of source, dependency, cold, no-change"),
        ("dockerfile = 3", "unknown field `dockerfile`"),
    ],
)
def test_what_is_wrong_is_named(line: str, says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(f"[budgets]\n{line}\n", "dockwright.toml")
    assert caught.value.message.startswith("dockwright.toml: ")
    assert says in caught.value.message


def test_sizes() -> None:
    told = {
        "0": 0,
        "1": 1,
        "200 MB": 200e6,
        "200mb": 200e6,
        "1.5 GiB": 1.5 * 2**30,
        " 64 kB ": 64e3,
        "1_000 B": 1000,
    }
    assert {text: parse_bytes(text) for text in told} == told
    for text in ("M", "1 M", "-1 MB", "1,5 MB", "1 MB 2", "1e3", "MB", "٣ MB"):
        with pytest.raises(ValueError, match=r"no size|no amount"):
            parse_bytes(text)


def test_durations() -> None:
    told = {"5": 5, "5 s": 5, "500 ms": 0.5, "1.5 min": 90, "1m30s": 90, "2 h 5 min": 7500, "0 s": 0}
    assert {text: parse_seconds(text) for text in told} == told
    for text in ("", " ", "s", "1 30", "1s30", "1 fortnight", "-1 s", "1:30"):
        with pytest.raises(ValueError, match="no duration"):
            parse_seconds(text)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    for parse in (parse_bytes, parse_seconds):
        with contextlib.suppress(ValueError):
            assert parse(text) >= 0


@given(st.floats(0, 1e14))
def test_what_is_shown_can_be_read(value: float) -> None:
    assert parse_bytes(show_bytes(value)) == pytest.approx(value, rel=0.06, abs=0.6)
    assert parse_seconds(show_seconds(value)) == pytest.approx(value, rel=0.06, abs=0.06)


@given(st.text(alphabet="[].\"'=# ab\n\\", max_size=60))
def test_any_text_has_a_line(text: str) -> None:
    assert 0 <= line_of(text, ("a", "b")) <= len(text.splitlines())


@pytest.mark.parametrize("heading", ["## Budgets", "## Costs"])
def test_the_examples_of_the_page_can_be_read(heading: str) -> None:
    page = (Path(__file__).parent.parent / "docs" / "ledger.md").read_text("utf-8")
    section = page[page.index(heading) :].partition("\n## ")[0]
    rows = [
        row[4:]
        for row in section.splitlines()
        if row.startswith("    ") and not row.startswith("    dockwright ")
    ]
    config = load("\n".join(rows), "dockwright.toml")
    assert config.budgets or (config.prices and config.usage)


def test_the_example_of_the_module_can_be_read() -> None:
    for module in (budgets, business, config_module):
        assert module.__doc__ is not None
        rows = [row[4:] for row in module.__doc__.splitlines() if row.startswith("    ")]
        load("\n".join(rows).replace('currency = "EUR"', 'currency = "USD"'), "dockwright.toml")
