"""Folders of a commit by their object ids: what lies at a path, where links lead, without listing the whole tree."""

from collections.abc import Iterator

from dockwright.trees.changes import FOLDER, LINK
from dockwright.trees.git_command import Git
from dockwright.trees.git_objects import Objects
from dockwright.trees.links import Outcome, Resolution, follow
from dockwright.trees.paths import decode, encode

Named = tuple[bytes, bytes]
"""Mode (six digits) and object id (hex) of what a folder holds."""
_TREE = b"^{tree}"
_KEPT = 2048
"""Folders kept; a folder that is asked for again after that is read again."""


class GitTrees:
    """Reads tree objects of one repository. What is not there (a partial clone) is told in `missing`."""

    def __init__(self, git: Git) -> None:
        self._objects = Objects(git)
        self._folders: dict[bytes, dict[bytes, Named]] = {}
        self.missing: set[str] = set()

    @staticmethod
    def root(commit: str) -> bytes:
        """What stands for the tree of a commit (by its whole id)."""
        return encode(commit) + _TREE

    def folder(self, name: bytes) -> dict[bytes, Named]:
        """What a tree holds, by name; nothing when it is not here."""
        found = self._folders.get(name)
        if found is None:
            text = decode(name)
            data = self._objects.read(text)
            if data is None:
                self.missing.add(text)
                return {}
            if len(self._folders) >= _KEPT:
                self._folders.clear()
            size = len(name.removesuffix(_TREE)) // 2
            found = self._folders[name] = dict(_entries(data, size))
        return found

    def get(self, root: bytes, path: str) -> Named | None:
        """What lies at a path below a tree, links not followed; the tree itself for the empty path."""
        found: Named = (FOLDER, root)
        for part in encode(path).split(b"/") if path else ():
            if found[0] != FOLDER:
                return None
            below = self.folder(found[1]).get(part)
            if below is None:
                return None
            found = below
        return found

    def blob(self, name: bytes) -> bytes | None:
        """Content of a blob; None when it is not here."""
        data = self._objects.read(decode(name))
        if data is None:
            self.missing.add(decode(name))
        return data

    def follow(self, root: bytes, path: str) -> Resolution:
        """Where a path below a tree leads when links are followed, as a build context does: never out of the tree."""

        def target(at: str) -> str | None:
            found = self.get(root, at)
            if found is None or found[0] != LINK:
                return None
            text = self.blob(found[1])
            return None if text is None else decode(text)

        found = follow(path, target, lambda at: self.get(root, at) is not None, clamp=True)
        if found.outcome is Outcome.FOUND and found.path:
            end = self.get(root, found.path)
            if end is not None and end[0] == LINK:  # its text could not be read
                return Resolution(Outcome.MISSING, links=found.links)
        return found

    def walk(self, tree: bytes, depth: int | None = None) -> Iterator[tuple[bytes, Named]]:
        """Everything below a tree, folders too, with paths below it; with `depth` nothing with more slashes than that."""
        waiting = [(b"", tree)]
        while waiting:
            prefix, name = waiting.pop()
            for part, found in self.folder(name).items():
                path = prefix + part
                yield path, found
                if found[0] == FOLDER and (depth is None or path.count(b"/") < depth):
                    waiting.append((path + b"/", found[1]))

    def close(self) -> None:
        """End the process that reads."""
        self._objects.close()


def _entries(data: bytes, size: int) -> Iterator[tuple[bytes, Named]]:
    """Source: git tree.h: `<mode> <name>\\0<id>` without anything between."""
    at = 0
    while at < len(data):
        space = data.index(b" ", at)
        zero = data.index(b"\0", space)
        name = data[zero + 1 : zero + 1 + size]
        yield data[space + 1 : zero], (data[at:space].rjust(6, b"0"), name.hex().encode("ascii"))
        at = zero + 1 + size
