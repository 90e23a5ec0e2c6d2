"""What wildcards match, and what `--exclude` and `--parents` leave.

Sources: moby/buildkit cache/contenthash/checksum.go: includedPaths, shouldIncludePath, splitWildcards.
"""

from collections.abc import Iterator
from typing import Protocol

from dockwright.trees.globs import compiled, has_wildcard
from dockwright.trees.ignore import IgnoreFile, parse_patterns


class Looker(Protocol):
    """What the search for matches needs of a context."""

    def children(self, path: str) -> Iterator[str]: ...

    def is_folder(self, path: str) -> bool: ...

    def resolve(self, path: str, *, last: bool) -> str | None: ...


class Filter:
    """Include and exclude patterns over the paths below a source."""

    def __init__(self, include: tuple[str, ...], exclude: tuple[str, ...]) -> None:
        self._include = _patterns(include)
        self._exclude = _patterns(exclude)

    def keeps(self, path: str) -> bool:
        """True if a path (relative; the source itself is "") is copied."""
        if self._include is not None and not self._include.ignores(path):
            return False
        return self._exclude is None or not self._exclude.ignores(path)


def _patterns(patterns: tuple[str, ...]) -> IgnoreFile | None:
    return parse_patterns(patterns) if patterns else None


def wildcard_matches(context: Looker, pattern: str) -> tuple[str, list[str]]:
    """The pattern's fixed part as it really lies in the context, and what matches, in order of paths.

    Nothing below a match is looked at again: it belongs to the match.
    """
    parts = pattern.split("/")
    fixed = next(number for number, part in enumerate(parts) if has_wildcard(part))
    prefix = "/".join(parts[:fixed])
    folder = context.resolve(prefix, last=True)
    if folder is None or not context.is_folder(folder):
        return prefix, []
    matcher = compiled("/".join(parts[fixed:]))
    if matcher is None:
        return prefix, []
    found: list[str] = []
    waiting = list(reversed(list(context.children(folder))))
    while waiting:
        one = waiting.pop()
        below = one[len(folder) + 1 :] if folder else one
        if matcher.matches(below):
            found.append(one)
        elif context.is_folder(one) and (matcher.depth is None or below.count("/") + 1 < len(parts) - fixed):
            waiting += reversed(list(context.children(one)))
    return folder, found
