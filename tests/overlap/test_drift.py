"""When two files last agreed, and which commit ended it."""

from hypothesis import given
from hypothesis import strategies as st

from dockwright.overlap import drift
from dockwright.overlap.drift import Change, Course, Moment, chosen, drift_of, once_the_same


def timeline(**changes):
    """`c3="x"` is: commit 3 left blob x."""
    return [Change(moment(int(name[1:])), blob) for name, blob in changes.items()]


def moment(number):
    return Moment(number, f"c{number}", f"2026-01-{number:02}")


def unread(blob):
    return None


def test_copied_and_parted():
    found = drift_of("a", "b", timeline(c1="x", c5="y", c6="z"), timeline(c2="x"), unread)
    assert found.course is Course.PARTED
    assert (found.met.commit, found.agreed.commit, found.parted.commit) == ("c2", "c2", "c5")
    assert (found.alone, found.by_bytes, found.changes_a, found.changes_b) == ("a", True, 2, 0)


def test_changed_together_and_parted_later():
    found = drift_of("a", "b", timeline(c1="x", c3="y"), timeline(c1="x", c3="y", c4="z"), unread)
    assert (found.agreed.commit, found.parted.commit, found.alone) == ("c3", "c4", "b")


def test_parted_in_one_commit_that_changed_both():
    found = drift_of("a", "b", timeline(c1="x", c3="y"), timeline(c1="x", c3="z"), unread)
    assert (found.alone, found.changes_a, found.changes_b) == ("", 1, 1)


def test_agreed_again_counts_as_the_last_time():
    found = drift_of("a", "b", timeline(c1="x", c2="y", c5="z"), timeline(c1="x", c3="y"), unread)
    assert (found.agreed.commit, found.parted.commit) == ("c3", "c5")


def test_born_different():
    found = drift_of("a", "b", timeline(c1="x", c4="w"), timeline(c2="y"), unread)
    assert found.course is Course.BORN_DIFFERENT
    assert (found.met.commit, found.agreed, found.parted, found.changes_a, found.changes_b) == (
        "c2",
        None,
        None,
        1,
        1,
    )


def test_a_blob_they_had_at_different_times_is_no_agreement():
    found = drift_of("a", "b", timeline(c1="x", c2="y"), timeline(c3="x"), unread)
    assert found.course is Course.BORN_DIFFERENT


def test_normal_form_counts_where_bytes_differ():
    forms = {"x": "1", "y": "1", "z": "2"}
    found = drift_of("a", "b", timeline(c1="x", c3="z"), timeline(c2="y"), forms.get)
    assert (found.agreed.commit, found.parted.commit, found.by_bytes) == ("c2", "c3", False)


def test_the_same_now_is_no_drift():
    assert drift_of("a", "b", timeline(c1="x"), timeline(c2="x"), unread) is None
    assert drift_of("a", "b", timeline(c1="x"), timeline(c2="y"), {"x": "1", "y": "1"}.get) is None


def test_gone_or_never_together():
    assert drift_of("a", "b", timeline(c1="x"), [], unread) is None
    assert drift_of("a", "b", timeline(c1="x", c2=""), timeline(c3="y"), unread) is None


def test_removed_and_made_again():
    found = drift_of("a", "b", timeline(c1="x", c2="", c4="y"), timeline(c1="x"), unread)
    assert (found.agreed.commit, found.parted.commit, found.alone) == ("c1", "c2", "a")


CHANGES = st.dictionaries(st.integers(1, 12), st.sampled_from(["", "x", "y", "z"]), max_size=6)


@given(CHANGES, CHANGES)
def test_says_what_a_walk_over_all_commits_says(ours, theirs):
    one, other = (
        [Change(moment(number), changes[number]) for number in sorted(changes)] for changes in (ours, theirs)
    )
    x = y = ""
    last, after, met, states = None, None, None, 0
    for number in range(1, 13):
        if number not in ours and number not in theirs:
            continue
        x, y = ours.get(number, x), theirs.get(number, y)
        states += 1
        if x and y:
            met = met or number
        if x and x == y:
            last, after = number, None
        elif last and not after:
            after = number
    found = drift_of("a", "b", one, other, unread)
    if not (x and y) or x == y:
        assert found is None
    else:
        assert found.met.order == met
        assert (found.agreed.order if found.agreed else None) == last
        assert (found.parted.order if found.parted else None) == after


@given(CHANGES, CHANGES)
def test_symmetric(ours, theirs):
    one, other = (
        [Change(moment(number), changes[number]) for number in sorted(changes)] for changes in (ours, theirs)
    )
    found, turned = drift_of("a", "b", one, other, unread), drift_of("b", "a", other, one, unread)
    if found is None:
        assert turned is None
    else:
        assert (found.met, found.agreed, found.parted, found.alone) == (
            turned.met,
            turned.agreed,
            turned.parted,
            turned.alone,
        )


def test_once_the_same():
    lines = {
        "a": timeline(c1="x"),
        "b": timeline(c2="y", c3="x"),
        "c": timeline(c4="x"),
        "d": timeline(c1="w"),
    }
    assert once_the_same(lines) == [("a", "b"), ("a", "c")]


def test_pairs_are_bounded_and_said_to_be(monkeypatch):
    monkeypatch.setattr(drift, "MAX_PAIRS", 2)
    pairs, skipped = chosen([("b", "a"), ("a", "b")], [("c", "d"), ("e", "f")])
    assert pairs == [("a", "b"), ("c", "d")]
    assert [one.what for one in skipped] == ["drift of 1 pairs of files"]
