"""Counting verdicts: equal outcomes of a Dockerfile are counted together, and taken apart at the end."""

from collections import Counter

import msgspec

from dockwright.replay.shape import Codes

BUCKETS = 48
"""Parts into which the time line of a replay is cut."""


class Outcome(msgspec.Struct, frozen=True, gc=False):
    """How one commit came out for one subject: the version, verdicts against its parent, and what had changed.

    `changed` are the numbers of selections; `edited` says that the definition itself was another than the parent's.
    """

    version: int
    codes: Codes
    changed: frozenset[int]
    edited: bool = False


class Tally:
    """Everything counted for one subject."""

    def __init__(self) -> None:
        self.commits = 0
        self.untouched = 0
        self.edited = 0
        """Commits that changed the Dockerfile itself."""
        self.undefined: Counter[str] = Counter()
        """Commits at which there was nothing to build, by reason."""
        self.buildable = 0
        """Commits at which every source was there; at the others the build would have stopped."""
        self.buildable_untouched = 0
        self.missing: Counter[int] = Counter()
        """Commits at which a source was not there, by its number."""
        self.outcomes: Counter[tuple[int, Outcome]] = Counter()
        """By part of the time line; commits that hit everywhere are not in it."""
        self.shared: Counter[tuple[int, Codes]] = Counter()
        """Verdicts of the cache that never forgets, by version; where everything hit they are not in it."""
        self.branch: Counter[tuple[int, Codes]] = Counter()
        """The same for caches per branch."""
        self.per_bucket = [0] * BUCKETS
        self.per_version: Counter[int] = Counter()
