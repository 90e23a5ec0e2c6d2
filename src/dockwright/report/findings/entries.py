"""A finding as documents show it, and the fingerprint by which it is recognised after lines have moved."""

import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec

from dockwright.report.places import FigureEntry, Place, RelatedPlace
from dockwright.report.plain import plain
from dockwright.rules.finding import Finding


class FindingEntry(msgspec.Struct, frozen=True):
    """One finding. `related` are the other places it rests on, `evidence` facts in words."""

    rule: str
    severity: str
    confidence: str
    category: str
    message: str
    location: Place
    related: Sequence[RelatedPlace]
    figures: Sequence[FigureEntry]
    evidence: Sequence[str]
    service: str
    environment: str
    fingerprint: str
    """Recognises the finding after lines have moved: rule, file, route, message and normalised snippet, hashed."""


class SuppressedEntry(msgspec.Struct, frozen=True):
    """A finding that is accepted. `by` is `comment` (in the file) or `configuration`."""

    finding: FindingEntry
    reason: str
    by: str


def entry(finding: Finding) -> dict[str, Any]:
    """Plain data of a `FindingEntry`."""
    return {**plain(finding), "fingerprint": fingerprint(finding)}


def suppressed(finding: Finding, reason: str, by: str) -> dict[str, Any]:
    """Plain data of a `SuppressedEntry`."""
    return {"finding": entry(finding), "reason": reason, "by": by}


def fingerprint(finding: Finding) -> str:
    """16 hexadecimal digits that do not change when lines are moved or reindented."""
    place = finding.location
    snippet = " ".join(place.snippet.split())
    text = f"{finding.rule}\0{place.path}\0{place.route}\0{finding.message}\0{snippet}"
    return hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()
