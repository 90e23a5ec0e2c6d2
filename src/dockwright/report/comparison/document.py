"""A comparison of two images as a document fit to be shown; as JSON with a published schema."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from dockwright import __version__
from dockwright.image.diff.model import Comparison, SettingChange
from dockwright.image.diff.noise import RULES, SETTING_RULES
from dockwright.knowledge.secrets import REDACTED, looks_secret, redact
from dockwright.report.clean import Cleaner
from dockwright.report.plain import plain

SCHEMA = "dockwright.diff/1"
_SAYS = {**{rule.name: rule.says for rule in RULES}, **SETTING_RULES}


class DetailEntry(msgspec.Struct, frozen=True):
    """One thing that differs about a path; an empty side means that it is not there."""

    what: str
    before: str
    after: str


class FileEntry(msgspec.Struct, frozen=True):
    """A path that differs. `noise` is the rule, `waiver` the reason, for which it does not count; else empty."""

    path: str
    details: Sequence[DetailEntry]
    size_before: int
    size_after: int
    noise: str
    waiver: str


class SettingEntry(msgspec.Struct, frozen=True):
    """A setting of the image that differs; null where a side lacks it."""

    name: str
    before: str | None
    after: str | None
    noise: str
    waiver: str


class PackageEntry(msgspec.Struct, frozen=True):
    """A package in other versions, or on one side only (no versions on the other)."""

    manager: str
    name: str
    before: Sequence[str]
    after: Sequence[str]
    waiver: str


class RuleEntry(msgspec.Struct, frozen=True):
    """A noise rule that was of use, and for how many differences."""

    name: str
    says: str
    count: int


class WaiverEntry(msgspec.Struct, frozen=True):
    """A waiver that nothing needed."""

    says: str
    reason: str


class FindingEntry(msgspec.Struct, frozen=True):
    """What a scanner says of one side only: `change` is new or fixed."""

    change: str
    scanner: str
    id: str
    package: str
    version: str
    severity: str


class DiffDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What `dockwright diff --format json` writes. Sizes are bytes, all of it measured: both images were read whole."""

    schema: str = SCHEMA
    tool: str
    version: str
    basis: str = "measured"
    before: str
    after: str
    same: bool
    compared: int
    """Paths looked at on both sides together."""
    files: Sequence[FileEntry]
    settings: Sequence[SettingEntry]
    packages: Sequence[PackageEntry]
    rules: Sequence[RuleEntry]
    unused_waivers: Sequence[WaiverEntry]
    scanned: Sequence[str]
    """Scanners that were asked."""
    findings: Sequence[FindingEntry]
    notes: Sequence[str]


def document(
    found: Comparison, scanned: Iterable[str] = (), findings: Iterable[FindingEntry] = ()
) -> DiffDocument:
    """The comparison with secrets out."""
    cleaner = Cleaner(redact)
    data: dict[str, Any] = {
        "tool": "dockwright",
        "version": __version__,
        "before": found.before,
        "after": found.after,
        "same": found.same,
        "compared": found.compared,
        "files": plain(found.files),
        "settings": [_setting(one) for one in found.settings],
        "packages": plain(found.packages),
        "rules": plain(list(_rules(found))),
        "unused_waivers": [{"says": one.says, "reason": one.reason} for one in found.unused],
        "scanned": list(scanned),
        "findings": plain(tuple(findings)),
        "notes": list(found.notes),
    }
    return msgspec.convert(cleaner.data(data), DiffDocument)


def _setting(one: SettingChange) -> dict[str, Any]:
    """Values of variables and labels that look like secrets are compared, not shown."""
    name = one.name.partition(".")[2]
    shown = [REDACTED if value and looks_secret(name, value) else value for value in (one.before, one.after)]
    return {"name": one.name, "before": shown[0], "after": shown[1], "noise": one.noise, "waiver": one.waiver}


def _rules(found: Comparison) -> Iterable[RuleEntry]:
    counts = Counter(one.noise for one in found.files if one.noise)
    counts.update(one.noise for one in found.settings if one.noise)
    for name, count in counts.most_common():
        yield RuleEntry(name, _SAYS[name], count)


def as_json(made: DiffDocument) -> str:
    """The document as JSON, indented."""
    return msgspec.json.format(msgspec.json.encode(made), indent=2).decode() + "\n"


def schema_text() -> str:
    """The schema as it stands in `docs/schema/diff-1.json`."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"dockwright diff ({SCHEMA})",
        "description": "Keys are never renamed or removed within one version of the schema; keys may be added.",
        **msgspec.json.schema(DiffDocument),
    }
    return msgspec.json.format(msgspec.json.encode(schema), indent=2).decode() + "\n"
