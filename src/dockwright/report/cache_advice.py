"""Advice on cache export, for people and as JSON."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from dockwright.cost.ranges import Range
from dockwright.measure.caching.advise import Advice, percents
from dockwright.measure.caching.predict import Mode
from dockwright.quantities import show
from dockwright.report.clean import printable
from dockwright.report.plain import plain

SCHEMA = "cache-advice-1"


class Document(msgspec.Struct, frozen=True):
    """Advice for each target."""

    advice: Sequence[Advice]
    schema: str = SCHEMA


def as_json(found: Sequence[Advice]) -> str:
    """Indented JSON. Keys are never renamed or removed within one version of the schema."""
    return msgspec.json.format(msgspec.json.encode(plain(Document(found))), indent=2).decode() + "\n"


def schema_text() -> str:
    """The schema as it stands in `docs/schema/cache-advice-1.json`."""
    made: dict[str, Any] = msgspec.json.schema(Document)
    made["$defs"]["Basis"] = {
        "title": "Basis",
        "description": "What a number rests on, weakest first.",
        "enum": ["assumed", "estimated", "derived", "measured"],
    }
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"dockwright cache-advice ({SCHEMA})",
        "description": "Keys are never renamed or removed within one version of the schema; keys may be added.",
        **made,
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=2).decode() + "\n"


def as_text(found: Sequence[Advice]) -> str:
    """For each target the advice, the flags, the reasons with their sources, and what is not known."""
    lines = [line for one in found for line in (*_advice(one), "")]
    return "".join(f"{printable(line)}\n" for line in lines[:-1])


def _advice(one: Advice) -> Iterator[str]:
    yield f"{one.target} ({one.dockerfile}): {one.backend}, mode {one.mode}"
    for flag in one.flags:
        yield f"  {flag}"
    for mode in one.modes:
        yield f"  {_mode(mode)}"
    for reason in one.reasons:
        yield f"  - {reason.text}" + (f" [{reason.source}]" if reason.source else "")
    for line in one.today[:5]:
        yield f"  today: {line.path}:{line.line} {line.text}"
    if len(one.today) > 5:
        yield f"  today: {len(one.today) - 5} more lines, see --format json"
    for text in one.unknown:
        yield f"  not known: {text}{_how(text)}"


def _mode(mode: Mode) -> str:
    parts = [f"{mode.steps} step{'s' * (mode.steps != 1)}"]
    if mode.bytes is not None:
        parts.append(f"{_span(mode.bytes, 'bytes')} ({mode.bytes.how})")
    if mode.share is not None:
        parts.append(f"finds {percents(mode.share)} of steps")
    if mode.rebuild is not None:
        parts.append(f"{_span(mode.rebuild, 's')} of steps for each commit")
    return f"{mode.name} exports {', '.join(parts)}"


def _span(size: Range, unit: str) -> str:
    low, high = show(size.low, unit), show(size.high, unit)
    if size.low == 0 < size.high:
        return f"at most {high}"
    return low if low == high else f"{low} to {high}"


def _how(text: str) -> str:
    if text.startswith("bytes"):
        return "; `dockwright build` and `dockwright image` record them"
    if text.startswith("how often"):
        return "; --replay asks the git history"
    return "; `dockwright build` and `bench` record them"
