"""A context audit for people and programs."""

from collections.abc import Iterator
from typing import Any

import msgspec

from dockwright.audit.context.model import SCHEMA, Amount, ContextAudit, Proposal
from dockwright.report.fit import fit
from dockwright.report.markdown.text import code, prose, table
from dockwright.report.plain import plain
from dockwright.report.words import counted


def as_json(found: ContextAudit) -> str:
    """Indented JSON, ending in a newline."""
    return msgspec.json.format(msgspec.json.encode(plain(found)), indent=2).decode() + "\n"


def schema_text() -> str:
    """The schema as it stands in `docs/schema/context-1.json`."""
    made: dict[str, Any] = msgspec.json.schema(ContextAudit)
    made["$defs"]["Basis"] = {
        "title": "Basis",
        "description": "What a number rests on, weakest first.",
        "enum": ["assumed", "estimated", "derived", "measured"],
    }
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"dockwright context ({SCHEMA})",
        "description": "Keys are never renamed or removed within one version of the schema; keys may be added.",
        **made,
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=2).decode() + "\n"


def size(number: int) -> str:
    """Bytes for people, in powers of 1000."""
    value = float(number)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            break
        value /= 1000
    return f"{value:,.0f} {unit}" if unit == "B" or value >= 100 else f"{value:,.1f} {unit}"


def _amount(amount: Amount) -> str:
    return f"{counted(amount.files, 'file')}, {size(amount.bytes)}"


def _title(found: ContextAudit) -> str:
    target = f", target {found.target}" if found.target else ""
    return f"{found.dockerfile} (context {found.context}{target})"


def _facts(found: ContextAudit) -> Iterator[tuple[str, str]]:
    yield "in the folder", _amount(found.all)
    yield "sent", f"{_amount(found.sent)} ({found.ignore_file or 'there is no ignore file'})"
    unused = Amount(found.sent.files - found.used.files, found.sent.bytes - found.used.bytes)
    yield "used", f"{_amount(found.used)}; sent for nothing: {_amount(unused)}"
    if found.git is not None:
        yield ".git", f"{_amount(found.git)} sent besides"
    if found.version_control:
        yield "version control sent", ", ".join(found.version_control)
    if found.secrets:
        yield "secrets sent", ", ".join(found.secrets[:10]) + (" …" if len(found.secrets) > 10 else "")
    if found.readers:
        rest = " …" if len(found.readers) > 3 else ""
        yield "also read by", f"{len(found.readers)} other Dockerfiles: {', '.join(found.readers[:3])}{rest}"


def _verdict(found: ContextAudit, proposal: Proposal) -> str:
    text = f"{proposal.path}: {_amount(proposal.sent)} sent instead of {_amount(found.sent)}"
    if found.sends_git and any(line.pattern in (".git", "*") for line in proposal.lines):
        text += ", and no `.git`"
    if proposal.hidden_used:
        text += f"; takes {len(proposal.hidden_used)} files out of what is copied, on purpose"
    return text


def as_text(found: ContextAudit, width: int) -> str:
    """Facts, the largest unused paths, the proposals."""
    lines = [_title(found)]
    lines += [f"  {name:<21} {text}" for name, text in _facts(found)]
    if found.largest_unused:
        lines += ["", "largest unused"]
        lines += [f"  {size(one.bytes):>9} {one.files:>7,} files  {one.path}" for one in found.largest_unused]
    for name, proposal in (("better", found.better), ("minimal", found.minimal)):
        if proposal is not None:
            lines += ["", f"{name} ignore file, {_verdict(found, proposal)}"]
            shown = proposal.lines[:20]
            wide = min(max(len(line.pattern) for line in shown), width // 2)
            lines += [
                f"  {line.pattern:<{wide}}  {line.because}{' (changes the image)' if line.changes_image else ''}"
                for line in shown
            ]
            if len(proposal.lines) > len(shown):
                lines.append(f"  and {len(proposal.lines) - len(shown)} more lines: --write {name}")
    lines += ["", *(f"note: {note}" for note in found.notes)] if found.notes else []
    lines += [f"not looked at: {one.what}: {one.reason}" for one in found.skipped[:5]]
    return fit("".join(f"{line.rstrip()}\n" for line in lines), width)


def as_markdown(found: ContextAudit) -> str:
    """The same with everything in it."""
    lines = [f"# Build context of {prose(_title(found))}", ""]
    lines += table(("", ""), [(name, prose(text)) for name, text in _facts(found)])
    if found.largest_unused:
        rows = [(code(one.path), f"{one.files:,}", size(one.bytes)) for one in found.largest_unused]
        lines += ["## Largest unused", "", *table(("path", "files", "bytes"), rows, "lrr")]
    for name, proposal in (("better", found.better), ("minimal", found.minimal)):
        if proposal is None:
            continue
        lines += [f"## A {name} ignore file", "", f"{prose(_verdict(found, proposal))}.", ""]
        lines += ["```", *(line.pattern for line in proposal.lines), "```", ""]
        changing = [line for line in proposal.lines if line.changes_image]
        lines += [f"- {code(line.pattern)} changes the image: {prose(line.because)}" for line in changing]
        lines += [""] if changing else []
    lines += [f"- {prose(note)}" for note in found.notes]
    return "\n".join(lines).rstrip("\n") + "\n"
