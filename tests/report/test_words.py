"""Counts, lists and figures in words."""

import pytest

from dockwright.report.places import FigureEntry, Place
from dockwright.report.words import byte_size, counted, figure_text, grouped_places, listed, plural, shortened


def test_counts_agree_with_their_nouns() -> None:
    assert [counted(number, "Dockerfile") for number in (0, 1, 1241)] == [
        "0 Dockerfiles",
        "1 Dockerfile",
        "1,241 Dockerfiles",
    ]
    assert plural("repository") == "repositories"
    assert plural("ignore file") == "ignore files"
    assert plural("day") == "days"


def test_lists_are_cut_with_a_number() -> None:
    assert [listed("abc"[:number]) for number in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert listed("abcde", 2) == "a, b and 3 more"


def test_shortened() -> None:
    assert shortened("abcdef", 6) == "abcdef"
    assert shortened("abcdefg", 6) == "abcde…"


def figure(value: float, unit: str, basis: str = "derived", **more: float) -> FigureEntry:
    return FigureEntry("x", value, unit, basis, "", **more)


@pytest.mark.parametrize(
    ("one", "text"),
    [
        (figure(0.784, "share"), "78%"),
        (figure(12, "files"), "12"),
        (figure(1234, "findings"), "1,234"),
        (figure(2.5, "s", "measured"), "2.50 s (measured)"),
        (figure(5, "files", low=2, high=5), "2 to 5"),
        (figure(5, "files", low=5, high=5), "5"),
        (figure(3_200_000, "bytes", "estimated"), "3.2 MB (estimated)"),
    ],
)
def test_figures_show_their_unit_and_any_basis_weaker_or_other_than_derived(
    one: FigureEntry, text: str
) -> None:
    assert figure_text(one) == text


def test_sizes() -> None:
    assert [byte_size(value) for value in (0, 999, 1000, 150_000, 2.5e9)] == [
        "0 B",
        "999 B",
        "1.0 kB",
        "150 kB",
        "2.5 GB",
    ]


def test_places_of_one_file_are_one() -> None:
    places = [Place("b", 7, 1, 7, 2), Place("a", 0, 0, 0, 0), Place("b", 3, 1, 3, 2), Place("b", 7, 9, 7, 9)]
    assert grouped_places(places) == ["b:3,7", "a"]
    assert grouped_places(places, 1) == ["b:3,…", "a"]
