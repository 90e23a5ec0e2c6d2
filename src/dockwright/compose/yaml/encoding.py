"""Which bytes are text as YAML wants it: UTF-8 without control characters.

go-yaml v3 readerc.go: yaml_parser_update_buffer ("control characters are not allowed"). UTF-16 and UTF-32, which it
reads too, are not read here: offsets into such a file would point nowhere useful.
"""

from __future__ import annotations

from dockwright.compose.yaml.nodes import Problem
from dockwright.lazy import lazy_regex
from dockwright.source_file import span_of

_CONTROL = lazy_regex(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x84\x86-\x9f]|\xef\xbf[\xbe\xbf]")


_TEXT = bytes((0x09, 0x0A, 0x0D, *range(0x20, 0x7F)))
"""The ASCII that is text."""


def encoding_problem(data: bytes) -> Problem | None:
    """The first thing that keeps the bytes from being YAML text; kind `unreadable` when nothing can be read."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[:4] == b"\0\0\xfe\xff":
        return Problem("unreadable", "file is UTF-16 or UTF-32, not UTF-8", span_of(0, 2))
    if data.isascii() and not data.translate(None, _TEXT):
        return None
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return Problem("encoding", "file is not UTF-8", span_of(error.start, error.end))
    control = _CONTROL.search(data)
    if control:
        return Problem("encoding", "control characters are not allowed", span_of(*control.span()))
    return None
