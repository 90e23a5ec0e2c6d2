"""String literals, formatting and splitting of Python as words with holes."""

import re
import shlex
from collections.abc import Callable

from dockwright.shell.python.values import Items, compose
from dockwright.shell.values import constant, joined
from dockwright.shell.words import Choice, Hole, HoleKind, Part, Word

_PERCENT = re.compile(r"%(?:\((?P<name>\w+)\))?[-#0 +]*\d*(?:\.\d+)?(?P<kind>[sdrifxa%])")
_FIELD = re.compile(r"\{\{|\}\}|\{(?P<name>[^{}:!]*)(?:![rsa])?(?::[^{}]*)?\}")


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
