"""Between measured builds and the ledger: a record as a run, and what earlier runs say is in a cache."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from dockwright.ledger import model as ledger
from dockwright.ledger.errors import LedgerError
from dockwright.ledger.machine import memory_class
from dockwright.ledger.store import Ledger
from dockwright.measure.keys import Known
from dockwright.measure.model import Agreement, BuildRecord, State, StepRecord

LOOKED_AT = 500
"""Earlier runs whose keys are looked at, the newest."""
_ARCHES = {"x86_64": "amd64", "aarch64": "arm64"}


def run_of(record: BuildRecord) -> ledger.Run:
    """A record as the ledger keeps it. Arguments go in by name only."""
    values = {
        ledger.SECONDS: record.seconds,
        ledger.STEPS: record.hits + record.executed,
        ledger.CACHED_STEPS: record.hits,
        ledger.IMAGE_BYTES: record.image_bytes,
        ledger.CONTEXT_BYTES: record.context_bytes,
        ledger.NETWORK_SECONDS: record.network_seconds,
    }
    agreement = Agreement.of(record.steps)
    machine = record.machine
    arch = _ARCHES.get(machine.architecture, machine.architecture)
    return ledger.Run(
        kind="build",
        target=record.target,
        at=datetime.fromtimestamp(record.started, UTC),
        values={name: float(value) for name, value in values.items() if value is not None},
        steps=tuple(_step(one) for one in record.steps),
        outcome=record.outcome,
        commit=record.commit,
        dirty=record.dirty,
        branch=record.branch,
        engine=record.engine,
        engine_version=record.engine_version,
        machine=ledger.Machine(machine.cpus, memory_class(machine.memory), arch),
        platform=f"{machine.os}/{arch}",
        dockerfile=record.dockerfile,
        context=record.context,
        stage=record.stage,
        arguments=record.arguments,
        image=record.image,
        source="dockwright build",
        notes={
            "cache": record.cache,
            "predicted": f"{agreement.right} right, {agreement.wrong} wrong, {agreement.unsaid} not said",
        },
    )


def _step(one: StepRecord) -> ledger.Step:
    return ledger.Step(
        name=one.text,
        stage=one.stage,
        path=one.path,
        line=one.line,
        started=one.started,
        seconds=one.seconds,
        network=one.network,
        cached=one.cached,
        bytes=one.bytes,
        key_predicted=one.key if one.cached is not None and one.state is not State.FAILED else "",
    )


def known_of(runs: Iterable[ledger.Run], cache: str, dockerfile: str, stage: str) -> Known:
    """What is in a cache, as far as these runs tell. A step that failed has left nothing."""
    exact: set[str] = set()
    loose: set[str] = set()
    complete = False
    for run in runs:
        if run.notes.get("cache") != cache or not cache:
            continue
        complete = complete or (run.dockerfile == dockerfile and run.stage == stage and run.outcome == "ok")
        for step in run.steps:
            one, _, other = step.key_predicted.partition(" ")
            if step.cached is not None and other:
                exact.add(one)
                loose.add(other)
    return Known(frozenset(exact), frozenset(loose), complete)


def known_in(path: Path, cache: str, dockerfile: str, stage: str) -> Known:
    """The same from a ledger on disk; nothing is known where there is none, or where it cannot be read."""
    if not path.exists():
        return Known()
    try:
        with Ledger(path, create=False) as found:
            runs = list(found.runs(kind="build", limit=LOOKED_AT, newest_first=True))
    except LedgerError:
        return Known()
    return known_of(runs, cache, dockerfile, stage)
