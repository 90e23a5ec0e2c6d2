"""The effective file systems of two images, path by path."""

from collections.abc import Iterator

from dockwright.image.diff.model import Detail, What
from dockwright.image.diff.state import FileSystem, Seen
from dockwright.image.entries import Kind

_KINDS = {
    Kind.FILE: "file", Kind.HARD_LINK: "file", Kind.SYMLINK: "symbolic link", Kind.CHARACTER: "character device",
    Kind.BLOCK: "block device", Kind.DIRECTORY: "directory", Kind.FIFO: "named pipe", Kind.OTHER: "other",
}  # fmt: skip


def changed(before: FileSystem, after: FileSystem) -> Iterator[tuple[str, tuple[Detail, ...]]]:
    """The paths that differ in anything at all, in the order of their names, with what differs."""
    for path in sorted(before.seen.keys() | after.seen.keys()):
        one, other = before.seen.get(path), after.seen.get(path)
        if one is None:
            assert other is not None
            yield path, (Detail(What.ADDED, "", described(other)),)
        elif other is None:
            yield path, (Detail(What.REMOVED, described(one), ""),)
        elif one != other:
            details = tuple(_details(one, other))
            if details:
                yield path, details


def _details(one: Seen, other: Seen) -> Iterator[Detail]:
    if one.kind != other.kind:
        yield Detail(What.KIND, described(one), described(other))
        return
    if (one.digest, one.size) != (other.digest, other.size):
        yield Detail(What.CONTENT, _content(one), _content(other))
    if one.link != other.link:
        yield Detail(What.LINK, one.link, other.link)
    if one.device != other.device:
        yield Detail(What.DEVICE, _device(one), _device(other))
    if not (one.listed and other.listed):
        return  # a directory without an entry has no mode or owner of its own: the engine's defaults
    if one.mode != other.mode and one.kind != Kind.SYMLINK:
        yield Detail(What.MODE, f"{one.mode:04o}", f"{other.mode:04o}")
    if (one.uid, one.gid) != (other.uid, other.gid):
        yield Detail(What.OWNER, f"{one.uid}:{one.gid}", f"{other.uid}:{other.gid}")
    if one.xattrs != other.xattrs:
        yield Detail(What.XATTRS, _xattrs(one, other), _xattrs(other, one))
    if one.first != other.first:
        yield Detail(What.LINKED, _linked(one), _linked(other))
    if one.modified // 10**9 != other.modified // 10**9:
        # whole seconds: of the formats of tar only pax keeps more
        yield Detail(What.MODIFIED, str(one.modified // 10**9), str(other.modified // 10**9))


def described(one: Seen) -> str:
    """What something is, in words: `file, 0644, 0:0, 12 bytes`."""
    kind = _KINDS[one.kind]
    if one.kind == Kind.SYMLINK:
        return f"{kind} to {one.link}"
    if not one.listed:
        return kind
    size = f", {_content(one)}" if one.kind == Kind.FILE else ""
    return f"{kind}, {one.mode:04o}, {one.uid}:{one.gid}{size}"


def _content(one: Seen) -> str:
    digest = f" sha256:{one.digest.hex()[:12]}" if one.digest else ""
    return f"{one.size} bytes{digest}"


def _device(one: Seen) -> str:
    return ":".join(map(str, one.device))


def _linked(one: Seen) -> str:
    return f"one file with {one.first}" if one.first else "a file of its own"


def _xattrs(one: Seen, other: Seen) -> str:
    """The attributes that the other side has not or has otherwise, as hexadecimal digits."""
    there = dict(other.xattrs)
    own = [(name, value) for name, value in one.xattrs if there.get(name) != value]
    return ", ".join(f"{name}={value.hex()}" for name, value in own) or "none"
