"""What a build context sends: the tree below a folder, without what an ignore file leaves out.

One walk serves all Dockerfiles that share the folder and the text of the ignore file.
"""

from functools import cached_property

from dockwright.text import SourceFile
from dockwright.trees.ignore import IgnoreFile, read_ignore_file
from dockwright.trees.paths import parent
from dockwright.trees.tree import Entry, Tree


class Sent:
    """Files, links and folders below `root` that are sent under an ignore file (None: all of them)."""

    def __init__(self, tree: Tree, root: str, ignore: IgnoreFile | None) -> None:
        self.tree = tree
        self.root = root
        self.ignore = ignore if ignore is not None and ignore.patterns else None

    def inside(self, path: str) -> str:
        """A path of the tree as the context sees it."""
        return path[len(self.root) + 1 :] if self.root else path

    def hides(self, path: str) -> bool:
        """True when the ignore file leaves out this path of the tree."""
        return self.ignore is not None and self.ignore.ignores(self.inside(path))

    @cached_property
    def all(self) -> tuple[Entry, ...]:
        """All files and links below the root, sent or not."""
        return tuple(self.tree.under(self.root))

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Those that are sent."""
        if self.ignore is None:
            return self.all
        return tuple(entry for entry in self.all if not self.hides(entry.path))

    @cached_property
    def paths(self) -> frozenset[str]:
        return frozenset(entry.path for entry in self.entries)

    @cached_property
    def bytes(self) -> int:
        return sum(entry.size for entry in self.entries)

    @cached_property
    def git(self) -> tuple[int, int]:
        """(files, bytes) of the checkout's own `.git` that are sent besides; nothing below the top of a repository."""
        found = (
            [entry for entry in self.tree.git_entries() if not self.hides(entry.path)]
            if not self.root
            else []
        )
        return len(found), sum(entry.size for entry in found)

    @cached_property
    def folders(self) -> frozenset[str]:
        """Folders that are in the context as sent: not left out, or with something kept below."""
        prefix = f"{self.root}/" if self.root else ""
        own = [one for one in self.tree.directories() if one.startswith(prefix) and not self.hides(one)]
        found: set[str] = {self.root}
        for folder in (*(parent(entry.path) for entry in self.entries), *own):
            while (
                folder and folder not in found
            ):  # a folder left out comes back for what is kept below, folder or file
                found.add(folder)
                folder = parent(folder)
        return frozenset(found)


def sent(tree: Tree, root: str, source: SourceFile | None) -> tuple[IgnoreFile | None, Sent]:
    """The ignore file read from `source`, and what is sent under it; worked out once per tree, root and text."""
    if source is None:
        return None, tree.memo(("sent", root, None), lambda: Sent(tree, root, None))
    ignore = tree.memo(("ignore", source.path), lambda: read_ignore_file(source))
    return ignore, tree.memo(("sent", root, source.data), lambda: Sent(tree, root, ignore))
