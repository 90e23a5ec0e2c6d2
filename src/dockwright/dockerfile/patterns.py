"""Shell patterns of `${x#p}`, `${x%p}`, `${x/p/r}`: `*`, `?` and backslash, no brackets.

Source: moby/buildkit frontend/dockerfile/shell/lex.go: convertShellPatternToRegex. BuildKit compiles a pattern to an
RE2 expression; Python's backtracking engine could take exponential time on it, so the pattern is cut at its stars
here and the parts are sought one after the other, which finds the same matches. `*` and `?` do not match a newline.
"""

import re

from dockwright.lazy import lazy_regex

MAX_PATTERN = 4096
"""Longest part of a pattern with a `?` in it, and greatest number of parts; beyond it the expansion is an error."""
MAX_RESULT = 1 << 22
"""Longest result of a replacement; beyond it the expansion is an error."""


class PatternError(ValueError):
    """The pattern is not one. `pattern` is what BuildKit prints."""

    def __init__(self, message: str, pattern: str) -> None:
        super().__init__(message)
        self.pattern = pattern


class _Literal:
    """A part of a pattern without `?`."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def match(self, value: str, start: int) -> int:
        """The end of the part at `start`, -1 if it does not stand there."""
        return start + len(self._text) if value.startswith(self._text, start) else -1

    def search(self, value: str, start: int, limit: int) -> tuple[int, int] | None:
        found = value.find(self._text, start, limit)
        return None if found < 0 else (found, found + len(self._text))

    def last(self, value: str, start: int, limit: int) -> int:
        return value.rfind(self._text, start, limit) + len(self._text)


class _Expression:
    """A part of a pattern with `?` in it; of fixed length, so that nothing is ever tried twice."""

    __slots__ = ("_expression", "_width")

    def __init__(self, expression: str, width: int) -> None:
        self._expression = re.compile(expression)
        self._width = width

    def match(self, value: str, start: int) -> int:
        found = self._expression.match(value, start)
        return found.end() if found else -1

    def search(self, value: str, start: int, limit: int) -> tuple[int, int] | None:
        found = self._expression.search(value, start, limit)
        return found.span() if found else None

    def last(self, value: str, start: int, limit: int) -> int:
        for at in range(limit - self._width, start, -1):
            if self._expression.match(value, at, limit):
                return at + self._width
        return start + self._width


_Part = _Literal | _Expression


def _characters(pattern: str) -> list[tuple[str, bool]]:
    """The pattern's characters, each with whether it is a wildcard."""
    found: list[tuple[str, bool]] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char != "\\":
            found.append((char, char in "*?"))
            continue
        following = pattern[at : at + 1]
        if following and following in "}/":
            continue  # the escape belongs to `${}`, not to the pattern
        if not following or following not in "*?\\":
            raise PatternError(f"invalid escape '\\{following or chr(0xFFFD)}'", pattern)
        at += 1
        found.append((following, False))
    return found


def _parts(pattern: str) -> list[_Part]:
    """The pattern cut at its stars."""
    pieces: list[list[tuple[str, bool]]] = [[]]
    for char, wild in _characters(pattern):
        if wild and char == "*":
            pieces.append([])
        else:
            pieces[-1].append((char, wild))
    if len(pieces) > MAX_PATTERN:
        raise PatternError("the pattern is too long", pattern)
    return [_part(piece, pattern) for piece in pieces]


def _part(piece: list[tuple[str, bool]], pattern: str) -> _Part:
    if not any(wild for _, wild in piece):
        return _Literal("".join(char for char, _ in piece))
    if len(piece) > MAX_PATTERN:
        raise PatternError("the pattern is too long", pattern)
    return _Expression("".join("." if wild else re.escape(char) for char, wild in piece), len(piece))


class _Matcher:
    """A pattern ready to be sought in one value."""

    def __init__(self, pattern: str, value: str) -> None:
        self._parts = _parts(pattern)
        self._value = value

    def end(self, start: int, *, greedy: bool) -> int | None:
        """Where a match that begins at `start` ends: the nearest end, or the farthest if greedy."""
        value = self._value
        at = self._parts[0].match(value, start)
        rest = self._parts[1:]
        if at < 0 or not rest:
            return None if at < 0 else at
        line_end = value.find("\n", at)
        limit = len(value) if line_end < 0 else line_end
        for part in rest[:-1]:
            found = part.search(value, at, limit)
            if found is None:
                return None
            at = found[1]
        found = rest[-1].search(value, at, limit)
        if found is None or not greedy:
            return None if found is None else found[1]
        return rest[-1].last(value, found[0], limit)

    def find(self, start: int) -> tuple[int, int] | None:
        """The first match from `start` on, as long as it can be."""
        value = self._value
        while start <= len(value):
            found = self._parts[0].search(value, start, len(value))
            if found is None:
                return None
            end = self.end(found[0], greedy=True)
            if end is not None:
                return found[0], end
            line_end = value.find("\n", found[0])
            if line_end < 0:
                return None
            start = line_end + 1
        return None


def trim_prefix(pattern: str, value: str, *, greedy: bool) -> str:
    """`${value#pattern}`, with `greedy` `${value##pattern}`."""
    end = _Matcher(pattern, value).end(0, greedy=greedy)
    return value if end is None else value[end:]


def trim_suffix(pattern: str, value: str, *, greedy: bool) -> str:
    """`${value%pattern}`, with `greedy` `${value%%pattern}`: both turned round, as BuildKit does."""
    return trim_prefix(_reversed(pattern), value[::-1], greedy=greedy)[::-1]


def _reversed(pattern: str) -> str:
    """The pattern backwards, with escapes kept before what they escape."""
    parts = re.findall(r"\\.|.", pattern, re.DOTALL)
    return "".join(reversed(parts))


_TEMPLATE = lazy_regex(r"\$(?:\$|\w+|\{\w+\})")


def replace(pattern: str, value: str, replacement: str, *, everywhere: bool) -> str:
    """`${value/pattern/replacement}`, with `everywhere` `${value//pattern/replacement}`."""
    matcher = _Matcher(pattern, value)
    if not everywhere:
        found = matcher.find(0)
        return value if found is None else value[: found[0]] + replacement + value[found[1] :]
    # ReplaceAllString takes the replacement as a template; no group is ever named, so names give nothing
    replacement = _TEMPLATE.sub(lambda match: "$" if match.group() == "$$" else "", replacement)
    result: list[str] = []
    at = 0
    last_end = -1
    size = 0
    while (found := matcher.find(at)) is not None:
        start, end = found
        if start == end == last_end:  # an empty match right after a match does not count
            if at >= len(value):
                break
            result.append(value[at])
            at += 1
            continue
        result.append(value[at:start])
        result.append(replacement)
        size += len(replacement)
        if size > MAX_RESULT:
            raise PatternError("the result is too long", pattern)
        last_end = end
        if start == end:
            if end >= len(value):
                return "".join(result)
            result.append(value[end])
            at = end + 1
        else:
            at = end
    result.append(value[at:])
    return "".join(result)
