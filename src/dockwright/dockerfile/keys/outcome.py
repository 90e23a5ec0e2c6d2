"""What is said of the steps of one build: hit, miss or unknown, and what made a step miss."""

from enum import StrEnum

import msgspec

from dockwright.dockerfile.keys.model import Selection, Step


class Verdict(StrEnum):
    """Whether a step is found in the cache."""

    HIT = "hit"
    MISS = "miss"
    UNKNOWN = "unknown"
    """It hits exactly if what it takes from a stage, image or URL is what it was before, which only building shows."""
    FAILED = "failed"
    """A source does not exist: the build stops here."""


class Cause(msgspec.Struct, frozen=True):
    """Why a step is not certain to hit.

    `own`: the operation itself was never run in this form (its text, variables, user, directory, mounts). `parents` are
    steps (by index) it builds on that are new to it; `selections` the files whose content is not that of the last time.
    `first`: nothing was built before. `forced`: the cache is not to be used. With none of these, it is the combination
    that was never built.
    """

    own: bool = False
    parents: tuple[int, ...] = ()
    selections: tuple[Selection, ...] = ()
    first: bool = False
    forced: bool = False

    @property
    def begins_here(self) -> bool:
        """True if the step would miss whatever its parents did."""
        return self.own or bool(self.selections) or self.forced


class StepOutcome(msgspec.Struct, frozen=True):
    """The verdict on one step; `cause` is None for a hit."""

    step: Step
    verdict: Verdict
    cause: Cause | None = None


class Outcome(msgspec.Struct, frozen=True):
    """The verdicts on all counted steps of a build, in order."""

    steps: tuple[StepOutcome, ...]

    def _count(self, verdict: Verdict) -> int:
        return sum(one.verdict is verdict for one in self.steps)

    @property
    def hits(self) -> tuple[int, int]:
        """Fewest and most steps that hit."""
        certain = self._count(Verdict.HIT)
        return certain, certain + self._count(Verdict.UNKNOWN)

    @property
    def failed(self) -> bool:
        return any(one.verdict is Verdict.FAILED for one in self.steps)

    @property
    def first_misses(self) -> tuple[StepOutcome, ...]:
        """Steps that miss for a reason of their own, and not only because one before them did."""
        return tuple(
            one
            for one in self.steps
            if one.verdict is not Verdict.HIT and one.cause and one.cause.begins_here
        )
