"""What is foreseen to be asked is answered as the history itself does."""

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockwright.audit.foreseen import Foreseen
from dockwright.trees.history import MAX_PATHS_ON_LINE, Commit, MemoryHistory
from tests.audit.test_ahead import commits, paths


class Counting(MemoryHistory):
    """Notes what it is asked."""

    def __init__(self, made: Sequence[Commit]) -> None:
        super().__init__(made, {"1": b"one"})
        self.asked: list[tuple[str, ...]] = []

    def commits(
        self, paths: Sequence[str] = (), *, since: str = "", merges: bool = False, first_parent: bool = False
    ) -> Iterator[Commit]:
        self.asked.append(tuple(paths))
        return super().commits(paths, since=since, merges=merges, first_parent=first_parent)


@given(commits, st.lists(paths, unique=True), st.lists(paths, unique=True))
def test_it_is_the_same(made: list[Commit], early: list[str], asked: list[str]) -> None:
    history = MemoryHistory(made, {"1": b"one"})
    foreseen = Foreseen(history, early)
    for first_parent in (True, False):
        expected = list(history.commits(asked, first_parent=first_parent))
        assert list(foreseen.commits(asked, first_parent=first_parent)) == expected
    assert foreseen.last_changes(asked) == history.last_changes(asked)
    assert foreseen.blob("1") == b"one"
    assert foreseen.head == history.head
    foreseen.close()


def test_it_is_asked_once_and_early() -> None:
    history = Counting(())
    foreseen = Foreseen(history, ["a", "b"])
    foreseen.close()
    assert history.asked == [("a", "b")]
    list(foreseen.commits(["b"], first_parent=True))
    assert history.asked == [("a", "b")]
    list(foreseen.commits(["c"], first_parent=True))
    assert history.asked[1:] == [("c",)]


def test_many_paths_are_left_until_they_are_asked_for() -> None:
    history = Counting(())
    foreseen = Foreseen(history, [str(number) for number in range(MAX_PATHS_ON_LINE + 1)])
    foreseen.close()
    assert history.asked == []
    assert list(foreseen.commits(["1"], first_parent=True)) == []


def test_an_error_reaches_who_asks() -> None:
    class Broken(MemoryHistory):
        def commits(self, paths: Sequence[str] = (), **_: object) -> Iterator[Commit]:
            raise OSError("git is gone")

    foreseen = Foreseen(Broken((), {}), ["a"])
    with pytest.raises(OSError, match="git is gone"):
        list(foreseen.commits(["a"], first_parent=True))
