"""Reads one layer: its tar, header by header, each file hashed as it passes; nothing is unpacked to disk."""

import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator
from posixpath import normpath
from typing import Any

import msgspec

from dockwright.image.entries import Entry, Kind, Layer
from dockwright.image.limits import ImageError, Limits
from dockwright.image.streams import PIECE, Pieces, Truncated, Unpacked, packing
from dockwright.image.tar import Header, headers, is_header

Wanted = Callable[[str, int], bool]
"""Path and size of a file to whether its contents are kept."""


def nothing(path: str, size: int) -> bool:  # noqa: ARG001 - a `Wanted`
    """Keep no contents."""
    return False


class Reader:
    """Reads the layers of one image; the limits count over all of them."""

    def __init__(self, limits: Limits, wanted: Wanted = nothing, *, compress: bool = False) -> None:
        """With `compress` plain layers are compressed to see what a registry would hold; nothing is kept of that."""
        self._limits = limits
        self._wanted = wanted
        self._compress = compress
        self._entries = 0
        self._kept = 0

    def layer(self, name: str, pieces: Iterable[bytes], what: str) -> Layer:
        """Read the layer whose blob arrives as `pieces`; all of them are taken.

        Raises ImageError for what is no tar, damaged, or beyond the limits.
        """
        gzip = _Gzip(pieces) if self._compress else None
        packed = Pieces(gzip or pieces)
        kind = packing(packed.peek(4))
        if not kind:
            layer = self._read(name, packed, what, None)
            return msgspec.structs.replace(layer, gzip_size=gzip.size()) if gzip else layer
        if gzip:
            gzip.stop()
        unpacked = Unpacked(packed.rest(), kind, what, self._limits)
        layer = self._read(name, Pieces(unpacked), what, unpacked)
        packed.skip(1 << 62)  # trailing padding
        return layer

    def _read(self, name: str, source: Pieces, what: str, unpacked: Unpacked | None) -> Layer:
        entries: list[Entry] = []
        contents: dict[str, bytes] = {}
        notes = _Notes()
        start = source.peek(512)
        if start and start.strip(b"\0") and not is_header(start):
            raise ImageError(f"{what}: is no tar archive")
        size = 0
        for header in headers(source, what, self._limits):
            entry = self._entry(header, source, what, contents, notes)
            size += entry.size
            entries.append(entry)
            self._entries += 1
            if self._entries > self._limits.entries:
                raise ImageError(f"{what}: the image has more than {self._limits.entries} entries")
        source.skip(1 << 62)
        packed_size = unpacked.packed if unpacked else None
        return Layer(
            name,
            tuple(entries),
            size,
            source.position,
            packed_size,
            contents=contents,
            unkept=tuple(notes.unkept),
            notes=notes.lines(),
        )

    def _entry(
        self, header: Header, source: Pieces, what: str, contents: dict[str, bytes], notes: "_Notes"
    ) -> Entry:
        path = _clean(header.path, notes)
        link = header.link.decode("utf-8", "surrogateescape") if header.link else ""
        kind = header.kind
        digest = b""
        if kind == Kind.FILE:
            keep = self._wanted(path, header.size) and self._may_keep(header.size, path, notes)
            digest, content = _hashed(header, source, what, self._limits, keep)
            if keep:
                contents[path] = content
        elif kind == Kind.HARD_LINK:
            link = _clean(header.link, notes)
        elif kind == Kind.OTHER:
            notes.unknown += 1
            header.size = 0
        return Entry(
            path, kind, header.mode, header.uid, header.gid, header.size, header.stored, header.modified, link, digest,
            header.xattrs, header.device,
        )  # fmt: skip

    def _may_keep(self, size: int, path: str, notes: "_Notes") -> bool:
        if self._kept + size > self._limits.kept:
            notes.unkept.append(path)
            return False
        self._kept += size
        return True


class _Gzip:
    """Counts what gzip would make of a stream that passes by, at the level engines push with (6)."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces
        self._packer: Any = zlib.compressobj(6, wbits=31)
        self._size = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            if self._packer is not None:
                self._size += len(self._packer.compress(piece))
            yield piece

    def stop(self) -> None:
        """It is compressed already."""
        self._packer = None

    def size(self) -> int:
        return self._size + len(self._packer.flush())


class _Notes:
    """What is odd about a layer, counted."""

    def __init__(self) -> None:
        self.outside = 0
        self.unknown = 0
        self.unkept: list[str] = []

    def lines(self) -> tuple[str, ...]:
        found = []
        if self.outside:
            found.append(
                f"{self.outside} names lead out of the root by `..`; taken as engines do, from the root"
            )
        if self.unknown:
            found.append(f"{self.unknown} entries of a type engines pass over")
        if self.unkept:
            found.append(
                f"{len(self.unkept)} files not looked into, {self.unkept[0]} first: too much to keep"
            )
        return tuple(found)


def _clean(raw: bytes, notes: _Notes) -> str:
    """A name relative to the root. What climbs above the root stays in it (containerd fs.RootPath)."""
    path = raw.decode("utf-8", "surrogateescape")
    if path.endswith("/"):
        path = path.rstrip("/")
    if "./" in path or "//" in path or path[:1] in {".", "/", ""} or path.endswith(("/.", "/..")):
        if ".." in path and _climbs(path):
            notes.outside += 1
        path = normpath("/" + path.lstrip("/"))[1:]
    return path


def _climbs(path: str) -> bool:
    depth = 0
    for part in path.split("/"):
        depth += -1 if part == ".." else part not in ("", ".")
        if depth < 0:
            return True
    return False


def _hashed(header: Header, source: Pieces, what: str, limits: Limits, keep: bool) -> tuple[bytes, bytes]:
    """The SHA-256 of a file's contents, and the contents where they are kept."""
    at, size = source.at, header.stored
    if header.sparse is not None:
        return _hashed_sparse(header, source, what, limits)
    if at + size <= len(source.data):
        data = source.data[at : at + size] if size < 1 << 16 else memoryview(source.data)[at : at + size]
        source.at = at + size
        return hashlib.sha256(data).digest(), bytes(data) if keep else b""
    digest = hashlib.sha256()
    kept: list[bytes] = []
    for part in source.parts(size):
        digest.update(part)
        size -= len(part)
        if keep:
            kept.append(bytes(part))
    if size:
        raise Truncated(f"{what}: {header.path[:200].decode('utf-8', 'replace')} ends {size} bytes early")
    return digest.digest(), b"".join(kept)


_HOLE = bytes(PIECE)


def _hashed_sparse(header: Header, source: Pieces, what: str, limits: Limits) -> tuple[bytes, bytes]:
    """The hash of a sparse file as it would be unpacked; of its map and data when its holes are too large for that."""
    digest = hashlib.sha256()
    whole = header.size - header.stored <= limits.hole
    if not whole:
        digest.update(b"sparse %d" % header.size)
    end = 0
    for offset, length in header.sparse or ():
        if whole:
            _zeros(digest, offset - end)
        else:
            digest.update(b" %d %d" % (offset, length))
        left = length
        for part in source.parts(length):
            digest.update(part)
            left -= len(part)
        if left:
            raise Truncated(f"{what}: a sparse file ends {left} bytes early")
        end = offset + length
    if whole:
        _zeros(digest, header.size - end)
    return digest.digest(), b""


def _zeros(digest: "hashlib._Hash", size: int) -> None:
    while size > 0:
        digest.update(_HOLE[:size] if size < PIECE else _HOLE)
        size -= PIECE
