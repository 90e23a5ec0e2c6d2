"""Lines that are made to fit a width."""

from hypothesis import given
from hypothesis import strategies as st

from dockwright.report.fit import fit


def test_lines_go_on_below_their_own_beginning() -> None:
    text = "  because a command loads it, and another one too\n"
    assert fit(text, 30) == "  because a command loads it,\n    and another one too\n"
    label = "  files     one.yaml, two.yaml, three.yaml"
    assert fit(label, 36) == "  files     one.yaml, two.yaml,\n            three.yaml"
    assert fit(text, 0) == fit(text, 200) == text


def test_a_word_longer_than_a_line_is_cut() -> None:
    assert fit("a " + "b" * 30, 20).split("\n")[0] == "a " + "b" * 18


@given(st.text("ab ./:-é\n", max_size=300), st.integers(10, 100))
def test_nothing_is_lost_and_nothing_is_too_wide(text: str, width: int) -> None:
    made = fit(text, width)
    assert all(len(line) <= width for line in made.split("\n"))
    assert "".join(made.split()) == "".join(text.split())
