"""YAML text as go-yaml writes it: block style, indented by two, keys in its natural order.

Sources: go-yaml v3 encode.go (stringv), sorter.go, emitterc.go (analyze_scalar, select_scalar_style, write_*); v4 representer.go,
desolver.go. v4 quotes with `'` what YAML 1.1 takes for a boolean or a number in base 60; v3 with `"`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cmp_to_key

from dockwright.compose.load.gotext import timestamp_json
from dockwright.compose.yaml.gotext import go_text
from dockwright.compose.yaml.resolve import Timestamp
from dockwright.compose.yaml.resolve import plain as resolve
from dockwright.lazy import lazy_regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


_OLD_BOOLEANS = frozenset(
    "y Y yes Yes YES on On ON n N no No NO off Off OFF".split()  # noqa: SIM905 - as go-yaml lists them
)
_BASE60 = lazy_regex(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?\Z")
_PRINTABLE = lazy_regex("[\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]*\\Z")
_BREAK = lazy_regex("\r\n|[\n\r\x85\u2028\u2029]")
_SPACE_BREAK = lazy_regex(" [\n\r\x85\u2028\u2029]")
_BREAK_SPACE = lazy_regex("[\n\r\x85\u2028\u2029] ")
_INDICATOR = lazy_regex(r"[#,\[\]{}&*!|>'\"%@`]|---|\.\.\.|[?:-](?=[ \t\n\r\x85\u2028\u2029]|\Z)")
_INNER = lazy_regex(r":(?=[ \t\n\r\x85\u2028\u2029]|\Z)|(?<=[ \t\n\r\x85\u2028\u2029])#")
_NUMBER_START = frozenset("+-0123456789")
_NEVER_FIRST = frozenset(" #,[]{}&*!|>'\"%@`")
"""Of printable ASCII, what no plain text starts with."""
_ESCAPES = {
    "\0": "0", "\a": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r", "\x1b": "e", '"': '"',
    "\\": "\\", "\x85": "N", "\xa0": "_", "\u2028": "L", "\u2029": "P",
}  # fmt: skip


class Ordered(dict[str, object]):
    """A mapping whose keys are written in their own order: a struct."""


def dump(value: Any, *, version: int = 4) -> str:
    """A mapping as a YAML document. Keys of plain mappings are sorted, those of `Ordered` are not."""
    return "".join(_Emitter(version).document(value))


class _Emitter:
    def __init__(self, version: int) -> None:
        self.version = version
        self.out: list[str] = []
        self._known: dict[str, str] = {}
        """Texts of one line as they were written: names of settings, and many values, come again and again."""

    def document(self, value: Any) -> list[str]:
        if isinstance(value, dict | list) and value:
            self.block(value, "")
        else:
            self.out.append(f"{self.inline(value, 0)}\n")
        return self.out

    def block(self, value: Any, pad: str) -> None:
        """The lines of a collection that is not empty."""
        out = self.out
        known = self._known
        if isinstance(value, list):
            self._items(value, pad)
            return
        below = f"{pad}  "
        for key, item in entries(value):
            name = known.get(key) or self.scalar(key, None)
            if type(item) is str:
                text = known.get(item) or self.scalar(item, len(below))
                out.append(f"{pad}{name}: {text}\n")
            elif isinstance(item, dict | list) and item:
                out.append(f"{pad}{name}:\n")
                self.block(item, below)
            else:
                out.append(f"{pad}{name}: {self.inline(item, len(below))}\n")

    def _items(self, value: list[Any], pad: str) -> None:
        out = self.out
        for item in value:
            if isinstance(item, dict | list) and item:
                first = len(out)
                self.block(item, f"{pad}  ")
                out[first] = f"{pad}- {out[first][len(pad) + 2 :]}"
            else:
                out.append(f"{pad}- {self.inline(item, len(pad) + 2)}\n")

    def inline(self, value: Any, indent: int) -> str:
        """A scalar or an empty collection."""
        if isinstance(value, str):
            return self._known.get(value) or self.scalar(value, indent)
        if isinstance(value, dict):
            return "{}"
        if isinstance(value, list):
            return "[]"
        if isinstance(value, Timestamp):
            return timestamp_json(value)
        return "null" if value is None else go_text(value)

    def scalar(self, text: str, indent: int | None) -> str:
        """A text in the style go-yaml gives it; `indent` None for a key, which stays on its line."""
        if "\n" in text:
            literal = indent is not None and not text.endswith(" ") and _clean(text)
            literal = literal and (self.version < 4 or not text.isspace())
            return self.literal(text, indent or 0) if literal else _double(text)
        written = self._known[text] = self._line(text)
        return written

    def _line(self, text: str) -> str:
        """A text of one line."""
        old = (
            text in _OLD_BOOLEANS
            or (text[:1] in _NUMBER_START and bool(_BASE60.match(text)))
            or (self.version > 3 and text == "<<")
        )
        if not isinstance(resolve(text), str) or (old and self.version < 4):
            return _double(text)
        if not old and _plain(text):
            return text
        return _single(text) if _quotable(text) else _double(text)

    def literal(self, text: str, indent: int) -> str:
        """`|`, with an indentation hint before a leading space, and `-` or `+` for the end.

        v3 also puts the hint before a leading line break, and then loses that break.
        """
        lines = text.split("\n")
        chomp = "-"
        if text.endswith("\n"):
            lines.pop()
            chomp = "+" if text.endswith("\n\n") or text == "\n" else ""
        hint = "2" if text.startswith(" ") else ""
        if self.version < 4 and text.startswith("\n"):
            hint = "2"
            del lines[0]
        pad = " " * indent
        return f"|{hint}{chomp}\n" + "\n".join(pad + line if line else "" for line in lines)


def _clean(text: str) -> bool:
    """block_allowed: no space before a break, nothing unprintable."""
    return not _SPACE_BREAK.search(text) and bool(_PRINTABLE.match(text))


def _plain(text: str) -> bool:
    """block_plain_allowed."""
    if text.isascii() and text.isprintable():
        first = text[0]
        if first in _NEVER_FIRST or (first in "?:-" and text[1:2] in ("", " ")):
            return False
        return (
            ": " not in text and " #" not in text and text[-1] not in ": " and text[:3] not in ("---", "...")
        )
    return not (
        text[:1] == " "
        or text[-1:] == " "
        or "\t" in text
        or _INDICATOR.match(text)
        or _INNER.search(text)
        or _BREAK.search(text)
        or not _PRINTABLE.match(text)
    )


def _quotable(text: str) -> bool:
    """single_quoted_allowed."""
    return (text.isascii() and text.isprintable()) or not (
        "\t" in text or _SPACE_BREAK.search(text) or _BREAK_SPACE.search(text) or not _PRINTABLE.match(text)
    )


def _single(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _double(text: str) -> str:
    if text.isascii() and text.isprintable():
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    out = []
    for char in text:
        if char in _ESCAPES and (char not in "\t\xa0" or char == "\t"):
            out.append("\\" + _ESCAPES[char])
        elif char == "\ufeff" or not _PRINTABLE.match(char):
            code = ord(char)
            out.append(
                f"\\x{code:02X}" if code <= 0xFF else f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"
            )
        else:
            out.append(char)
    return '"' + "".join(out) + '"'


def entries(value: dict[str, Any]) -> Iterable[tuple[str, Any]]:
    if isinstance(value, Ordered):
        return value.items()
    if len(value) < 2:
        return value.items()
    keys = "".join(value)
    if keys.isascii() and not any(digit in keys for digit in "0123456789"):
        return [(key, value[key]) for key in sorted(value, key=_letters_last)]
    return [(key, value[key]) for key in sorted(value, key=cmp_to_key(compare_keys))]


_LATER = {code: code + 128 for code in range(128) if chr(code).isalpha()}


def _letters_last(key: str) -> str:
    """What orders names of ASCII without digits as `compare_keys` does."""
    return key.translate(_LATER)


def compare_keys(first: str, second: str) -> int:
    """sorter.go: keyList.Less. Numbers inside of keys are compared as numbers, letters come behind other characters."""
    if first == second:
        return 0
    return -1 if _less(first, second) else 1


def _less(first: str, second: str) -> bool:
    digits = False
    for index, (one, two) in enumerate(zip(first, second, strict=False)):
        if one == two:
            digits = one.isdigit()
            continue
        letter, other = one.isalpha(), two.isalpha()
        if letter and other:
            return one < two
        if letter or other:
            return letter if digits else other
        return _less_number(first, second, index)
    return len(first) < len(second)


def _less_number(first: str, second: str, index: int) -> bool:
    lead = 0
    if "0" in (first[index], second[index]):
        at = index - 1
        while at >= 0 and first[at].isdigit():
            if first[at] != "0":
                lead = 1
                break
            at -= 1
    one, two = _digits(first, index), _digits(second, index)
    left, right = int(f"{lead}{one}"), int(f"{lead}{two}")
    if left != right:
        return left < right
    if len(one) != len(two):
        return len(one) < len(two)
    return first[index] < second[index]


def _digits(text: str, index: int) -> str:
    end = index
    while end < len(text) and end < index + 18 and text[end] in "0123456789":
        end += 1
    return text[index:end]
