"""The text a scalar stands for, as bytes that know where in the file they came from.

go-yaml v3 scannerc.go: yaml_parser_scan_plain_scalar, _flow_scalar, _block_scalar (folding, chomping, escapes).
"""

from __future__ import annotations

import re

from dockwright.lazy import lazy_regex
from dockwright.source_file import MappedText

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dockwright.compose.yaml.scalar import Scalar

_FOLDED = rb"[ \t]*+(?:\r\n?|\n)[ \t]*+(?:(?:\r\n?|\n)[ \t]*+)*+"
_BLANKS = rb"|[ \t]{16,}+"
"""A long run of blanks without a break behind it is taken as a whole, or each of them would be looked at again."""
_FOLD = lazy_regex(_FOLDED + _BLANKS)
_BREAK = lazy_regex(rb"\r\n?|\n")
_SINGLE = lazy_regex(rb"''|" + _FOLDED + _BLANKS)
_DOUBLE = lazy_regex(
    rb"\\(?:\r\n?|\n)[ \t]*+((?:(?:\r\n?|\n)[ \t]*+)*+)"  # escaped break: nothing, then further breaks
    rb"|\\(?:x(..)|u(....)|U(........)|(.))|" + _FOLDED + _BLANKS,
    re.DOTALL,
)
_LINE = lazy_regex(rb"( *+)([^\r\n]*+)(?:\r\n?|\n|\Z)")
_HEADER = lazy_regex(rb"[|>]([+-]?)[0-9]?([+-]?)[^\r\n]*+(?:\r\n?|\n|\Z)")
_ESCAPES = {
    b"0": b"\0", b"a": b"\a", b"b": b"\b", b"t": b"\t", b"\t": b"\t", b"n": b"\n", b"v": b"\v", b"f": b"\f",
    b"r": b"\r", b"e": b"\x1b", b" ": b" ", b'"': b'"', b"'": b"'", b"/": b"/", b"\\": b"\\",
    b"N": b"\xc2\x85", b"_": b"\xc2\xa0", b"L": b"\xe2\x80\xa8", b"P": b"\xe2\x80\xa9",
}  # fmt: skip


class _Builder:
    """Puts a mapped text together from pieces of the file and bytes put in."""

    __slots__ = ("out", "pieces", "size")

    def __init__(self) -> None:
        self.out: list[bytes] = []
        self.pieces: list[tuple[int, int]] = []
        self.size = 0

    def add(self, text: bytes, source: int) -> None:
        if text:
            self.pieces.append((self.size, source))
            self.out.append(text)
            self.size += len(text)

    def done(self, end: int) -> MappedText:
        return MappedText(b"".join(self.out), self.pieces, end)


def decode(scalar: Scalar) -> MappedText:
    """The decoded text of a scalar; never raises (a wrong escape stands for its character)."""
    data = scalar.file.source.data
    match scalar.style:
        case "empty":
            return MappedText(b"", [], scalar.start)
        case "plain":
            return _replace(data, scalar.start, scalar.end, _FOLD)
        case "single":
            return _replace(data, scalar.start + 1, scalar.end - 1, _SINGLE)
        case "double":
            return _replace(data, scalar.start + 1, scalar.end - 1, _DOUBLE)
    return _block(data, scalar)


def _replace(data: bytes, start: int, end: int, pattern: re.Pattern[bytes]) -> MappedText:
    """The bytes between the offsets with every fold and escape replaced by what it stands for."""
    builder = _Builder()
    at = start
    for found in pattern.finditer(data, start, end):
        builder.add(data[at : found.start()], at)
        builder.add(_replacement(found), found.start())
        at = found.end()
    builder.add(data[at:end], at)
    return builder.done(end)


def _replacement(found: re.Match[bytes]) -> bytes:
    text = found[0]
    if text == b"''":
        return b"'"
    if text[:1] != b"\\":
        breaks = len(_BREAK.findall(text))
        return (b"\n" * (breaks - 1) or b" ") if breaks else text
    if found[1] is not None:
        return b"\n" * len(_BREAK.findall(found[1]))
    if found[5] is not None:
        return _ESCAPES.get(found[5], found[5])
    try:
        return chr(int(found[2] or found[3] or found[4], 16)).encode("utf-8", "surrogatepass")
    except (ValueError, OverflowError):
        return text


def _block(data: bytes, scalar: Scalar) -> MappedText:
    """Literal and folded scalars. A line's break stands in front of the next line's text until it is folded."""
    builder = _Builder()
    header = _HEADER.match(data, scalar.start)
    if header is None:
        return builder.done(scalar.end)
    folded = scalar.style == "folded"
    chomp = header[1] or header[2]
    pending: list[int] = []
    """Offsets of the breaks since the last text."""
    indented = False
    at = header.end()
    stop = scalar.block_end
    while at < stop:
        line = _LINE.match(data, at, stop)
        if line is None or line.end() == at:
            break
        column = min(len(line[1]), scalar.indent)
        text = line[1][column:] + line[2]
        if not text:
            if line.end(2) < line.end():
                pending.append(line.end(2))
        else:
            now_indented = text[0] in b" \t"
            _breaks(builder, pending, folded and not indented and not now_indented)
            builder.add(text, at + column)
            indented = now_indented
            pending = [line.end(2)] if line.end(2) < line.end() else []
        at = line.end()
    if not builder.size and chomp != b"+":
        return builder.done(scalar.end)
    if chomp != b"-":
        for offset in pending if chomp == b"+" else pending[:1]:
            builder.add(b"\n", offset)
    return builder.done(scalar.end)


def _breaks(builder: _Builder, pending: list[int], fold: bool) -> None:
    """Write the breaks between two lines of text: the first is folded away, or to a space when it stands alone."""
    if fold and builder.size and pending:
        if len(pending) == 1:
            builder.add(b" ", pending[0])
        pending = pending[1:]
    for offset in pending:
        builder.add(b"\n", offset)
