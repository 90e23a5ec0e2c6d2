"""Python source with everything blanked out that has nothing to do with containers, to spare its parsing.

Most of a program that mentions Docker does not: parsing only the functions and classes that name a container tool,
start a process or hold a Docker file's name halves the time of a whole audit. Blanks keep every byte offset and line
number. Where a split goes wrong, the result is no valid Python, and the reader falls back to the whole text.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

_TOP = re.compile(rb"\n[A-Za-z_@\"'(\[{~-]")
_MEMBER = re.compile(rb"\n    (?:async def|def|class|@)")
_TRIPLE = re.compile(rb"\"\"\"|\'\'\'")
_BLOCK = (b"def ", b"async def ", b"class ", b"@")
_RELEVANT = (
    b"ocker", b"DOCKER", b"odman", b"ompose", b"ontainerfile", b"testcontainers", b"ubprocess", b"Popen", b"system(", b"popen",
    b"check_output", b"check_call", b"execv",
)  # fmt: skip
_BLANK = bytes(byte if byte in b"\r\n" else 32 for byte in range(256))
MIN_BYTES = 4096
"""Smaller files are parsed whole: there is nothing to gain."""


def narrowed(data: bytes) -> bytes:
    """`data` with irrelevant top-level functions, classes and methods blanked out; the same length."""
    if len(data) < MIN_BYTES:
        return data
    hits = sorted(at for word in _RELEVANT for at in _all(data, word))
    strings = long_strings(data)
    starts = _outside(_TOP, data, strings, 0, len(data))
    out = [data[: starts[0]] if starts else data]
    for start, end in pairwise((*starts, len(data))):
        if not data.startswith(_BLOCK, start):
            out.append(data[start:end])
        elif not _hit(hits, start, end):
            out.append(data[start:end].translate(_BLANK))
        elif data.startswith(b"class ", start):
            out += _members(data, start, end, strings, hits)
        else:
            out.append(data[start:end])
    return b"".join(out)


def _members(
    data: bytes, start: int, end: int, strings: list[tuple[int, int]], hits: list[int]
) -> list[bytes]:
    """A class, without the methods that have nothing to do with containers."""
    members = _outside(_MEMBER, data, strings, start, end)
    out = [data[start : members[0]] if members else data[start:end]]
    for first, last in pairwise((*members, end)):
        member = data[first:last]
        out.append(member if _hit(hits, first, last) else member.translate(_BLANK))
    return out


def _all(data: bytes, word: bytes) -> Iterator[int]:
    at = data.find(word)
    while at != -1:
        yield at
        at = data.find(word, at + 1)


def _hit(hits: list[int], start: int, end: int) -> bool:
    index = bisect_left(hits, start)
    return index < len(hits) and hits[index] < end


def long_strings(data: bytes) -> list[tuple[int, int]]:
    """Spans of triple-quoted strings (one that holds the other kind of quotes is one string)."""
    found: list[tuple[int, int]] = []
    opened, quote = -1, b""
    for mark in _TRIPLE.finditer(data):
        if opened < 0:
            opened, quote = mark.start(), mark[0]
        elif mark[0] == quote and data[mark.start() - 1 : mark.start()] != b"\\":
            found.append((opened, mark.end()))
            opened = -1
    return found


def _outside(
    pattern: re.Pattern[bytes], data: bytes, strings: list[tuple[int, int]], start: int, end: int
) -> list[int]:
    """Line starts (behind the line break the pattern begins with) where it matches outside of the strings."""
    found: list[int] = []
    index = bisect_left(strings, (start, start))
    index = max(index - 1, 0)
    for match in pattern.finditer(data, start, end):
        at = match.start() + 1
        while index < len(strings) and strings[index][1] <= at:
            index += 1
        if index == len(strings) or at <= strings[index][0]:
            found.append(at)
    return found
