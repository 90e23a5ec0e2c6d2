"""rpm: the SQLite database of RPM 4.16 and later (Fedora, RHEL 9, Amazon Linux 2023); older formats are said not to be read.

Each row holds a header: counts, an index of (tag, type, offset, count), then the values (rpm docs: format, tags).
"""

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing

from dockwright.image.packages.model import Package

_NAME, _VERSION, _RELEASE = 1000, 1001, 1002
_PROVIDES, _REQUIRES, _FOLDER_NUMBERS, _NAMES, _FOLDERS = 1047, 1049, 1116, 1117, 1118
_STRINGS = (6, 8, 9)
_MOST = 1_000_000


class Unreadable(Exception):
    """The database is damaged or of another form."""


def rpm(data: bytes) -> Iterator[Package]:
    """What is installed, from the bytes of `rpmdb.sqlite`. Raises Unreadable."""
    try:
        with closing(sqlite3.connect(":memory:")) as database:
            database.deserialize(_without_wal(data))
            rows = database.execute("SELECT blob FROM Packages ORDER BY hnum").fetchall()
    except (sqlite3.Error, OverflowError) as error:
        raise Unreadable(str(error)) from None
    for (blob,) in rows:
        if isinstance(blob, bytes):
            found = _package(blob)
            if found is not None:
                yield found


def _without_wal(data: bytes) -> bytes:
    """A database in write-ahead mode as one that is not: a database in memory cannot have a second file (fileformat2 1.3.3)."""
    return data[:18] + b"\x01\x01" + data[20:] if data[18:20] == b"\x02\x02" else data


def _package(blob: bytes) -> Package | None:
    try:
        count, size = struct.unpack_from(">II", blob)
        if count > 10_000 or 8 + 16 * count + size > len(blob):
            return None
        index = {entry[0]: entry[1:] for entry in struct.iter_unpack(">IIII", blob[8 : 8 + 16 * count])}
        store = blob[8 + 16 * count :]
        name, version, release = (_strings(store, index.get(tag)) for tag in (_NAME, _VERSION, _RELEASE))
        if not name:
            return None
        folders, names = _strings(store, index.get(_FOLDERS)), _strings(store, index.get(_NAMES))
        numbers = _integers(store, index.get(_FOLDER_NUMBERS))
    except struct.error:
        return None
    files = tuple(
        (folders[at] + file).lstrip("/")
        for at, file in zip(numbers, names, strict=False)
        if at < len(folders)
    )
    needs = [
        one.partition("(")[0] if one.startswith("rpmlib(") else one
        for one in _strings(store, index.get(_REQUIRES))
    ]
    return Package(
        "rpm",
        name[0],
        "-".join((version or [""])[:1] + (release or [])[:1]),
        files,
        requires=tuple((one,) for one in dict.fromkeys(needs) if one != "rpmlib"),
        provides=(*_strings(store, index.get(_PROVIDES)), *(f"/{file}" for file in files if "bin/" in file)),
    )


def _strings(store: bytes, entry: tuple[int, int, int] | None) -> list[str]:
    if entry is None or entry[0] not in _STRINGS or entry[2] > _MOST:
        return []
    found, at = [], entry[1]
    for _ in range(entry[2]):
        end = store.find(b"\0", at)
        if end < 0:
            break
        found.append(store[at:end].decode("utf-8", "replace"))
        at = end + 1
    return found


def _integers(store: bytes, entry: tuple[int, int, int] | None) -> tuple[int, ...]:
    if entry is None or entry[0] != 4 or entry[2] > _MOST:
        return ()
    return struct.unpack_from(f">{entry[2]}I", store, entry[1])
