"""A repository's tree as the compose loader sees files: under a made-up root, and nothing outside of it."""

from __future__ import annotations

from dockwright.compose.load.files import Unreadable
from dockwright.compose.load.gopath import clean
from dockwright.trees.tree import Tree

MAX_BYTES = 64 << 20


class TreeFiles:
    """`files.Files` over any tree. `root` is the absolute path the tree is shown at: its last part names the project."""

    def __init__(self, tree: Tree, root: str) -> None:
        self._tree = tree
        self.root = root

    def inside(self, path: str) -> str | None:
        """The path in the tree; None for what lies outside of it."""
        path = clean(path)
        if path == self.root:
            return ""
        return path[len(self.root) + 1 :] if path.startswith(f"{self.root}/") else None

    def _resolved(self, path: str) -> str | None:
        inside = self.inside(path)
        return None if inside is None else self._tree.resolve(inside)

    def read(self, path: str) -> bytes | None:
        found = self._resolved(path)
        if found is None:
            inside = self.inside(path)
            if inside is None:
                raise Unreadable("is outside of the repository")
            if self._tree.exists(inside):
                raise Unreadable("is a link that leads nowhere, or out of the repository")
            return None
        if self._tree.is_dir(found):
            raise Unreadable("is a directory")
        entry = self._tree.get(found)
        if entry is None:
            return None
        if entry.size > MAX_BYTES:
            raise Unreadable(f"is larger than {MAX_BYTES >> 20} MB")
        try:
            return self._tree.read(found)
        except KeyError:
            return None
        except OSError as error:
            raise Unreadable(str(error)) from error

    def is_directory(self, path: str) -> bool:
        found = self._resolved(path)
        return found is not None and self._tree.is_dir(found)

    def exists(self, path: str) -> bool:
        found = self._resolved(path)
        return found is not None and (self._tree.exists(found) or self._tree.is_dir(found))

    def real(self, path: str) -> str:
        found = self._resolved(path)
        if found is None:
            return clean(path)
        return f"{self.root}/{found}" if found else self.root
