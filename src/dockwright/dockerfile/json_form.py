"""Is a text a JSON array, and if so which strings does it hold, and where?

Source: moby/buildkit frontend/dockerfile/parser/line_parsers.go: parseJSON, which asks Go's encoding/json. An array
of strings is the JSON form; any other valid array is an error; anything else is shell form. Done with one pass of
regular expressions, without recursion: nesting is limited to 10,000 as in Go.
"""

import re
from enum import Enum

import msgspec

from dockwright.lazy import lazy_regex


class Verdict(Enum):
    """What a text is, as far as JSON form goes."""

    STRINGS = "array of strings"
    NOT_STRINGS = "array with something else in it"
    NOT_JSON = "not a JSON array"


class JsonString(msgspec.Struct, frozen=True, gc=False):
    """One string of the array; `[start, end)` are byte offsets of the literal, quotes included."""

    value: str
    start: int
    end: int


NOT_STRINGS = "when using JSON array syntax, arrays must be comprised of strings only"
_MAX_NESTING = 10_000
_STRING = rb'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+"'
_ONLY_STRINGS = lazy_regex(
    rb"[ \t\r\n]*+\[[ \t\r\n]*+(?:"
    + _STRING
    + rb"[ \t\r\n]*+(?:,[ \t\r\n]*+"
    + _STRING
    + rb"[ \t\r\n]*+)*+)?\]"
)
_LITERAL = lazy_regex(_STRING)
_TOKEN = lazy_regex(
    rb"[ \t\r\n]*+(?:(?P<string>"
    + _STRING
    + rb")|(?P<number>-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)"
    rb"|(?P<word>true|false|null)|(?P<mark>[\[\]{},:]))"
)
_LONE_SURROGATE = lazy_regex("[\ud800-\udfff]")


def read(text: bytes, start: int = 0, *, trailing: bool = False) -> tuple[Verdict, list[JsonString]]:
    """Judge `text[start:]`. `trailing` allows text after the array (BuildKit 0.13)."""
    match = _ONLY_STRINGS.match(text, start)
    if match and (trailing or not text[match.end() :].strip(b" \t\r\n")):
        strings = [
            JsonString(_decode(found.group()), found.start(), found.end())
            for found in _LITERAL.finditer(text, start, match.end())
        ]
        return Verdict.STRINGS, strings
    if _is_array(text, start, trailing=trailing):
        return Verdict.NOT_STRINGS, []
    return Verdict.NOT_JSON, []


def _decode(literal: bytes) -> str:
    """The value of a string literal. Bytes that are not UTF-8 and lone surrogates become U+FFFD, as in Go."""
    if b"\\" not in literal:
        return literal[1:-1].decode("utf-8", "replace")
    import json

    value: str = json.loads(literal.decode("utf-8", "replace"))
    return _LONE_SURROGATE.sub("\ufffd", value)


def _is_array(text: bytes, start: int, *, trailing: bool) -> bool:
    """True if the text is a valid JSON array of any kind."""
    stack: list[bytes] = []
    expect = "value"
    at = start
    while True:
        match = _TOKEN.match(text, at)
        if match is None or (match.lastgroup == "number" and float(match.group("number")) in _INFINITE):
            return False
        at = match.end()
        expect = _step(match, expect, stack)
        if not expect or len(stack) > _MAX_NESTING:
            return False
        if not stack:
            return trailing or not text[at:].strip(b" \t\r\n")


_INFINITE = (float("inf"), float("-inf"))


def _step(match: re.Match[bytes], expect: str, stack: list[bytes]) -> str:
    """What may follow a token ("" if the token may not stand here)."""
    mark = match.group("mark")
    if mark is None:
        if expect in ("key", "key or end"):
            return "colon" if match.lastgroup == "string" else ""
        return "comma" if stack and expect in ("value", "value or end") else ""
    if mark in b"[{":
        if expect not in ("value", "value or end") or (not stack and mark == b"{"):
            return ""
        stack.append(mark)
        return "value or end" if mark == b"[" else "key or end"
    if mark == b":":
        return "value" if expect == "colon" else ""
    if mark == b",":
        return "" if expect != "comma" else ("value" if stack[-1] == b"[" else "key")
    closes = b"[" if mark == b"]" else b"{"
    allowed = ("comma", "value or end") if mark == b"]" else ("comma", "key or end")
    if not stack or expect not in allowed or stack[-1] != closes:
        return ""
    stack.pop()
    return "comma"
