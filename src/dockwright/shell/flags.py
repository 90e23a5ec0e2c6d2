"""Splits the words after a subcommand into flags and positional arguments, as pflag does.

Source: github.com/spf13/pflag (flag.go: parseArgs, parseLongArg, parseShortArg), which docker, compose, buildx and
podman use: `--file x`, `--file=x`, `-f x`, `-fx`, `-f=x`, combined short flags, `--` ends the flags.
"""

import re
from collections.abc import Mapping, Sequence

from dockwright.shell.calls import Flag, Pair, Problem
from dockwright.shell.values import constant
from dockwright.shell.words import Word

Arity = Mapping[str, tuple[str, bool]]
_FLAG_VARIABLE = re.compile(r"(?i)opt|arg|flag|param|extra|additional|quiet|verbose|no_?cache|platform_spec")


class Split:
    """The flags, positional arguments and problems of a command line; `rest` is where reading stopped."""

    __slots__ = ("arguments", "flags", "problems", "rest")

    def __init__(self) -> None:
        self.flags: list[Flag] = []
        self.arguments: list[Word] = []
        self.problems: list[Problem] = []
        self.rest = 0

    def values(self, name: str) -> tuple[Word, ...]:
        """The values of a flag, in order."""
        return tuple(flag.value for flag in self.flags if flag.name == name and flag.value is not None)

    def last(self, *names: str) -> Word | None:
        """The value of the last of these flags."""
        for flag in reversed(self.flags):
            if flag.name in names and flag.value is not None:
                return flag.value
        return None

    def on(self, name: str) -> bool:
        """A boolean flag is given, is not switched off again, and does not depend on a condition."""
        for flag in reversed(self.flags):
            if flag.name == name:
                value = flag.value.value if flag.value is not None else "true"
                return value not in ("false", "0", "f", "F", "FALSE", "False") and not flag.word.assumed
        return False

    def pairs(self, name: str) -> tuple[Pair, ...]:
        """The `NAME=value` values of a flag."""
        return tuple(pair(word) for word in self.values(name))


def tail(word: Word, length: int) -> Word:
    """The word without its first `length` constant characters."""
    first = word.parts[0]
    assert isinstance(first, str), "only a constant beginning is cut"
    rest = first[length:]
    parts = (rest, *word.parts[1:]) if rest or len(word.parts) == 1 else word.parts[1:]
    plain = word.raw[:length] == first[:length]
    start = word.start + len(first[:length].encode("utf-8", "surrogateescape")) if plain else word.start
    return Word(
        parts, constant(parts), word.source, start, word.end, word.quoted, word.splits, word.glob, word.assumed,
        word.variables,
    )  # fmt: skip


def pair(word: Word) -> Pair:
    """`NAME=value`, or a name alone; a name that is not constant is empty."""
    first = word.parts[0]
    if not isinstance(first, str):
        return Pair("", None, word)
    name, equals, _ = first.partition("=")
    if equals:
        return Pair(name, tail(word, len(name) + 1), word)
    return Pair(name if len(word.parts) == 1 else "", None, word)


def unsure(word: Word) -> bool:
    """An unquoted unknown that may be flags, by the look of its variable's name (`$DOCKER_OPTS`)."""
    if not word.splits:
        return False
    if len(word.parts) > 1:
        return False
    return any(_FLAG_VARIABLE.search(name) for name in word.variables) or not word.variables


def split_flags(words: Sequence[Word], arity: Arity, *, start: int = 0, interspersed: bool = True) -> Split:
    """Read `words` from `start` on. Without `interspersed`, the first positional argument ends the flags."""
    out = Split()
    index, count = start, len(words)
    while index < count:
        word = words[index]
        first = word.parts[0]
        text = first if isinstance(first, str) else ""
        if text == "--" and len(word.parts) == 1:
            index += 1
            break
        if not text.startswith("-") or text == "-":
            if not interspersed and not unsure(word):
                break
            out.arguments.append(word)
            index += 1
        elif text.startswith("--"):
            index += _long(words, index, text, arity, out)
        else:
            index += _short(words, index, text, arity, out)
    out.rest = index
    if interspersed:
        out.arguments.extend(words[index:])
    return out


def _long(words: Sequence[Word], index: int, text: str, arity: Arity, out: Split) -> int:
    word = words[index]
    name, equals, _ = text.partition("=")
    known = arity.get(name)
    if equals:
        out.flags.append(
            Flag(known[0] if known else name, word, tail(word, len(name) + 1), known is not None)
        )
        return 1
    if known is None:
        out.flags.append(Flag(name, word, None, known=False))
        return 1
    return _with_value(words, index, known, out)


def _with_value(words: Sequence[Word], index: int, known: tuple[str, bool], out: Split) -> int:
    word = words[index]
    if not known[1]:
        out.flags.append(Flag(known[0], word))
        return 1
    if index + 1 >= len(words):
        out.problems.append(Problem("missing-value", f"`{known[0]}` needs a value", word))
        out.flags.append(Flag(known[0], word))
        return 1
    out.flags.append(Flag(known[0], word, words[index + 1]))
    return 2


def _short(words: Sequence[Word], index: int, text: str, arity: Arity, out: Split) -> int:
    word = words[index]
    for position in range(1, len(text)):
        known = arity.get("-" + text[position])
        if known is None:
            out.flags.append(Flag("-" + text[position:], word, None, known=False))
            return 1
        if not known[1]:
            if text[position + 1 : position + 2] == "=":
                out.flags.append(Flag(known[0], word, tail(word, position + 2)))
                return 1
            out.flags.append(Flag(known[0], word))
            continue
        rest = position + 1
        if rest < len(text) or len(word.parts) > 1:
            rest += text[rest : rest + 1] == "="
            out.flags.append(Flag(known[0], word, tail(word, rest)))
            return 1
        return _with_value(words, index, known, out)
    return 1
