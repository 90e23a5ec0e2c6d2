"""Drift: files that once agreed, and the commit in which they parted.

For a pair of paths the history gives the blob each had after every commit that changed one of them. They agree where
the blobs are the same, or (Dockerfiles) the blobs have one normal form. The last such moment is where they last
agreed, the commit after it is where they parted; a pair that never agreed while both existed was born different.
History is taken as the line that `trees.history` gives; a merge counts as the commit it is.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum

import msgspec

from dockwright.errors import Skipped

MAX_PAIRS = 2_000
"""Most pairs whose history is looked at; the most alike come first."""
MAX_BLOBS = 500
"""Most old versions read to compare normal forms; pairs looked at after that are compared by bytes alone."""
MAX_LOOK = 40
"""Most moments of one pair at which normal forms are compared, from the newest back."""


class Moment(msgspec.Struct, frozen=True, order=True):
    """A commit: place in history (greater is later), id, and date as ISO text."""

    order: int
    commit: str
    date: str


class Change(msgspec.Struct, frozen=True):
    """What a commit left at a path: a blob id, empty when it removed the file."""

    moment: Moment
    blob: str


class Course(StrEnum):
    """How two files came to differ."""

    PARTED = "parted"
    BORN_DIFFERENT = "born different"


class Drift(msgspec.Struct, frozen=True):
    """Two files that differ now, and since when.

    `agreed` is the commit that made the last state in which they were the same, `parted` the one that ended it; both
    None when they never agreed. `met` is the commit from which both existed. `alone` names the file that `parted`
    changed, empty when it changed both. `by_bytes` is False when they agreed in normal form only. `changes_a` and
    `changes_b` count the commits that changed each from `parted` (or `met`) on.
    """

    a: str
    b: str
    course: Course
    met: Moment
    agreed: Moment | None
    parted: Moment | None
    alone: str
    by_bytes: bool
    changes_a: int
    changes_b: int


Timelines = Mapping[str, Sequence[Change]]
"""Changes of each path, oldest first."""
Form = Callable[[str], str | None]
"""Identity of the normal form of a blob, None when it cannot be read."""


def drifts(pairs: Iterable[tuple[str, str]], timelines: Timelines, form: Form) -> list[Drift]:
    """The drift of each pair that both have a history and differ now; in the order of the pairs."""
    found: list[Drift] = []
    for a, b in pairs:
        drift = drift_of(a, b, timelines.get(a, ()), timelines.get(b, ()), form)
        if drift is not None:
            found.append(drift)
    return found


State = tuple[Moment, str, str]
"""The blobs of both files after a commit that changed one of them."""


def drift_of(a: str, b: str, ours: Sequence[Change], theirs: Sequence[Change], form: Form) -> Drift | None:
    """How two files came to differ; None when they agree now, or never existed side by side."""
    states = _states(ours, theirs)
    both = [index for index, (_, x, y) in enumerate(states) if x and y]
    if not both or both[-1] != len(states) - 1:
        return None
    last, by_bytes = _last_agreement(states, both, form)
    if last == len(states) - 1:
        return None
    met = states[both[0]][0]
    if last < 0:
        return Drift(
            a, b, Course.BORN_DIFFERENT, met, None, None, "", True, _since(ours, met), _since(theirs, met)
        )
    agreed, (parted, x, y) = states[last][0], states[last + 1]
    alone = b if x == states[last][1] else a if y == states[last][2] else ""
    since = _since(ours, parted), _since(theirs, parted)
    return Drift(a, b, Course.PARTED, met, agreed, parted, alone, by_bytes, *since)


def _states(ours: Sequence[Change], theirs: Sequence[Change]) -> list[State]:
    states: list[State] = []
    x = y = ""
    i = j = 0
    while i < len(ours) or j < len(theirs):
        moment = min(change.moment for change in (*ours[i : i + 1], *theirs[j : j + 1]))
        if i < len(ours) and ours[i].moment == moment:
            x, i = ours[i].blob, i + 1
        if j < len(theirs) and theirs[j].moment == moment:
            y, j = theirs[j].blob, j + 1
        states.append((moment, x, y))
    return states


def _last_agreement(states: list[State], both: list[int], form: Form) -> tuple[int, bool]:
    """Index of the last state in which the files agree (-1 if none), and whether their bytes do."""
    by_bytes = next((index for index in reversed(both) if states[index][1] == states[index][2]), -1)
    for index in [index for index in reversed(both) if index > by_bytes][:MAX_LOOK]:
        one = form(states[index][1])
        if one is not None and one == form(states[index][2]):
            return index, False
    return by_bytes, True


def _since(changes: Sequence[Change], moment: Moment) -> int:
    return sum(change.moment >= moment for change in changes)


def once_the_same(timelines: Timelines) -> list[tuple[str, str]]:
    """Pairs of paths that had one blob in common at some time, though perhaps not at the same; sorted.

    Of many paths that share a blob, each is paired with the first only.
    """
    owners: dict[str, list[str]] = {}
    for path in sorted(timelines):
        for blob in dict.fromkeys(change.blob for change in timelines[path] if change.blob):
            owners.setdefault(blob, []).append(path)
    return sorted({(paths[0], path) for paths in owners.values() for path in paths[1:]})


def chosen(*ranked: Iterable[tuple[str, str]]) -> tuple[list[tuple[str, str]], list[Skipped]]:
    """The pairs whose history is looked at, those of earlier lists first, each once and in path order."""
    pairs = list(dict.fromkeys((min(pair), max(pair)) for pairs in ranked for pair in pairs))
    if len(pairs) <= MAX_PAIRS:
        return pairs, []
    left = len(pairs) - MAX_PAIRS
    return pairs[:MAX_PAIRS], [
        Skipped(f"drift of {left:,} pairs of files", f"only {MAX_PAIRS:,} pairs are looked at")
    ]
