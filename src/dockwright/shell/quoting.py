"""Quotes and escapes of POSIX shells and bash: taking them off, and mapping what is left back to the file.

Sources: POSIX.1-2024 Shell Command Language 2.2 (quoting), Bash Reference Manual 3.1.2.4 (ANSI-C quoting).
"""

import re

from dockwright.lazy import lazy_regex
from dockwright.text import MappedText

_BARE_ESCAPE = lazy_regex(r"\\(\n|\r\n|.)", re.DOTALL)
_DOUBLE_ESCAPE = lazy_regex(r"\\([$`\"\\]|\n|\r\n)")
_ANSI_ESCAPE = lazy_regex(
    r"\\(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|([0-7]{1,3})|c(.)|(.))", re.DOTALL
)
_ANSI_LETTERS = {
    "a": "\a",
    "b": "\b",
    "e": "\033",
    "E": "\033",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
}


def _kept(match: re.Match[str]) -> str:
    character = match.group(1)
    return "" if character in ("\n", "\r\n") else character


def bare(text: str) -> str:
    """Text outside quotes without its backslashes; an escaped newline vanishes."""
    return _BARE_ESCAPE.sub(_kept, text) if "\\" in text else text


def double(text: str) -> str:
    """Text from inside double quotes: a backslash counts only before `$`, a backtick, `"`, itself and newline."""
    return _DOUBLE_ESCAPE.sub(_kept, text) if "\\" in text else text


def _ansi(match: re.Match[str]) -> str:
    hexadecimal = match.group(1) or match.group(2) or match.group(3)
    if hexadecimal:
        code = int(hexadecimal, 16)
        return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
    if match.group(4):
        return chr(int(match.group(4), 8) & 0xFF)
    if match.group(5):
        return chr(ord(match.group(5)) & 0x1F)
    return _ANSI_LETTERS.get(match.group(6), match.group(6) if match.group(6) in "\\'\"?" else match.group(0))


def ansi_c(text: str) -> str:
    """Text from inside `$'...'`."""
    return _ANSI_ESCAPE.sub(_ansi, text) if "\\" in text else text


_PIECE = lazy_regex(
    rb"'(?P<single>[^']*)'?"
    rb"|\"(?P<double>[^\"\\]*(?:\\.[^\"\\]*)*)\"?"
    rb"|\\(?P<escaped>.)"
    rb"|(?P<bare>[^'\"\\]+)"
    rb"|(?P<odd>.)",
    re.DOTALL,
)
_INNER_ESCAPE = lazy_regex(rb"\\([$`\"\\\n])")


def inner_text(source: MappedText, start: int, end: int) -> MappedText:
    """The word `[start, end)` of `source` without its outer quotes, as a text of its own.

    This is what `sh -c WORD` reads. Expansions in double quotes are kept as written, since inner and outer shell
    mostly agree on them. Every byte maps to the file.
    """
    data = source.data
    out: list[bytes] = []
    pieces: list[tuple[int, int]] = []
    size = 0

    def add(first: int, last: int) -> None:
        nonlocal size
        part = source.slice(first, last)
        pieces.extend((size + at, file_at) for at, file_at in part.pieces)
        out.append(part.data)
        size += last - first

    for match in _PIECE.finditer(data, start, end):
        kind = match.lastgroup or "odd"
        first, last = match.span(kind)
        if kind != "double":
            if first < last:
                add(first, last)
            continue
        position = first
        for escape in _INNER_ESCAPE.finditer(data, first, last):
            if position < escape.start():
                add(position, escape.start())
            if escape.group(1) != b"\n":
                add(escape.start(1), escape.end(1))
            position = escape.end()
        if position < last:
            add(position, last)
    return MappedText(b"".join(out), pieces, source.span(start, end).end)


def placed_text(text: str, source: MappedText, start: int, end: int) -> MappedText:
    """A text that stands nowhere in the file (the value of a variable): every byte maps to the place of its use."""
    data = text.encode("utf-8", "surrogateescape")
    span = source.span(start, end)
    return MappedText(data, [(at, span.start) for at in range(len(data))], span.end)


def without_tabs(source: MappedText, start: int, end: int) -> MappedText:
    """The body of a `<<-` heredoc: leading tabs of every line are removed."""
    data = source.data[start:end]
    out: list[bytes] = []
    pieces: list[tuple[int, int]] = []
    size = position = 0
    for line in data.splitlines(keepends=True):
        skip = len(line) - len(line.lstrip(b"\t"))
        if skip < len(line):
            part = source.slice(start + position + skip, start + position + len(line))
            pieces.extend((size + at, file_at) for at, file_at in part.pieces)
            out.append(part.data)
            size += len(part.data)
        position += len(line)
    return MappedText(b"".join(out), pieces, source.span(start, end).end)
