"""Files whose bytes differ though they say the same: read for what they say, so that only that is compared.

Each function takes a file's bytes and gives a value that is equal for files that say the same; ValueError or a
different value where they do not. Nothing here is shown to people: `shadow` holds secrets.
"""

import csv
import struct

_LD_CACHE = b"glibc-ld.so.cache1.1"
_LD_OLD = b"ld.so-1.7.0\0"


def record(data: bytes) -> frozenset[tuple[str, ...]]:
    """RECORD of pip: rows in any order, without those of compiled files and of the records about the install itself.

    packaging.python.org, Recording installed projects: `*.pyc` need no hash, INSTALLER and RECORD tell who installed.
    """
    rows = csv.reader(data.decode("utf-8").splitlines())
    own = ("/RECORD", "/INSTALLER", "/REQUESTED", "/direct_url.json")
    return frozenset(tuple(row) for row in rows if row and not row[0].endswith((*own, ".pyc")))


def paragraphs(data: bytes) -> frozenset[bytes]:
    """The `status` of dpkg and the `extended_states` of apt: paragraphs in any order, their fields in any order."""
    found = set()
    for block in data.replace(b"\r\n", b"\n").split(b"\n\n"):
        fields = block.strip(b"\n").replace(b"\n ", b"\0 ").replace(b"\n\t", b"\0\t").split(b"\n")
        if fields != [b""]:
            found.add(b"\n".join(sorted(fields)))
    return frozenset(found)


def shadow(data: bytes) -> tuple[tuple[bytes, ...], ...]:
    """`/etc/shadow` without the day of the last change of a password (shadow(5), third field)."""
    rows = []
    for line in data.splitlines():
        fields = line.split(b":")
        rows.append(tuple(fields[:2] + fields[3:]))
    return tuple(rows)


def library_cache(data: bytes) -> frozenset[tuple[int, int, bytes, bytes]]:
    """`ld.so.cache`: which library lies where, and for what (glibc elf/cache.c, sysdeps/generic/dl-cache.h).

    The order of equal priorities follows the order of directories, and the gaps are not set to anything.
    """
    start = data.find(_LD_CACHE)
    if start < 0 or (start and not data.startswith(_LD_OLD)):
        raise ValueError("not a cache of glibc's form 1.1")
    count, _ = struct.unpack_from("=II", data, start + len(_LD_CACHE))
    at = start + 48
    if at + 24 * count > len(data):
        raise ValueError("ends early")
    found = set()
    for number in range(count):
        flags, key, value, _, capabilities = struct.unpack_from("=iIIIQ", data, at + 24 * number)
        found.add((flags, capabilities, _text(data, start + key), _text(data, start + value)))
    return frozenset(found)


def _text(data: bytes, at: int) -> bytes:
    end = data.find(b"\0", at)
    if end < 0:
        raise ValueError("a name without an end")
    return data[at:end]
