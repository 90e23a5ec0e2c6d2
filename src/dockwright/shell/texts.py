"""String literals of other languages as shell texts, every byte mapped to the file."""

import re

from dockwright.lazy import lazy_regex
from dockwright.shell.quoting import placed_text
from dockwright.shell.script import Assignment
from dockwright.shell.values import with_parts
from dockwright.shell.words import Word
from dockwright.text import MappedText, SourceFile

MAX_COMMAND = 20_000
"""Longest string, in characters, that is read as a shell command."""
_IDENTIFIER = lazy_regex(r"[A-Za-z_]\w*")


def shell_text(word: Word) -> tuple[MappedText, tuple[Assignment, ...]] | None:
    """The word as text for the shell reader: unknown pieces as variables with the given values.

    A plain literal maps to its own bytes; anything else maps to the place of the word.
    """
    if word.value is not None:
        start, end = _literal_content(word)
        if start >= 0:
            return word.source.slice(start, end), ()
        if len(word.value) > MAX_COMMAND:
            return None
        return placed_text(word.value, word.source, word.start, word.end), ()
    out: list[str] = []
    variables: list[Assignment] = []
    taken: set[str] = set()
    for part in word.parts:
        if isinstance(part, str):
            out.append(part)
            continue
        match = _IDENTIFIER.fullmatch(part.name.rpartition(".")[2]) if part.name else None
        name = match[0] if match else f"py_{len(variables)}"
        if name in taken:
            name = f"{name}_{len(variables)}"
        taken.add(name)
        out.append("${" + name + "}")
        variables.append(Assignment(name, with_parts(word, (part,))))
    text = "".join(out)
    if len(text) > MAX_COMMAND:
        return None
    return placed_text(text, word.source, word.start, word.end), tuple(variables)


_PREFIXES = ("'''", '"""', "'", '"', "`")


def _literal_content(word: Word) -> tuple[int, int]:
    """Where the content of a literal stands when it needs no unescaping; (-1, -1) otherwise."""
    raw = word.raw
    body = raw.lstrip("rRbBuU")
    for quote in _PREFIXES:
        if body.startswith(quote) and body.endswith(quote) and len(body) >= 2 * len(quote):
            content = body[len(quote) : -len(quote)]
            if content == word.value:
                start = word.start + len(raw) - len(body) + len(quote)
                return start, word.end - len(quote)
    return -1, -1


_JSON_ESCAPE = lazy_regex(rb"\\(?:u([0-9A-Fa-f]{4})|(.))", re.DOTALL)
_JSON_LETTERS = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t"}


def json_text(source: SourceFile, start: int, end: int) -> MappedText:
    """The content `[start, end)` of a JSON string, unescaped."""
    data = source.data
    out: list[bytes] = []
    pieces: list[tuple[int, int]] = []
    size, position = 0, start
    for match in _JSON_ESCAPE.finditer(data, start, end):
        if position < match.start():
            pieces.append((size, position))
            out.append(data[position : match.start()])
            size += match.start() - position
        code = match[1]
        text = (
            chr(int(code, 16)).encode("utf-8", "replace") if code else _JSON_LETTERS.get(match[2], match[2])
        )
        pieces.extend((size + at, match.start()) for at in range(len(text)))
        out.append(text)
        size += len(text)
        position = match.end()
    if position < end:
        pieces.append((size, position))
        out.append(data[position:end])
    return MappedText(b"".join(out), pieces, end)
