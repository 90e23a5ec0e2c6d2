"""The cache of one builder over time: which steps of a build it would find, and what it knows after the build.

Source: moby/buildkit solver/edge.go: probeCache, solver/cachemanager.go: Query. A stored result has, for each input of its
step, several keys that lead to it: the key of the input, and where it counts by content, that content. A step hits if
one stored result is reached over all inputs. What a stage contains is not known without building it: results that
differ only in that may be the same, and are kept in one *group*.

Nothing is ever forgotten: a builder that has collected its garbage misses more.
"""

from collections.abc import Collection, Iterator, Mapping
from itertools import product
from math import prod

from dockwright.dockerfile.keys.groups import Groups
from dockwright.dockerfile.keys.model import ContentDigests, InputKind, Plan, Selection, Step
from dockwright.dockerfile.keys.outcome import Cause, Outcome, StepOutcome, Verdict
from dockwright.dockerfile.keys.tokens import Inputs, Known, Resolved, Token, Tokens, is_symbol

MAX_COMBINATIONS = 256
"""Combinations of groups that are looked at; beyond it all results of the same body are taken as possible."""


class Prediction:
    """What `CacheState.predict` found, to be shown (`outcome`) and handed back to `CacheState.record`."""

    def __init__(self, plan: Plan, contents: ContentDigests, known: Known) -> None:
        self.plan = plan
        self.contents = contents
        self.known = known
        self.steps: list[StepOutcome] = []
        self.resolved: list[Resolved] = []
        self._inputs: list[Inputs | None] = []

    @property
    def outcome(self) -> Outcome:
        return Outcome(tuple(self.steps))


class CacheState:
    """The cache of one builder."""

    def __init__(self) -> None:
        self._groups = Groups()
        self._fixed: dict[str, int] = {}
        self._links: dict[tuple[str, int], dict[Token, set[int]]] = {}
        self._last: dict[tuple[str, int], tuple[str, ...]] = {}
        self._bodies: set[str] = set()
        self._tokens = Tokens(self._groups)
        self._builds = 0

    # -- asking

    def predict(
        self,
        plan: Plan,
        contents: ContentDigests,
        *,
        known: Known | None = None,
        no_cache: Collection[str] = (),
    ) -> Prediction:
        """Which steps of `plan` hit with these files.

        `known` gives contents of stages, images or URLs where they are known, by step and selection. `no_cache` are
        stages (lower case) whose RUN, COPY and ADD are told not to use the cache.
        """
        found = Prediction(plan, contents, known or {})
        for step in plan.steps:
            self._predict(found, step, no_cache)
        return found

    def _predict(self, found: Prediction, step: Step, no_cache: Collection[str]) -> None:
        if not step.inputs and (step.fixed or step.local):
            found.resolved.append(self._source(step))
            found._inputs.append(None)
            return
        inputs = self._tokens.of(step, found)
        found._inputs.append(inputs)
        if inputs is None:
            found.resolved.append(Resolved(frozenset([self._groups.new()]), fresh=True))
            found.steps.append(StepOutcome(step, Verdict.FAILED, self._missing(found, step)))
            return
        forced = bool(no_cache) and _forced(step, no_cache)
        records = frozenset() if forced else self._certain(step, inputs)
        groups = frozenset() if records or forced else self._possible(step, inputs)
        if records:
            found.resolved.append(Resolved(records))
            verdict = Verdict.HIT
        else:
            new = frozenset([self._groups.new()])
            found.resolved.append(Resolved(new, fresh=True, groups=groups, forced=forced))
            verdict = Verdict.UNKNOWN if groups else Verdict.MISS
        if step.counted:
            cause = None if records else self._cause(found, step, inputs, forced=forced)
            found.steps.append(StepOutcome(step, verdict, cause))

    def _source(self, step: Step) -> Resolved:
        """Sources and internal files are what they are named by; a build context as a base is new every time."""
        if step.local:
            return Resolved(frozenset([self._groups.new()]), fresh=True)
        record = self._fixed.get(step.fixed)
        if record is None:
            record = self._fixed[step.fixed] = self._groups.new()
        return Resolved(frozenset([record]))

    def _certain(self, step: Step, inputs: Inputs) -> frozenset[int]:
        """The stored results that are reached over all inputs."""
        if not inputs.certain:  # made from nothing, by its own text alone
            return frozenset(self._links.get((step.body, -1), {}).get(None, ()))
        found: set[int] | None = None
        for number, tokens in enumerate(inputs.certain):
            links = self._links.get((step.body, number))
            if links is None:
                return frozenset()
            reached: set[int] = set()
            for token in tokens:
                reached |= links.get(token, set())
            found = reached if found is None else found & reached
            if not found:
                return frozenset()
        return frozenset(found or ())

    def _possible(self, step: Step, inputs: Inputs) -> frozenset[int]:
        """The groups one of which the result may belong to."""
        if prod(len(tokens) for tokens in inputs.coarse) > MAX_COMBINATIONS:
            return frozenset(self._groups.of_body(step.body))
        found: set[int] = set()
        for combination in _combinations(inputs.coarse):
            found |= self._groups.under((step.body, combination))
        return frozenset(found)

    # -- why

    def _missing(self, found: Prediction, step: Step) -> Cause:
        missing = tuple(
            selection
            for one in step.inputs
            if one.kind is InputKind.LOCAL
            for selection in one.selections
            if found.contents.digest(selection) is None
        )
        return Cause(selections=missing)

    def _cause(self, found: Prediction, step: Step, inputs: Inputs, *, forced: bool) -> Cause:
        parents = []
        selections: list[Selection] = []
        for number, one in enumerate(step.inputs):
            if one.kind is not InputKind.LOCAL:
                if found.resolved[one.step].fresh or not self._used_before(step, number, inputs):
                    parents.append(one.step)
                continue
            before = self._last.get((step.body, number))
            now = inputs.contents[number]
            if before is not None and now is not None and before != now:
                pairs = zip(one.selections, before, now, strict=False)
                selections += [selection for selection, old, new in pairs if old != new]
        return Cause(
            own=step.body not in self._bodies,
            parents=tuple(dict.fromkeys(parents)),
            selections=tuple(selections),
            first=not self._builds,
            forced=forced,
        )

    def _used_before(self, step: Step, number: int, inputs: Inputs) -> bool:
        if step.body not in self._bodies:
            return True
        links = self._links.get((step.body, number), {})
        return any(token in links for token in inputs.certain[number])

    # -- learning

    def record(
        self,
        prediction: Prediction,
        actual: Mapping[int, bool] | None = None,
        *,
        failed: int | None = None,
    ) -> None:
        """Store what a build has left.

        `actual` says of steps (by their index in the plan) whether they really hit; it decides what was unknown, and
        what is not told is taken as possible either way. From step `failed` on nothing is stored.
        """
        settled = False
        for step, was in zip(prediction.plan.steps, prediction.resolved, strict=True):
            inputs = prediction._inputs[step.index]
            if inputs is None:
                if step.inputs:
                    break
                continue
            if failed is not None and step.index >= failed:
                break
            if settled:  # what its parents are has changed since
                inputs = self._tokens.of(step, prediction) or inputs
                self._resolve_again(step, inputs, was)
            if was.unknown:
                self._settle(step, inputs, was, actual)
                settled = True
            self._store(step, inputs, was.records)
        self._builds += 1

    def _resolve_again(self, step: Step, inputs: Inputs, was: Resolved) -> None:
        if was.forced or not was.fresh:
            return
        records = self._certain(step, inputs)
        was.groups = frozenset() if records else self._possible(step, inputs)
        was.unknown = bool(was.groups)
        if records:
            was.records = records

    def _settle(self, step: Step, inputs: Inputs, was: Resolved, actual: Mapping[int, bool] | None) -> None:
        """Decide between a new result and an old one of its groups, as far as it is known."""
        told = actual.get(step.index) if actual is not None else None
        if told is False:
            return
        (new,) = was.records
        groups = {self._groups.of(group) for group in was.groups}
        if told and len(groups) == 1:
            members = self._groups.members(next(iter(groups)))
            if len(members) == 1:
                self._learn_equal(step, inputs, members[0])
                was.records = frozenset(members)
                return
        for group in groups:
            self._groups.join(new, group)

    def _learn_equal(self, step: Step, inputs: Inputs, record: int) -> None:
        """A hit over a content that was not known: that content equals the stored one's."""
        for number, tokens in enumerate(inputs.certain):
            mine = [token for token in tokens if is_symbol(token)]
            links = self._links.get((step.body, number), {}) if mine else {}
            theirs = [token for token, records in links.items() if is_symbol(token) and record in records]
            self._tokens.learn_equal(mine, theirs)

    def _store(self, step: Step, inputs: Inputs, records: frozenset[int]) -> None:
        body = step.body
        self._bodies.add(body)
        if not inputs.certain:
            self._links.setdefault((body, -1), {}).setdefault(None, set()).update(records)
        for number, tokens in enumerate(inputs.certain):
            links = self._links.setdefault((body, number), {})
            for token in tokens:
                links.setdefault(token, set()).update(records)
            contents = inputs.contents[number]
            if contents is not None:
                self._last[body, number] = contents
        for combination in _combinations(inputs.stored):
            for record in records:
                self._groups.put((body, combination), record)


def _combinations(tokens: list[tuple[Token, ...]]) -> Iterator[tuple[Token, ...]]:
    return product(*tokens)


def _forced(step: Step, no_cache: Collection[str]) -> bool:
    """`--no-cache-filter`: RUN, COPY and ADD of the named stages. WORKDIR and FROM follow what they are built on."""
    return any(
        origin.stage in no_cache and origin.instruction in ("RUN", "COPY", "ADD")
        for origin in step.operation.origins
    )
