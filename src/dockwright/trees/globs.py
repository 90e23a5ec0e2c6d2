"""Go's filepath.Match, as COPY and ADD sources use it: `*` and `?` stop at `/`, `[a-z]`, `[^a]`, `\\x`."""

from collections.abc import Iterator
from functools import lru_cache

from dockwright.trees.go_match import after_class, class_ranges
from dockwright.trees.matching import NOT_SLASH, SEGMENT, Chars, Matcher, chars

WILDCARDS = frozenset("*?[")


def has_wildcard(text: str) -> bool:
    """True when a COPY source is a pattern. Source: tonistiigi/fsutil copy/copy.go: containsWildcards."""
    at = 0
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text[at] in WILDCARDS:
            return True
        at += 1
    return False


def fixed_folder(pattern: str) -> str:
    """The folder before the first part with a wildcard, in which matching begins."""
    parts = pattern.split("/")
    return "/".join(parts[: next(index for index, part in enumerate(parts) if has_wildcard(part))])


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> Matcher | None:
    """What decides whether a whole path matches; None for a pattern that Go refuses. Linear in the path."""
    try:
        return Matcher(list(_tokens(pattern)))
    except ValueError:
        return None


def _tokens(pattern: str) -> Iterator[Chars]:
    at = 0
    while at < len(pattern):
        letter = pattern[at]
        at += 1
        if letter == "*":
            yield SEGMENT
        elif letter == "?":
            yield NOT_SLASH
        elif letter == "[":
            end = after_class(pattern, at)
            if end is None:
                raise ValueError("syntax error in pattern")
            yield _class(pattern[at : end - 1])
            at = end
        else:
            if letter == "\\":
                if at >= len(pattern):
                    raise ValueError("syntax error in pattern")
                letter = pattern[at]
                at += 1
            yield Chars(((ord(letter), ord(letter)),))


def _class(body: str) -> Chars:
    """The class between the brackets; unlike `*` it may match a slash."""
    ranges, negated = class_ranges(body)
    return chars(ranges, negated=negated)
