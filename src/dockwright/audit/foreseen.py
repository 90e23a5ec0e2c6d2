"""A history of which it is known early what will be asked: git works on it while rules are checked here."""

from collections.abc import Iterator, Sequence
from threading import Thread

import msgspec

from dockwright.trees.history import MAX_PATHS_ON_LINE, Commit, History, LastChange


class Foreseen(History):
    """`history`, with the commits of its first parents that touch `paths` read ahead, when they are few enough."""

    def __init__(self, history: History, paths: Sequence[str]) -> None:
        super().__init__()
        self._history = history
        self.skipped = history.skipped
        self._paths = frozenset(paths if len(paths) <= MAX_PATHS_ON_LINE else ())
        self._commits: list[Commit] = []
        self._error: BaseException | None = None
        self._thread = Thread(target=self._walk, daemon=True)
        if self._paths:
            self._thread.start()

    def _walk(self) -> None:
        try:
            self._commits += self._history.commits(sorted(self._paths), first_parent=True)
        except BaseException as error:  # noqa: BLE001 - handed on to whoever asks
            self._error = error

    def commits(
        self, paths: Sequence[str] = (), *, since: str = "", merges: bool = False, first_parent: bool = False
    ) -> Iterator[Commit]:
        wanted = frozenset(paths)
        if not first_parent or since or not wanted or not wanted <= self._paths:
            yield from self._history.commits(paths, since=since, merges=merges, first_parent=first_parent)
            return
        self._thread.join()
        if self._error is not None:
            raise self._error
        for commit in self._commits:
            changes = tuple(change for change in commit.changes if change.path in wanted)
            if changes:
                yield msgspec.structs.replace(commit, changes=changes)

    def close(self) -> None:
        """Wait until git is done; to be called when nothing more is asked."""
        if self._paths:
            self._thread.join()

    def last_changes(self, paths: Sequence[str]) -> dict[str, LastChange]:
        return self._history.last_changes(paths)

    def blob(self, name: str) -> bytes | None:
        return self._history.blob(name)

    @property
    def head(self) -> LastChange | None:
        return self._history.head
