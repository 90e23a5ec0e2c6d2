"""Dates as git reads them, and texts that git takes for a date although they are none."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dockwright.errors import TreeError
from dockwright.trees.dates import complaint, moment, shown
from dockwright.trees.git_command import Git
from dockwright.trees.revisions import Range, Walk
from tests.trees.fast_import import Made, history, text


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return history(tmp_path_factory.mktemp("dates") / "r", [Made({"a": text(str(n))}) for n in range(3)])


@pytest.mark.parametrize(
    "wrong",
    [
        "garbage",
        "3 mnths ago",
        "a month ago",
        "hour ago",
        "tomorrow",
        "today",
        "2026-13-45",
        "2026-02-31",
        "2025-06",
        "2025",
        "12345",
        "13/45/2026",
        "May 45 2025",
        "1750-01-01",
        "2100-01-01",
        "3d",
        "v1.2",
        "-3 days",
        "3 days hence",
        "2025-06-01 25:00",
        "",
        "   ",
        "3 months ago; rm",
        "٣ days ago",
        "2025-06-01\n",
    ],
)
def test_what_is_no_date_is_refused(folder: Path, wrong: str) -> None:
    """git takes most of these for this moment, the rest for some day nobody meant, and says nothing."""
    with pytest.raises(TreeError) as error:
        moment(Git(folder), wrong)
    assert "date" in error.value.message
    assert error.value.hint
    with pytest.raises(TreeError):
        Walk(Git(folder), Range(("main",), since=wrong or " "))


@pytest.mark.parametrize(
    ("right", "seconds"),
    [
        ("2025-06-01T10:00:00Z", 1748772000),
        ("2025-06-01 10:00:00 +0200", 1748764800),
        ("1700000900 +0000", 1700000900),
        ("@1700000900", 1700000900),
        ("Thu, 07 Apr 2005 22:13:13 +0200", 1112904793),
        ("never", 0),
    ],
)
def test_exact_dates(folder: Path, right: str, seconds: int) -> None:
    assert moment(Git(folder), right) == seconds


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("3 months ago", "2 months ago"),
        ("two.weeks.ago", "1.week.2.days.ago"),
        ("last year", "yesterday"),
        ("yesterday noon", "now"),
        ("2025-01-31", "31.12.2025"),
        ("June 5th, 2024", "5 June 2025"),
        ("last friday", "now"),
        ("12/31/2024", "6 hours"),
    ],
)
def test_relative_dates(folder: Path, earlier: str, later: str) -> None:
    git = Git(folder)
    assert moment(git, earlier) < moment(git, later) <= moment(git, "now")


def test_how_it_is_shown() -> None:
    assert shown(1748772000) == "2025-06-01 10:00 UTC"
    assert shown(0) == "1970-01-01 00:00 UTC"
    assert shown(2**62) == "4611686018427387904 seconds after 1970"


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=30) | st.text("0123456789-/: agodysmnth.", max_size=30))
def test_any_text_has_an_answer(any_text: str) -> None:
    assert isinstance(complaint(any_text), str)


def test_long_texts_take_linear_time() -> None:
    assert complaint("1 day " * 50_000)
    assert complaint("9" * 300_000)
    assert complaint("a" * 300_000)
