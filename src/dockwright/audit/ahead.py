"""Reads history ahead: git walks the commits on another core while files are read here.

When a file last changed is asked at the end, when it is known which files matter; git takes a second or more for it
in a repository of some thousand commits. So the walk starts at once, notes the newest commit of every path it meets,
and ends as soon as all paths that were asked for are known.
"""

from collections.abc import Iterator, Sequence
from threading import Condition, Thread

from dockwright.trees.history import Commit, History, LastChange


class Ahead(History):
    """A history whose newest changes are collected in the background; everything else is asked of the history itself."""

    def __init__(self, history: History) -> None:
        super().__init__()
        self._history = history
        self.skipped = history.skipped
        self._found: dict[str, LastChange] = {}
        self._missing: set[str] | None = None
        self._done = False
        self._error: BaseException | None = None
        self._state = Condition()
        self._thread = Thread(target=self._walk, daemon=True)
        self._thread.start()

    def _walk(self) -> None:
        try:
            for change, paths in self._history.touched():
                if self._note(change, paths):
                    break
        except BaseException as error:  # noqa: BLE001 - handed on to whoever asks
            self._error = error
        finally:
            with self._state:
                self._done = True
                self._state.notify_all()

    def _note(self, change: LastChange, paths: Sequence[str]) -> bool:
        """Take in what one commit touched; True when nobody needs the next."""
        with self._state:
            self._found.update(dict.fromkeys(set(paths).difference(self._found), change))
            if self._missing is not None:
                self._missing.difference_update(paths)
            return self._missing is not None and not self._missing

    def last_changes(self, paths: Sequence[str]) -> dict[str, LastChange]:
        """As `History.last_changes`; waits until the walk has met all of the paths, or has ended."""
        with self._state:
            self._missing = set(paths) - self._found.keys()
            while self._missing and not self._done:
                self._state.wait()
        if self._error is not None:
            raise self._error
        return {path: self._found[path] for path in paths if path in self._found}

    def close(self) -> None:
        """Let the walk end; to be called when nothing more is asked."""
        with self._state:
            self._missing = set()
        self._thread.join()

    def commits(
        self, paths: Sequence[str] = (), *, since: str = "", merges: bool = False, first_parent: bool = False
    ) -> Iterator[Commit]:
        return self._history.commits(paths, since=since, merges=merges, first_parent=first_parent)

    def blob(self, name: str) -> bytes | None:
        return self._history.blob(name)

    @property
    def head(self) -> LastChange | None:
        return self._history.head
