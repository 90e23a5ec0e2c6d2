"""Bytes that arrive in pieces: taken in order, limited to a part, unpacked; never more than a few pieces in memory."""

import os
import stat
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, Protocol, cast

from dockwright.image.limits import MIB, ImageError, Limits

PIECE = MIB
_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_SKIPPABLE = frozenset(bytes([0x50 + n, 0x2A, 0x4D, 0x18]) for n in range(16))
"""First bytes of a zstd skippable frame, which zstd:chunked puts between others (RFC 8878 3.1.2)."""


class Truncated(ImageError):
    """The stream ended before what it announced."""


class Pieces:
    """A stream of pieces, read in order. `data` from `at` on is what has arrived and is not taken yet."""

    __slots__ = ("_before", "_next", "at", "data")

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._next = iter(pieces).__next__
        self.data = b""
        self.at = 0
        self._before = 0

    @property
    def position(self) -> int:
        """Bytes taken so far."""
        return self._before + self.at

    def fill(self) -> bool:
        """Have at least one byte at hand; False at the end. Only when all that was there has been taken."""
        assert self.at >= len(self.data), "a piece is dropped before it is used up"
        while True:
            try:
                piece = self._next()
            except StopIteration:
                return False
            if piece:
                self._before += len(self.data)
                self.data, self.at = piece, 0
                return True

    def take(self, size: int) -> bytes:
        """The next `size` bytes; fewer only at the end of the stream."""
        start = self.at
        end = start + size
        if end <= len(self.data):
            self.at = end
            return self.data[start:end]
        parts = [bytes(part) for part in self.parts(size)]
        return b"".join(parts)

    def exactly(self, size: int, what: str) -> bytes:
        """The next `size` bytes; `Truncated` when there are fewer."""
        taken = self.take(size)
        if len(taken) < size:
            raise Truncated(f"{what}: ends after {len(taken)} of {size} bytes")
        return taken

    def parts(self, size: int) -> Iterator[memoryview]:
        """The next `size` bytes in parts, as they lie in the pieces; fewer only at the end."""
        while size > 0:
            if self.at >= len(self.data) and not self.fill():
                return
            end = min(len(self.data), self.at + size)
            part = memoryview(self.data)[self.at : end]
            self.at = end
            size -= len(part)
            yield part

    def skip(self, size: int) -> int:
        """Pass over `size` bytes; how many there were."""
        left = size
        while left > 0:
            here = len(self.data) - self.at
            if here >= left:
                self.at += left
                return size
            self.at = len(self.data)
            left -= here
            if not self.fill():
                break
        return size - left

    def peek(self, size: int) -> bytes:
        """The next bytes, at most `size`, without taking them."""
        while len(self.data) - self.at < size:
            left = self.data[self.at :]
            try:
                piece = self._next()
            except StopIteration:
                break
            self._before += self.at
            self.data, self.at = left + piece, 0
        return self.data[self.at : self.at + size]

    def rest(self) -> Iterator[bytes]:
        """All that is left."""
        while self.at < len(self.data) or self.fill():
            yield self.take(len(self.data) - self.at)

    def window(self, size: int, what: str) -> Iterator[bytes]:
        """The next `size` bytes as pieces of their own; `Truncated` when the stream ends before."""
        left = size
        while left > 0:
            if self.at >= len(self.data) and not self.fill():
                raise Truncated(f"{what}: ends {left} bytes early")
            if self.at == 0 and len(self.data) <= left:
                piece = self.data
            else:
                piece = self.data[self.at : self.at + left]
            self.at += len(piece)
            left -= len(piece)
            yield piece


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def of_file(stream: BinaryIO | _Readable, size: int = 0) -> Iterator[bytes]:
    """The pieces of any binary stream, seekable or not, of `size` bytes at most (0: what suits the stream)."""
    size = size or _suitable(stream)
    read = cast("Any", getattr(stream, "read1", None) or stream.read)
    while piece := read(size):
        yield piece


def _suitable(stream: BinaryIO | _Readable) -> int:
    """How much to ask for at once: more than a pipe holds costs three times the whole copying (measured: room is made
    for all that is asked for). A pipe is made to hold a mebibyte where the system lets us.
    """
    try:
        number = cast("Any", stream).fileno()
        if not stat.S_ISFIFO(os.fstat(number).st_mode):
            return PIECE
        import fcntl

        return int(fcntl.fcntl(number, fcntl.F_SETPIPE_SZ, PIECE)) // 2
    except (OSError, AttributeError, ImportError, ValueError):
        return _PIPE


_PIPE = 1 << 16


def packing(start: bytes) -> str:
    """`gzip`, `zstd` or `` by the first four bytes."""
    if start[:2] == _GZIP:
        return "gzip"
    return "zstd" if start[:4] == _ZSTD or start[:4] in _SKIPPABLE else ""


class Unpacked:
    """The pieces of a compressed stream, unpacked; counts both sides and stops at a ratio no real layer has."""

    def __init__(self, pieces: Iterable[bytes], kind: str, what: str, limits: Limits) -> None:
        self.packed = 0
        self.unpacked = 0
        self._what = what
        self._limits = limits
        self._pieces = self._counted(pieces)
        self._unpack = _gunzip if kind == "gzip" else _unzstd

    def _counted(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self.packed += len(piece)
            yield piece

    def __iter__(self) -> Iterator[bytes]:
        limits = self._limits
        for piece in self._unpack(self._pieces, self._what):
            self.unpacked += len(piece)
            if self.unpacked > limits.free_unpacked and self.unpacked > self.packed * limits.ratio:
                raise ImageError(
                    f"{self._what}: {self.packed} bytes unpack to more than {self.unpacked}",
                    "this is what a decompression bomb looks like; it is not read on",
                )
            yield piece


def _gunzip(pieces: Iterator[bytes], what: str) -> Iterator[bytes]:
    """RFC 1952: members one after the other (eStargz has thousands); zeros after the last one are padding."""
    member = zlib.decompressobj(wbits=31)
    fresh = True
    for piece in pieces:
        data = piece
        while data:
            if member.eof:
                data = data.lstrip(b"\0")
                if not data:
                    break
                member, fresh = zlib.decompressobj(wbits=31), True
            try:
                made = member.decompress(data, PIECE)
            except zlib.error as error:
                raise ImageError(f"{what}: damaged gzip data ({error})") from None
            fresh = False
            if made:
                yield made
            data = member.unused_data if member.eof else member.unconsumed_tail
    while not member.eof and not fresh:
        made = member.decompress(b"", PIECE)
        if not made:
            raise Truncated(f"{what}: gzip data end early")
        yield made


def _unzstd(pieces: Iterator[bytes], what: str) -> Iterator[bytes]:
    """RFC 8878, several frames one after the other (zstd:chunked)."""
    try:
        import zstandard
    except ImportError:
        raise ImageError(
            f"{what}: a zstd layer, and zstandard is not installed", "pip install 'dockwright[zstd]'"
        ) from None
    unpacker = zstandard.ZstdDecompressor(max_window_size=1 << 27)
    frame, fresh = unpacker.decompressobj(), True
    for piece in pieces:
        for at in range(0, len(piece), _FEED):
            data = piece[at : at + _FEED]
            while data:
                if frame.eof:
                    frame = unpacker.decompressobj()
                try:
                    made = frame.decompress(data)
                except zstandard.ZstdError as error:
                    raise ImageError(f"{what}: damaged zstd data ({error})") from None
                fresh = False
                if made:
                    yield made
                data = frame.unused_data if frame.eof else b""
    if not frame.eof and not fresh:
        raise Truncated(f"{what}: zstd data end early")


_FEED = 1 << 11
"""Bytes handed to zstd at once: four of them can make 128 KiB (a block of one repeated byte), so these make 64 MiB."""
