"""How an instruction's text falls into keyword, flags and words; all offsets are into the joined line.

Source: moby/buildkit frontend/dockerfile/parser/split_command.go and line_parsers.go.
"""

import re
from functools import cache, lru_cache

import msgspec

from dockwright.dockerfile.golang import MULTIBYTE_SPACE, lstrip, rstrip

BLANKS = re.compile(rb"[\t\v\f\r ]+")
"""`reWhitespace`: what separates keyword and arguments, and list words."""
LIST_WORD = re.compile(rb"[^\t\v\f\r ]+")
_KEYWORD = re.compile(rb"([^\t\v\f\r ]*)[\t\v\f\r ]*")
_FLAG_SPACE = re.compile(rb"[\t-\r \x85\xa0]*")
_PLAIN_FLAG = re.compile(rb"--(?:[^\t-\r '\"\\`\x80-\xff]+)(?=[\t-\r ]|\Z)")


MAX_REMEMBERED = 1000
"""Longest line whose parts are remembered for the next one like it."""


class FlagText(msgspec.Struct, frozen=True, gc=False):
    """A flag word: its text without quotes and escapes, its place, and where the value starts (-1 without `=`)."""

    text: str
    start: int
    end: int
    value_at: int


class Split(msgspec.Struct, frozen=True):
    """Keyword `[start, keyword_end)`, flags, and the rest `[rest, end)` without surrounding white space."""

    start: int
    keyword_end: int
    flags: tuple[FlagText, ...]
    rest: int
    end: int


def split_line(line: bytes, escape: str) -> Split:
    """Split a whole line. Files of one repository repeat their lines: short ones are remembered."""
    if len(line) > MAX_REMEMBERED:
        return split_command(line, 0, len(line), escape)
    return _remembered(line, escape)


@lru_cache(4096)
def _remembered(line: bytes, escape: str) -> Split:
    return split_command(line, 0, len(line), escape)


def split_command(line: bytes, start: int, end: int, escape: str) -> Split:
    """Split the instruction in `line[start:end]`: `splitCommand`. `escape` is the escape character in flags."""
    body = (
        lstrip(line[start:end]) if line[start : start + 1] <= b" " or line[start] > 0x7F else line[start:end]
    )
    start = end - len(body)
    end = start + len(rstrip(body))
    keyword = _KEYWORD.match(line, start, end)
    assert keyword is not None, "it matches the empty text"
    keyword_end, rest = keyword.end(1), keyword.end()
    if rest == keyword_end:
        return Split(start, keyword_end, (), end, end)
    flags: tuple[FlagText, ...] = ()
    if line[rest] <= 0x20 or line[rest] >= 0x80 or line[rest] == 0x2D:
        rest, flags = _flags(line, rest, end, escape)
        rest = end - len(lstrip(line[rest:end]))
    return Split(start, keyword_end, flags, rest, end)


def _flags(line: bytes, at: int, end: int, escape: str) -> tuple[int, tuple[FlagText, ...]]:
    """The flags from `at` on and where the rest begins: `extractBuilderFlags`.

    That function walks bytes, not runes: 0x85 and 0xA0 count as white space, and a value's bytes are taken as
    Latin-1 characters.
    """
    flags: list[FlagText] = []
    while True:
        space = _FLAG_SPACE.match(line, at, end)
        at = space.end() if space else at
        if at == end or line[at : at + 2] != b"--" or at + 1 >= end:
            return at, tuple(flags)
        plain = _PLAIN_FLAG.match(line, at, end)
        if plain:
            word, found = plain.group().decode("ascii"), True
            stop, value_at = plain.end(), line.find(b"=", at, plain.end()) + 1
        else:
            word, found, stop, value_at = _quoted_flag(line, at, end, escape)
        if word == "--":
            return stop, tuple(flags)
        if found:
            flags.append(FlagText(word, at, stop, value_at or -1))
        at = stop


def _quoted_flag(line: bytes, start: int, end: int, escape: str) -> tuple[str, bool, int, int]:
    """A flag word with quotes, escapes or bytes over 0x7F: text, whether it counts, its end, start of the value."""
    escape_byte = ord(escape)
    text: list[str] = []
    quote = 0
    quoted = False
    value_at = 0
    at = start
    while at < end:
        byte = line[at]
        if not quote and (0x09 <= byte <= 0x0D or byte in (0x20, 0x85, 0xA0)):
            break
        at += 1
        if quote and byte == quote:
            quote = 0
            continue
        if not quote and byte in (0x22, 0x27):
            quote, quoted = byte, True
            continue
        if byte == escape_byte:
            if at == end:
                break
            byte = line[at]
            at += 1
        if byte == 0x3D and not value_at:
            value_at = at
        text.append(chr(byte))
    word = "".join(text)
    return word, bool(word) or quoted, at, value_at


class QuotedWord(msgspec.Struct, frozen=True, gc=False):
    """A word of ENV, LABEL or ARG, quotes and escapes kept; `[start, end)` without an escape that ends the line."""

    start: int
    end: int


@cache
def _quoted_words(escape: str) -> re.Pattern[bytes]:
    esc = re.escape(escape.encode())
    multi = MULTIBYTE_SPACE
    return re.compile(
        rb"((?:[^\t-\r '\"" + esc + rb"\xc2\xe1\xe2\xe3]++|(?!" + multi + rb")[\xc2\xe1\xe2\xe3]"
        rb"|" + esc + rb"(?:" + multi + rb"|[\x00-\xff])"
        rb"|'[^']*+'?"
        rb"|\"(?:[^\"" + esc + rb"]|" + esc + rb"[\x00-\xff])*+\"?)++)|" + esc + b"|" + multi
    )


def quoted_words(line: bytes, start: int, end: int, escape: str) -> list[QuotedWord]:
    """Split into words at white space outside quotes: `parseWords`. A lone escape at the end is dropped."""
    return [
        QuotedWord(*match.span(1))
        for match in _quoted_words(escape).finditer(line, start, end)
        if match.start(1) >= 0
    ]
