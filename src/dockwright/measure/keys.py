"""Keys of steps that outlive a process: recorded with a build, they tell what a later one finds in the same cache.

`exact` is equal when BuildKit's own key is: the step, the keys below it, the content of the files it takes. `loose` leaves
out what only building shows (the content of a stage, image or URL); steps with the same loose key may hit. Source:
moby/buildkit solver/cachemanager.go: an input counts by its own key or by its content.
"""

from collections.abc import Collection, Sequence
from hashlib import sha256

import msgspec

from dockwright.dockerfile.keys.model import ContentDigests, Input, InputKind, Plan, Step
from dockwright.dockerfile.keys.outcome import Verdict

_FORCED = ("RUN", "COPY", "ADD")


class StepKey(msgspec.Struct, frozen=True):
    """The key of one step. `forced`: it stands on a step that is told not to use the cache, or is one."""

    exact: str
    loose: str
    forced: bool = False

    @property
    def text(self) -> str:
        return f"{self.exact} {self.loose}"


def keys_of(
    plan: Plan,
    contents: ContentDigests,
    loose: ContentDigests | None = None,
    *,
    no_cache: bool = False,
) -> tuple[StepKey | None, ...]:
    """The key of every step of a plan; None for one whose files are missing, and for all that stands on it.

    `loose` gives contents where some of them are not certain to count (`.git`). `no_cache` is `--no-cache`: RUN, COPY and
    ADD are executed, and so is everything on top of them (tried with BuildKit 0.13).
    """
    found: list[StepKey | None] = []
    for step in plan.steps:
        found.append(_key(step, found, contents, loose or contents, no_cache=no_cache))
    return tuple(found)


def _key(
    step: Step,
    before: Sequence[StepKey | None],
    contents: ContentDigests,
    loosely: ContentDigests,
    *,
    no_cache: bool,
) -> StepKey | None:
    exact, loose = [step.body, step.fixed], [step.body, step.fixed]
    forced = no_cache and any(one.instruction.upper() in _FORCED for one in step.operation.origins)
    for one in step.inputs:
        below = before[one.step]
        if below is None:
            return None
        forced = forced or below.forced
        if one.kind is InputKind.LOCAL:
            real, likely = _digests(one, contents), _digests(one, loosely)
            if real is None or likely is None:
                return None
            exact += [one.selector, *real]
            loose += [one.selector, *likely]
        else:
            exact += [one.selector, below.exact]
            loose += [one.selector, *([below.loose] if one.kind is InputKind.CHAIN else [])]
    return StepKey(_hashed(exact), _hashed(loose), forced)


def _digests(one: Input, contents: ContentDigests) -> list[str] | None:
    found = [contents.digest(selection) for selection in one.selections]
    return [digest for digest in found if digest is not None] if None not in found else None


def _hashed(parts: Sequence[str]) -> str:
    return sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:24]


class Known(msgspec.Struct, frozen=True):
    """Keys that are in a cache as far as was recorded. `complete`: an earlier build of the same target is among them."""

    exact: Collection[str] = frozenset()
    loose: Collection[str] = frozenset()
    complete: bool = False

    def verdict(self, key: StepKey | None) -> Verdict:
        """What is said of a step. Without a record of its target nothing is: others may have built it."""
        if key is None:
            return Verdict.FAILED
        if key.forced:
            return Verdict.MISS
        if key.exact in self.exact:
            return Verdict.HIT
        return Verdict.UNKNOWN if not self.complete or key.loose in self.loose else Verdict.MISS

    def with_keys(self, texts: Collection[str]) -> "Known":
        """These keys too, which a build of the target has left."""
        exact, loose = set(self.exact), set(self.loose)
        for text in texts:
            one, _, other = text.partition(" ")
            exact.add(one)
            loose.add(other)
        return Known(frozenset(exact), frozenset(loose), complete=True)
