"""From the arguments of `dockwright bench` to measured rounds."""

import secrets
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from dockwright.cli.building import Asked, Opened
from dockwright.errors import TreeError, UsageError

if TYPE_CHECKING:
    from dockwright.engine.protocol import Watch
    from dockwright.measure.bench.model import Bench, Run
    from dockwright.measure.bench.running import Wanted
    from dockwright.measure.origin import Origin
    from dockwright.measure.target import Target


class Rounds(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for beside what `build` takes too."""

    versus: str | None = None
    runs: int = 3
    scenarios: tuple[str, ...] = ()
    source: str = ""
    dependency: str = ""


def benched(
    asked: Asked, rounds: Rounds, watching: "Callable[[str], Watch | None]"
) -> "tuple[Bench, list[str]]":
    """Measure, record, and give back what is fit to be shown, with notes."""
    from dockwright.engine.choose import choose
    from dockwright.engine.runner import run_async
    from dockwright.measure.bench.model import Bench
    from dockwright.measure.bench.running import bench
    from dockwright.measure.prepare import setting_of

    opened = Opened(asked, "bench")
    choice = opened.choice()
    wanted = _wanted(opened, rounds)

    async def main() -> Bench:
        engine, versions = await choose(choice)
        setting = await setting_of(engine, versions)
        with tempfile.TemporaryDirectory(prefix="dockwright-bench-") as folder:
            return await bench(setting, wanted, Path(folder), watching, done)

    done: list[Run] = []
    try:
        found = run_async(main)
    except BaseException:  # Ctrl-C too: what took minutes to measure is not thrown away
        if done and not asked.no_ledger:
            _kept(opened, done, secrets.token_hex(6), several=len(wanted.targets) > 1)
        raise
    notes = [] if asked.no_ledger else _kept(opened, found.runs, found.group, several=len(found.sides) > 1)
    return msgspec.convert(opened.cleaned(found, list(wanted.targets)), Bench), notes


def _wanted(opened: Opened, rounds: Rounds) -> "Wanted":
    from dockwright.measure.bench.model import Scenario
    from dockwright.measure.bench.running import Wanted
    from dockwright.measure.origin import Origin, origin

    first = opened.target(opened.asked.targets[0])
    at = origin(opened.root)
    targets, revisions, origins = [first], [""], [at]
    if rounds.versus is not None:
        second, revision, other = _versus(opened, first, rounds.versus, at)
        targets.append(second)
        revisions.append(revision)
        origins.append(other)
    scenarios = tuple(Scenario(name) for name in rounds.scenarios) or tuple(Scenario)
    return Wanted(
        targets=tuple(targets),
        revisions=tuple(revisions) if len(revisions) == 2 else ("", ""),
        origins=tuple(origins) if len(origins) == 2 else (at, Origin()),
        rounds=rounds.runs,
        scenarios=tuple(one for one in Scenario if one in scenarios),
        source=rounds.source.removeprefix("./"),
        dependency=rounds.dependency.removeprefix("./"),
    )


def _versus(opened: Opened, first: "Target", name: str, at: "Origin") -> "tuple[Target, str, Origin]":
    """Another Dockerfile built the same way, another target, or the same target at a git revision."""
    path = name.removeprefix("./")
    if opened.tree.is_file(path):
        subject = msgspec.structs.replace(first.subject, path=path, dockerfile=None, names=())
        return msgspec.structs.replace(first, name=name, subject=subject), "", at
    try:
        return opened.target(name), "", at
    except UsageError as error:
        found = _at_revision(opened, first, name)
        if found is None:
            raise UsageError(
                f"--vs {name} is no Dockerfile, target or git revision", error.hint or error.message
            ) from error
        return found


def _at_revision(opened: Opened, first: "Target", revision: str) -> "tuple[Target, str, Origin] | None":
    from dockwright.cli.source import opened as open_at
    from dockwright.cli.whying import Finder
    from dockwright.measure.origin import Origin
    from dockwright.trees.git import GitTree

    try:
        tree = open_at(opened.root, revision, history=False).tree
    except TreeError:
        return None
    assert isinstance(tree, GitTree)
    asked = opened.asked
    subject = first.subject
    if not tree.is_file(first.name.removeprefix("./")):
        subject = Finder(tree).subject(first.name, asked.context, asked.stage, asked.arguments)
    target = msgspec.structs.replace(first, tree=tree, subject=subject)
    return target, revision, Origin(commit=tree.commit, dirty=False)


def _kept(opened: Opened, done: "Sequence[Run]", group: str, *, several: bool) -> list[str]:
    """Record every run of a bench; what goes wrong with that is told and no more."""
    from dockwright.ledger.keep import keep
    from dockwright.ledger.place import ledger_path
    from dockwright.measure.keeping import run_of

    runs = [
        msgspec.structs.replace(
            run_of(one.build), kind="bench", group=group, scenario=one.scenario.value,
            side=one.side if several else "", round=one.round, source="dockwright bench",
        )
        for one in done
    ]  # fmt: skip
    skipped = keep(ledger_path(opened.root, opened.asked.ledger), runs)
    return [f"{skipped.what}: {skipped.reason}"] if skipped is not None else []
