"""Between measured builds and the ledger: a record as a run, and what earlier runs say is in a cache."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from dockwright.ledger import model as ledger
from dockwright.ledger.errors import LedgerError
from dockwright.ledger.machine import memory_class
from dockwright.ledger.store import Ledger
from dockwright.measure.keys import Known
from dockwright.measure.model import Agreement, BuildRecord, State, StepRecord
from dockwright.measure.prepare import Prepared

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
            "bases": " ".join(f"{reference}={int(told)}" for reference, told in record.bases),
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


def known_of(runs: Iterable[ledger.Run], prepared: Prepared) -> Known:
    """What is in the cache of a build, as far as these runs tell. A step that failed has left nothing.

    Of a base image either its name or its content enters keys, as the engine tells: runs that were told otherwise than this
    build of an image they share have keys that cannot be compared.
    """
    cache, subject = prepared.cache, prepared.target.subject
    dockerfile, stage = subject.path, subject.target
    bases = {reference: str(int(told)) for reference, told in prepared.bases}
    exact: set[str] = set()
    loose: set[str] = set()
    complete = False
    for run in runs:
        if run.notes.get("cache") != cache or not cache or not _comparable(run, bases):
            continue
        complete = complete or (run.dockerfile == dockerfile and run.stage == stage and run.outcome == "ok")
        for step in run.steps:
            one, _, other = step.key_predicted.partition(" ")
            if step.cached is not None and other:
                exact.add(one)
                loose.add(other)
    return Known(frozenset(exact), frozenset(loose), complete)


def _comparable(run: ledger.Run, bases: Mapping[str, str]) -> bool:
    told = (one.rpartition("=") for one in run.notes.get("bases", "").split())
    return all(bases.get(reference, flag) == flag for reference, _, flag in told)


def known_in(path: Path, prepared: Prepared) -> Known:
    """The same from a ledger on disk; nothing is known where there is none, or where it cannot be read."""
    if not path.exists():
        return Known()
    try:
        with Ledger(path, create=False) as found:
            runs = list(found.runs(kind="build", limit=LOOKED_AT, newest_first=True))
    except LedgerError:
        return Known()
    return known_of(runs, prepared)
