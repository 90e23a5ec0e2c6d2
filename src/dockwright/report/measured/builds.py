"""The answer of `dockwright build`: every step with place, time, cache; what failed and why; JSON with a schema."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from dockwright.measure.model import Agreement, BuildRecord, State, StepRecord
from dockwright.report.words import byte_size, counted, shortened

SCHEMA = "build-1"
LAST_LINES = 12
"""Lines of output that are shown of a step that failed."""


class Built(msgspec.Struct, frozen=True, kw_only=True):
    """One build with what was said of it beforehand."""

    build: BuildRecord
    predictions: Agreement


class Builds(msgspec.Struct, frozen=True, kw_only=True):
    """The whole answer."""

    schema: str = SCHEMA
    builds: tuple[Built, ...] = ()
    notes: tuple[str, ...] = ()


def builds_of(records: Sequence[BuildRecord], notes: Sequence[str] = ()) -> Builds:
    return Builds(
        builds=tuple(Built(build=one, predictions=Agreement.of(one.steps)) for one in records),
        notes=tuple(notes),
    )


def as_json(answer: Builds) -> str:
    """Indented JSON, ending in a newline."""
    return msgspec.json.format(msgspec.json.encode(answer), indent=2).decode() + "\n"


def schema_text() -> str:
    """The schema as it stands in `docs/schema/build-1.json`."""
    return schema_of(Builds, f"dockwright build ({SCHEMA})")


def schema_of(shape: Any, title: str) -> str:
    """The JSON schema of an answer."""
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "description": "Keys are never renamed or removed within one version of the schema; keys may be added.",
        **msgspec.json.schema(shape),
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=2).decode() + "\n"


_MARKS = {
    State.EXECUTED: "ran   ",
    State.CACHED: "cached",
    State.FAILED: "FAILED",
    State.FETCHED: "base  ",
    State.NOT_REACHED: "-     ",
}


def as_text(answer: Builds, width: int) -> str:
    """A block for each build."""
    lines: list[str] = []
    for one in answer.builds:
        lines += [*_block(one, width), ""]
    lines += [f"note: {note}" for note in answer.notes]
    return "".join(f"{line}\n" for line in (lines if answer.notes else lines[:-1]))


def _block(built: Built, width: int) -> Iterator[str]:
    record = built.build
    stage = f", target {record.stage}" if record.stage else ""
    engine = f"{record.engine} {record.engine_version}".strip()
    yield f"{record.target}: {record.dockerfile} (context {record.context}{stage}) on {engine}"
    for step in record.steps:
        yield shortened(_line(step), width)
    if record.fault is not None:
        yield from _failure(record)
    yield from (
        f"  warning: {one.text}" + (f" (line {one.line})" if one.line else "") for one in record.warnings
    )
    yield from (f"  note: {note}" for note in record.notes)
    yield from (f"  not looked at: {one.what}: {one.reason}" for one in record.skipped[:5])
    yield from _wrong(record)
    yield _last(built)


def _line(step: StepRecord) -> str:
    seconds = (
        f"{step.seconds:8.1f} s" if step.seconds is not None and step.state is not State.CACHED else " " * 10
    )
    size = f"{byte_size(step.bytes):>9}" if step.bytes else " " * 9
    text = " ".join(step.text.split())
    return f"  {_MARKS[step.state]} {seconds} {size}  {step.line or '?':>4}  {text}"


def _failure(record: BuildRecord) -> Iterator[str]:
    assert record.fault is not None
    step = record.failed_step
    if step is not None:
        yield f"  failed: {step.place}: {' '.join(step.text.split())}"
        yield from (f"    | {line}" for line in step.log[-LAST_LINES:])
        yield f"    {step.error}"
    else:
        yield f"  failed: {record.fault.message}"
        yield from (f"    | {line}" for line in record.said[-LAST_LINES:] if line.strip())
    if record.fault.hint:
        yield f"    {record.fault.hint}"


def _wrong(record: BuildRecord) -> Iterator[str]:
    for step in record.steps:
        if step.agrees is False:
            real = "found in the cache" if step.cached else "executed"
            yield f"  predicted otherwise: {step.place} was to be a {step.predicted}, and was {real}"


def _last(built: Built) -> str:
    record, told = built.build, built.predictions
    parts = [f"{counted(record.executed, 'step')} ran, {record.hits} cached"]
    if record.image_bytes is not None:
        parts.append(f"image {byte_size(record.image_bytes)}")
    if record.registry_seconds:
        parts.append(f"base images {record.registry_seconds:.1f} s")
    if told.right or told.wrong:
        parts.append(f"predictions {told.right} right, {told.wrong} wrong, {told.unsaid} not said")
    word = {"ok": "built", "failed": "failed"}.get(record.outcome, record.outcome)
    return f"{word} in {record.seconds:.1f} s: {'; '.join(parts)}"


def commands_text(commands: Sequence[tuple[str, ...]], *, stdin: Sequence[bool]) -> str:
    """Command lines for people to run; one that reads a Dockerfile from standard input says so."""
    import shlex

    lines = []
    for words, reads in zip(commands, stdin, strict=True):
        lines.append(shlex.join(words) + ("  # the Dockerfile on standard input" if reads else ""))
    return "".join(f"{line}\n" for line in lines)
