"""Dockerfiles that stand inside other files: heredocs in scripts, long strings in program code, `dockerfile_inline`.

Each becomes an entry of its own. Its tree is parsed from the host's bytes with everything else blanked out (line
breaks kept), so that every place in it is a place in the host file.
"""

import re
from collections.abc import Iterator
from itertools import islice

from dockwright.repository.contents import looks_like_dockerfile
from dockwright.repository.narrow import long_strings
from dockwright.text import SourceFile, Span

_OPENER = re.compile(rb"<<-?[ \t]*([\"']?)([A-Za-z_]\w{0,60})\1[^\n]{0,400}\n")
_TEMPLATE_LITERAL = re.compile(rb"`\s*((?:#[^\n`]*+\n\s*)*(?:FROM|ARG)[ \t](?:[^`\\]|\\.)*)`")
_HERE_STRING = re.compile(rb"@([\"'])\r?\n((?:(?!@[\"']\r?\n).)*?)^\1@", re.MULTILINE | re.DOTALL)
_KEEP = bytes(byte if byte in (10, 13) else 32 for byte in range(256))
MAX_FOUND = 200
MAX_BODY = 64 << 10
"""Longest Dockerfile that is looked for inside another file."""


def spans(source: SourceFile, language: str) -> list[Span]:
    """The texts in a file that plainly are Dockerfiles, by the ways of its language; found once per file."""
    found: list[Span] | None = source.__dict__.get(_KEPT + language)
    if found is None:
        found = source.__dict__[_KEPT + language] = list(_spans(source, language))
    return found


_KEPT = "inline.spans "


def _spans(source: SourceFile, language: str) -> Iterator[Span]:
    data = source.data
    if b"FROM" not in data and b"from" not in data:
        return
    for start, end in _texts(source, language):
        text = data[start:end]
        if looks_like_dockerfile(text) and b"\n" in text.strip():
            yield Span(start, end)


def _texts(source: SourceFile, language: str) -> Iterator[tuple[int, int]]:
    """Spans of long texts: strings over several lines, heredocs."""
    if language == "python":
        for start, end in long_strings(source):
            # A backslash behind the quotes keeps the line break out of the string.
            yield start + 3 + source.data.startswith(b"\\", start + 3), end - 3
        return
    known = _PATTERNS.get(language)
    if known is None:
        yield from _heredocs(source.data)
        return
    pattern, group = known
    for found in islice(pattern.finditer(source.data), MAX_FOUND):
        yield found.span(group)


def _heredocs(data: bytes) -> Iterator[tuple[int, int]]:
    """Bodies of heredocs, up to the line that holds only their word."""
    for opener in islice(_OPENER.finditer(data), MAX_FOUND):
        start = opener.end()
        for line in re.finditer(
            rb"^[ \t]*" + opener[2] + rb"[ \t]*\r?$", data[start : start + MAX_BODY], re.MULTILINE
        ):
            yield start, start + line.start()
            break


_PATTERNS = {
    "javascript": (_TEMPLATE_LITERAL, 1),
    "typescript": (_TEMPLATE_LITERAL, 1),
    "powershell": (_HERE_STRING, 2),
}


def masked(source: SourceFile, span: Span) -> bytes:
    """The file's bytes with all but `span` blanked out, line breaks kept; nothing follows the span's last line.

    In the strings of programs `\\\\` is one backslash; it stands in the second place, so that lines are continued.
    """
    before = source.data[: span.start].translate(_KEEP)
    data = source.data[span.start : span.end]
    if _escapes(source, span):
        data = data.replace(b"\\\\", b" \\")
    # Blanks in front of the first instruction would be part of its line.
    return before + data


_ESCAPING = (".py", ".pyw", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts")
_RAW = re.compile(rb"(?:[rR][bBfF]?|[bBfF][rR])(?:\"\"\"|''')\\?\Z|String\.raw`\s*\Z")


def _escapes(source: SourceFile, span: Span) -> bool:
    """True when the text is a string of a language in which a backslash escapes, and is no raw string."""
    if not source.path.endswith(_ESCAPING):
        return False
    return _RAW.search(source.data[max(span.start - 40, 0) : span.start]) is None
