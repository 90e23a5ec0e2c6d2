"""Build contexts as a history sees them: which selections a changed path belongs to, and under which name.

A scope is the folder of a context and the ignore file it is sent under. A selection is a number; that of a path is
found by looking up the folders above it, so that it costs the depth of the path and not the number of selections.
"""

import msgspec

from dockwright.dockerfile.keys.model import Selection
from dockwright.text import SourceFile
from dockwright.trees.globs import compiled, has_wildcard
from dockwright.trees.ignore import IgnoreFile, parse_patterns, read_ignore_file
from dockwright.trees.matching import Matcher
from dockwright.trees.paths import clamped, encode, parent
from dockwright.trees.paths import name as last

Spot = tuple[int, bytes]
"""A selection, and the name by which a path enters its digest."""


class ScopeKey(msgspec.Struct, frozen=True):
    """A context's folder in the repository (`""` is its top), and the text of its ignore file (None: there is none)."""

    root: str
    ignore: bytes | None


class _Pattern(msgspec.Struct, frozen=True):
    number: int
    matcher: Matcher | None
    selection: Selection


class Scope:
    """The selections of one context."""

    def __init__(self, key: ScopeKey) -> None:
        self.key = key
        self.prefix = f"{key.root}/" if key.root else ""
        self.ignore: IgnoreFile | None = None
        if key.ignore is not None:
            found = read_ignore_file(SourceFile(".dockerignore", key.ignore))
            self.ignore = found if found.patterns else None
        self.selections: dict[int, Selection] = {}
        self._plain: dict[str, list[int]] = {}
        self._patterns: list[_Pattern] = []
        self._filters: dict[int, tuple[IgnoreFile | None, IgnoreFile | None]] = {}
        self._chains: dict[str, list[int]] = {}

    def add(self, number: int, selection: Selection) -> None:
        """Watch one more selection."""
        self.selections[number] = selection
        path = clamped(selection.path)
        if selection.include or selection.exclude:
            self._filters[number] = (_patterns(selection.include), _patterns(selection.exclude))
        if is_pattern(selection):
            self._patterns.append(_Pattern(number, compiled(path), selection))
            path = fixed_part(path)
        else:
            self._plain.setdefault(path, []).append(number)
            if not selection.follow:
                path = parent(path)  # a link as the source counts itself
        while path:
            self._chains.setdefault(path, []).append(number)
            path = parent(path)

    def inside(self, path: str) -> str | None:
        """A path of the repository as the context sees it; None outside, and for its folder itself."""
        return path[len(self.prefix) :] if path.startswith(self.prefix) else None

    def hides(self, inside: str) -> bool:
        """True when the ignore file leaves the path out."""
        return self.ignore is not None and self.ignore.ignores(inside)

    def spots(self, inside: str) -> list[Spot]:
        """The selections a path of the context belongs to."""
        if self.hides(inside):
            return []
        found: list[Spot] = []
        at = inside
        while True:
            for number in self._plain.get(at, ()):
                name = inside[len(at) + 1 :] if at else inside
                if self.keeps(number, name):
                    found.append((number, encode(name)))
            if not at:
                break
            at = parent(at)
        for pattern in self._patterns:
            matched = match(pattern.matcher, inside)
            if matched is not None:
                name = inside[len(matched) + 1 :]
                if self.keeps(pattern.number, name):
                    found.append(
                        (pattern.number, encode(last(inside) if pattern.selection.base_names else inside))
                    )
        return found

    def keeps(self, number: int, name: str) -> bool:
        """True unless `--exclude` or `--parents` leave a name below the source out."""
        filters = self._filters.get(number)
        if filters is not None:
            include, exclude = filters
            if (exclude is not None and exclude.ignores(name)) or (
                include is not None and not include.ignores(name)
            ):
                return False
        return True

    def linked(self, inside: str) -> list[int]:
        """The selections whose meaning a link at this path would change: it stands on the way to the source."""
        found = list(self._chains.get(inside, ()))
        for pattern in self._patterns:
            if pattern.selection.follow and match(pattern.matcher, inside) == inside:
                found.append(pattern.number)
        return found


def _patterns(texts: tuple[str, ...]) -> IgnoreFile | None:
    return parse_patterns(texts) if texts else None


def is_pattern(selection: Selection) -> bool:
    """True when the path of a selection is a pattern."""
    return selection.wildcard and has_wildcard(clamped(selection.path))


def fixed_part(pattern: str) -> str:
    """The folder below which a pattern looks."""
    parts = pattern.split("/")
    return "/".join(parts[: next(at for at, part in enumerate(parts) if has_wildcard(part))])


def match(matcher: Matcher | None, inside: str) -> str | None:
    """The highest path at or above `inside` that a pattern matches."""
    if matcher is None:
        return None
    if matcher.depth is not None:
        parts = inside.split("/")
        if len(parts) <= matcher.depth:
            return None
        top = "/".join(parts[: matcher.depth + 1])
        return top if matcher.matches(top) else None
    end = inside.find("/")
    while end >= 0:
        if matcher.matches(inside[:end]):
            return inside[:end]
        end = inside.find("/", end + 1)
    return inside if matcher.matches(inside) else None
