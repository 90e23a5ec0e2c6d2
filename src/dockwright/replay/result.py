"""What a replay has found, as values to be shown. Counts are commits; shares can be worked out from them."""

import msgspec

from dockwright.errors import Skipped
from dockwright.figures import Figure

SCHEMA = "replay-1"


class SourceResult(msgspec.Struct, frozen=True):
    """A source of COPY, ADD or a bind mount, and how it made a step run again.

    `source` is as the builder sees it. `changed`: commits that changed it. `misses`: misses of the step in such a
    commit. `first`: those in which nothing earlier on the way to the step had changed: it alone is to blame.
    """

    source: str
    line: int
    changed: int
    misses: int
    first: int


class Counts(msgspec.Struct, frozen=True):
    """Commits by verdict. `unknown` hits exactly if what is taken from another stage came out as before."""

    hits: int
    misses: int
    unknown: int


class StepResult(msgspec.Struct, frozen=True, kw_only=True):
    """One step over all commits.

    `hits`, `misses`, `unknown`: each commit against its parent alone. `shared`: against everything built at any commit
    before, by a builder that forgets nothing. `branch` (where it was asked for): against everything built before on the
    branch and those it comes from, by caches per branch. `current`: the step is in the Dockerfile as it stands at the end.
    `over_time`: misses in each part of the time line.
    """

    stage: str
    line: int
    last_line: int
    instruction: str
    text: str
    hits: int
    misses: int
    unknown: int
    shared: Counts
    branch: Counts | None = None
    sources: list[SourceResult] = []
    seconds: Figure | None = None
    current: bool = True
    over_time: list[int] = []

    @property
    def hit_rate(self) -> float:
        """Share of commits that are certain to hit."""
        return self.hits / max(self.hits + self.misses + self.unknown, 1)


class OrderResult(msgspec.Struct, frozen=True, kw_only=True):
    """A better order of a stage's steps: lines in that order, and which of them move ahead of which.

    `before` and `after` are expected seconds per commit of the whole build (the formula of `replay.cost`),
    `replayed_before` and `replayed_after` the same with what the commits changed together.
    """

    stage: str
    lines: list[int]
    moved: list[int]
    before: Figure
    after: Figure
    replayed_before: Figure
    replayed_after: Figure


class Missing(msgspec.Struct, frozen=True):
    """A source that was not there at some commits, so that the build stops."""

    source: str
    line: int
    commits: int


class Undefined(msgspec.Struct, frozen=True):
    """Commits at which there was nothing to replay, and why."""

    reason: str
    commits: int


class DockerfileResult(msgspec.Struct, frozen=True, kw_only=True):
    """One Dockerfile in one way of building it.

    `untouched`: commits that need no rebuild: no step runs again and the Dockerfile itself is as before. `edited`:
    commits that changed the Dockerfile. `buildable`: commits at which all its sources are there, `buildable_untouched`
    those of them that need no rebuild. `label` names what stands in for the repository's own files.
    """

    path: str
    context: str
    target: str
    commits: int
    untouched: int
    untouched_share: float
    edited: int
    buildable: int
    buildable_untouched: int
    steps: list[StepResult]
    label: str = ""
    status: str = ""
    seconds: Figure | None = None
    """Expected seconds of rebuilding per commit."""
    replayed_seconds: Figure | None = None
    orders: list[OrderResult] = []
    missing: list[Missing] = []
    undefined: list[Undefined] = []
    sends_git: bool = False
    external: list[str] = []
    """Named contexts, whose content no history shows: they count as never changing."""
    over_time: list[int] = []
    """Commits in each part of the time line."""


class PairResult(msgspec.Struct, frozen=True):
    """Two ways of building, as indexes into `dockerfiles`: commits after which both need a rebuild, and at least one."""

    a: int
    b: int
    both: int
    either: int


class ReplayResult(msgspec.Struct, frozen=True, kw_only=True):
    """A whole replay. `begins` are the times (seconds since 1970) at which the parts of the time line begin."""

    schema: str = SCHEMA
    repository: str = ""
    revision: str
    definition: str
    commits: int
    merges: bool
    first_parent: bool = False
    since: str = ""
    until: str = ""
    since_time: int | None = None
    """What `since` means, in seconds since 1970: git takes it from the time of the day at which it is asked."""
    until_time: int | None = None
    dockerfiles: list[DockerfileResult]
    pairs: list[PairResult] = []
    """The repository's own files only (no `label`), where at least one of the two is ever rebuilt."""
    begins: list[int] = []
    notes: list[str] = []
    skipped: list[Skipped] = []
