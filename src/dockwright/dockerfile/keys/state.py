"""The cache of one builder over time: which steps of a build it would find, and what it knows after the build.

Source: moby/buildkit solver/edge.go: probeCache, solver/cachemanager.go: Query. A stored result has, for each input of its
step, several keys that lead to it: the key of the input, and where it counts by content, that content. A step hits if
one stored result is reached over all inputs. What a stage contains is not known without building it: results that
differ only in that may be the same, and are kept in one *group*.

Nothing is ever forgotten: a builder that has collected its garbage misses more.
"""

from collections.abc import Collection, Iterator, Mapping
from itertools import product

from dockwright.dockerfile.keys.groups import Groups
from dockwright.dockerfile.keys.model import ContentDigests, Input, InputKind, Plan, Selection, Step
from dockwright.dockerfile.keys.outcome import Cause, Outcome, StepOutcome, Verdict

Token = object
"""What stands for an input in a key: a stored result, or a content."""
MAX_COMBINATIONS = 256
"""Combinations of groups that are looked at before a step counts as unknown."""
Known = Mapping[tuple[int, Selection], str]
"""Contents of stages, images and URLs, by step and selection, where they are known."""
_ANY = "any content"
_UNSEEN = "a content that is not known"


class _Resolved:
    """What a step came to in one build: the stored results it certainly is, or a new one, perhaps of known groups."""

    __slots__ = ("forced", "fresh", "groups", "records", "unknown")

    def __init__(
        self,
        records: frozenset[int],
        *,
        fresh: bool = False,
        groups: frozenset[int] = frozenset(),
        forced: bool = False,
    ) -> None:
        self.records = records
        self.fresh = fresh
        self.groups = groups
        self.unknown = fresh and bool(groups)
        self.forced = forced


class _Inputs:
    """The inputs of one step in one build: certain tokens for each, and the coarse ones."""

    __slots__ = ("certain", "coarse", "contents", "stored")

    def __init__(self) -> None:
        self.certain: list[tuple[Token, ...]] = []
        self.coarse: list[tuple[Token, ...]] = []
        self.stored: list[tuple[Token, ...]] = []
        """The coarse tokens under which the result is stored."""
        self.contents: list[tuple[str, ...] | None] = []


class Prediction:
    """What `CacheState.predict` found, to be shown (`outcome`) and handed back to `CacheState.record`."""

    def __init__(self, plan: Plan, contents: ContentDigests, known: Known) -> None:
        self.plan = plan
        self.contents = contents
        self.known = known
        self.steps: list[StepOutcome] = []
        self._resolved: list[_Resolved] = []
        self._inputs: list[_Inputs | None] = []

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
        self._equal: dict[Token, set[Token]] = {}
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
            found._resolved.append(self._source(step))
            found._inputs.append(None)
            return
        inputs = self._tokens(found, step)
        found._inputs.append(inputs)
        if inputs is None:
            found._resolved.append(_Resolved(frozenset([self._groups.new()]), fresh=True))
            found.steps.append(StepOutcome(step, Verdict.FAILED, self._missing(found, step)))
            return
        forced = bool(no_cache) and _forced(step, no_cache)
        records = frozenset() if forced else self._certain(step, inputs)
        groups = frozenset() if records or forced else self._possible(step, inputs)
        if records:
            found._resolved.append(_Resolved(records))
            verdict = Verdict.HIT
        else:
            new = frozenset([self._groups.new()])
            found._resolved.append(_Resolved(new, fresh=True, groups=groups, forced=forced))
            verdict = Verdict.UNKNOWN if groups else Verdict.MISS
        if step.counted:
            cause = None if records else self._cause(found, step, inputs, forced=forced)
            found.steps.append(StepOutcome(step, verdict, cause))

    def _source(self, step: Step) -> _Resolved:
        """Sources and internal files are what they are named by; a build context as a base is new every time."""
        if step.local:
            return _Resolved(frozenset([self._groups.new()]), fresh=True)
        record = self._fixed.get(step.fixed)
        if record is None:
            record = self._fixed[step.fixed] = self._groups.new()
        return _Resolved(frozenset([record]))

    def _tokens(self, found: Prediction, step: Step) -> _Inputs | None:
        """None if something selected of a build context does not exist."""
        inputs = _Inputs()
        for one in step.inputs:
            if one.kind is InputKind.LOCAL:
                if not _add_local(inputs, one, found.contents):
                    return None
                continue
            parent = found._resolved[one.step]
            keys: tuple[Token, ...] = tuple((record, one.selector) for record in parent.records)
            groups = self._groups_of(parent)
            if one.kind is InputKind.CHAIN:
                inputs.certain.append(keys)
                inputs.coarse.append(tuple((group, one.selector) for group in groups))
                inputs.stored.append(tuple((self._groups.of(r), one.selector) for r in parent.records))
                inputs.contents.append(None)
                continue
            self._add_result(inputs, one, found.plan.steps[one.step], keys, found.known)
        return inputs

    def _groups_of(self, parent: _Resolved) -> frozenset[int]:
        return parent.groups.union(self._groups.of(record) for record in parent.records)

    def _add_result(
        self,
        inputs: _Inputs,
        one: Input,
        source: Step,
        keys: tuple[Token, ...],
        known: Known,
    ) -> None:
        """An input from a stage, image or URL: by its key, or by its content if that is known."""
        texts = [known.get((one.step, selection)) for selection in one.selections]
        if source.fixed.startswith("file "):
            texts = [text or source.fixed for text in texts]
        inputs.contents.append(None)
        if any(text is None for text in texts):
            symbols = [("content of", key, one.selections) for key in keys]
            equal = [other for symbol in symbols for other in self._equal.get(symbol, ())]
            inputs.certain.append((*keys, *symbols, *equal))
            inputs.coarse.append((_ANY,))
            inputs.stored.append((_ANY, _UNSEEN))
        else:
            # the key of a URL or repository is made from what is found there, not from its name
            named = () if source.fetched else keys
            told = ("is", *texts)
            inputs.certain.append((*named, told))
            inputs.coarse.append((told, _UNSEEN))
            inputs.stored.append((told, _ANY))

    def _certain(self, step: Step, inputs: _Inputs) -> frozenset[int]:
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

    def _possible(self, step: Step, inputs: _Inputs) -> frozenset[int]:
        """The groups one of which the result may belong to."""
        found: set[int] = set()
        for number, combination in enumerate(_combinations(inputs.coarse)):
            if number >= MAX_COMBINATIONS:
                break
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

    def _cause(self, found: Prediction, step: Step, inputs: _Inputs, *, forced: bool) -> Cause:
        parents = []
        selections: list[Selection] = []
        for number, one in enumerate(step.inputs):
            if one.kind is not InputKind.LOCAL:
                if found._resolved[one.step].fresh or not self._used_before(step, number, inputs):
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

    def _used_before(self, step: Step, number: int, inputs: _Inputs) -> bool:
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
        for step, was in zip(prediction.plan.steps, prediction._resolved, strict=True):
            inputs = prediction._inputs[step.index]
            if inputs is None:
                if step.inputs:
                    break
                continue
            if failed is not None and step.index >= failed:
                break
            if settled:  # what its parents are has changed since
                inputs = self._tokens(prediction, step) or inputs
                self._resolve_again(step, inputs, was)
            if was.unknown:
                self._settle(step, inputs, was, actual)
                settled = True
            self._store(step, inputs, was.records)
        self._builds += 1

    def _resolve_again(self, step: Step, inputs: _Inputs, was: _Resolved) -> None:
        if was.forced or not was.fresh:
            return
        records = self._certain(step, inputs)
        was.groups = frozenset() if records else self._possible(step, inputs)
        was.unknown = bool(was.groups)
        if records:
            was.records = records

    def _settle(self, step: Step, inputs: _Inputs, was: _Resolved, actual: Mapping[int, bool] | None) -> None:
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

    def _learn_equal(self, step: Step, inputs: _Inputs, record: int) -> None:
        """A hit over a content that was not known: that content equals the stored one's."""
        for number, tokens in enumerate(inputs.certain):
            mine = [token for token in tokens if _is_symbol(token)]
            links = self._links.get((step.body, number), {}) if mine else {}
            theirs = [token for token, records in links.items() if _is_symbol(token) and record in records]
            for one in mine:
                for other in theirs:
                    self._equal.setdefault(one, set()).add(other)
                    self._equal.setdefault(other, set()).add(one)

    def _store(self, step: Step, inputs: _Inputs, records: frozenset[int]) -> None:
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


def _is_symbol(token: Token) -> bool:
    return isinstance(token, tuple) and len(token) == 3 and token[0] == "content of"


def _combinations(tokens: list[tuple[Token, ...]]) -> Iterator[tuple[Token, ...]]:
    return product(*tokens)


def _add_local(inputs: _Inputs, one: Input, contents: ContentDigests) -> bool:
    """An input from a build context; False if something selected does not exist."""
    found: list[str] = []
    for selection in one.selections:
        digest = contents.digest(selection)
        if digest is None:
            return False
        found.append(digest)
    token = tuple(found)
    for tokens in (inputs.certain, inputs.coarse, inputs.stored):
        tokens.append((token,))
    inputs.contents.append(token)
    return True


def _forced(step: Step, no_cache: Collection[str]) -> bool:
    """`--no-cache-filter`: RUN, COPY and ADD of the named stages. WORKDIR and FROM follow what they are built on."""
    return any(
        origin.stage in no_cache and origin.instruction in ("RUN", "COPY", "ADD")
        for origin in step.operation.origins
    )
