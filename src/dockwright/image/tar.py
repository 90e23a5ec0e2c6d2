"""Reads tar archives as a stream, header by header: ustar, GNU (long names, sparse), pax (all records, sparse).

Faster than `tarfile`, which builds objects for every header and cannot read a pipe inside a pipe; held against it in
tests. References: POSIX pax, GNU tar manual (Basic Tar Format, Sparse Formats), Go archive/tar, which is what engines
read layers with: where the two differ (sizes of links), this does as Go does.
"""

import struct
import zlib
from collections.abc import Iterator

import msgspec

from dockwright.image.entries import Kind
from dockwright.image.limits import ImageError, Limits
from dockwright.image.sparse import Part, old_map, pax_map
from dockwright.image.streams import Pieces, Truncated

BLOCK = 512
_ZEROS = bytes(BLOCK)
_FIELDS = struct.Struct("100s8s8s8s12s12s8sc100s8s32s32s8s8s155s12x").unpack
_KINDS = {b"0": Kind.FILE, b"\0": Kind.FILE, b"7": Kind.FILE, b"1": Kind.HARD_LINK, b"2": Kind.SYMLINK,
          b"3": Kind.CHARACTER, b"4": Kind.BLOCK, b"5": Kind.DIRECTORY, b"6": Kind.FIFO, b"S": Kind.FILE}  # fmt: skip
_EXTENSIONS = frozenset((b"x", b"g", b"L", b"K"))
_MOST_COMMON, _MOST_RECORDS = 256, 1 << 16


class Header(msgspec.Struct, gc=False):
    """What precedes an entry's contents. `stored` bytes follow; `sparse` tells where they go, if that is not plain."""

    path: bytes
    kind: Kind
    mode: int
    uid: int
    gid: int
    size: int
    stored: int
    modified: int
    link: bytes = b""
    xattrs: tuple[tuple[str, bytes], ...] = ()
    device: tuple[int, int] = (0, 0)
    sparse: tuple[Part, ...] | None = None


def is_header(block: bytes) -> bool:
    """The block has the checksum of a tar header."""
    return len(block) == BLOCK and _checksum_fits(block)


def headers(source: Pieces, what: str, limits: Limits) -> Iterator[Header]:
    """The headers of an archive; whoever takes one may take up to `stored` bytes of contents before the next.

    Ends at the first block of zeros, as Go and Python do, or at the end of the stream. Damage is an `ImageError` that
    names `what` and the offset.
    """
    common: dict[str, bytes] = {}
    while True:
        block = source.take(BLOCK)
        if block == _ZEROS or not block:
            return
        extended = common
        if block[156:157] in _EXTENSIONS:
            extended = dict(common)
            block = _extensions(block, common, extended, source, what, limits)
            if block == _ZEROS or not block:
                if len(extended) > len(common):
                    raise Truncated(
                        f"{what}: ends after the announcement of an entry, at byte {source.position}"
                    )
                return
        header = _header(block, extended, source, what, limits)
        end = source.position + header.stored + padding(header.stored)
        yield header
        _skip_to(source, end, what)


def _extensions(
    block: bytes,
    common: dict[str, bytes],
    extended: dict[str, bytes],
    source: Pieces,
    what: str,
    limits: Limits,
) -> bytes:
    """Read the headers that only say something about what follows; returns the block after them."""
    while (kind := block[156:157]) in _EXTENSIONS:
        _check(block, source, what)
        data = _extension(block, source, what, limits)
        if kind in b"LK":
            extended["path" if kind == b"L" else "linkpath"] = data.partition(b"\0")[0]
        else:
            records = _records(data, what)
            extended.update(records)
            if kind == b"g":
                common.update(records)
        if len(common) > _MOST_COMMON or len(extended) > _MOST_RECORDS:
            raise ImageError(
                f"{what}: more pax records than any archive needs, before byte {source.position}"
            )
        block = source.take(BLOCK)
    return block


def padding(size: int) -> int:
    """The zeros that fill the last block."""
    return -size % BLOCK


def _skip_to(source: Pieces, end: int, what: str) -> None:
    missing = end - source.position
    if missing and source.skip(missing) < missing:
        raise Truncated(f"{what}: ends in the middle of an entry, at byte {source.position}")


def _check(block: bytes, source: Pieces, what: str) -> None:
    if len(block) < BLOCK:
        raise Truncated(f"{what}: ends in the middle of a header, at byte {source.position}")
    if not _checksum_fits(block):
        raise ImageError(f"{what}: no tar header at byte {source.position - BLOCK}")


def _checksum_fits(block: bytes) -> bool:
    """The stored sum is that of all bytes, its own field taken as blanks.

    Adler-32's lower half is one plus the sum modulo 65,521: a twentieth of the time of adding up in Python.
    """
    field = block[148:156]
    try:
        stored = int(field.strip(b"\0 ") or b"0", 8)
    except ValueError:
        return False
    own = sum(field) - 256
    if (zlib.adler32(block) & 0xFFFF) == (stored + own + 1) % 65521:
        return True
    signed = sum(byte - 256 if byte > 127 else byte for byte in block[:148] + block[156:]) + 256
    return stored == signed  # old Sun and BSD tars


def number(field: bytes, what: str) -> int:
    """A numeric field: octal digits, or base 256 when the first bit is set (GNU)."""
    if field[0] >= 0x80:
        raw = int.from_bytes(field, "big")
        bits = len(field) * 8
        return raw - (1 << bits) if raw >> (bits - 2) & 1 else raw - (1 << (bits - 1))
    text = field.strip(b"\0 ").partition(b"\0")[0]
    try:
        return int(text, 8) if text else 0
    except ValueError:
        raise ImageError(f"{what}: a header holds {text[:20]!r} where a number should be") from None


def _extension(block: bytes, source: Pieces, what: str, limits: Limits) -> bytes:
    size = number(block[124:136], what)
    if not 0 <= size <= limits.extension:
        raise ImageError(f"{what}: a header extension of {size} bytes; the limit is {limits.extension}")
    data = source.exactly(size, what)
    _skip_to(source, source.position + padding(size), what)
    return data


def _records(data: bytes, what: str) -> dict[str, bytes]:
    """Pax records: `LENGTH KEY=VALUE\\n`, the length counting itself. Keys of sparse maps may come many times."""
    found: dict[str, bytes] = {}
    parts: list[bytes] = []
    at = 0
    while at < len(data):
        blank = data.find(b" ", at, at + 20)
        digits = data[at:blank]
        length = int(digits) if blank > 0 and digits.isdigit() else 0
        record = data[blank + 1 : at + length - 1]
        if (
            length <= 0
            or at + length > len(data)
            or data[at + length - 1 : at + length] != b"\n"
            or b"=" not in record
        ):
            raise ImageError(f"{what}: a damaged pax record")
        key, _, value = record.partition(b"=")
        name = key.decode("utf-8", "surrogateescape")
        if name in ("GNU.sparse.offset", "GNU.sparse.numbytes"):
            parts.append(value)
        found[name] = value
        at += length
    if parts:
        found["GNU.sparse.map"] = b",".join(parts)  # format 0.0 is format 0.1 spread over records
    return found


def _header(block: bytes, extended: dict[str, bytes], source: Pieces, what: str, limits: Limits) -> Header:
    _check(block, source, what)
    name, mode, uid, gid, size, modified, _, kind, link, magic, _, _, major, minor, prefix = _FIELDS(block)
    path = name.partition(b"\0")[0]
    if magic == b"ustar\x0000" and prefix[0]:
        path = prefix.partition(b"\0")[0] + b"/" + path
    length = number(size, what)
    header = Header(
        path, _KINDS.get(kind, Kind.OTHER), number(mode, what) & 0o7777, number(uid, what), number(gid, what),
        length, length, number(modified, what) * 1_000_000_000, link.partition(b"\0")[0],
    )  # fmt: skip
    if extended:
        _extend(header, extended, what)
    if header.kind in (Kind.CHARACTER, Kind.BLOCK):
        header.device = (number(major, what), number(minor, what))
    _measure(header, kind, block, extended, source, what, limits)
    if kind == b"\0" and header.path.endswith(b"/"):
        header.kind, header.size = Kind.DIRECTORY, 0  # before POSIX, that was how a directory was told
    return header


def _measure(
    header: Header,
    kind: bytes,
    block: bytes,
    extended: dict[str, bytes],
    source: Pieces,
    what: str,
    limits: Limits,
) -> None:
    """Settle how many bytes follow, and where they go."""
    if Kind.HARD_LINK <= header.kind <= Kind.FIFO:
        header.size = header.stored = 0  # Go archive/tar isHeaderOnly: what the field says is not there
    if header.stored < 0 or header.size < 0:
        raise ImageError(f"{what}: an entry of {header.stored} bytes before byte {source.position}")
    if max(len(header.path), len(header.link)) > limits.path:
        raise ImageError(f"{what}: a path of over {limits.path} bytes before byte {source.position}")
    if kind == b"S":
        header.size, header.sparse = old_map(block, source, what, limits)
    elif (
        extended
        and header.kind == Kind.FILE
        and ("GNU.sparse.map" in extended or "GNU.sparse.major" in extended)
    ):
        pax_map(header, extended, source, what, limits)
    if header.sparse is not None and sum(part[1] for part in header.sparse) != header.stored:
        raise ImageError(f"{what}: the map of a sparse file does not add up, before byte {source.position}")


def _extend(header: Header, extended: dict[str, bytes], what: str) -> None:
    """Let pax records and long names replace what the header says."""
    xattrs = []
    for key, value in extended.items():
        if key == "path":
            header.path = value
        elif key == "linkpath":
            header.link = value
        elif key == "mtime":
            header.modified = _nanoseconds(value, what)
        elif key in ("size", "uid", "gid"):
            setattr(header, key, _decimal(value, what))
        elif key.startswith("SCHILY.xattr."):
            xattrs.append((key[13:], value))
    if "size" in extended:
        header.stored = header.size
    if xattrs:
        header.xattrs = tuple(sorted(xattrs))


def _decimal(value: bytes, what: str) -> int:
    if not value.isdigit() or len(value) > 20:
        raise ImageError(f"{what}: a pax record holds {value[:20]!r} where a number should be")
    return int(value)


def _nanoseconds(value: bytes, what: str) -> int:
    whole, _, part = value.partition(b".")
    sign = -1 if whole.startswith(b"-") else 1
    digits = whole.removeprefix(b"-")
    if not (digits.isdigit() and len(digits) < 20 and (not part or part.isdigit())):
        raise ImageError(f"{what}: a pax record holds {value[:20]!r} where a time should be")
    return sign * (int(digits) * 1_000_000_000 + int((part + b"000000000")[:9]))
