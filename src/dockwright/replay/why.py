"""Why steps rebuild: the build of one state just after the build of another, step by step, with the cause in one line."""

from collections.abc import Iterator

import msgspec

from dockwright.dockerfile.keys.contents import MAIN, TreeDigests
from dockwright.dockerfile.keys.model import Plan, Step
from dockwright.dockerfile.keys.outcome import StepOutcome, Verdict
from dockwright.dockerfile.keys.plan import plan_of
from dockwright.dockerfile.keys.state import CacheState
from dockwright.dockerfile.nodes import Problem
from dockwright.dockerfile.operations.engine import NEWEST, Engine
from dockwright.dockerfile.settings import Settings
from dockwright.dockerfile.tree import Dockerfile, parse
from dockwright.errors import Skipped, UsageError
from dockwright.replay.bodies import Change, counterpart, own_change
from dockwright.replay.files import file_changes, gone_missing
from dockwright.replay.subjects import Subject
from dockwright.trees.context import BuildContext
from dockwright.trees.tree import Tree, Unreadable

SCHEMA = "why-1"
BASES = "base images are taken to be what their tags meant before: a tag that moved is not seen"
"""The note that every answer has."""


class WhyStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step: found in the cache or not, and why not.

    `cause` is one line, empty for a hit. `root` says that the step misses for a reason of its own, and not only because
    one before it does; `changes` are then all the reasons that were found.
    """

    stage: str
    line: int
    instruction: str
    text: str
    verdict: str
    cause: str = ""
    root: bool = False
    changes: list[str] = []


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """The whole answer: `before` was built, then `after`."""

    schema: str = SCHEMA
    dockerfile: str
    context: str
    target: str = ""
    before: str
    after: str
    steps: list[WhyStep]
    notes: list[str] = []
    skipped: list[Skipped] = []


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One state: what it is called, its files, how it is built, and what stands for its `.git` (see TreeDigests)."""

    name: str
    tree: Tree
    subject: Subject
    git: str = ""


class State:
    """One side made ready: file, plan, contents. Raises UsageError when it cannot be built at all."""

    def __init__(self, side: Side, engine: Engine) -> None:
        self.side = side
        subject = side.subject
        self.file = _file(side, engine)
        settings = Settings(args=dict(subject.args), contexts=subject.contexts, target=subject.target)
        plan = plan_of(self.file, settings, engine)
        if isinstance(plan, Problem):
            raise UsageError(
                f"{subject.path} at {side.name} cannot be built: {plan.message}",
                f"line {plan.lines[0]}" if plan.lines[0] else "see the stages of the Dockerfile",
            )
        self.plan: Plan = plan
        self.context = BuildContext(side.tree, subject.context, subject.path)
        self.digests = TreeDigests.of(self.context, side.git)


def _file(side: Side, engine: Engine) -> Dockerfile:
    path = side.subject.path
    if side.subject.dockerfile is not None:
        return parse(side.subject.dockerfile, path, engine.frontend)
    try:
        return parse(side.tree.read(path), path, engine.frontend)
    except KeyError as error:
        raise UsageError(f"there is no {path} at {side.name}", "it may have had another name then") from error
    except Unreadable as error:
        raise UsageError(f"{path} at {side.name} cannot be read: {error}") from error


def why(before: Side, after: Side, engine: Engine = NEWEST) -> Why:
    """What of `after` is found in a cache that holds only the build of `before`."""
    old, new = State(before, engine), State(after, engine)
    cache = CacheState()
    try:
        cache.record(cache.predict(old.plan, old.digests))
        outcome = cache.predict(new.plan, new.digests).outcome
    except Unreadable as error:
        raise UsageError(
            f"a file that counts cannot be read: {error}", "fetch what the clone lacks"
        ) from error
    verdicts = {one.step.index: one for one in outcome.steps}
    steps = [_step(one, verdicts, old, new) for one in outcome.steps]
    return Why(
        dockerfile=after.subject.path,
        context=after.subject.context or ".",
        target=after.subject.target,
        before=before.name,
        after=after.name,
        steps=sorted(steps, key=lambda one: one.line),
        notes=_notes(new),
        skipped=[*old.context.skipped, *new.context.skipped],
    )


def _notes(new: State) -> list[str]:
    found = [BASES]
    if new.context.sends_git and any(one.path == "/" for one in new.plan.selections):
        found.append("`.git` is sent and copied: from a checkout every commit changes it")
    external = sorted({one.context for one in new.plan.selections} - {MAIN})
    found += [f"named context {name} is not looked at: it counts as the same" for name in external]
    return found


def _step(one: StepOutcome, verdicts: dict[int, StepOutcome], old: State, new: State) -> WhyStep:
    step = one.step
    origin = step.origin
    verdict = one.verdict if one.verdict is not Verdict.FAILED else Verdict.MISS
    changes = [change.text for change in _changes(one, old, new)]
    if changes:
        cause, root = changes[0], True
        if len(changes) > 1:
            cause += f" (and {len(changes) - 1} more)"
    else:
        cause, root = _follows(one, verdicts), False
    return WhyStep(
        stage=origin.stage if origin is not None else "",
        line=origin.lines[0] if origin is not None else 0,
        instruction=(origin.instruction if origin is not None else step.operation.kind).upper(),
        text=origin.text if origin is not None else step.operation.name,
        verdict=verdict.value,
        cause="" if verdict is Verdict.HIT else cause,
        root=root and verdict is not Verdict.HIT,
        changes=changes if verdict is not Verdict.HIT else [],
    )


def _changes(one: StepOutcome, old: State, new: State) -> Iterator[Change]:
    """Reasons of the step itself: its own text and settings, the files it takes, the image below it."""
    if one.verdict is Verdict.HIT or one.cause is None:
        return
    if one.verdict is Verdict.FAILED:
        yield from (gone_missing(selection, new.context) for selection in one.cause.selections)
        return
    before = counterpart(one.step, old.plan, new.plan)
    if one.cause.own:
        yield own_change(one.step, before, old.file, new.file)
    for selection in one.cause.selections:
        yield from file_changes(selection, old.context, new.context, git=old.side.git != new.side.git)
    yield from _bases(one, before, old, new)


def _bases(one: StepOutcome, before: Step | None, old: State, new: State) -> Iterator[Change]:
    """Images below the step that are others than before."""
    parents = one.cause.parents if one.cause is not None else ()
    for parent in parents:
        source = new.plan.steps[parent]
        if source.fixed and not source.inputs and source.fixed not in {s.fixed for s in old.plan.steps}:
            yield Change(_image(source, before, old))


def _image(source: Step, before: Step | None, old: State) -> str:
    now = source.operation.body
    name = getattr(now, "identifier", "").removeprefix("docker-image://")
    formers = [
        getattr(old.plan.steps[one.step].operation.body, "identifier", "").removeprefix("docker-image://")
        for one in (before.inputs if before is not None else ())
        if old.plan.steps[one.step].fixed
    ]
    return (
        f"base image {formers[0]} → {name}" if formers and formers[0] != name else f"base image {name} is new"
    )


def _follows(one: StepOutcome, verdicts: dict[int, StepOutcome]) -> str:
    """A step that misses (or may miss) because of those it stands on."""
    if one.verdict is Verdict.HIT or one.cause is None:
        return ""
    parents = [verdicts[parent] for parent in one.cause.parents if parent in verdicts]
    places = [origin.lines[0] for parent in parents if (origin := parent.step.origin) is not None]
    if one.verdict is Verdict.UNKNOWN:
        lines = _listed(places) or "an earlier step"
        return f"hits exactly if what {lines} gives is what it was before"
    missed = [
        origin.lines[0]
        for parent in parents
        if parent.verdict is not Verdict.HIT and (origin := parent.step.origin) is not None
    ]
    if missed:
        return f"follows from {_listed(missed)}"
    if places:
        return f"stands on {_listed(places)} now, and did not before"
    return "this combination was not built before"


def _listed(lines: list[int]) -> str:
    return f"line{'s' if len(lines) > 1 else ''} {', '.join(map(str, sorted(set(lines))))}" if lines else ""
