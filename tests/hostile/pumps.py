"""Texts that drive a regular expression into super-linear work, derived from the expression itself.

For every repetition in a pattern: what leads up to it, then its body over and over, then something that does not fit;
and the beginning of the pattern over and over, so that every start has far to look.
"""

import re
import re._constants as sre
import re._parser as parser
from collections.abc import Iterator
from typing import Any

POOL = "a-1/.=A_ \t\"'$;{}:#,\\\n<>()[]|&@x0!?*+~`%\r"
CATEGORIES = {
    sre.CATEGORY_DIGIT: str.isdigit,
    sre.CATEGORY_SPACE: str.isspace,
    sre.CATEGORY_WORD: lambda char: char.isalnum() or char == "_",
}
OPPOSITES = {
    sre.CATEGORY_NOT_DIGIT: sre.CATEGORY_DIGIT,
    sre.CATEGORY_NOT_SPACE: sre.CATEGORY_SPACE,
    sre.CATEGORY_NOT_WORD: sre.CATEGORY_WORD,
}
REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)
LONG = 200
"""Repetitions bounded below this are none."""


def pumps(pattern: re.Pattern[Any]) -> set[tuple[str, str]]:
    """(beginning, body) pairs; the body is to be repeated."""
    binary = isinstance(pattern.pattern, bytes)
    text = pattern.pattern.decode("latin-1") if binary else pattern.pattern
    tree = parser.parse(text, pattern.flags & ~re.UNICODE if binary else pattern.flags)
    return {(before, body) for before, body in _pumps(tree, "") if body}


def _pumps(sequence: Any, before: str) -> Iterator[tuple[str, str]]:
    at = before
    for operation, argument in sequence:
        if operation in REPEATS:
            _, most, inner = argument
            body = _example(inner)
            if most is sre.MAXREPEAT or most > LONG:
                yield at, body
                yield "", at + body
            yield from _pumps(inner, at)
        elif operation is sre.SUBPATTERN:
            yield from _pumps(argument[3], at)
        elif operation is sre.ATOMIC_GROUP:
            yield from _pumps(argument, at)
        elif operation is sre.BRANCH:
            for branch in argument[1]:
                yield from _pumps(branch, at)
        at += _one(operation, argument)
    if not before:
        yield "", at


def _example(sequence: Any) -> str:
    """A text the sequence matches (look-arounds left out)."""
    return "".join(_one(operation, argument) for operation, argument in sequence)


def _one(operation: Any, argument: Any) -> str:
    if operation is sre.LITERAL:
        return chr(argument)
    if operation is sre.NOT_LITERAL:
        return "a" if argument != ord("a") else "b"
    if operation is sre.ANY:
        return "a"
    if operation is sre.IN:
        return _member(argument)
    if operation in REPEATS:
        least, most, inner = argument
        return _example(inner) * max(least, min(most, 1))
    if operation is sre.SUBPATTERN:
        return _example(argument[3])
    if operation is sre.ATOMIC_GROUP:
        return _example(argument)
    if operation is sre.BRANCH:
        return _example(argument[1][0])
    return ""


def _member(items: Any) -> str:
    negated = any(kind is sre.NEGATE for kind, _ in items)
    fitting = (char for char in POOL if _holds(items, char) != negated)
    return next(fitting, None) or next((chr(value) for kind, value in items if kind is sre.LITERAL), "a")


def _holds(items: Any, char: str) -> bool:
    for kind, value in items:
        if kind is sre.LITERAL and ord(char) == value:
            return True
        if kind is sre.RANGE and value[0] <= ord(char) <= value[1]:
            return True
        if kind is sre.CATEGORY:
            test = CATEGORIES.get(OPPOSITES.get(value, value))
            if test is not None and bool(test(char)) == (value not in OPPOSITES):
                return True
    return False
