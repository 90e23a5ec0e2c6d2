"""Neighbouring patterns of one polarity, asked all at once.

A context has thousands of files and an ignore file a hundred patterns; asking each pattern about each file is what
costs. Most patterns are plain words: those go into a set or a tuple, the others into one regular expression per depth.
"""

import re
from collections.abc import Sequence
from itertools import groupby

from dockwright.trees.matching import Matcher
from dockwright.trees.patterns import Pattern

_CHUNK = 500
"""Alternatives of one regular expression."""


class Run:
    """Patterns that stand together and are all negated, or all not."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self.patterns = tuple(patterns)
        self.negated = self.patterns[0].negated
        exact: set[str] = set()
        prefixes: set[str] = set()
        suffixes: set[str] = set()
        names: list[Matcher] = []
        by_depth: dict[int, list[Matcher]] = {}
        others: list[Matcher] = []
        for pattern in self.patterns:
            matcher = pattern.matcher
            if matcher is None:
                _plain(pattern, exact, prefixes, suffixes)
            elif matcher.name is not None and matcher.name.expression:
                names.append(matcher.name)
                others += [] if matcher.expression else [matcher]
            elif matcher.depth is not None and matcher.expression:
                by_depth.setdefault(matcher.depth, []).append(matcher)
            else:
                others.append(matcher)
        self._exact = frozenset(exact)
        self._prefixes = tuple(sorted(prefixes))
        self._suffixes = tuple(sorted(suffixes))
        self._names = _alternatives(names)
        self._by_depth = {depth: _alternatives(found) for depth, found in by_depth.items()}
        self._others = tuple(others)

    def matches(self, path: str) -> bool:
        """True when any of the patterns matches the path."""
        if path in self._exact or path.startswith(self._prefixes) or path.endswith(self._suffixes):
            return True
        if "\n" in path:  # `.` does not match it, so that names alone do not decide
            return any(pattern.matches(path) for pattern in self.patterns)
        if self._names:
            name = path.rpartition("/")[2]
            if any(one.fullmatch(name) for one in self._names):
                return True
        if self._by_depth and any(one.fullmatch(path) for one in self._by_depth.get(path.count("/"), ())):
            return True
        return any(matcher.matches(path) for matcher in self._others)

    def first(self, path: str) -> Pattern | None:
        """The first of the patterns that matches the path."""
        return next((pattern for pattern in self.patterns if pattern.matches(path)), None)


def _plain(pattern: Pattern, exact: set[str], prefixes: set[str], suffixes: set[str]) -> None:
    if pattern.kind == "exact":
        exact.add(pattern.text)
    elif pattern.kind == "prefix":
        prefixes.add(pattern.text[:-2])
    else:
        ending = pattern.text[2:]
        suffixes.add(ending)
        if ending.startswith("/"):
            exact.add(ending[1:])


def _alternatives(matchers: Sequence[Matcher]) -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile("|".join(matcher.expression for matcher in matchers[at : at + _CHUNK]), re.ASCII)
        for at in range(0, len(matchers), _CHUNK)
    )


def runs_of(patterns: Sequence[Pattern]) -> tuple[Run, ...]:
    """The patterns in their order, as runs of one polarity."""
    return tuple(Run(list(group)) for _, group in groupby(patterns, key=lambda pattern: pattern.negated))
