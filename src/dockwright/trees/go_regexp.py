"""The part of Go's regular expressions that patterns of an ignore file can turn into, read as Go reads it.

moby/patternmatcher writes a regular expression for every pattern with wildcards and hands over what stands in brackets
and after backslashes as it is. So `\\d` in an ignore file is a digit, `[[:alpha:]]` a letter, and a backslash from
Windows (`src\\public`) most often an error that fails the build. Source: Go regexp/syntax/parse.go with the flags of
regexp.Compile (Perl).
"""

import sys
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from dockwright.trees.matching import ANYTHING, Chars, Place, Token, char, chars

Ranges = tuple[tuple[int, int], ...]
_TOP = sys.maxunicode
_DIGIT: Ranges = ((48, 57),)
_SPACE: Ranges = ((9, 10), (12, 13), (32, 32))
_WORD: Ranges = ((48, 57), (65, 90), (95, 95), (97, 122))
_PERL = {"d": _DIGIT, "s": _SPACE, "w": _WORD}
_POSIX: dict[str, Ranges] = {
    "alnum": ((48, 57), (65, 90), (97, 122)),
    "alpha": ((65, 90), (97, 122)),
    "ascii": ((0, 127),),
    "blank": ((9, 9), (32, 32)),
    "cntrl": ((0, 31), (127, 127)),
    "digit": _DIGIT,
    "graph": ((33, 126),),
    "lower": ((97, 122),),
    "print": ((32, 126),),
    "punct": ((33, 47), (58, 64), (91, 96), (123, 126)),
    "space": ((9, 13), (32, 32)),
    "upper": ((65, 90),),
    "word": _WORD,
    "xdigit": ((48, 57), (65, 70), (97, 102)),
}
_PLACES = {"A": Place.BEGIN, "z": Place.END, "b": Place.BOUNDARY, "B": Place.INSIDE}
_CONTROL = {"a": 7, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}
_OCTAL = frozenset("01234567")
_HEX = frozenset("0123456789abcdefABCDEF")


class BadExpression(ValueError):
    """Go refuses to compile it."""


def parse(text: str) -> list[Token]:
    """The tokens of an expression that is to match a whole path (patternmatcher puts it between `^` and `$`).

    Knows what patternmatcher writes: literals, escapes, classes, `[^/]*`, `(.*/)?`, `.*`. Raises BadExpression.
    """
    return list(_Reader(text).tokens())


class _Reader:
    """Goes through the expression once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def tokens(self) -> Iterator[Token]:
        text = self._text
        while self._at < len(text):
            letter = text[self._at]
            if letter == "[":
                found = self._class()
                star = text.startswith("*", self._at)
                self._at += star
                yield Chars(found.ranges, found.negated, star)
            elif text.startswith("(.*/)?", self._at):
                self._at += 6
                yield Place.ACROSS
            elif text.startswith(".*", self._at):
                self._at += 2
                yield ANYTHING
            elif letter == "\\":
                yield from self._escaped()
            else:
                self._at += 1
                yield Place.BEGIN if letter == "^" else Place.END if letter == "$" else char(ord(letter))

    def _escaped(self) -> Iterator[Token]:
        kind = self._text[self._at + 1 : self._at + 2]
        if kind in _PLACES:
            self._at += 2
            yield _PLACES[kind]
        elif kind == "Q":
            body, closed, rest = self._text[self._at + 2 :].partition("\\E")
            self._at = len(self._text) - len(rest)
            for letter in body:
                yield char(ord(letter))
            if not closed:  # the quotation takes in the `$`, and the end is open
                yield char(ord("$"))
                yield Chars(((0, _TOP),), star=True)
        elif (ranges := self._named()) is not None:
            yield chars(ranges)
        else:
            yield char(self._character())

    def _named(self) -> Ranges | None:
        """`\\d`, `\\S`, `\\pL`: the class that an escape names."""
        if self._text[self._at] != "\\":
            return None
        kind = self._text[self._at + 1 : self._at + 2]
        if kind in ("p", "P"):
            ranges = _category(self._text[self._at + 2 : self._at + 3])
            self._at += 3
        elif kind.lower() in _PERL:
            ranges = _PERL[kind.lower()]
            self._at += 2
        else:
            return None
        return _others(ranges) if kind.isupper() else ranges

    def _class(self) -> Chars:
        """Source: parser.parseClass."""
        text = self._text
        self._at += 1
        negated = text.startswith("^", self._at)
        self._at += negated
        ranges: list[tuple[int, int]] = []
        first = True
        while first or not text.startswith("]", self._at):
            first = False
            if self._at >= len(text):
                raise BadExpression("missing closing ]")
            named = self._posix()
            if named is None:
                named = self._named()
            ranges += [self._range()] if named is None else named
        self._at += 1
        return chars(ranges, negated=negated)

    def _posix(self) -> Ranges | None:
        """`[:alpha:]` and `[:^alpha:]`."""
        if not self._text.startswith("[:", self._at):
            return None
        end = self._text.find(":]", self._at + 2)
        if end < 0:
            return None
        name = self._text[self._at + 2 : end]
        ranges = _POSIX.get(name.removeprefix("^"))
        if ranges is None:
            raise BadExpression("invalid character class range")
        self._at = end + 2
        return _others(ranges) if name.startswith("^") else ranges

    def _range(self) -> tuple[int, int]:
        low = high = self._character()
        if self._text.startswith("-", self._at) and self._text[self._at + 1 : self._at + 2] not in ("]", ""):
            self._at += 1
            high = self._character()
        if high < low:
            raise BadExpression("invalid character class range")
        return low, high

    def _character(self) -> int:
        """One character, written plainly or escaped. Source: parser.parseEscape."""
        letter = self._text[self._at : self._at + 1]
        self._at += 1
        if letter == "":
            raise BadExpression("missing closing ]")
        if letter != "\\":
            return ord(letter)
        letter = self._text[self._at : self._at + 1]
        self._at += 1
        if letter in _CONTROL:
            return _CONTROL[letter]
        if letter in _OCTAL and (letter == "0" or self._text[self._at : self._at + 1] in _OCTAL):
            return self._number(letter, _OCTAL, 8, 3)
        if letter == "x":
            digits = self._text[self._at : self._at + 2]
            if len(digits) == 2 and set(digits) <= _HEX:
                self._at += 2
                return int(digits, 16)
        if letter and letter.isascii() and not letter.isalnum():
            return ord(letter)
        raise BadExpression(f"invalid escape sequence \\{letter}")

    def _number(self, digits: str, allowed: frozenset[str], base: int, most: int) -> int:
        while len(digits) < most and self._text[self._at : self._at + 1] in allowed:
            digits += self._text[self._at]
            self._at += 1
        return int(digits, base)


def _others(ranges: Ranges) -> Ranges:
    """All characters that are not in these ranges, which are sorted."""
    found = []
    start = 0
    for low, high in ranges:
        if low > start:
            found.append((start, low - 1))
        start = high + 1
    if start <= _TOP:
        found.append((start, _TOP))
    return tuple(found)


@lru_cache(maxsize=8)
def _category(name: str) -> Ranges:
    """The characters of a Unicode category of one letter."""
    if name == "" or name not in "CLMNPSZ":
        raise BadExpression("invalid character class range")
    found: list[tuple[int, int]] = []
    for point in range(_TOP + 1):
        category = unicodedata.category(chr(point))
        if category[0] == name and category != "Cn":
            if found and found[-1][1] == point - 1:
                found[-1] = (found[-1][0], point)
            else:
                found.append((point, point))
    return tuple(found)
