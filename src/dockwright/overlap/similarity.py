"""How alike two Dockerfiles are, and which instruction of one matches which of the other."""

from collections import Counter

import msgspec

from dockwright.figures import Basis, Figure
from dockwright.overlap.alignment import Match, align, ratio
from dockwright.overlap.files import NormalFile

SEQUENCE = "2 x instructions in common, in order / instructions of both files, after normalisation"
JACCARD = "settings in common / settings of either file, counted with multiplicity"
CONTAINED = "settings in common / settings of the smaller file"


class Similarity(msgspec.Struct, frozen=True):
    """How alike two files are, `a` before `b` by path. The figures are shares.

    `sequence` is what clusters and rankings go by. `matched` of `size_a` and `size_b` instructions are the same, in
    order. `contained` near 1 with a low `sequence` says that one file is a part of the other.
    """

    a: str
    b: str
    service_a: str
    service_b: str
    sequence: Figure
    jaccard: Figure
    contained: Figure
    matched: int
    size_a: int
    size_b: int

    @property
    def across(self) -> bool:
        """True when the files belong to different services."""
        return self.service_a != self.service_b


class Alignment(msgspec.Struct, frozen=True):
    """Which instructions of `a` and `b` are the same; `names` are the names of `b` that mean others of `a`."""

    matches: tuple[Match, ...]
    names: dict[str, str]


def alignment(a: NormalFile, b: NormalFile) -> Alignment:
    """The best alignment: with the names as they are, or with those of `b` renamed after the parts they play.

    Of several longest alignments the one taken depends on the contents alone, not on which file is `a`.
    """
    if b.digest < a.digest:
        matches, roles = _best(b, a)
        matches = [(i, j) for j, i in matches]
        roles = [(name, to) for to, name in roles]
    else:
        matches, roles = _best(a, b)
    return Alignment(tuple(matches), _naming(b, roles))


Roles = list[tuple[str, str]]
"""Names of the first and of the second file that play the same part, one to one."""


def _best(a: NormalFile, b: NormalFile) -> tuple[list[Match], Roles]:
    matches = align(a.tokens, b.tokens)
    if a.named and b.named:
        loose = align(a.skeletons, b.skeletons)
        if len(loose) > len(matches):
            roles = _roles(a, b, loose)
            renamed = align(a.tokens, b.renamed_tokens(_naming(b, roles)))
            if len(renamed) > len(matches):
                return renamed, roles
    return matches, []


def _roles(a: NormalFile, b: NormalFile, matches: list[Match]) -> Roles:
    """Names that stand in the same places of matching instructions, the most frequent first."""
    votes: Counter[tuple[str, str]] = Counter()
    for i, j in matches:
        votes.update(zip(a.keys[i][1], b.keys[j][1], strict=True))
    roles: dict[str, str] = {}
    taken: set[str] = set()
    for (name, other), _ in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0][0] != vote[0][1])):
        if name not in roles and other not in taken:
            roles[name] = other
            taken.add(other)
    return list(roles.items())


def _naming(b: NormalFile, roles: Roles) -> dict[str, str]:
    """What each name of `b` is called in the other file; one that is called there what another one is called here
    gets a name of its own.
    """
    if not roles:
        return {}
    names = {other: name for name, other in roles}
    taken = set(names.values())
    for _, symbols in b.keys:
        for symbol in symbols:
            if symbol not in names and symbol in taken:
                names[symbol] = f"{symbol}'"
    return {name: to for name, to in names.items() if name != to}


def similarity(a: NormalFile, b: NormalFile, aligned: Alignment | None = None) -> Similarity:
    """The figures of a pair; symmetric but for the order of the names."""
    if b.path < a.path:
        a, b, aligned = b, a, None
    aligned = aligned or alignment(a, b)
    bag_a, bag_b = a.atom_bag, b.renamed_atom_bag(aligned.names) if aligned.names else b.atom_bag
    size_a, size_b = bag_a.total(), bag_b.total()
    common = sum(min(count, bag_b[key]) for key, count in bag_a.items() if key in bag_b)
    return Similarity(
        a.path,
        b.path,
        a.service,
        b.service,
        _share("same instructions", ratio(len(aligned.matches), len(a.tokens), len(b.tokens)), SEQUENCE),
        _share("same settings", common / (size_a + size_b - common) if size_a + size_b else 1.0, JACCARD),
        _share(
            "within the larger",
            common / min(size_a, size_b) if size_a and size_b else float(size_a == size_b),
            CONTAINED,
        ),
        len(aligned.matches),
        len(a.tokens),
        len(b.tokens),
    )


def bound(a: NormalFile, b: NormalFile) -> float:
    """The most that `sequence` can be, from what the files hold in whatever order."""
    small, large = (a.bag, b.bag) if len(a.bag) <= len(b.bag) else (b.bag, a.bag)
    common = sum(min(count, large[key]) for key, count in small.items() if key in large)
    return ratio(common, len(a.instructions), len(b.instructions))


def _share(name: str, value: float, how: str) -> Figure:
    return Figure(name, value, "share", Basis.DERIVED, how)
