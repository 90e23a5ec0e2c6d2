"""Repeated runs really stand where they are said to stand, and are maximal."""

from hypothesis import given
from hypothesis import strategies as st

from dockwright.overlap.runs import Run, repeated_runs

SEQUENCES = st.lists(st.lists(st.integers(0, 4), max_size=15), max_size=6)


def runs(sequences, shortest=2):
    return repeated_runs(
        sequences,
        lambda run: len(run.places) - 1,
        lambda number, start, length: length if length >= shortest else 0,
    )


def occurrences(sequences, run):
    size = len(run)
    return [
        (number, start)
        for number, sequence in enumerate(sequences)
        for start in range(len(sequence) - size + 1)
        if sequence[start : start + size] == run
    ]


@given(SEQUENCES)
def test_places_are_all_places_of_the_run(sequences):
    for run, fresh in runs(sequences):
        number, start = run.places[0]
        text = sequences[number][start : start + run.length]
        assert list(run.places) == occurrences(sequences, text)
        assert 2 <= fresh <= len(run.places)


@given(SEQUENCES)
def test_runs_cannot_be_made_longer(sequences):
    for run, _ in runs(sequences):
        before = {sequences[number][start - 1] if start else None for number, start in run.places}
        ends = [(sequences[number], start + run.length) for number, start in run.places]
        after = {sequence[end] if end < len(sequence) else None for sequence, end in ends}
        assert len(before) > 1 or before == {None}
        assert len(after) > 1 or after == {None}


@given(SEQUENCES)
def test_what_two_sequences_share_is_reported(sequences):
    shared = any(
        place[0] != number
        for number, sequence in enumerate(sequences)
        for start in range(len(sequence) - 1)
        for place in occurrences(sequences, sequence[start : start + 2])
    )
    assert not shared or runs(sequences)


def test_the_most_gainful_run_comes_first():
    found = runs([[1, 2, 3, 4], [9, 1, 2, 3, 4], [1, 2, 8]])
    assert found == [(Run(4, ((0, 0), (1, 1))), 2)]


def test_a_shorter_run_is_reported_where_it_stands_alone():
    found = runs([[1, 2, 3], [1, 2, 3], [1, 2, 7], [1, 2, 8], [5, 5]])
    assert [(run.length, fresh) for run, fresh in found] == [(2, 4)]


def test_overlapping_places_count_once():
    assert runs([[1, 1, 1]]) == []
    ((run, fresh),) = runs([[1, 1, 1, 1]])
    assert (run, fresh) == (Run(2, ((0, 0), (0, 1), (0, 2))), 2)
