"""The replay itself: one pass over the history, every Dockerfile at every commit.

Costs: for each commit its changed paths times the selections above them, and for each Dockerfile one of whose
selections changed a look-up (against the parent) and its steps (against everything built before).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum

from dockwright.dockerfile.operations.engine import NEWEST, Engine
from dockwright.errors import Skipped
from dockwright.replay.branches import BranchCaches
from dockwright.replay.cache import SharedCache, against
from dockwright.replay.contents import Contents, Sums
from dockwright.replay.definitions import Blobs, Definitions, Version
from dockwright.replay.shape import HIT, MISS, Codes
from dockwright.replay.subjects import Subject
from dockwright.replay.tally import BUCKETS, Outcome, Tally
from dockwright.trees.changes import Change, CommitChanges
from dockwright.trees.descent import Descent
from dockwright.trees.git_trees import GitTrees
from dockwright.trees.revisions import CUT, Walk


class Mode(StrEnum):
    """Which Dockerfile and ignore file count at a commit."""

    AT_END = "at-end"
    """Those of the last commit, for all of history: what today's file would have cost."""
    PER_COMMIT = "per-commit"
    """Those of the commit itself: what did happen."""


class State:
    """What is known at one commit: contents, defining files, the version of each subject, its contents as one number."""

    __slots__ = ("blobs", "changed", "first", "sums", "vectors", "versions")

    def __init__(
        self, sums: Sums, blobs: Blobs, versions: tuple[int, ...], vectors: list[int], changed: set[int]
    ) -> None:
        self.sums = sums
        self.blobs = blobs
        self.versions = versions
        self.vectors = vectors
        self.changed = changed
        self.first = False
        """The state before the first commit: nothing is there."""


class Replay:
    """A replay of subjects over a walk; `run` fills `tallies`, one for each subject.

    `prefix` is the folder of the repository (with `/`) that all paths are relative to, `end` the commit (its id) that
    counts as the last one: the newest of the walk where it is not given. `branches`: also with a cache per branch.
    """

    def __init__(
        self,
        walk: Walk,
        subjects: Sequence[Subject],
        *,
        mode: Mode = Mode.AT_END,
        merges: bool = False,
        engine: Engine = NEWEST,
        prefix: str = "",
        end: str = "",
        branches: bool = False,
    ) -> None:
        self.walk = walk
        self.end = end or walk.last
        self.mode = mode
        self.merges = merges or walk.range.first_parent
        self.trees = GitTrees(walk.git)
        self.contents = Contents(self.trees, prefix)
        self.definitions = Definitions(subjects, self.trees, self.contents, engine, prefix)
        self.subjects = self.definitions.subjects
        self.tallies = [Tally() for _ in subjects]
        self.caches = [SharedCache() for _ in subjects]
        self.branches = BranchCaches(walk) if branches else None
        self._seen: list[set[int]] = [set() for _ in subjects]
        self._by_number: list[list[int]] = []
        self.counted = sum(not merge for merge in walk.merges) if not self.merges else len(walk)
        self.times: list[int] = []
        """When each part of the time line begins, in seconds since 1970."""
        self.at_end: tuple[int, ...] = ()
        """The version of each subject at the last commit."""
        self.rebuilt: Counter[int] = Counter()
        """Commits by the set of subjects that need a rebuild, as bits; commits that need none are not in it."""
        self.uncompared = 0
        """Commits left out because their parent is not here."""

    def run(self, progress: Callable[[str], None] = lambda _: None) -> None:
        """Go over the history once (twice where every commit has its own definition)."""
        self._prepare()
        number_of = 0
        for number, commit, before, state in Descent(self.walk, self._empty, self._after):
            if number % 1000 == 0:
                progress(f"replaying commit {number} of {len(self.walk)}")
            if self.walk.merges[number] and not self.merges:
                continue
            if before is None:
                self.uncompared += 1
                continue
            bucket = min(number_of * BUCKETS // max(self.counted, 1), BUCKETS - 1)
            number_of += 1
            if len(self.times) <= bucket:
                self.times += [commit.time] * (bucket + 1 - len(self.times))
            self._count(commit, before, state, bucket)
            if self.branches is not None:
                self._count_branches(self.branches, number, before, state)

    @property
    def skipped(self) -> list[Skipped]:
        """What could not be looked at."""
        found = list(self.walk.skipped)
        if self.trees.missing:
            found.append(
                Skipped(
                    f"{len(self.trees.missing)} objects",
                    "not in this (partial) clone; what depends on them counts as not there",
                )
            )
        if self.uncompared:
            found.append(Skipped(f"{self.uncompared} commits", "their parent is not in this (shallow) clone"))
        return found

    # -- before the pass

    def _prepare(self) -> None:
        """Find all definitions, since all selections must be known before the first commit."""
        at_end = self.definitions.blobs_at(self.trees.root(self.end)) if self.end else {}
        self.at_end = self.definitions.current(at_end)
        if self.mode is Mode.PER_COMMIT:
            self.definitions.current({})
            for _ in Descent[Blobs](self.walk, dict, self._meet):
                pass
        affected: list[set[int]] = [set() for _ in self.contents.selections]
        for subject, versions in enumerate(self.definitions.versions):
            for version in versions:
                for number in version.shape.numbers if version.shape else ():
                    affected[number].add(subject)
        self._by_number = [sorted(one) for one in affected]

    def _meet(self, before: Blobs, changes: Iterable[Change], tree: bytes) -> Blobs:
        del tree
        after = self.definitions.blobs(before, changes)
        if after is not before:
            self.definitions.current(after)
        return after

    # -- handing down

    def _empty(self) -> State:
        sums = self.contents.empty()
        versions = self._versions({})
        state = State(sums, {}, versions, [self._vector(n, v, sums) for n, v in enumerate(versions)], set())
        state.first = True
        return state

    def _versions(self, blobs: Blobs) -> tuple[int, ...]:
        if self.mode is Mode.AT_END:
            return (0,) * len(self.subjects)
        return self.definitions.current(blobs)

    def _vector(self, subject: int, version: int, sums: Sums) -> int:
        shape = self.version(subject, version).shape
        return hash((version, *(sums[number] for number in shape.numbers))) if shape else 0

    def version(self, subject: int, version: int) -> Version:
        return self.definitions.versions[subject][version]

    def _after(self, before: State, changes: Iterable[Change], tree: bytes) -> State:
        kept = list(changes)
        sums, changed = self.contents.after(before.sums, kept, tree)
        blobs, versions = before.blobs, before.versions
        if self.mode is Mode.PER_COMMIT:
            blobs = self.definitions.blobs(before.blobs, kept)
            versions = before.versions if blobs is before.blobs else self._versions(blobs)
        renewed = {subject for number in changed for subject in self._by_number[number]}
        if versions is not before.versions:
            renewed |= {n for n, v in enumerate(versions) if v != before.versions[n]}
        vectors = before.vectors
        if renewed:
            vectors = vectors.copy()
            for subject in renewed:
                vectors[subject] = self._vector(subject, versions[subject], sums)
        return State(sums, blobs, versions, vectors, changed)

    # -- counting

    def _count(self, commit: CommitChanges, before: State, state: State, bucket: int) -> None:
        edited = self.definitions.changed(commit.changes)
        touched = {subject for number in state.changed for subject in self._by_number[number]}
        rebuilt = 0
        for subject, tally in enumerate(self.tallies):
            number = state.versions[subject]
            version = self.version(subject, number)
            if version.shape is None:
                tally.undefined[version.problem] += 1
                continue
            tally.commits += 1
            tally.per_bucket[bucket] += 1
            tally.per_version[number] += 1
            tally.edited += subject in edited
            same = subject not in edited
            if subject in touched or number != before.versions[subject] or before.first:
                outcome = self._outcome(subject, before, state)
                if any(outcome.codes):
                    tally.outcomes[bucket, outcome] += 1
                    same = False
            tally.untouched += same
            rebuilt |= 0 if same else 1 << subject
            self._note_missing(tally, version, state.sums, same=same)
            if state.vectors[subject] not in self._seen[subject]:
                self._seen[subject].add(state.vectors[subject])
                codes = self.caches[subject].build(version.shape, state.sums)
                if any(codes):
                    tally.shared[number, codes] += 1
        if rebuilt:
            self.rebuilt[rebuilt] += 1

    def _count_branches(self, caches: BranchCaches, commit: int, before: State, state: State) -> None:
        parent = self.walk.parents[commit]
        built = (
            parent >= 0 and self.walk.parents[parent] != CUT and (self.merges or not self.walk.merges[parent])
        )
        for subject, tally in enumerate(self.tallies):
            if built and state.vectors[subject] == before.vectors[subject]:
                continue  # everything hits, as at its parent
            number = state.versions[subject]
            shape = self.version(subject, number).shape
            if shape is not None:
                codes = caches.build(subject, shape, state.sums, commit)
                if any(codes):
                    tally.branch[number, codes] += 1

    def _note_missing(self, tally: Tally, version: Version, sums: Sums, *, same: bool) -> None:
        missing = [number for number in version.required if not sums[number]]
        if missing:
            tally.missing.update(missing)
        else:
            tally.buildable += 1
            tally.buildable_untouched += same

    def _outcome(self, subject: int, before: State, state: State) -> Outcome:
        number, old = state.versions[subject], before.versions[subject]
        shape = self.version(subject, number).shape
        assert shape is not None
        if before.first:  # nothing was built before: every step runs, in whatever order they stand
            return Outcome(number, bytes([MISS]) * len(shape.counted), frozenset())
        changed = frozenset(state.changed).intersection(shape.numbers)
        if number == old:
            return Outcome(number, shape.against_parent(changed), changed)
        former = self.version(subject, old).shape
        codes: Codes
        if former is None:
            codes = bytes([MISS]) * len(shape.counted)
        else:
            codes = against(shape, state.sums, former, before.sums)
        return Outcome(number, codes, changed, edited=True)


__all__ = ["HIT", "Mode", "Replay", "State"]
