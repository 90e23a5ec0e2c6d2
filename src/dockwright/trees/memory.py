"""Trees in memory: for tests, and for the result of a plan before it is written."""

from collections.abc import Collection, Mapping, Sequence

import msgspec

from dockwright.trees.paths import parent
from dockwright.trees.tree import EXECUTABLE, FILE, LINK, Entry, State, Tree


class Link(msgspec.Struct, frozen=True):
    """A symbolic link to `target`."""

    target: str


class Program(msgspec.Struct, frozen=True):
    """An executable file."""

    text: str | bytes


Content = str | bytes | Link | Program


def _bytes(content: Content) -> bytes:
    if isinstance(content, Program):
        content = content.text
    if isinstance(content, Link):
        content = content.target
    return content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content


def _mode(content: Content) -> int:
    if isinstance(content, Link):
        return LINK
    return EXECUTABLE if isinstance(content, Program) else FILE


class MemoryTree(Tree):
    """A tree given as path to content; a path that ends in `/` is an empty directory.

    `states` are what git thinks of some paths (the others are tracked); `sizes` the sizes of files whose content is
    not held (they read as empty).
    """

    def __init__(
        self,
        files: Mapping[str, Content],
        states: Mapping[str, State] | None = None,
        sizes: Mapping[str, int] | None = None,
    ) -> None:
        super().__init__()
        self._files = {path: content for path, content in files.items() if not path.endswith("/")}
        self._empty = tuple(path.rstrip("/") for path in files if path.endswith("/"))
        self._states = dict(states or {})
        self._sizes = dict(sizes or {})

    def __repr__(self) -> str:
        return f"MemoryTree({len(self._files)} files)"

    def _load(self) -> list[Entry]:
        entries = []
        for path, content in self._files.items():
            size = self._sizes.get(path)
            entries.append(Entry(path, _mode(content), len(_bytes(content)) if size is None else size))
        return entries

    def _read(self, entry: Entry) -> bytes:
        return _bytes(self._files[entry.path])

    def _state(self, path: str) -> State:
        return self._states.get(path, State.TRACKED)

    def _empty_directories(self) -> tuple[str, ...]:
        return self._empty


class OverlayTree(Tree):
    """Another tree with some files changed, added or removed: the result of a plan before it is written.

    `removed` names files, or folders with all that is in them. A file put where the base has a folder hides what was in
    it. What is changed or added counts as tracked.
    """

    def __init__(self, base: Tree, changed: Mapping[str, Content], removed: Collection[str] = ()) -> None:
        super().__init__()
        self._base = base
        self._changed = dict(changed)
        self._removed = frozenset(removed) | {path for path in changed if base.is_dir(path)}
        self.skipped = base.skipped

    def __repr__(self) -> str:
        return f"OverlayTree({self._base!r}, {len(self._changed)} changed, {len(self._removed)} removed)"

    def _gone(self, path: str) -> bool:
        """True when the path of the base, or a folder above it, is removed, or has become a file."""
        while path:
            if path in self._removed or path in self._changed:
                return True
            path = parent(path)
        return False

    def _load(self) -> list[Entry]:
        kept = [entry for entry in self._base.entries() if not self._gone(entry.path)]
        new = [Entry(path, _mode(content), len(_bytes(content))) for path, content in self._changed.items()]
        return kept + new

    def _empty_directories(self) -> list[str]:
        return [
            path
            for path in self._base.directories()
            if not self._base.children(path) and not self._gone(path)
        ]

    def git_entries(self) -> Sequence[Entry]:
        return self._base.git_entries()

    def _read(self, entry: Entry) -> bytes:
        content = self._changed.get(entry.path)
        return self._base._read(entry) if content is None else _bytes(content)

    def _state(self, path: str) -> State:
        return State.TRACKED if path in self._changed else self._base.state(path)
