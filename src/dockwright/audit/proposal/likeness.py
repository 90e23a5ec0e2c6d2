"""How alike files are, as the proposal needs it: a share per pair, and what it differs in."""

from collections.abc import Callable, Iterable, Sequence

import msgspec


class Alike(msgspec.Struct, frozen=True):
    """Two files with the share of what they say that is equal (0 to 1), and services that only one of them has."""

    a: str
    b: str
    share: float
    only_a: Sequence[str] = ()
    only_b: Sequence[str] = ()


class Likeness:
    """Pairs of files by path, in either order. `differ` names what a pair differs in; it is asked late."""

    def __init__(
        self, pairs: Iterable[Alike], differ: Callable[[str, str], Sequence[str]] = lambda _a, _b: ()
    ) -> None:
        self._differ = differ
        self._pairs: dict[frozenset[str], Alike] = {}
        for pair in pairs:
            key = frozenset((pair.a, pair.b))
            known = self._pairs.get(key)
            if known is None or known.share < pair.share:
                self._pairs[key] = pair

    def share(self, a: str, b: str) -> float:
        """The share of a pair, 0 when nothing is known."""
        pair = self._pairs.get(frozenset((a, b)))
        return pair.share if pair else 0.0

    def lacking(self, path: str, head: str) -> Sequence[str]:
        """The services that `path` has and `head` lacks, as far as the two were compared."""
        pair = self._pairs.get(frozenset((path, head)))
        if pair is None:
            return ()
        return pair.only_a if pair.a == path else pair.only_b

    def nearest(self, path: str, others: Iterable[str]) -> Alike | None:
        """The pair of `path` with the file most like it among `others`."""
        keys = (frozenset((path, other)) for other in others if other != path)
        pairs = [self._pairs[key] for key in keys if key in self._pairs]
        return max(pairs, key=lambda pair: (pair.share, pair.a, pair.b), default=None)

    def words(self, path: str, head: str, group: Iterable[str], kind: str) -> str:
        """How alike a file is with the one that takes it in, and with a nearer one of the group if there is one."""
        direct, near = self.nearest(path, [head]), self.nearest(path, group)
        text = f"{direct.share:.0%} of the {kind} are equal" if direct else f"few of the {kind} are equal"
        if (
            near is not None
            and head not in {near.a, near.b}
            and (direct is None or near.share > direct.share)
        ):
            other = near.b if near.a == path else near.a
            text += f", {near.share:.0%} with `{other}`, which is merged too"
        return text

    def parameters(self, head: str, others: Iterable[str], limit: int) -> list[str]:
        """In what files differ from the one that takes them in: names of settings, each once."""
        found: dict[str, None] = {}
        for other in others:
            found.update(dict.fromkeys(self._differ(head, other)))
            if len(found) > limit:
                break
        names = list(found)
        return [*names[:limit], "and more"] if len(names) > limit else names


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
