"""Paths that commits touch, read from git's names in whatever pieces they come."""

from collections.abc import Iterator
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from dockwright.trees import touched
from dockwright.trees.history import GitHistory
from tests.trees.repositories import commit, git, repository, write

NAMES = st.text("ab\n\x01/é", min_size=1, max_size=5).filter(lambda name: not name.startswith("/"))
LOGS = st.lists(
    st.tuples(st.from_regex(r"[0-9a-f]{4}", fullmatch=True), st.lists(NAMES, max_size=4)), max_size=5
)


def output(log: list[tuple[str, list[str]]]) -> bytes:
    """As git writes it with `-z`: the commit, a line break, and each name with a NUL behind it."""
    return b"\0".join(
        f"\0/{name}/2025-01-01\0".encode() + (b"\n" + b"".join(f"{path}\0".encode() for path in paths) if paths else b"")
        for name, paths in log
    )  # fmt: skip


@given(LOGS, st.integers(1, 9))
def test_the_pieces_make_no_difference(log: list[tuple[str, list[str]]], size: int) -> None:
    data = output(log)
    chunks = iter([data[at : at + size] for at in range(0, len(data), size)])
    found = [(name, path) for name, _, paths in touched.read(chunks) for path in paths]
    assert found == [(name, path) for name, paths in log for path in paths]


def pairs(history: GitHistory) -> Iterator[tuple[str, str]]:
    return ((change.commit, path) for change, paths in history.touched() for path in paths)


def test_it_says_what_whole_changes_say(tmp_path: Path) -> None:
    top = repository(tmp_path / "r", {"a": "1", "dir/\nb": "2", "é": "3"})
    write(top, {"a": "2", "\nfirst": "", "\x01x": ""})
    commit(top, "second")
    git(top, "commit", "-q", "--allow-empty", "-m", "nothing")
    git(top, "mv", "dir", "moved")
    last = commit(top, "last")
    history = GitHistory(top)
    whole = [(one.id, change.path) for one in history.commits() for change in one.changes]
    assert list(pairs(history)) == whole
    assert (last, "moved/\nb") in whole
    git(tmp_path, "clone", "-q", "--depth=1", top.as_uri(), "shallow")
    shallow = GitHistory(tmp_path / "shallow")
    assert list(pairs(shallow)) == []
    assert "shallow" in shallow.skipped[0].reason
