"""Shell patterns of `${x#p}`, `${x%p}`, `${x/p/r}`: `*`, `?` and backslash, no brackets.

Source: moby/buildkit frontend/dockerfile/shell/lex.go: convertShellPatternToRegex. BuildKit compiles a pattern to an
RE2 expression; Python's backtracking engine could take exponential time on it, so the pattern is cut at its stars
here and the pieces are sought one after the other, which finds the same matches. `*` and `?` do not match a newline.
"""

import re

MAX_WORK = 50_000_000
"""Upper bound of pattern length times value length; beyond it the expansion is an error."""


class PatternError(ValueError):
    """The pattern is not one. `pattern` is what BuildKit prints."""

    def __init__(self, message: str, pattern: str) -> None:
        super().__init__(message)
        self.pattern = pattern


def _pieces(pattern: str) -> list[str]:
    """Regular expressions of the parts between the stars."""
    pieces: list[str] = [""]
    at = 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == "*":
            pieces.append("")
        elif char == "?":
            pieces[-1] += "."
        elif char == "\\":
            following = pattern[at : at + 1]
            if following and following in "}/":
                continue  # the escape belongs to `${}`, not to the pattern
            if not following or following not in "*?\\":
                raise PatternError(f"invalid escape '\\{following or chr(0xFFFD)}'", pattern)
            at += 1
            pieces[-1] += re.escape(following)
        else:
            pieces[-1] += re.escape(char)
    return pieces


class _Matcher:
    """A pattern cut at its stars, ready to be sought in values."""

    def __init__(self, pattern: str, value: str) -> None:
        if len(pattern) * len(value) > MAX_WORK:
            raise PatternError("pattern and value are too long", pattern)
        self._pieces = [re.compile(piece) for piece in _pieces(pattern)]
        self._value = value

    def end(self, start: int, *, greedy: bool) -> int | None:
        """Where a match that begins at `start` ends: the nearest end, or the farthest if greedy."""
        first = self._pieces[0].match(self._value, start)
        if first is None:
            return None
        at = first.end()
        rest = self._pieces[1:]
        if not rest:
            return at
        line_end = self._value.find("\n", at)
        limit = len(self._value) if line_end < 0 else line_end
        for piece in rest[:-1]:
            found = piece.search(self._value, at, limit)
            if found is None:
                return None
            at = found.end()
        return self._last(rest[-1], at, limit, greedy=greedy)

    def _last(self, piece: re.Pattern[str], at: int, limit: int, *, greedy: bool) -> int | None:
        found = piece.search(self._value, at, limit)
        if found is None or not greedy:
            return None if found is None else found.end()
        width = found.end() - found.start()
        for start in range(limit - width, found.start(), -1):
            if piece.match(self._value, start, limit):
                return start + width
        return found.end()

    def find(self, start: int) -> tuple[int, int] | None:
        """The first match from `start` on, as long as it can be."""
        while start <= len(self._value):
            found = self._pieces[0].search(self._value, start)
            if found is None:
                return None
            end = self.end(found.start(), greedy=True)
            if end is not None:
                return found.start(), end
            line_end = self._value.find("\n", found.start())
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


_TEMPLATE = re.compile(r"\$(?:\$|\w+|\{\w+\})")


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
