"""Matching of paths against what patterns mean, in time linear in the path, whatever the pattern.

Python's `re` backtracks: a pattern like `*a*a*a*a*b` can keep it busy for ever, and patterns come from repositories.
So `re` is used where it cannot get lost (one or two wildcards), and an automaton built as it goes elsewhere, as Go's
regexp does.
"""

import re
from collections.abc import Sequence
from enum import Enum

import msgspec

PATH_MAX = 4096
"""Bytes of the longest path there can be; a pattern that needs more characters than that matches none."""
_CACHE = 4096
"""Steps of one automaton that are remembered before it starts afresh."""
_REPLACEMENT = 0xFFFD
_ESCAPED_BYTES = (0xDC80, 0xDCFF)
"""Bytes that are not UTF-8 are surrogates here (PEP 383); Go sees each as U+FFFD."""


class Chars(msgspec.Struct, frozen=True):
    """One character out of `ranges` (code points, both ends included), or out of all others; `star`: any number."""

    ranges: tuple[tuple[int, int], ...]
    negated: bool = False
    star: bool = False

    @property
    def expression(self) -> str:
        """The same for Python's `re`."""
        if not self.ranges:
            return ("(?s:.)" if self.negated else "(?!)") + ("*" if self.star else "")
        found = "".join(
            f"\\U{low:08x}" if low == high else f"\\U{low:08x}-\\U{high:08x}" for low, high in self.ranges
        )
        return f"[{'^' if self.negated else ''}{found}]{'*' if self.star else ''}"

    def has(self, point: int) -> bool:
        return any(low <= point <= high for low, high in self.ranges) != self.negated

    @property
    def literal(self) -> str | None:
        """The one character this stands for, if it is one."""
        if (
            len(self.ranges) == 1
            and self.ranges[0][0] == self.ranges[0][1]
            and not (self.negated or self.star)
        ):
            return chr(self.ranges[0][0])
        return None


class Place(Enum):
    """What needs no character: `ACROSS` is `(.*/)?`, the others are conditions on the place."""

    ACROSS = "(?:.*/)?"
    BEGIN = r"\A"
    END = r"\Z"
    BOUNDARY = r"\b"
    INSIDE = r"\B"


Token = Chars | Place
SLASH = ord("/")
SEGMENT = Chars(((SLASH, SLASH),), negated=True, star=True)
"""`*`: anything but a slash."""
NOT_SLASH = Chars(((SLASH, SLASH),), negated=True)
ANYTHING = Chars(((10, 10),), negated=True, star=True)
"""`.*` of Go's regexp: anything but a line break."""


def char(point: int) -> Chars:
    """Exactly this character."""
    return chars(((point, point),))


def chars(ranges: Sequence[tuple[int, int]], *, negated: bool = False) -> Chars:
    """A class of characters; what is not UTF-8 counts as U+FFFD."""
    found = tuple(ranges)
    if any(low <= _REPLACEMENT <= high for low, high in found):
        found += (_ESCAPED_BYTES,)
    return Chars(found, negated)


class Matcher:
    """Decides whether a whole path is what the tokens say.

    `depth` is the number of slashes every match has, or None when that is open. `name` is a matcher for the last part
    of the path alone, where that is the same (`**/` and a name).
    """

    __slots__ = ("_automaton", "_regexp", "depth", "expression", "name")

    def __init__(self, tokens: Sequence[Token]) -> None:
        tokens = _joined(tokens)
        self.depth = _depth(tokens)
        self.expression = ""
        self._regexp: re.Pattern[str] | None = None
        self._automaton: _Automaton | None = None
        self.name: Matcher | None = None
        if sum(isinstance(token, Chars) and not token.star for token in tokens) > PATH_MAX:
            self._regexp = re.compile("(?!)")
            self.expression = "(?!)"
        elif _is_simple(tokens):
            self.expression = "".join(_expression(token) for token in tokens)
            self._regexp = re.compile(self.expression, re.ASCII)
        else:
            self._automaton = _Automaton(tokens)
        if tokens and tokens[0] is Place.ACROSS and _depth(tokens[1:]) == 0:
            self.name = Matcher(tokens[1:])

    def matches(self, path: str) -> bool:
        if self.name is not None and "\n" not in path:
            return self.name.matches(path.rpartition("/")[2])
        if self._regexp is not None:
            return self._regexp.fullmatch(path) is not None
        assert self._automaton is not None
        return self._automaton.accepts(path)


def _expression(token: Token) -> str:
    if isinstance(token, Place):
        return token.value
    literal = token.literal
    return re.escape(literal) if literal is not None else token.expression


def _joined(tokens: Sequence[Token]) -> list[Token]:
    """Without repetitions that say nothing new (`**` after `*` is one star)."""
    kept: list[Token] = []
    for token in tokens:
        if (
            kept
            and kept[-1] == token
            and (token is Place.ACROSS or (isinstance(token, Chars) and token.star))
        ):
            continue
        kept.append(token)
    return kept


def _depth(tokens: Sequence[Token]) -> int | None:
    depth = 0
    for token in tokens:
        if isinstance(token, Place):
            return None
        if token.literal == "/":
            depth += 1
        elif token.has(SLASH):
            return None
    return depth


def _is_simple(tokens: Sequence[Token]) -> bool:
    """True when backtracking costs at most the length of the path times that of a name."""
    stars = [token for token in tokens if isinstance(token, Chars) and token.star]
    wide = sum(token is Place.ACROSS for token in tokens)
    if stars and stars[-1] is tokens[-1] and stars[-1] == ANYTHING:
        stars.pop()  # takes the rest, whatever it is
    if any(star != SEGMENT for star in stars):
        return False
    return (wide == 0 and len(stars) <= 2) or (wide == 1 and len(stars) <= 1)


_State = tuple[frozenset[int], bool | None]


class _Automaton:
    """Positions between the tokens, stepped all at once; each step is worked out once and remembered.

    A state is the set of positions reached and whether the last character was part of a word (None: no character yet).
    """

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens: list[Token | None] = []
        for token in tokens:
            # Position of ACROSS, then the position inside it, which only a slash leaves.
            self._tokens += [token, None] if token is Place.ACROSS else [token]
        self._steps: dict[tuple[_State, str], _State] = {}

    def accepts(self, path: str) -> bool:
        state: _State = (frozenset((0,)), None)
        steps = self._steps
        for letter in path:
            key = (state, letter)
            after = steps.get(key)
            if after is None:
                if len(steps) > _CACHE:
                    steps.clear()
                after = steps[key] = self._step(state, letter)
            state = after
            if not state[0]:
                return False
        return len(self._tokens) in self._reached(state, None)

    def _step(self, state: _State, letter: str) -> _State:
        point = ord(letter)
        found: set[int] = set()
        for at in self._reached(state, letter):
            if at == len(self._tokens):
                continue
            token = self._tokens[at]
            if token is None:
                if letter == "/":
                    found.add(at + 1)
                if letter != "\n":
                    found.add(at)
            elif isinstance(token, Chars) and token.has(point):
                found.add(at if token.star else at + 1)
        return frozenset(found), _is_word(letter)

    def _reached(self, state: _State, letter: str | None) -> set[int]:
        """All positions that can be come to before the next character (None: the end)."""
        positions, before = state
        boundary = bool(before) != (letter is not None and _is_word(letter))
        holds = {
            Place.BEGIN: before is None,
            Place.END: letter is None,
            Place.BOUNDARY: boundary,
            Place.INSIDE: not boundary,
        }
        reached = set(positions)
        waiting = list(positions)
        while waiting:
            at = waiting.pop()
            token = self._tokens[at] if at < len(self._tokens) else None
            following: tuple[int, ...] = ()
            if token is Place.ACROSS:
                following = (at + 1, at + 2)
            elif isinstance(token, Place):
                following = (at + 1,) if holds[token] else ()
            elif token is not None and token.star:
                following = (at + 1,)
            new = [position for position in following if position not in reached]
            reached.update(new)
            waiting += new
        return reached


def _is_word(letter: str) -> bool:
    return letter.isascii() and (letter.isalnum() or letter == "_")
