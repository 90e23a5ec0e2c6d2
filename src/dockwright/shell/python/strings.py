"""String literals, formatting and splitting of Python as words with holes."""

import re
import shlex
from collections.abc import Callable

from dockwright.shell.python.values import Items, compose
from dockwright.shell.quoting import placed_text
from dockwright.shell.script import Assignment
from dockwright.shell.values import constant, joined, with_parts
from dockwright.shell.words import Choice, Hole, HoleKind, Part, Word
from dockwright.text import MappedText

_PERCENT = re.compile(r"%(?:\((?P<name>\w+)\))?[-#0 +]*\d*(?:\.\d+)?(?P<kind>[sdrifxa%])")
_FIELD = re.compile(r"\{\{|\}\}|\{(?P<name>[^{}:!]*)(?:![rsa])?(?::[^{}]*)?\}")
MAX_COMMAND = 20_000
"""Longest string, in characters, that is read as a shell command."""


def percent(template: Word, arguments: list[Word], named: dict[str, Word]) -> Word:
    """`template % arguments`."""
    waiting = iter(arguments)

    def replace(match: re.Match[str]) -> tuple[Part, ...]:
        if match["kind"] == "%":
            return ("%",)
        word = named.get(match["name"]) if match["name"] else next(waiting, None)
        return word.parts if word is not None else (Hole(HoleKind.VARIABLE, match["name"] or "", match[0]),)

    return _filled(template, _PERCENT, replace, (*arguments, *named.values()))


def formatted(template: Word, arguments: list[Word], named: dict[str, Word]) -> Word:
    """`template.format(...)`."""
    waiting = iter(arguments)

    def replace(match: re.Match[str]) -> tuple[Part, ...]:
        if match[0] in ("{{", "}}"):
            return (match[0][0],)
        name = match["name"].strip()
        if name.isdecimal():
            word = arguments[int(name)] if len(name) < 4 and int(name) < len(arguments) else None
        else:
            word = named.get(name) if name else next(waiting, None)
        return word.parts if word is not None else (Hole(HoleKind.VARIABLE, name, match[0]),)

    return _filled(template, _FIELD, replace, (*arguments, *named.values()))


def _filled(
    template: Word,
    pattern: re.Pattern[str],
    replace: Callable[[re.Match[str]], tuple[Part, ...]],
    used: tuple[Word, ...],
) -> Word:
    parts: list[Part] = []
    for part in template.parts:
        if not isinstance(part, str):
            parts.append(part)
            continue
        position = 0
        for match in pattern.finditer(part):
            parts.append(part[position : match.start()])
            parts.extend(replace(match))
            position = match.end()
        parts.append(part[position:])
    return compose(tuple(parts), (template, *used), template, template.start, template.end)


def split_words(word: Word, *, quotes: bool) -> Items:
    """`word.split()` or `shlex.split(word)`: unknown pieces stay where they are, as `"\\0N\\0"` while splitting."""
    text, held = _held(word)
    try:
        fields = shlex.split(text) if quotes else text.split()
    except ValueError:
        fields = text.split()
    return Items((tuple(_restored(field, held, word) for field in fields),))


def _held(word: Word) -> tuple[str, list[Part]]:
    held: list[Part] = []
    out: list[str] = []
    for part in word.parts:
        if isinstance(part, str):
            out.append(part.replace("\0", ""))
        else:
            out.append(f"\0{len(held)}\0")
            held.append(part)
    return "".join(out), held


def _restored(field: str, held: list[Part], word: Word) -> Word:
    pieces = field.split("\0")
    parts = (
        [held[int(piece)] if index % 2 else piece for index, piece in enumerate(pieces)]
        if len(pieces) > 1
        else [field]
    )
    final = joined(parts)
    splits = any(isinstance(part, Hole) for part in final) and len(final) == 1
    return Word(
        final, constant(final), word.source, word.start, word.end, splits=splits, assumed=word.assumed,
        variables=tuple(part.name for part in final if isinstance(part, Hole | Choice) and part.name),
    )  # fmt: skip


def join_words(separator: str, items: tuple[Word, ...], at: Word) -> Word:
    """`separator.join(items)`."""
    parts: list[Part] = []
    for index, item in enumerate(items):
        if index:
            parts.append(separator)
        parts.extend(item.parts)
    return compose(tuple(parts), items, at, at.start, at.end)


_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")


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


_PREFIXES = ("'''", '"""', "'", '"')


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
