"""`Audit` and the values it is made of: what the facts and findings of a repository come to, taken together.

Places are `Location`s, numbers are `Figure`s, enumerations are enumerations: nothing here is formatted. The published
shape of the same things is `dockwright.report.document`.
"""

from collections.abc import Sequence
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

import msgspec

from dockwright.errors import Skipped
from dockwright.figures import Figure
from dockwright.rules.finding import Category, Confidence, Finding, Location, Severity

if TYPE_CHECKING:
    from dockwright.compose.standin import Attempt
    from dockwright.cost.summary import Business
    from dockwright.overlap.model import Overlaps
    from dockwright.overlap.stacks import ComposeOverlap, SettingRow
    from dockwright.replay.result import ReplayResult
    from dockwright.repository.environments import Environment
    from dockwright.repository.repository import Repository
    from dockwright.rules.engine import Crash
    from dockwright.rules.rule import Rule


class Action(StrEnum):
    """What the proposal does with a file."""

    KEEP = "keep"
    MERGE = "merge"
    """Its content moves into another file, and its callers with it."""
    REMOVE = "remove"
    REPAIR = "repair"
    """It is used and broken: it has to work before anything is done with it."""
    LEAVE = "leave"
    """Not ours to touch: generated, archived, vendored, test data."""
    DECIDE = "decide"
    """The files cannot tell; a person has to."""


class Risk(IntEnum):
    """What can go wrong when a file is changed."""

    LOW = 0
    """Nothing that runs uses it."""
    MEDIUM = 1
    """Callers in tests, scripts or development have to be rewired."""
    HIGH = 2
    """Production or staging is built or run with it."""


class Tool(msgspec.Struct, frozen=True):
    """A build tool in a final stage: the package that brings it, and where it comes in."""

    name: str
    place: Location


class Installed(msgspec.Struct, frozen=True):
    """What one package manager installs in a final stage (and in the stages it stands on), and did not remove again.

    `packages` are names given on the command line, `manifests` the files it reads names from.
    """

    manager: str
    packages: Sequence[str]
    manifests: Sequence[str]
    lines: Sequence[int]


class Limits(msgspec.Struct, frozen=True):
    """What a compose service limits its container to; empty where it sets nothing."""

    path: str
    line: int
    service: str
    memory: str
    cpus: str


class Image(msgspec.Struct, frozen=True, kw_only=True):
    """One image that a Dockerfile makes: the last stage, or a stage that some build asks for by name.

    `runs_as_root` is None when the user cannot be told. `health_check`: dockerfile, compose, disabled, none. `init`
    is what reaps orphans: tini, dumb-init, compose (`init: true`), another program's name, none. `pin` is how the base
    is named: digest, version, moving, untagged, scratch; empty when that cannot be told. `manifests_first` is whether
    lists of dependencies are installed before all of the source is copied; None where none is installed.
    """

    dockerfile: str
    target: str
    line: int
    services: Sequence[str]
    base: str
    pin: str = ""
    stages: int
    stages_used: int
    installs: Sequence[Installed] = ()
    manifests_first: bool | None = None
    build_tools: Sequence[Tool]
    user: str
    user_place: Location | None
    runs_as_root: bool | None
    health_check: str
    init: str
    entry: str
    ports: Sequence[str]
    cache_mounts: int
    limits: Sequence[Limits]
    layer_order: Sequence[str]
    built_by: Sequence[Location]
    buildable: bool | None


class Topic(msgspec.Struct, frozen=True):
    """A topic of the security summary. Without places it was looked for and not found."""

    id: str
    title: str
    why: str
    severity: Severity
    places: Sequence[Location]
    notes: Sequence[str] = ()


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """Findings with one cause, and so with one repair. `findings` are indexes into `Audit.findings`."""

    rank: int
    rule: str
    title: str
    severity: Severity
    confidence: Confidence
    category: Category
    cause: str
    fix: str
    reaches_live: bool
    places: Sequence[Location]
    findings: Sequence[int]


class Twins(msgspec.Struct, frozen=True):
    """Scripts that do the same. `same`: bytes, commands, name."""

    same: str
    files: Sequence[str]
    note: str


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of one file, why, who says so (`evidence` or `person`), and which callers have to change."""

    path: str
    kind: str
    action: Action
    into: str = ""
    by: str = "evidence"
    risk: Risk = Risk.LOW
    reasons: Sequence[str] = ()
    callers: Sequence[Location] = ()


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A decision that the files cannot make."""

    title: str
    why: str
    choices: Sequence[str]
    files: Sequence[str]
    figures: Sequence[Figure] = ()


class Target(msgspec.Struct, frozen=True):
    """A file of the proposed set, what it replaces, and in what those differ."""

    path: str
    kind: str
    replaces: Sequence[str]
    parameters: Sequence[str]


class Phase(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the way to the proposed set; `needs` are titles of questions to be answered before it."""

    number: int
    title: str
    risk: Risk
    why: str
    steps: Sequence[str]
    touches: Sequence[str]
    needs: Sequence[str] = ()
    checks: Sequence[str] = ()
    """What shows that the phase did what it was to do, and nothing else."""
    figures: Sequence[Figure] = ()


class Proposal(msgspec.Struct, frozen=True):
    """The proposed target set of files and the way there."""

    targets: Sequence[Target]
    decisions: Sequence[Decision]
    questions: Sequence[Question]
    phases: Sequence[Phase]
    figures: Sequence[Figure]


class Nearest(msgspec.Struct, frozen=True):
    """The environment another one is most like. `share`: equal settings of all that either has, services that only one
    of them has included; `overlap` says it of the services that both have (`a` is this environment).
    """

    name: str
    share: float
    overlap: "ComposeOverlap"
    rows: "Sequence[SettingRow]"
    more_rows: int


class ResolvedEnvironment(msgspec.Struct, frozen=True, kw_only=True):
    """A way in which the compose files are used, and what it comes to in a clean clone."""

    environment: "Environment"
    attempt: "Attempt"
    services: Sequence[str]
    """With those behind profiles, unless it is used with certain ones."""
    nearest: Nearest | None


class Accepted(msgspec.Struct, frozen=True):
    """A finding that a comment in the file or the configuration accepts."""

    finding: Finding
    reason: str
    by: str


class About(msgspec.Struct, frozen=True):
    """What is looked at: the repository's name, the commit (empty without git), and whether exactly that commit was
    read (`commit`) or files on disk (`working directory`). `date` is the day of the commit, empty when not known.
    `above` is the path of the repository that this is only a folder of, `whole` the command that audits all of it;
    without `above` it is a bare repository, which has files in its commits alone.
    """

    name: str = "repository"
    revision: str = ""
    state: str = "working directory"
    date: str = ""
    above: str = ""
    whole: str = ""


class Audit(msgspec.Struct, frozen=True, kw_only=True):
    """Everything dockwright knows of a repository at one revision."""

    about: About
    repository: "Repository"
    rules: "Sequence[Rule]"
    """The rules that ran."""
    findings: Sequence[Finding]
    accepted: Sequence[Accepted]
    crashes: "Sequence[Crash]"
    overlaps: "Overlaps"
    environments: "Sequence[ResolvedEnvironment]"
    replay: "ReplayResult | None" = None
    """What the history says of rebuilds, where it was replayed."""
    business: "Business | None" = None
    """What it costs; added by who knows the ledger (`measure.costs`)."""
    images: Sequence[Image]
    security: Sequence[Topic]
    causes: Sequence[Cause]
    twins: Sequence[Twins]
    proposal: Proposal
    figures: Sequence[Figure]
    skipped: Sequence[Skipped]
