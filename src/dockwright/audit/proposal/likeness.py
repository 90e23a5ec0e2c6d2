"""How alike files are, as the proposal needs it: a share per pair, and what the pair differs in."""

from collections.abc import Iterable, Sequence

import msgspec


class Alike(msgspec.Struct, frozen=True):
    """Two files with the share of what they say that is equal (0 to 1), and names of what differs."""

    a: str
    b: str
    share: float
    differences: Sequence[str] = ()


class Likeness:
    """Pairs of files by path, in either order."""

    def __init__(self, pairs: Iterable[Alike]) -> None:
        self._pairs: dict[frozenset[str], Alike] = {}
        for pair in pairs:
            key = frozenset((pair.a, pair.b))
            known = self._pairs.get(key)
            if known is None or known.share < pair.share:
                self._pairs[key] = pair

    def between(self, a: str, b: str) -> Alike | None:
        """What is known of a pair; None when the two were not found alike."""
        return self._pairs.get(frozenset((a, b)))

    def share(self, a: str, b: str) -> float:
        """The share of a pair, 0 when nothing is known."""
        pair = self.between(a, b)
        return pair.share if pair else 0.0

    def nearest(self, path: str, others: Iterable[str]) -> Alike | None:
        """The pair of `path` with the file most like it among `others`."""
        pairs = [pair for other in others if other != path and (pair := self.between(path, other))]
        return max(pairs, key=lambda pair: (pair.share, pair.a, pair.b), default=None)


def clusters(paths: Sequence[str], joined: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Paths grouped so that joined ones are together; groups and their members in the order of `paths`."""
    head = {path: path for path in paths}

    def root(path: str) -> str:
        while head[path] != path:
            head[path] = head[head[path]]
            path = head[path]
        return path

    for a, b in joined:
        head[root(b)] = root(a)
    groups: dict[str, list[str]] = {}
    for path in paths:
        groups.setdefault(root(path), []).append(path)
    return list(groups.values())
