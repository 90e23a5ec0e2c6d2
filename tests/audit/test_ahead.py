"""Reading history ahead gives what reading it when asked gives."""

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockwright.audit.ahead import Ahead
from dockwright.trees.history import Change, Commit, MemoryHistory

paths = st.sampled_from("abcdef")
commits = st.lists(
    st.builds(
        lambda number, touched, cut: Commit(
            f"{number:040x}",
            f"2025-01-{number % 28 + 1:02}",
            "",
            tuple(Change(path, "", "1", 0) for path in touched),
            cut,
        ),
        st.integers(0, 99),
        st.lists(paths, max_size=4, unique=True),
        st.booleans(),
    ),
    max_size=12,
)


@given(commits, st.lists(paths, unique=True))
def test_it_is_the_same(made: list[Commit], asked: list[str]) -> None:
    history = MemoryHistory(made, {})
    ahead = Ahead(history)
    try:
        assert ahead.last_changes(asked) == history.last_changes(asked)
    finally:
        ahead.close()
    assert list(ahead.commits(["a"])) == list(history.commits(["a"]))
    assert ahead.head == history.head


class Endless(MemoryHistory):
    """A history that never ends, and one that fails."""

    def __init__(self, *, fails: bool = False) -> None:
        super().__init__((), {})
        self.fails = fails

    def commits(self, paths: Sequence[str] = (), **_: object) -> Iterator[Commit]:
        number = 0
        while not self.fails:
            number += 1
            yield Commit(f"{number:040x}", "2025-01-01", "", (Change(f"file-{number}", "", "1", 0),))
        raise OSError("git is gone")


def test_the_walk_ends_when_all_that_was_asked_is_known() -> None:
    ahead = Ahead(Endless())
    assert set(ahead.last_changes(["file-1", "file-500"])) == {"file-1", "file-500"}
    ahead.close()
    assert not ahead._thread.is_alive()


def test_the_walk_ends_when_nobody_asks() -> None:
    ahead = Ahead(Endless())
    ahead.close()
    assert not ahead._thread.is_alive()


def test_an_error_reaches_who_asks() -> None:
    ahead = Ahead(Endless(fails=True))
    with pytest.raises(OSError, match="git is gone"):
        ahead.last_changes(["x"])
    ahead.close()
