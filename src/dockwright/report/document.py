"""The audit as a document: plain values only, in the shape that `--format json` writes.

This is the published contract (`docs/schema/audit-1.json` is generated from these structs). A key is never renamed or
removed within one schema version; keys may be added. Every string has been redacted and is printable (see
`report.clean`); every list has a stable order. All renderers read this and nothing else, so that what one format
knows all formats know, and what one must not show none shows.
"""

from collections.abc import Mapping, Sequence

import msgspec

from dockwright.report.business import BusinessEntry
from dockwright.report.entries import (
    BakeEntry,
    ComposeEntry,
    DockerfileEntry,
    IgnoreEntry,
    OtherEntry,
    ScriptEntry,
    WorkflowEntry,
)
from dockwright.report.environments import EnvironmentEntry
from dockwright.report.findings.entries import FindingEntry, SuppressedEntry
from dockwright.report.places import FigureEntry, Place, SkippedEntry
from dockwright.report.rebuilds import Rebuilds
from dockwright.report.views import ImageEntry, OverlapEntry, ProposalEntry, SecurityEntry, TwinEntry

SCHEMA = "dockwright.audit/1"


class Tool(msgspec.Struct, frozen=True):
    """What wrote the document."""

    name: str
    version: str


class Subject(msgspec.Struct, frozen=True):
    """What was looked at. `revision` is the commit id; empty for a working directory without git.

    `state` is `commit` when exactly that commit was read, `working directory` when files on disk were.
    """

    name: str
    revision: str
    state: str
    date: str
    """Day of the commit, ISO; empty when not known. Never the day of the audit: the same files, the same document."""
    basis: str
    """What every count of this document rests on, in one sentence."""
    above: str = ""
    """The path of the repository that this is only a folder of; empty for a whole one."""
    notes: Sequence[str] = ()
    """What has to be known first: that this is a part of a repository only, that there is nothing of Docker in it."""


class Inventory(msgspec.Struct, frozen=True):
    """Every Docker-related file. Files that are not the repository's own say so by their `standing`."""

    dockerfiles: Sequence[DockerfileEntry]
    inline: Sequence[DockerfileEntry]
    """Dockerfiles that are text inside other files; their path is that of the file, with `#L` and the line."""
    compose: Sequence[ComposeEntry]
    bakes: Sequence[BakeEntry]
    ignore_files: Sequence[IgnoreEntry]
    scripts: Sequence[ScriptEntry]
    workflows: Sequence[WorkflowEntry]
    others: Sequence[OtherEntry]
    script_twins: Sequence[TwinEntry]


class RuleEntry(msgspec.Struct, frozen=True):
    """A rule that has findings: what it says, why that matters, and what to do."""

    id: str
    summary: str
    category: str
    severity: str
    why: str
    fix: str
    findings: int


class CauseEntry(msgspec.Struct, frozen=True):
    """Findings that have one cause, and so one repair. `findings` are indexes into the document's `findings`."""

    rank: int
    rule: str
    title: str
    severity: str
    confidence: str
    category: str
    cause: str
    """Path and lines of what is behind all of them; empty when each place is its own cause."""
    fix: str
    reaches_live: bool
    """Touches a file that something other than tests and documentation uses."""
    places: Sequence[Place]
    findings: Sequence[int]


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A whole audit."""

    schema: str = SCHEMA
    tool: Tool
    subject: Subject
    summary: Sequence[FigureEntry]
    first: Sequence[CauseEntry]
    """What to do first: causes in order of rank."""
    inventory: Inventory
    images: Sequence[ImageEntry]
    overlaps: Sequence[OverlapEntry]
    environments: Sequence[EnvironmentEntry] = ()
    """How compose files are used together, the best attested first."""
    rebuilds: Rebuilds | None = None
    """What the history says of rebuilds; null unless it was replayed (`audit --replay`)."""
    business: BusinessEntry | None = None
    """What builds and images cost, as far as it can be told; null where it was not asked for."""
    findings: Sequence[FindingEntry]
    rules: Sequence[RuleEntry]
    security: Sequence[SecurityEntry]
    proposal: ProposalEntry
    suppressed: Sequence[SuppressedEntry]
    skipped: Sequence[SkippedEntry]
    counts: Mapping[str, Mapping[str, int]]
    """Findings by severity, by category, by confidence and by rule. Derived, like all of `summary`."""
