"""Likeness of two Dockerfiles: symmetric, one for equal files, and resting on a real alignment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockwright.figures import Basis
from dockwright.overlap.pairs import Comparer
from dockwright.overlap.similarity import alignment, bound, similarity
from tests.overlap.samples import SPELLINGS, Spelling, files, plans

TEXTS = st.builds(lambda plan, spelling: spelling.render(plan), plans(), SPELLINGS)


def figures(found):
    return (found.sequence.value, found.jaccard.value, found.contained.value)


@given(TEXTS, TEXTS)
def test_symmetric(first, second):
    one, other = files(first, second)
    assert similarity(one, other) == similarity(other, one)
    turned, back = files(second, first)
    assert figures(similarity(one, other)) == figures(similarity(turned, back))


@given(plans(), SPELLINGS, SPELLINGS)
def test_spelling_does_not_count(plan, first, second):
    found = similarity(*files(first.render(plan), second.render(plan)))
    assert figures(found) == (1.0, 1.0, 1.0)


@given(TEXTS, TEXTS)
def test_alignment_gives_both_files_back(first, second):
    one, other = files(first, second)
    found = alignment(one, other)
    ours, theirs = one.tokens, other.renamed_tokens(found.names)
    assert all(ours[i] == theirs[j] for i, j in found.matches)
    assert [i for i, _ in found.matches] == sorted({i for i, _ in found.matches})
    assert [j for _, j in found.matches] == sorted({j for _, j in found.matches})
    gaps = [i for i in range(len(ours)) if i not in {i for i, _ in found.matches}]
    assert sorted([*gaps, *(i for i, _ in found.matches)]) == list(range(len(ours)))


@given(TEXTS, TEXTS)
def test_figures_are_shares_and_stay_under_the_bound(first, second):
    one, other = files(first, second)
    found = similarity(one, other)
    assert all(0.0 <= value <= 1.0 for value in figures(found))
    assert found.sequence.value <= bound(one, other)
    assert found.jaccard.value <= found.contained.value
    assert found.sequence.basis is Basis.DERIVED
    assert Comparer([one, other]).ratio(1, 0) == found.sequence.value


@given(plans(), plans())
def test_names_of_one_side_do_not_count(first, second):
    """A file is as like another one whatever it calls its stages and ARGs, as long as the other has other names."""
    one, other = files(Spelling("u", "P").render(first), Spelling("v", "Q").render(second))
    third, fourth = files(Spelling("u", "P").render(first), Spelling("w", "R").render(second))
    assert figures(similarity(one, other)) == figures(similarity(third, fourth))


def test_a_stage_in_front_does_not_spoil_renamed_ones():
    first = "FROM a AS x\nRUN one\nFROM b\nCOPY --from=x /p /p\nRUN two\n"
    second = "FROM z AS tools\nRUN zero\nFROM a AS y\nRUN one\nFROM b\nCOPY --from=y /p /p\nRUN two\n"
    found = alignment(*files(first, second))
    assert len(found.matches) == 5
    assert found.names == {"s:y": "s:x"}


def test_a_name_is_not_given_to_two_stages():
    first = "FROM a AS x\nFROM a AS y\nFROM b\nCOPY --from=x 1 1\nCOPY --from=y 2 2\n"
    second = "FROM a AS u\nFROM a AS v\nFROM b\nCOPY --from=u 1 1\nCOPY --from=u 2 2\n"
    found = similarity(*files(first, second))
    assert found.matched == 4


def test_counts():
    found = similarity(*files("FROM a\nRUN x\nENV A=1 B=2\n", "FROM a\nRUN x\nENV A=1 B=3\nUSER u\n"))
    assert (found.matched, found.size_a, found.size_b) == (2, 3, 4)
    assert found.sequence.value == pytest.approx(4 / 7)
    assert found.jaccard.value == pytest.approx(3 / 6)
    assert found.contained.value == pytest.approx(3 / 4)
    assert (found.a, found.b, found.across) == ("a", "b", False)


@pytest.mark.parametrize(("first", "second", "value"), [("", "", 1.0), ("", "FROM a\n", 0.0)])
def test_files_without_instructions(first, second, value):
    assert figures(similarity(*files(first, second))) == (value, value, value)


def test_a_file_is_like_itself_under_any_plan():
    text = Spelling().render([("node:20-alpine", [("install", ["curl"]), ("cmd", "app")])])
    assert similarity(*files(text, text)).sequence.value == 1.0
