"""Hands a state down a history: from each commit's first parent to the commit, and given up when nobody needs it.

Only the states of commits that still have children to come are kept, so that memory depends on how many lines of
development are open at a time and not on how long the history is.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from dockwright.errors import Skipped
from dockwright.trees.changes import Change, CommitChanges, difference, listing
from dockwright.trees.git_command import GitError
from dockwright.trees.revisions import CUT, OUTSIDE, ROOT, Walk

S = TypeVar("S")
MAX_BASELINES = 5_000
"""Commits outside of the range from which a state is worked out; beyond, what hangs on them is not compared."""


class Descent(Generic[S]):
    """One pass over a walk. `after` makes the state after changes; the text is the id of the commit's tree (or commit)."""

    def __init__(
        self, walk: Walk, empty: Callable[[], S], after: Callable[[S, Iterable[Change], bytes], S]
    ) -> None:
        self._walk = walk
        self._empty = empty
        self._after = after
        self._states: dict[int, S] = {}
        self._pending: dict[int, int] = {}
        self._baseline: tuple[str, S] | None = None
        self._baselines = 0

    def __iter__(self) -> Iterator[tuple[int, CommitChanges, S | None, S]]:
        """Each commit: number, changes, the state of its first parent (None: it cannot be told) and its own.

        The first commit of a history comes after the empty state.
        """
        walk = self._walk
        for number, commit in walk.commits():
            before = self._before(number)
            start = self._empty() if before is None else before
            changes: Iterable[Change] = commit.changes
            if before is None and walk.parents[number] == OUTSIDE:
                changes = self._whole(commit)
            state = self._after(start, changes, commit.tree)
            if walk.children[number]:
                self._states[number] = state
                self._pending[number] = walk.children[number]
            yield number, commit, before, state

    def _whole(self, commit: CommitChanges) -> Iterable[Change]:
        try:
            return list(listing(self._walk.git, commit.id.decode("ascii")))
        except GitError:
            return commit.changes

    def _before(self, number: int) -> S | None:
        parent = self._walk.parents[number]
        if parent == ROOT:
            return self._empty()
        if parent == CUT:
            return None
        if parent == OUTSIDE:
            return self._outside(self._walk.outside[number])
        state = self._states[parent]
        self._pending[parent] -= 1
        if not self._pending[parent]:
            del self._pending[parent], self._states[parent]
        return state

    def _outside(self, commit: str) -> S | None:
        """The state of a commit that is not walked, from the one looked up before."""
        if self._baseline is not None and self._baseline[0] == commit:
            return self._baseline[1]
        self._baselines += 1
        if self._baselines > MAX_BASELINES:
            self._skip(
                f"more than {MAX_BASELINES} commits before the range: what comes after the rest is not compared"
            )
            return None
        tree = commit.encode("ascii")
        try:
            if self._baseline is None:
                state = self._after(self._empty(), listing(self._walk.git, commit), tree)
            else:
                changes = difference(self._walk.git, self._baseline[0], commit)
                state = self._after(self._baseline[1], changes, tree)
        except GitError as error:
            self._skip(f"the files of {commit[:12]}, before the range, cannot be listed: {error.message}")
            return None
        self._baseline = (commit, state)
        return state

    def _skip(self, reason: str) -> None:
        if (skipped := Skipped("history", reason)) not in self._walk.skipped:
            self._walk.skipped.append(skipped)
