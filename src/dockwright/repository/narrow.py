"""Python source with everything blanked out that has nothing to do with containers, to spare its reading.

Most of a program that mentions Docker does not: reading only the functions and classes that may start a container tool
saves more than half of the time of a whole inventory. Blanks keep every byte offset and line number. Where a split goes
wrong, the result is no valid Python, and the caller falls back to the whole text.
"""

import ast
import re
import warnings
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import pairwise

import msgspec

from dockwright.text import SourceFile

_TOP = re.compile(rb"\n[A-Za-z_@\"'(\[{~-]")
_MEMBER = re.compile(rb"\n    (?:async def|def|class|@)")
_BLOCK = (b"def ", b"async def ", b"class ", b"@")


def _program(name: bytes) -> re.Pattern[bytes]:
    """A program's name as a word of its own, or in the name of a function that is called (`run_docker_command(`)."""
    spelled = rb"(?<=[\"'`/ (\[{\t\n=]" + name + rb")(?=[\"'` \-\t\n\\])"
    return re.compile(name + rb"(?:" + spelled + rb"|(?=\w{0,100}+\())")


_PROGRAMS = tuple(map(_program, (b"docker", b"podman", b"nerdctl", b"buildah")))
_LIBRARIES = (
    b"docker.",
    b"DockerClient",
    b"Container(",
    b"Compose(",
    b"python_on_whales",
    b"PodmanClient",
    b"which(",
)
_NOT_LIBRARY = (
    b"docker.io",
    b"docker.com",
    b"docker.sock",
    b"docker.internal",
    b"docker.py",
    b"docker.service",
)
_STARTS = (b"ubprocess", b"Popen", b"os.system", b".popen", b"check_output", b"check_call", b"execv")
_DETECTION = re.compile(
    rb"[\"'](?:podman|docker)[\"']\s*,\s*[\"'](?:docker|podman)[\"']|which\([\"'](?:docker|podman)|docker\.(?:from_env|\w*Client)"
)
"""A class that finds an engine or connects to one keeps it in an attribute, and uses that in methods that name none."""
_BLANK = bytes(byte if byte in b"\r\n" else 32 for byte in range(256))
MAX_LINE = 2000
MIN_BYTES = 4096
"""Smaller files are read whole: there is nothing to gain."""


def narrowed(source: SourceFile) -> bytes | None:
    """The bytes with irrelevant functions, classes and methods blanked out, the same length; None if all are."""
    data = source.data
    hits = sorted(_tool_words(data))
    if not hits:
        return None
    if len(data) < MIN_BYTES:
        return data
    hits = sorted([*hits, *(at for word in _STARTS for at in occurrences(data, word))])
    return _around(source, hits, detection=True)


def parsed(source: SourceFile, places: Iterable[int], *, holding: bytes = b"") -> ast.Module | None:
    """The syntax tree of a Python file's own statements, and of those functions, classes and methods in which one of
    `places` stands (and that hold the word `holding`); None when it is no Python 3.
    """
    smaller = _around(source, sorted(places), holding=holding)
    for data in dict.fromkeys((smaller, source.data)):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(data)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return None


def _around(source: SourceFile, hits: list[int], *, holding: bytes = b"", detection: bool = False) -> bytes:
    """The file without the functions, classes and methods that none of `hits` stands in."""
    data = source.data
    strings = long_strings(source)
    starts = _outside(_TOP, data, strings, 0, len(data))
    out = [data[: starts[0]] if starts else data]
    for start, end in pairwise((*starts, len(data))):
        if not data.startswith(_BLOCK, start):
            out.append(data[start:end])
        elif not _hit(hits, start, end) or (holding and data.find(holding, start, end) < 0):
            out.append(data[start:end].translate(_BLANK))
        elif data.startswith(b"class ", start) and not (detection and _DETECTION.search(data, start, end)):
            out += _members(data, start, end, strings, hits)
        else:
            out.append(data[start:end])
    return b"".join(out)


def _tool_words(data: bytes) -> Iterator[int]:
    """Where a container tool may be named as a program, or a library of one used; comment lines left out."""
    for pattern in _PROGRAMS:
        for match in pattern.finditer(data):
            if not _in_comment(data, match.start()):
                yield match.start()
    for word in _LIBRARIES:
        for at in occurrences(data, word):
            if not data.startswith(_NOT_LIBRARY, at) and not _in_comment(data, at):
                yield at


def _in_comment(data: bytes, at: int) -> bool:
    """True on a line that is a comment or the head of a function."""
    first = max(0, at - MAX_LINE)
    start = max(data.rfind(b"\n", first, at) + 1, first)
    return data[start:at].lstrip().startswith((b"#", b"def ", b"async def "))


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


def occurrences(data: bytes, word: bytes) -> Iterator[int]:
    """Where a word stands, one after the other: many times as fast as a pattern that can begin with several."""
    at = data.find(word)
    while at != -1:
        yield at
        at = data.find(word, at + 1)


def _hit(hits: list[int], start: int, end: int) -> bool:
    index = bisect_left(hits, start)
    return index < len(hits) and hits[index] < end


def long_strings(source: SourceFile) -> list[tuple[int, int]]:
    """Spans of triple-quoted strings (one that holds the other kind of quotes is one string), found once per file."""
    found: list[tuple[int, int]] | None = source.__dict__.get(_KEPT)
    if found is None:
        found = source.__dict__[_KEPT] = _long_strings(source.data)
    return found


_KEPT = "narrow.long_strings"


def _long_strings(data: bytes) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    double, single = data.find(b'"""'), data.find(b"'''")
    while (opened := min(double, single) if double >= 0 <= single else max(double, single)) >= 0:
        quote = data[opened : opened + 3]
        end = data.find(quote, opened + 3)
        while end >= 0 and data[end - 1 : end] == b"\\":
            end = data.find(quote, end + 3)
        if end < 0:
            break
        found.append((opened, end + 3))
        if 0 <= double < end + 3:
            double = data.find(b'"""', end + 3)
        if 0 <= single < end + 3:
            single = data.find(b"'''", end + 3)
    return found


def _outside(
    pattern: re.Pattern[bytes], data: bytes, strings: list[tuple[int, int]], start: int, end: int
) -> list[int]:
    """Line starts (behind the line break the pattern begins with) where it matches outside of the strings."""
    found: list[int] = []
    index = max(bisect_left(strings, (start, start)) - 1, 0)
    for match in pattern.finditer(data, start, end):
        at = match.start() + 1
        while index < len(strings) and strings[index][1] <= at:
            index += 1
        if index == len(strings) or at <= strings[index][0]:
            found.append(at)
    return found


_IMPORT = re.compile(rb"[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import\b[ \t]*([\w, \t]*)|import[ \t]+([\w., \t]+))")


class Imports(msgspec.Struct, frozen=True):
    """What a Python file imports, dotted, relative names with their leading dots.

    `members` are `a.b` for each `from a import b`: perhaps a module, perhaps a name in one.
    """

    modules: tuple[str, ...]
    members: tuple[str, ...]


def imports(source: SourceFile) -> Imports:
    """The imports of a file by pattern, found once."""
    found: Imports | None = source.__dict__.get(_IMPORTS)
    if found is None:
        found = source.__dict__[_IMPORTS] = _imports(source.data)
    return found


_IMPORTS = "narrow.imports"


def _imports(data: bytes) -> Imports:
    modules: dict[str, None] = {}
    members: dict[str, None] = {}
    for at in occurrences(data, b"import "):
        first = max(0, at - MAX_LINE)
        match = _IMPORT.match(data, max(data.rfind(b"\n", first, at) + 1, first))
        if match is None:
            continue
        if match[1]:
            module = match[1].decode("ascii", "replace")
            modules[module] = None
            names = [name.split(" as ")[0].strip() for name in match[2].decode("ascii", "replace").split(",")]
            if not module.startswith("."):
                members.update(
                    (f"{module}.{name}", None) for name in names if name.isidentifier() and name.islower()
                )
        else:
            parts = match[3].decode("ascii", "replace").split(",")
            modules.update(
                (name.split()[0], None) for part in parts if (name := part.split(" as ")[0].strip())
            )
    return Imports(tuple(name for name in modules if name.strip(".")), tuple(members))
