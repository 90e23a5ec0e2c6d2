"""Compose texts as resolved stacks, for tests."""

from dockwright.compose.load.versions import followed
from dockwright.compose.stack import Stack as Asked
from dockwright.compose.standin import attempt
from dockwright.overlap.stacks import stacks
from dockwright.trees.memory import MemoryTree


def projects(files, version=None):
    """Every file alone, as the audit compares them. `files` is path to text; other files may be among them."""
    semantics = followed(version) if version else None
    tree = MemoryTree(files)
    names = [path for path in files if path.endswith((".yml", ".yaml"))]
    return stacks([(path, attempt(tree, Asked(path, (path,), ("*",)), semantics)) for path in names])
