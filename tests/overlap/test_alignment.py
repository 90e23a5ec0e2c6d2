"""The alignment is a longest common subsequence, whichever way it is worked out."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockwright.overlap import alignment
from dockwright.overlap.alignment import align, ratio

TOKENS = st.lists(st.integers(0, 5), max_size=40)


def length_by_table(a, b):
    row = [0] * (len(b) + 1)
    for x in a:
        new = [0]
        for j, y in enumerate(b):
            new.append(row[j] + 1 if x == y else max(new[-1], row[j + 1]))
        row = new
    return row[-1]


def check_matches(a, b, matches):
    assert all(a[i] == b[j] for i, j in matches)
    assert all(i < k and j < m for (i, j), (k, m) in combinations(matches, 2))


@given(TOKENS, TOKENS)
def test_is_a_longest_common_subsequence(a, b):
    matches = align(a, b)
    check_matches(a, b, matches)
    assert len(matches) == length_by_table(a, b)


@given(TOKENS, TOKENS)
def test_both_sides_can_be_put_together_again(a, b):
    matches = align(a, b)
    kept = [a[i] for i, _ in matches]
    only_a = {i: a[i] for i in set(range(len(a))) - {i for i, _ in matches}}
    only_b = {j: b[j] for j in set(range(len(b))) - {j for _, j in matches}}
    for whole, only, side in ((a, only_a, 0), (b, only_b, 1)):
        rebuilt = dict(only)
        rebuilt.update(zip((match[side] for match in matches), kept, strict=True))
        assert [rebuilt[at] for at in range(len(whole))] == whole


@given(TOKENS, TOKENS)
def test_length_is_symmetric(a, b):
    assert len(align(a, b)) == len(align(b, a))


@given(st.lists(st.integers(0, 200), max_size=60), st.lists(st.integers(0, 200), max_size=60))
def test_bounded_alignment_is_a_common_subsequence(a, b):
    before = alignment.MAX_CELLS
    alignment.MAX_CELLS = 10
    try:
        matches = align(a, b)
    finally:
        alignment.MAX_CELLS = before
    check_matches(a, b, matches)
    assert len(matches) <= length_by_table(a, b)


def test_tokens_that_occur_once_split_what_is_too_large(monkeypatch):
    monkeypatch.setattr(alignment, "MAX_CELLS", 4)
    a, b = [1, 2, 9, 3, 4, 8, 5], [6, 9, 3, 7, 8, 5, 6]
    assert align(a, b) == [(2, 1), (3, 2), (5, 4), (6, 5)]


@pytest.mark.slow
def test_very_long_sequences_are_bounded():
    a = [n % 7 for n in range(60_000)]
    b = [n % 11 for n in range(60_000)]
    check = align(a, b)
    assert check[:7] == [(n, n) for n in range(7)]


def test_ratio():
    assert ratio(0, 0, 0) == 1.0
    assert ratio(3, 6, 6) == 0.5
