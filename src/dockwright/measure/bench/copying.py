"""A copy of what a build is sent, so that it can be edited: the files sent, the Dockerfile, its ignore file, links and modes.

The rest of the repository is not copied: the builder would not see it. `.git` is not copied either, also where it would be
sent: a copy of it would say nothing of the changes that are measured.
"""

import os
import shutil
from pathlib import Path

import msgspec

from dockwright.errors import UsageError
from dockwright.measure.target import Target
from dockwright.trees.context import BuildContext
from dockwright.trees.disk import DiskTree
from dockwright.trees.tree import Tree, Unreadable


def copied(target: Target, folder: Path) -> Target:
    """The target with its files in `folder`. Raises UsageError when a file cannot be read or the disk is full."""
    subject = target.subject
    context = BuildContext(target.tree, subject.context, subject.path)
    paths = {entry.path for entry in context.sent} | set(context.ignore_candidates)
    if subject.dockerfile is None:
        paths.add(subject.path)
    try:
        (folder / subject.context).mkdir(parents=True, exist_ok=True)
        for path in sorted(paths):
            _copy(target.tree, path, folder)
        for path in target.tree.directories():
            if _sent_empty(context, path):
                (folder / path).mkdir(parents=True, exist_ok=True)
    except Unreadable as error:
        raise UsageError(f"a file of the context cannot be read: {error}") from error
    except OSError as error:
        raise UsageError(
            f"the context cannot be copied to {folder}: {error.strerror}",
            "set TMPDIR to a folder with room for it",
        ) from error
    contexts = tuple((name, _absolute(value, target.root)) for name, value in target.contexts)
    return msgspec.structs.replace(target, root=folder, tree=DiskTree(folder), contexts=contexts)


def _sent_empty(context: BuildContext, path: str) -> bool:
    inside = path == context.root or not context.root or path.startswith(f"{context.root}/")
    return inside and not context.tree.children(path) and context.hidden_by(path) is None


def _absolute(value: str, root: Path) -> str:
    """Folders of other contexts stay where they are: they are not edited."""
    local = "://" not in value and not value.startswith(("/", "target:", "service:", "git@"))
    return str(root.resolve() / value) if local else value


def _copy(tree: Tree, path: str, folder: Path) -> None:
    entry = tree.get(path)
    if entry is None:
        raise UsageError(f"there is no {path}", "give a Dockerfile, a service or a target")
    to = folder / path
    to.parent.mkdir(parents=True, exist_ok=True)
    if entry.is_link:
        target = tree.link_target(path)
        if target is None:
            raise Unreadable(f"link {path} cannot be read")
        if not os.path.lexists(to):
            to.symlink_to(target)
        return
    if isinstance(tree, DiskTree):
        shutil.copyfile(tree.root / path, to, follow_symlinks=False)
        to.chmod((tree.root / path).stat().st_mode & 0o777)
        return
    to.write_bytes(tree.read(path))
    to.chmod(0o755 if entry.is_executable else 0o644)


def refreshed(target: Target) -> Target:
    """The target with its files as they are now."""
    return msgspec.structs.replace(target, tree=DiskTree(target.root))
