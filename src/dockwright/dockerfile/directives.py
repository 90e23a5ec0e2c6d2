"""Parser directives, and the two places where BuildKit looks for them with other rules.

Source: moby/buildkit frontend/dockerfile/parser/directives.go. `match_line` is the rule inside the parser;
`detect_syntax` and `detect_check` are the scans made before a file is parsed, which also know `//` and JSON.
"""

import msgspec

from dockwright.dockerfile.golang import lstrip
from dockwright.lazy import lazy_regex

BOM = b"\xef\xbb\xbf"
NAMES = frozenset({"syntax", "escape", "check"})
NAMES_0_13 = frozenset({"syntax", "escape"})
MAX_LINE = 65535
"""Longest line BuildKit's scanner takes, without its line ending."""
_DIRECTIVE = lazy_regex(
    rb"([a-zA-Z][a-zA-Z0-9]*+)[\t\n\f\r ]*+=[\t\n\f\r ]*+([^\n]*[^\t\n\f\r ])[\t\n\f\r ]*+\Z"
)
_SPACE = b"\t\n\f\r "


class Match(msgspec.Struct, frozen=True, gc=False):
    """A directive in a line: name in lower case, value, and the places of both in the line."""

    name: str
    value: str
    name_at: tuple[int, int]
    value_at: tuple[int, int]


class Reference(msgspec.Struct, frozen=True):
    """What a scan found: the value up to its first blank, the whole value, the 1-based line."""

    value: str
    text: str
    line: int


def match_line(line: bytes, marker: bytes = b"#", names: frozenset[str] = NAMES) -> Match | None:
    """The directive that `line` (without indentation and line ending) holds."""
    if not line.startswith(marker) or b"=" not in line or len(line) > MAX_LINE:
        return None
    body = lstrip(line[len(marker) :])
    match = _DIRECTIVE.match(body)
    if not match:
        return None
    name = match.group(1).decode("ascii").lower()
    if name not in names:
        return None
    shift = len(line) - len(body)
    value = match.group(2).decode("utf-8", "surrogateescape")
    name_at, value_at = match.span(1), match.span(2)
    return Match(
        name, value, (name_at[0] + shift, name_at[1] + shift), (value_at[0] + shift, value_at[1] + shift)
    )


def _scan(key: str, data: bytes, marker: bytes, first_line: int) -> Reference | None:
    """The first directive `key` at the head of `data`."""
    seen: set[str] = set()
    start = 0
    line = first_line
    while start < len(data):
        line += 1
        end = data.find(b"\n", start, start + MAX_LINE + 1)
        if end < 0:
            if len(data) - start > MAX_LINE:
                return None
            end = len(data)
        text = data[start:end]
        found = match_line(text[:-1] if text.endswith(b"\r") else text, marker)
        if found is None or found.name in seen:
            return None
        if found.name == key:
            return Reference(found.value.partition(" ")[0], found.value, line)
        seen.add(found.name)
        start = end + 1
    return None


def _head(data: bytes, *, bom: bool) -> tuple[bytes, int]:
    """The file without byte order mark and `#!` line, and how many lines were cut."""
    if bom and data.startswith(BOM):
        data = data[len(BOM) :]
    if not data.startswith(b"#!"):
        return data, 0
    return data.partition(b"\n")[2], 1


def detect_syntax(data: bytes, *, bom: bool = True) -> Reference | None:
    """The frontend image that the file asks for: `DetectSyntax`. (0.13 does not skip a byte order mark.)"""
    body, cut = _head(data, bom=bom)
    found = _scan("syntax", body, b"#", cut) or _scan("syntax", body, b"//", cut)
    if found or not body.lstrip(b" \t\r\n").startswith(b"{"):
        return found
    import json

    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    value = document.get("syntax") if isinstance(document, dict) else None
    return Reference(value, value, cut) if isinstance(value, str) else None


def detect_check(data: bytes, *, bom: bool = True) -> Reference | None:
    """The `check` directive (which rules BuildKit's own linter skips): `ParseDirective("check", …)`."""
    body, cut = _head(data, bom=bom)
    return _scan("check", body, b"#", cut)
