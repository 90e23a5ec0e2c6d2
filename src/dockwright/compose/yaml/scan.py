"""Patterns that find where tokens of YAML end; all run on bytes, in linear time (no backtracking into a match).

They follow go-yaml v3 scannerc.go, the port of libyaml that compose reads with.
"""

from __future__ import annotations

import re

from dockwright.lazy import lazy_regex
from dockwright.record import Record


class Bad(Exception):
    """The text cannot go on as YAML at `at`; the parser catches it, notes the problem and goes on below."""

    def __init__(self, message: str, at: int, end: int = -1) -> None:
        super().__init__(message)
        self.message = message
        self.at = at
        self.end = end


_BREAK = rb"(?:\r\n?|\n)"
_GAP_REST = rb"(?:#[^\r\n]*+)?+(?:" + _BREAK + rb"[ ]*+(?:#[^\r\n]*+)?+)*+"
GAP = lazy_regex(rb"[ ]*+" + _GAP_REST)
"""Blanks, comments and line breaks up to the next token, where a tab would stand for indentation."""
GAP_TABS = lazy_regex(rb"[ \t]*+" + _GAP_REST)
"""The same inside a line, where tabs separate."""
GAP_PLAIN = lazy_regex(rb"[ \t]*+(?:" + _BREAK + rb"[ \t]*+)*+" + _GAP_REST)
"""The same behind a plain scalar, which was free to go on there: `plain_end` has judged the tabs."""
GAP_FLOW = lazy_regex(rb"(?:[ \t\r\n]++|#[^\r\n]*+)*+")
LINE_START = lazy_regex(rb"[\r\n]([ ]*+)(?=[^ \r\n#\]}])")
COMMENT = lazy_regex(rb"#[^\r\n]*+")

COLON = lazy_regex(rb"[ \t]*+:(?=[ \t\r\n]|\Z)")
COLON_FLOW = lazy_regex(rb"[ \t]*+:")
BLANK_NEXT = lazy_regex(rb"[ \t\r\n]|\Z")
DOCUMENT_MARK = lazy_regex(rb"(?:---|\.\.\.)(?=[ \t\r\n]|\Z)")
_MARK_IN_LINES = lazy_regex(rb"[\r\n](?:---|\.\.\.)(?=[ \t\r\n]|\Z)")

ANCHOR = lazy_regex(rb"[&*]([0-9A-Za-z_-]++)(?=[ \t\r\n?:,\]}%@`]|\Z)")
_URI = rb"(?:[0-9A-Za-z_;/?:@&=+$.!~*'()-]|%[0-9A-Fa-f]{2})"
TAG = lazy_regex(
    rb"!(?:<(?:" + _URI + rb"|[,\[\]])++>|!" + _URI + rb"++|[0-9A-Za-z_-]++!" + _URI + rb"++"
    rb"|(?![0-9A-Za-z_-]*+!)" + _URI + rb"*+)(?=[ \t\r\n,]|\Z)"
)
"""As libyaml 0.2.5: no flow indicators in a tag (go-yaml still takes `,[]`)."""
TAG_HANDLE = lazy_regex(r"(![0-9A-Za-z_-]+!)")

_PLAIN = lazy_regex(
    rb"(?:[^ \t\r\n:#]++|:(?![ \t\r\n]|\Z)|(?<![ \t])#|[ \t]++(?![#\r\n]|\Z|:(?:[ \t\r\n]|\Z)))*+"
)
_PLAIN_FLOW = lazy_regex(
    rb"(?:[^ \t\r\n:#,\[\]{}]++|:(?![ \t\r\n]|\Z)|(?<![ \t])#"
    rb"|[ \t]++(?![#\r\n,\[\]{}]|\Z|:(?:[ \t\r\n]|\Z)))*+"
)
_BETWEEN_LINES = lazy_regex(rb"[ \t]*+" + _BREAK + rb"(?:[ \t]*+" + _BREAK + rb")*+([ ]*+)")
_TAB_INDENT = lazy_regex(rb"[\r\n] *+\t")
_LINE_BREAK = lazy_regex(_BREAK)

_SINGLE_END = lazy_regex(rb"(?:[^']++|'')*+'")
_DOUBLE_END = lazy_regex(rb'(?:[^"\\]++|\\.)*+"', re.DOTALL)
_ESCAPE = lazy_regex(
    rb"\\(?:[0abtnvfre \"'/\\N_LP\t\r\n]|x[0-9A-Fa-f]{2}|u(?![dD][89A-Fa-f])[0-9A-Fa-f]{4}"
    rb"|U(?:0000(?![dD][89A-Fa-f])|000[1-9A-Fa-f]|0010)[0-9A-Fa-f]{4}|(.|\Z))",
    re.DOTALL,
)

_HEADER = lazy_regex(rb"[|>](?:([+-])([0-9])?|([0-9])([+-])?)?+[ \t]*+(#[^\r\n]*+)?+(?=[\r\n]|\Z)")


class Header(Record):
    """The first line of a block scalar: `>2-  # comment`."""

    folded: bool
    chomp: bytes
    increment: int
    comment: int
    """Offset of the comment, -1 without one."""
    end: int
    """Offset of the end of the header's line, without its break."""


def plain_end(data: bytes, at: int, indent: int, flow: bool) -> int:
    """Offset behind a plain scalar that starts at `at`.

    `indent` is the column of the innermost block collection: lines further in continue the scalar. Nothing but
    `Bad` for a tab that stands for indentation goes wrong here.
    """
    pattern = (_PLAIN_FLOW if flow else _PLAIN).match
    end = pattern(data, at).end()  # type: ignore[union-attr]  # it matches the empty text too
    while gap := _BETWEEN_LINES.match(data, end):
        next_at = gap.end()
        if data.find(b"\t", gap.start(), next_at + 1) != -1:
            next_at = _past_tabs(data, gap.start(), next_at, indent)
        column = next_at - gap.start(1)
        if (
            (column <= indent and not flow)
            or data[next_at : next_at + 1] == b"#"
            or (column == 0 and DOCUMENT_MARK.match(data, next_at))
        ):
            break
        more = pattern(data, next_at).end()  # type: ignore[union-attr]
        if more == next_at:
            break
        end = more
    return end


def _past_tabs(data: bytes, start: int, at: int, indent: int) -> int:
    """Offset behind the blanks at the start of a line; `Bad` where a tab stands in the indentation."""
    while data[at : at + 1] in (b" ", b"\t"):
        at += 1
    for tab in _TAB_INDENT.finditer(data, start, at):
        if tab.end() - tab.start() - 2 <= indent:
            raise Bad("found a tab character that violates indentation", tab.end() - 1)
    return at


def quoted_end(data: bytes, at: int) -> int:
    """Offset behind the quoted scalar that starts at `at`; `Bad` where it does not end or holds a wrong escape."""
    single = data[at] == 0x27
    found = (_SINGLE_END if single else _DOUBLE_END).match(data, at + 1)
    if found is None:
        raise Bad("quoted scalar is not closed", at, at + 1)
    end = found.end()
    mark = _MARK_IN_LINES.search(data, at, end)
    if mark:
        raise Bad("found a document marker inside a quoted scalar", mark.start() + 1, mark.end())
    if not single and data.find(b"\\", at, end) != -1:
        for escape in _ESCAPE.finditer(data, at, end - 1):
            if escape.start(1) != -1:
                text = data[escape.start() : escape.end()].decode("utf-8", "replace")
                raise Bad(f"found unknown escape {text}", escape.start(), escape.end())
    return end


def has_break(data: bytes, start: int, end: int) -> bool:
    """True when a line ends between the offsets."""
    return data.find(b"\n", start, end) != -1 or data.find(b"\r", start, end) != -1


def block_header(data: bytes, at: int) -> Header:
    """The header of the block scalar that starts at `at`."""
    found = _HEADER.match(data, at)
    digit = found and (found[2] or found[3])
    if found is None or digit == b"0":
        raise Bad("block scalar has a wrong header", at)
    chomp = found[1] or found[4] or b""
    return Header(data[at] == 0x3E, chomp, int(digit or 0), found.start(5), found.end())


class Block(Record):
    """Where the lines of a block scalar stand."""

    indent: int
    end: int
    """Offset behind the last content line, without its break; the header's end without content."""
    next: int
    """Offset of the first line behind it (behind blank lines that belong to it)."""


_INDENT = lazy_regex(rb" *+")
_LINE = lazy_regex(rb"[^\r\n]*+")


def block_lines(data: bytes, at: int, parent: int, increment: int) -> Block:
    """The content of a block scalar whose header ends at `at`; `parent` is the column of the block it stands in.

    go-yaml v3 scannerc.go: yaml_parser_scan_block_scalar. The indentation found by itself is the largest of the
    blank lines before the content and of its first line, and at least one more than the parent's.
    """
    found = _LINE_BREAK.match(data, at)
    if not found:
        return Block(0, at, at)
    line = found.end()
    indent = max(parent, 0) + increment if increment else 0
    line, indent = _leading(data, line, indent, parent)
    end = at
    while line < len(data):
        column = _INDENT.match(data, line, line + indent).end() - line  # type: ignore[union-attr]
        stop = _LINE.match(data, line).end()  # type: ignore[union-attr]
        if column < indent and line + column < stop:
            if data[line + column] == 0x09:
                raise Bad("found a tab character where an indentation space is expected", line + column)
            return Block(indent, end, line)
        if line + column < stop:
            end = stop
        following = _LINE_BREAK.match(data, stop)
        if not following:
            line = stop
            break
        line = following.end()
    return Block(indent, end, line)


def _leading(data: bytes, line: int, indent: int, parent: int) -> tuple[int, int]:
    """Line of the first content and the indentation; blank lines before it may set the indentation."""
    if indent:
        return line, indent
    deepest = 0
    at = line
    while True:
        stop = _INDENT.match(data, at).end()  # type: ignore[union-attr]
        deepest = max(deepest, stop - at)
        if data[stop : stop + 1] == b"\t":
            raise Bad("found a tab character where an indentation space is expected", stop)
        following = _LINE_BREAK.match(data, stop)
        if not following:
            break
        at = following.end()
    return line, max(deepest, parent + 1, 1)
