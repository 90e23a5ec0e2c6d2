"""Where the parts of an image lie: a folder, a tar on disk, or a stream that passes once.

All three answer the same two questions: the document of that name, the layer of that name. A folder and a tar on disk
are asked for what is needed; of a stream everything is read as it passes, since which parts are layers, and whose, may
stand at its end (`docker save` puts `manifest.json` last).
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from posixpath import dirname, normpath
from typing import BinaryIO, Protocol

from dockwright.image.entries import Kind, Layer
from dockwright.image.layers import Reader
from dockwright.image.limits import ImageError, Limits
from dockwright.image.streams import Pieces, Unpacked, of_file, packing
from dockwright.image.tar import Header, headers, is_header


class Blobs(Protocol):
    """The parts of an archive by name."""

    what: str

    def document(self, name: str) -> bytes | None:
        """The bytes of a JSON document; None when there is none of that name."""

    def layer(self, name: str) -> Layer | None:
        """A layer, read; None when there is none of that name."""

    def has(self, name: str) -> bool:
        """Whether there is something of that name."""


def _inside(name: str) -> str:
    """A name as it stands in an archive; ImageError when it leads out of it."""
    clean = normpath(name) if name else ""
    if not clean or clean.startswith(("/", "..")) or "\0" in clean:
        raise ImageError(f"the archive names a part {name[:200]!r} outside itself")
    return clean


class Passed:
    """Blobs of a stream, all read in one pass."""

    def __init__(self, stream: Iterator[bytes], what: str, reader: Reader, limits: Limits) -> None:
        self.what = what
        self._documents: dict[str, bytes] = {}
        self._layers: dict[str, Layer] = {}
        self._links: dict[str, str] = {}
        self._too_large: dict[str, int] = {}
        self._kept = 0
        self._limits = limits
        source = Pieces(stream)
        kind = packing(source.peek(4))
        if kind:
            source = Pieces(Unpacked(source.rest(), kind, what, limits))
        if not source.peek(1):
            raise ImageError(
                f"{what}: is empty", "where it comes through a pipe, the program before it may have failed"
            )
        if not is_header(source.peek(512)):
            raise ImageError(
                f"{what}: is no tar archive", "expected is what `docker save` writes, or an OCI layout"
            )
        for header in headers(source, what, limits):
            self._take(header, source, reader)
        source.skip(1 << 62)

    def _take(self, header: Header, source: Pieces, reader: Reader) -> None:
        name = _member(header)
        if header.kind in (Kind.SYMLINK, Kind.HARD_LINK):
            self._links[name] = _target(name, header)
        if header.kind != Kind.FILE or not header.stored:
            return
        start = source.peek(min(512, header.stored))
        what = f"{self.what}: {name}"
        if packing(start) or is_header(start) or (header.stored % 512 == 0 and not start.strip(b"\0")):
            self._layers[name] = reader.layer(name, source.window(header.stored, what), what)
        elif start.lstrip()[:1] in (b"{", b"["):
            if header.stored > self._limits.document:
                self._too_large[name] = header.stored
                return
            self._kept += header.stored
            if self._kept > self._limits.documents:
                raise ImageError(f"{self.what}: more than {self._limits.documents} bytes of JSON documents")
            self._documents[name] = source.exactly(header.stored, what)

    def _real(self, name: str) -> str:
        return _followed(_inside(name), self._links)

    def document(self, name: str) -> bytes | None:
        real = self._real(name)
        if real in self._too_large:
            raise _too_large(f"{self.what}: {name}", self._too_large[real], self._limits)
        return self._documents.get(real)

    def layer(self, name: str) -> Layer | None:
        return self._layers.get(self._real(name))

    def has(self, name: str) -> bool:
        real = self._real(name)
        return real in self._documents or real in self._layers


def _member(header: Header) -> str:
    return normpath(header.path.decode("utf-8", "surrogateescape"))


def _target(name: str, header: Header) -> str:
    link = header.link.decode("utf-8", "surrogateescape")
    return normpath(link if header.kind == Kind.HARD_LINK else os.path.join(dirname(name), link))


def _followed(name: str, links: dict[str, str]) -> str:
    """Old `docker save` writes a layer once and links to it from the other images; a circle leads nowhere."""
    seen = set()
    while name in links and name not in seen:
        seen.add(name)
        name = links[name]
    return name


class Indexed:
    """Blobs of an uncompressed tar on disk: its headers are read, contents where they are asked for."""

    def __init__(self, file: BinaryIO, what: str, reader: Reader, limits: Limits) -> None:
        self.what = what
        self._file = file
        self._reader = reader
        self._limits = limits
        self._places: dict[str, tuple[int, int]] = {}
        self._links: dict[str, str] = {}
        self._read: dict[str, Layer] = {}
        source = _Seeking(file)
        for header in headers(source, what, limits):
            name = _member(header)
            if header.kind == Kind.FILE and header.sparse is None:
                self._places[name] = (source.position, header.stored)
            elif header.kind in (Kind.SYMLINK, Kind.HARD_LINK):
                self._links[name] = _target(name, header)
            if len(self._places) + len(self._links) > limits.entries:
                raise ImageError(f"{what}: more than {limits.entries} entries")

    def _pieces(self, name: str, what: str) -> tuple[int, Iterator[bytes]] | None:
        place = self._places.get(name)
        if place is None:
            return None
        self._file.seek(place[0])
        return place[1], Pieces(of_file(self._file)).window(place[1], what)

    def document(self, name: str) -> bytes | None:
        found = self._pieces(self._real(name), f"{self.what}: {name}")
        return None if found is None else _document(found, f"{self.what}: {name}", self._limits)

    def layer(self, name: str) -> Layer | None:
        name = self._real(name)
        if name not in self._read:
            what = f"{self.what}: {name}"
            found = self._pieces(name, what)
            if found is None:
                return None
            self._read[name] = self._reader.layer(name, found[1], what)
        return self._read[name]

    def has(self, name: str) -> bool:
        return self._real(name) in self._places

    def _real(self, name: str) -> str:
        return _followed(_inside(name), self._links)


def _document(found: tuple[int, Iterator[bytes]], what: str, limits: Limits) -> bytes:
    size, pieces = found
    if size > limits.document:
        raise _too_large(what, size, limits)
    return b"".join(pieces)


def _too_large(what: str, size: int, limits: Limits) -> ImageError:
    return ImageError(f"{what}: a document of {size} bytes; the limit is {limits.document}")


class _Seeking(Pieces):
    """A file whose contents are jumped over, not read."""

    __slots__ = ("_file", "_size")

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(of_file(file, 1 << 14))
        self._file = file
        self._size = os.fstat(file.fileno()).st_size

    def skip(self, size: int) -> int:
        here = len(self.data) - self.at
        if size <= here:
            self.at += size
            return size
        goal = min(self.position + size, self._size)
        passed = goal - self.position
        self._before, self.data, self.at = goal, b"", 0
        self._file.seek(goal)
        return passed


class Folder:
    """Blobs of a folder: an OCI image layout, or a `docker save` that was unpacked. Links out of it are refused."""

    def __init__(self, path: str, reader: Reader, limits: Limits) -> None:
        self.what = path
        self._root = os.path.realpath(path)
        self._reader = reader
        self._limits = limits
        self._read: dict[str, Layer] = {}

    def _place(self, name: str) -> str | None:
        path = os.path.realpath(os.path.join(self._root, _inside(name)))
        if os.path.commonpath((path, self._root)) != self._root:
            raise ImageError(f"{self.what}: {name} is a link that leads out of the folder")
        return path if os.path.isfile(path) else None

    def document(self, name: str) -> bytes | None:
        path = self._place(name)
        if path is None:
            return None
        with open(path, "rb") as file:
            return _document((_size(file), of_file(file)), f"{self.what}: {name}", self._limits)

    def layer(self, name: str) -> Layer | None:
        path = self._place(name)
        if path is None:
            return None
        if path not in self._read:
            with open(path, "rb") as file:
                self._read[path] = self._reader.layer(name, of_file(file), f"{self.what}: {name}")
        return self._read[path]

    def has(self, name: str) -> bool:
        return self._place(name) is not None


def _size(file: BinaryIO) -> int:
    return os.fstat(file.fileno()).st_size


@contextmanager
def opened(path: str, reader: Reader, limits: Limits) -> Iterator[Blobs]:
    """The blobs of a folder, a tar on disk, or whatever else can be opened for reading (a named pipe)."""
    if os.path.isdir(path):
        yield Folder(path, reader, limits)
        return
    with open(path, "rb") as file:
        if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            start = file.read(512)
            file.seek(0)
            if is_header(start):
                yield Indexed(file, path, reader, limits)
                return
        yield Passed(of_file(file), path, reader, limits)
