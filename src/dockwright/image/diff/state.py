"""One image's finished file system, path by path, as the comparison needs it."""

import msgspec

from dockwright.image.entries import Kind
from dockwright.image.replay import Copy, Replay, Visible, replayed
from dockwright.image.source import Image


class Seen(msgspec.Struct, frozen=True, gc=False):
    """What can be seen under a path. `listed` is False for a directory that no layer has an entry for."""

    kind: Kind
    mode: int = 0
    uid: int = 0
    gid: int = 0
    size: int = 0
    digest: bytes = b""
    link: str = ""
    xattrs: tuple[tuple[str, bytes], ...] = ()
    device: tuple[int, int] = (0, 0)
    modified: int = 0
    first: str = ""
    """Of a file with several names the first in the alphabet, else empty."""
    layer: int = 0
    listed: bool = True


class FileSystem:
    """What a container started from an image would find."""

    def __init__(self, image: Image) -> None:
        replay: Replay = replayed(image.layers)
        self.notes = tuple(replay.notes)
        self.replay = replay
        self.seen: dict[str, Seen] = {}
        self._image = image
        self._kept: dict[str, tuple[int, str]] = {}
        visible = list(replay.visible())
        first = _first_names(visible)
        for one in visible:
            self.seen[one.path] = _seen(one, first)
            if one.copy is not None:
                self._remember(one.path, one.copy)

    def _remember(self, path: str, copy: Copy) -> None:
        if copy.entry.path in self._image.layers[copy.layer].contents:
            self._kept[path] = (copy.layer, copy.entry.path)

    def content(self, path: str) -> bytes | None:
        """The contents of a path that the reader was asked to keep."""
        place = self._kept.get(path)
        return self._image.layers[place[0]].contents[place[1]] if place else None


def _first_names(visible: list[Visible]) -> dict[int, str]:
    """Of every file with several names the first one."""
    first: dict[int, str] = {}
    for one in visible:
        if one.copy is not None and one.copy.names > 1:
            key = id(one.copy)
            if key not in first or one.path < first[key]:
                first[key] = one.path
    return first


def _seen(one: Visible, first: dict[int, str]) -> Seen:
    entry = one.copy.entry if one.copy is not None else one.entry
    if entry is None:
        return Seen(Kind.DIRECTORY, layer=one.layer, listed=False)
    link = entry.link if entry.kind == Kind.SYMLINK else ""
    # a hard link's own header says nothing of the file it leads to: what is seen is the file's
    return Seen(
        entry.kind, entry.mode & 0o7777, entry.uid, entry.gid, entry.size if one.copy is not None else 0,
        entry.digest, link, tuple(sorted(entry.xattrs)), entry.device, entry.modified,
        first.get(id(one.copy), ""), one.layer,
    )  # fmt: skip
