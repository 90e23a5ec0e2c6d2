"""What a layer holds: one value per tar entry, without its contents."""

from enum import IntEnum

import msgspec


class Kind(IntEnum):
    """What an entry is."""

    FILE = 0
    HARD_LINK = 1
    SYMLINK = 2
    CHARACTER = 3
    BLOCK = 4
    DIRECTORY = 5
    FIFO = 6
    OTHER = 7
    """Something engines pass over (a volume label, an unknown type)."""


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One entry of a layer's tar.

    `path` and `link` are relative to the root, without `.`, `..` and doubled slashes (`link` as written for symbolic
    links); bytes that are no UTF-8 stand as surrogate escapes. `size` is what the file holds once unpacked, `stored`
    what the tar carries of it: they differ for sparse files only. `digest` is the SHA-256 of the contents.
    """

    path: str
    kind: Kind
    mode: int
    uid: int
    gid: int
    size: int
    stored: int
    modified: int
    """Nanoseconds since 1970."""
    link: str = ""
    digest: bytes = b""
    xattrs: tuple[tuple[str, bytes], ...] = ()
    device: tuple[int, int] = (0, 0)


WHITEOUT = ".wh."
OPAQUE = ".wh..wh..opq"
AUFS = ".wh..wh."
"""Other names of aufs's own bookkeeping; they are no part of the file system (OCI image-spec layer.md: Whiteouts)."""


class Layer(msgspec.Struct, frozen=True):
    """One layer, read. Sizes are bytes."""

    name: str
    """Of the blob in its archive."""
    entries: tuple[Entry, ...]
    size: int
    """Contents of all files, as unpacked: what `shipped` adds up."""
    tar_size: int
    """The whole tar, unpacked, with headers and padding."""
    packed_size: int | None
    """The blob as it lies in the archive when it is compressed; None for a plain tar."""
    gzip_size: int | None = None
    """What gzip makes of a plain tar, where that was asked for."""
    contents: dict[str, bytes] = {}
    """The last contents of those paths the reader was asked to keep."""
    unkept: tuple[str, ...] = ()
    """Those it was asked to keep and that were too much."""
    notes: tuple[str, ...] = ()
    """What is odd about it: names that lead out of the root, entries of unknown type."""
