"""From values to rows and back. What is written is redacted here, the last place before the disk."""

import hashlib
import math
import sqlite3
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime, timedelta

import msgspec

from dockwright.knowledge.secrets import redact
from dockwright.ledger.model import Machine, Part, Run, Step, utc

MAX_TEXT = 4096
"""Characters of one text; the rest of a longer one says nothing that a trend needs."""
MAX_ROWS = 20_000
"""Steps or parts of one run that are kept, the largest engines' limits far behind."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Row = tuple[object, ...]


class Rows(msgspec.Struct, frozen=True):
    """A run as rows, without its number."""

    run: Row
    values: list[Row]
    steps: list[Row]
    parts: list[Row]


def rows(run: Run, hide: Collection[str] = ()) -> Rows:
    """The rows of a run. Texts in `hide` (values of secrets) and what looks like a secret are replaced."""
    safe = _cleaner(hide)
    clean = _cleaned(run, safe)
    return Rows(
        _run_row(clean),
        [(name, float(value)) for name, value in sorted(clean.values.items()) if math.isfinite(value)],
        [
            (at, one.name, one.stage, one.path, _held(one.line), one.started, one.seconds, one.network,
             _flag(one.cached), None if one.bytes is None else _held(one.bytes), one.key_predicted, one.key_real)
            for at, one in enumerate(clean.steps)
        ],
        [
            (at, one.kind, one.name, _held(one.bytes), one.path, _held(one.line))
            for at, one in enumerate(clean.parts)
        ],
    )  # fmt: skip


def _cleaner(hide: Collection[str]) -> Callable[[str], str]:
    secrets = sorted((text for text in hide if text), key=len, reverse=True)

    def safe(text: str) -> str:
        for secret in secrets:
            text = text.replace(secret, "[redacted]")
        # A lone surrogate (a file name that is not UTF-8) cannot be stored as text.
        return redact(text)[:MAX_TEXT].encode("utf-8", "backslashreplace").decode("utf-8")

    return safe


def _cleaned(run: Run, safe: Callable[[str], str]) -> Run:
    """The run with every text made safe and its `uid` set."""
    replace = msgspec.structs.replace
    cleaned = replace(
        run,
        at=utc(run.at),
        steps=tuple(
            replace(one, name=safe(one.name), stage=safe(one.stage), path=safe(one.path))
            for one in run.steps[:MAX_ROWS]
        ),
        parts=tuple(
            replace(one, kind=safe(one.kind), name=safe(one.name), path=safe(one.path))
            for one in run.parts[:MAX_ROWS]
        ),
        target=safe(run.target),
        branch=safe(run.branch),
        dockerfile=safe(run.dockerfile),
        context=safe(run.context),
        stage=safe(run.stage),
        image=safe(run.image),
        engine=safe(run.engine),
        engine_version=safe(run.engine_version),
        source=safe(run.source),
        kind=safe(run.kind),
        outcome=safe(run.outcome),
        commit=safe(run.commit),
        platform=safe(run.platform),
        group=safe(run.group),
        scenario=safe(run.scenario),
        side=safe(run.side),
        uid=safe(run.uid),
        machine=Machine(run.machine.cores, safe(run.machine.memory), safe(run.machine.arch)),
        arguments=tuple(safe(name.partition("=")[0]) for name in run.arguments),
        notes={safe(name): safe(text) for name, text in run.notes.items()},
        number=0,
    )
    if cleaned.uid:
        return cleaned
    return replace(cleaned, uid=hashlib.sha256(msgspec.json.encode(cleaned, order="sorted")).hexdigest()[:32])


def _held(number: int) -> int:
    """What a column can hold: 64 bits. Only a file from elsewhere has more, and no meaning with it."""
    return max(-(1 << 63), min(number, (1 << 63) - 1))


def _flag(value: bool | None) -> int | None:
    return None if value is None else int(value)


def _run_row(run: Run) -> Row:
    machine = run.machine
    return (
        run.uid, run.kind, run.target, microseconds(run.at), run.outcome, run.commit,
        _flag(run.dirty), run.branch, run.engine, run.engine_version, _held(machine.cores), machine.memory, machine.arch,
        run.platform, run.dockerfile, run.context, run.stage, msgspec.json.encode(run.arguments).decode(), run.image,
        run.group, run.scenario, run.side, _held(run.round), run.source, msgspec.json.encode(run.notes, order="sorted").decode(),
    )  # fmt: skip


def microseconds(at: datetime) -> int:
    """A time as rows have it."""
    return (utc(at) - _EPOCH) // timedelta(microseconds=1)


def moment(stored: int) -> datetime:
    """The time of a row."""
    return _EPOCH + timedelta(microseconds=stored)


def run_of(row: sqlite3.Row, values: Iterable[Row], steps: Iterable[Row], parts: Iterable[Row]) -> Run:
    """The run of a row of `run` and the rows of the other tables that belong to it."""
    return Run(
        kind=row["kind"],
        target=row["target"],
        at=moment(row["at"]),
        values={str(name): value for name, value in values},  # type: ignore[misc]
        steps=tuple(map(_step, steps)),
        parts=tuple(
            Part(kind=kind, name=name, bytes=size, path=path, line=line)  # type: ignore[arg-type]
            for kind, name, size, path, line in parts
        ),
        outcome=row["outcome"],
        commit=row["commit_id"],
        dirty=None if row["dirty"] is None else bool(row["dirty"]),
        branch=row["branch"],
        engine=row["engine"],
        engine_version=row["engine_version"],
        machine=Machine(row["cores"], row["memory"], row["arch"]),
        platform=row["platform"],
        dockerfile=row["dockerfile"],
        context=row["context"],
        stage=row["stage"],
        arguments=msgspec.json.decode(row["arguments"], type=tuple[str, ...]),
        image=row["image"],
        group=row["grouped"],
        scenario=row["scenario"],
        side=row["side"],
        round=row["round"],
        source=row["source"],
        notes=msgspec.json.decode(row["notes"], type=dict[str, str]),
        uid=row["uid"],
        number=row["id"],
    )


def _step(row: Row) -> Step:
    name, stage, path, line, started, seconds, network, cached, size, predicted, real = row
    return msgspec.convert(
        {
            "name": name, "stage": stage, "path": path, "line": line, "started": started, "seconds": seconds,
            "network": network, "cached": None if cached is None else bool(cached), "bytes": size,
            "key_predicted": predicted, "key_real": real,
        },
        Step,
    )  # fmt: skip
