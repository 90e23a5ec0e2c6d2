"""Puts layers on top of each other as an engine does, and remembers what is hidden by what.

Within a layer whiteouts come before additions (OCI image-spec layer.md: Representing Changes): `.wh.x` removes `x` of the
layers below, a file or a whole directory; `.wh..wh..opq` removes all that is in its directory below. Files are counted
by contents, not by name: a file with several hard links is there as long as one of them is.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum

import msgspec

from dockwright.image.entries import AUFS, OPAQUE, WHITEOUT, Entry, Kind, Layer
from dockwright.image.limits import DEFAULT, ImageError, Limits


class Cause(StrEnum):
    """Why bytes that an image ships cannot be seen in it."""

    EDITED = "edited"
    CHOWN = "chown"
    CHMOD = "chmod"
    XATTR = "xattr"
    TOUCHED = "touched"
    COPIED_AGAIN = "copied_again"
    """Replaced by exactly the same file."""
    REPLACED = "replaced"
    """By something that is no file, or a directory by something that is none."""
    DELETED_FILE = "deleted_file"
    DELETED_DIRECTORY = "deleted_directory"
    MOVED = "moved"
    """Deleted, while the same layer adds the same contents under another name."""
    WITHIN_LAYER = "within_layer"
    """The same layer has a later entry of that name, or contents under the name of a whiteout."""


class Dead(msgspec.Struct, frozen=True, gc=False):
    """Contents that are shipped and cannot be seen. Layers are numbered from 0, the lowest."""

    entry: Entry
    layer: int
    """That ships them."""
    by: int
    """The layer that hid them."""
    cause: Cause
    where: str
    """The path that was removed or replaced: the entry's own, or the directory's that was deleted."""


class Copy(msgspec.Struct):
    """The contents of one file entry, and under how many names they can be seen."""

    entry: Entry
    layer: int
    names: int = 0


class Node(msgspec.Struct):
    """One name in the file system. `children` is None for what is no directory, `copy` for what has no contents."""

    entry: Entry | None
    """None for a directory that no layer lists and that must be there."""
    layer: int
    children: "dict[str, Node] | None" = None
    copy: Copy | None = None


class Visible(msgspec.Struct, frozen=True, gc=False):
    """One path of the finished file system.

    `entry` is the entry that put the name there; for a hard link `copy` has the file it leads to (its digest and size).
    """

    path: str
    entry: Entry | None
    layer: int
    copy: Copy | None


class _Hidden(msgspec.Struct):
    copy: Copy
    cause: Cause
    where: str


class Replay:
    """The file system after the layers taken so far, and the contents hidden on the way."""

    def __init__(self, limits: Limits = DEFAULT) -> None:
        self.root = Node(None, 0, {})
        self.dead: list[Dead] = []
        self.shipped = 0
        self.layers = 0
        self.notes: list[str] = []
        self._limits = limits
        self._nodes = 0
        self._hidden: list[_Hidden] = []
        self._parent = ("", self.root)
        self._odd: dict[str, int] = {}

    def add(self, layer: Layer) -> None:
        """Put one more layer on top."""
        number = self.layers
        self.layers += 1
        self._hidden = []
        fresh = []
        for entry in layer.entries:
            name = entry.path.rpartition("/")[2]
            if name.startswith(WHITEOUT):
                self._white_out(entry, name, number)
            elif entry.kind != Kind.OTHER:
                fresh.append(entry)
        self._parent = ("", self.root)
        added = {entry.digest for entry in fresh if entry.size} if self._hidden else set()
        for entry in fresh:
            self._put(entry, number)
        self._bury(number, added)
        self._tell(number)

    def live(self) -> int:
        """Bytes of contents that can be seen, each counted once."""
        return sum(copy.entry.size for copy in self.copies())

    def copies(self) -> Iterator[Copy]:
        """Contents that can be seen, each once, whatever number of names they have."""
        seen: set[int] = set()
        for one in self.visible():
            copy = one.copy
            if copy is not None and (copy.names == 1 or id(copy) not in seen):
                seen.add(id(copy))
                yield copy

    def visible(self) -> Iterator[Visible]:
        """Every path but the root's own, parents before children, otherwise in the order in which they came."""
        waiting = [("", self.root)]
        while waiting:
            prefix, node = waiting.pop()
            for name, child in (node.children or {}).items():
                path = f"{prefix}{name}"
                yield Visible(path, child.entry, child.layer, child.copy)
                if child.children:
                    waiting.append((f"{path}/", child))

    def at(self, path: str) -> Node | None:
        """What can be seen under a path; links are not followed."""
        node: Node | None = self.root
        for name in path.split("/") if path else ():
            node = node.children.get(name) if node is not None and node.children is not None else None
        return node

    # -- removing

    def _white_out(self, entry: Entry, name: str, number: int) -> None:
        if entry.size:
            self.shipped += entry.size
            self.dead.append(Dead(entry, number, number, Cause.WITHIN_LAYER, entry.path))
        folder = entry.path[: -len(name)].rstrip("/")
        if name == OPAQUE:
            node = self.at(folder)
            if node is not None and node.children:
                for child in node.children.values():
                    self._hide(child, Cause.DELETED_DIRECTORY, folder)
                node.children.clear()
        elif not name.startswith(AUFS):
            self._remove(folder, name[len(WHITEOUT) :])

    def _remove(self, folder: str, name: str) -> None:
        node = self.at(folder)
        child = node.children.pop(name, None) if node is not None and node.children else None
        if child is None:
            self._odd["removes a name that is not there"] = (
                self._odd.get("removes a name that is not there", 0) + 1
            )
            return
        where = f"{folder}/{name}" if folder else name
        self._hide(child, Cause.DELETED_FILE if child.children is None else Cause.DELETED_DIRECTORY, where)

    def _hide(self, node: Node, cause: Cause, where: str) -> None:
        """Take a name and all below it away."""
        waiting = [node]
        while waiting:
            one = waiting.pop()
            self._nodes -= 1
            if one.copy is not None:
                one.copy.names -= 1
                if not one.copy.names:
                    self._hidden.append(_Hidden(one.copy, cause, where))
            if one.children:
                waiting.extend(one.children.values())

    def _bury(self, number: int, added: set[bytes]) -> None:
        """Settle what this layer hid, now that it is known what it added."""
        for one in self._hidden:
            copy, cause = one.copy, one.cause
            if copy.names:
                continue  # seen again: a hard link made anew in the same layer
            if copy.layer == number:
                cause = Cause.WITHIN_LAYER
            elif cause in (Cause.DELETED_FILE, Cause.DELETED_DIRECTORY) and copy.entry.digest in added:
                cause = Cause.MOVED
            self.dead.append(Dead(copy.entry, copy.layer, number, cause, one.where))

    # -- adding

    def _folder(self, path: str, number: int) -> Node:
        """The directory of a path, made where no entry has made it."""
        if path == self._parent[0]:
            return self._parent[1]
        node = self.root
        for name in path.split("/") if path else ():
            children = node.children
            assert children is not None, "a directory has children"
            child = children.get(name)
            if child is None or child.children is None:
                if child is not None:
                    self._hide(child, Cause.REPLACED, path)
                child = children[name] = self._node(None, number, {})
            node = child
        self._parent = (path, node)
        return node

    def _node(self, entry: Entry | None, number: int, children: dict[str, Node] | None) -> Node:
        self._nodes += 1
        if self._nodes > 2 * self._limits.entries:
            raise ImageError(f"the file system has more than {2 * self._limits.entries} names")
        return Node(entry, number, children)

    def _put(self, entry: Entry, number: int) -> None:
        folder, _, name = entry.path.rpartition("/")
        if not name:
            self.root.entry, self.root.layer = entry, number
            return
        copy = self._copy(entry, number)
        parent = self._folder(folder, number)
        children = parent.children
        assert children is not None, "a directory has children"
        old = children.get(name)
        if old is not None and entry.kind == Kind.DIRECTORY and old.children is not None:
            old.entry, old.layer = entry, number
            return
        if copy is not None:
            copy.names += 1  # before the old name goes: a link may replace another to the same contents
        node = self._node(entry, number, {} if entry.kind == Kind.DIRECTORY else None)
        node.copy = copy
        children[name] = node
        if old is not None:
            if old.children is not None:
                self._parent = ("", self.root)
            self._hide(old, how_rewritten(old, node), entry.path)

    def _copy(self, entry: Entry, number: int) -> Copy | None:
        if entry.kind == Kind.FILE:
            self.shipped += entry.size
            return Copy(entry, number)
        if entry.kind != Kind.HARD_LINK:
            return None
        target = self.at(entry.link)
        if target is None or target.copy is None:
            self._odd["has a hard link to nothing"] = self._odd.get("has a hard link to nothing", 0) + 1
            return None
        return target.copy

    def _tell(self, number: int) -> None:
        self.notes += [f"layer {number} {what} ({count} times)" for what, count in self._odd.items()]
        self._odd = {}


def how_rewritten(old: Node, new: Node) -> Cause:
    """What was done to a file whose name now leads to other contents."""
    if old.copy is None or new.copy is None or old.entry is None or new.entry is None:
        return Cause.REPLACED
    before, after = old.entry, new.entry
    if old.copy.entry.digest != new.copy.entry.digest or old.copy.entry.size != new.copy.entry.size:
        return Cause.EDITED
    if (before.uid, before.gid) != (after.uid, after.gid):
        return Cause.CHOWN
    if before.mode != after.mode:
        return Cause.CHMOD
    if before.xattrs != after.xattrs:
        return Cause.XATTR
    return Cause.TOUCHED if before.modified != after.modified else Cause.COPIED_AGAIN


def replayed(layers: Iterable[Layer], limits: Limits = DEFAULT) -> Replay:
    """The layers of an image, lowest first, put on top of each other."""
    replay = Replay(limits)
    for layer in layers:
        replay.add(layer)
    return replay
