"""The rounds of a bench: each scenario of each side in turn, so that what else the machine does meets all alike.

Nothing is pruned. A cold build is one with `--no-cache`; every change is new to every cache, and each side's is its own, so
that neither finds what the other has left. Images get names of ours and lose them again, also after Ctrl-C.
"""

import secrets
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, suppress
from pathlib import Path

import anyio
import msgspec

from dockwright.dockerfile.keys.model import Plan
from dockwright.engine.faults import Failed
from dockwright.engine.protocol import Watch
from dockwright.errors import Skipped, UsageError
from dockwright.measure.bench.copying import copied, refreshed
from dockwright.measure.bench.edits import Edit, changed, dependency_edit, source_edit
from dockwright.measure.bench.model import Bench, Edited, Run, Scenario, Side
from dockwright.measure.bench.stats import ratios, summaries
from dockwright.measure.building import build
from dockwright.measure.keys import Known
from dockwright.measure.model import Agreement, BuildRecord, State
from dockwright.measure.origin import Origin
from dockwright.measure.prepare import Setting, plan_for_edits, prepare
from dockwright.measure.target import Target
from dockwright.trees.context import BuildContext

Watching = Callable[[str], Watch | None]
NAMES = ("A", "B")


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is measured. `source` and `dependency` are paths of files to change, "" where they are to be found."""

    targets: tuple[Target, ...]
    revisions: tuple[str, ...] = ("", "")
    origins: tuple[Origin, ...] = (Origin(), Origin())
    rounds: int = 3
    scenarios: tuple[Scenario, ...] = tuple(Scenario)
    source: str = ""
    dependency: str = ""


class _Runner:
    """One side: its copy, its edits, what is known to be in the cache from its builds."""

    def __init__(
        self, name: str, target: Target, origin: Origin, plan: Plan | None, edits: dict[Scenario, Edit]
    ) -> None:
        self.name = name
        self.target = target
        self.origin = origin
        self.plan = plan
        self.edits = edits
        self.known = Known()
        self.warm = False
        """Its cache holds a build of the files as they are."""
        self._original: dict[str, bytes] = {}

    def edit(self, scenario: Scenario, word: str) -> None:
        """Make the change of a scenario, unlike any before and any of the other side."""
        path = self.edits[scenario].path
        file = self.target.root / path
        data = self._original.setdefault(path, file.read_bytes())
        file.write_bytes(changed(data, file.name, f"{word} {self.name} {secrets.token_hex(6)}"))

    def learn(self, record: BuildRecord, *, warm: bool) -> None:
        left = [
            one.key
            for one in record.steps
            if one.key and one.cached is not None and one.state is not State.FAILED
        ]
        self.known = self.known.with_keys(left)
        self.warm = warm


async def bench(
    setting: Setting, wanted: Wanted, folder: Path, watching: Watching, done: list[Run] | None = None
) -> Bench:
    """Run all rounds in `folder`, which is empty. A build that fails ends the bench; see `Bench.failed`.

    Runs that have ended are put into `done`, for whoever wants them although the bench is interrupted.
    """
    group = secrets.token_hex(6)
    tags: list[str] = []
    runs: list[Run] = done if done is not None else []
    failed: BuildRecord | None = None
    sides = [await _side(setting, wanted, number, folder) for number in range(len(wanted.targets))]
    skipped = _skipped(wanted, sides)
    _named_in_vain(wanted, sides)
    try:
        async with aclosing(_runs(setting, wanted, sides, group, tags, watching)) as found:
            async for one in found:
                if one.build.fault is not None:
                    failed = one.build
                    break
                runs.append(one)
    finally:
        with anyio.CancelScope(shield=True):
            await _forget(setting, tags)
    return _result(setting, wanted, sides, group, runs, failed, skipped)


async def _side(setting: Setting, wanted: Wanted, number: int, folder: Path) -> _Runner:
    name = NAMES[number]
    target = copied(wanted.targets[number], folder / name)
    prepared = await prepare(setting, target)
    plan = prepared.plan
    if plan is None and setting.engine.name == "podman":
        plan = plan_for_edits(target)
    edits: dict[Scenario, Edit] = {}
    if plan is not None:
        context = BuildContext(target.tree, target.subject.context, target.subject.path)
        found = (source_edit(plan, context, wanted.source), dependency_edit(plan, context, wanted.dependency))
        edits = {one.scenario: one for one in found if one is not None}
    return _Runner(name, target, wanted.origins[number], plan, edits)


def _skipped(wanted: Wanted, sides: Sequence[_Runner]) -> tuple[Skipped, ...]:
    reasons = {
        Scenario.SOURCE: f"no step takes {wanted.source} from the context"
        if wanted.source
        else "no step takes a file with program code; name one with --source",
        Scenario.DEPENDENCY: f"no step takes {wanted.dependency} from the context"
        if wanted.dependency
        else "no step installs from a file of the context; name one with --dependency",
    }
    return tuple(
        Skipped(f"{side.name}: {scenario.value}", reason)
        for scenario, reason in reasons.items()
        if scenario in wanted.scenarios
        for side in sides
        if scenario not in side.edits
    )


def _named_in_vain(wanted: Wanted, sides: Sequence[_Runner]) -> None:
    """Raises UsageError for a file that was named for a change, and that no side takes."""
    for scenario, option, path in (
        (Scenario.SOURCE, "--source", wanted.source),
        (Scenario.DEPENDENCY, "--dependency", wanted.dependency),
    ):
        read = [side for side in sides if side.plan is not None]
        if path and scenario in wanted.scenarios and read and all(scenario not in one.edits for one in read):
            raise UsageError(
                f"{option} {path}: no step takes it from the context",
                "name a file that a COPY or ADD takes, by its path in the repository",
            )


async def _runs(
    setting: Setting,
    wanted: Wanted,
    sides: Sequence[_Runner],
    group: str,
    tags: list[str],
    watching: Watching,
) -> AsyncGenerator[Run, None]:
    for number in range(1, wanted.rounds + 1):
        for scenario in wanted.scenarios:
            for side in sides if number % 2 else list(reversed(sides)):
                if scenario in _EDITED and scenario not in side.edits:
                    continue
                if not side.warm and scenario is not Scenario.COLD:  # what the change is a change of
                    before = await _one(setting, side, None, group, tags, watching(f"{side.name} before"))
                    if before.fault is not None:
                        yield Run(side=side.name, scenario=scenario, round=number, build=before)
                        return
                if scenario in side.edits:
                    side.edit(scenario, group)
                watch = watching(f"{side.name} {scenario.value} {number}/{wanted.rounds}")
                record = await _one(setting, side, scenario, group, tags, watch)
                yield Run(side=side.name, scenario=scenario, round=number, build=record)


_EDITED = (Scenario.SOURCE, Scenario.DEPENDENCY)


async def _one(
    setting: Setting,
    side: _Runner,
    scenario: Scenario | None,
    group: str,
    tags: list[str],
    watch: Watch | None,
) -> BuildRecord:
    host = "localhost/" if setting.engine.name == "podman" else ""
    tags.append(f"{host}dockwright-bench/{group}:{len(tags)}")
    options = msgspec.structs.replace(
        side.target.options, tags=(tags[-1],), keep=True, no_cache=scenario is Scenario.COLD, pull=False
    )
    target = msgspec.structs.replace(refreshed(side.target), options=options)
    record = await build(setting, target, lambda _: side.known, side.origin, watch)
    if record.fault is None:
        # Podman's --no-cache leaves nothing that the next build finds (seen with 4.3.1)
        side.learn(record, warm=scenario is not Scenario.COLD or setting.engine.name != "podman")
    return record


async def _forget(setting: Setting, tags: Sequence[str]) -> None:
    """Take the images away that were made here, by the names they were given."""
    for tag in tags:
        with suppress(Failed):  # a build that failed or was interrupted has made none
            await setting.engine.untag(tag)


def _result(
    setting: Setting,
    wanted: Wanted,
    sides: Sequence[_Runner],
    group: str,
    runs: Sequence[Run],
    failed: BuildRecord | None,
    skipped: tuple[Skipped, ...],
) -> Bench:
    steps = tuple(step for one in runs for step in one.build.steps)
    notes = dict.fromkeys(note for one in runs for note in one.build.notes)
    return Bench(
        group=group,
        engine=setting.engine.name,
        engine_version=setting.versions.engine,
        builder=setting.engine.builder,
        machine=setting.info.machine_class,
        sides=tuple(_side_value(side, wanted.revisions[number]) for number, side in enumerate(sides)),
        rounds=wanted.rounds,
        edits=tuple(
            Edited(side=side.name, scenario=edit.scenario, path=edit.path, line=edit.line)
            for side in sides
            for edit in side.edits.values()
            if edit.scenario in wanted.scenarios
        ),
        runs=tuple(runs),
        summary=summaries(runs),
        ratios=ratios(runs, [side.name for side in sides]),
        predictions=Agreement.of(steps),
        failed=failed,
        notes=tuple(notes),
        skipped=skipped,
    )


def _side_value(side: _Runner, revision: str) -> Side:
    subject = side.target.subject
    return Side(
        name=side.name,
        target=side.target.name,
        dockerfile=subject.path,
        context=subject.context or ".",
        stage=subject.target,
        revision=revision,
    )
