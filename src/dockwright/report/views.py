"""What the audit makes of the inventory, as the document shows it: images, overlaps, security, the proposed target."""

from collections.abc import Sequence

import msgspec

from dockwright.report.places import FigureEntry, Place


class TwinEntry(msgspec.Struct, frozen=True):
    """Scripts that do the same. `same`: bytes (equal content), commands (equal container commands), name."""

    same: str
    files: Sequence[str]
    note: str


class ToolEntry(msgspec.Struct, frozen=True):
    """A build tool that the final stage installs or inherits: which, and where it comes in."""

    name: str
    place: Place


class InstalledEntry(msgspec.Struct, frozen=True):
    """What one package manager brings into the image: names given on its command line, files it reads names from."""

    manager: str
    packages: Sequence[str]
    manifests: Sequence[str]
    lines: Sequence[int]


class LimitEntry(msgspec.Struct, frozen=True):
    """The limits a compose service sets on a container of the image; empty where it sets none."""

    path: str
    line: int
    service: str
    memory: str
    cpus: str


class ImageEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One image: a stage of a Dockerfile that builds ask for, or its last one.

    `runs_as_root` is null when the user cannot be told (a variable, an unknown base image). `health_check` says where
    one is declared: dockerfile, compose, disabled, none. `init` is the first process that reaps others: tini,
    dumb-init, compose, shell, none. `layer_order` holds remarks on what makes steps rerun. `pin` is how the base image
    is named: digest, version, moving, untagged, scratch; empty when that cannot be told. `manifests_first` is whether
    lists of dependencies are installed before all of the source is copied, null where none is installed. `installs` is
    what the stages that make up the final image install.
    """

    dockerfile: str
    target: str
    line: int
    services: Sequence[str]
    base: str
    stages: int
    stages_used: int
    build_tools: Sequence[ToolEntry]
    user: str
    runs_as_root: bool | None
    health_check: str
    init: str
    entry: str
    ports: Sequence[str]
    cache_mounts: int
    limits: Sequence[LimitEntry]
    layer_order: Sequence[str]
    built_by: Sequence[Place]
    buildable: bool | None
    pin: str = ""
    installs: Sequence[InstalledEntry] = ()
    manifests_first: bool | None = None


class DifferenceEntry(msgspec.Struct, frozen=True):
    """One thing in which overlapping files differ: what, and its value in each file (null where it has none)."""

    what: str
    values: Sequence[str | None]


class OverlapEntry(msgspec.Struct, frozen=True, kw_only=True):
    """Files that say the same in part.

    `kind`: dockerfiles, compose, block (one run of instructions repeated), copies (equal texts), versions (one base
    or tool in several versions). `figures` hold the shares; `differences` are complete up to a stated number.
    """

    kind: str
    title: str
    files: Sequence[str]
    places: Sequence[Place]
    figures: Sequence[FigureEntry]
    differences: Sequence[DifferenceEntry]
    more_differences: int
    notes: Sequence[str]


class SecurityEntry(msgspec.Struct, frozen=True):
    """A topic of the security summary: what it is, why it matters, and each place. `places` may be empty: then the
    topic was looked for and not found.
    """

    id: str
    title: str
    why: str
    severity: str
    places: Sequence[Place]
    notes: Sequence[str]


class DecisionEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of one file.

    `action`: keep, merge (into `into`), remove, repair, leave (not ours to touch), decide (a person has to). `by` is
    `evidence` when the files decide it, `person` when they cannot. `callers` are the places that have to change.
    """

    path: str
    kind: str
    action: str
    into: str
    by: str
    risk: str
    reasons: Sequence[str]
    callers: Sequence[Place]


class QuestionEntry(msgspec.Struct, frozen=True):
    """A decision the files cannot make: what is asked, why it cannot be told, the choices and the files they touch."""

    title: str
    why: str
    choices: Sequence[str]
    files: Sequence[str]
    figures: Sequence[FigureEntry]


class TargetEntry(msgspec.Struct, frozen=True):
    """A file of the proposed set: what it replaces, and in what those differ (what it must be parameterised by)."""

    path: str
    kind: str
    replaces: Sequence[str]
    parameters: Sequence[str]


class PhaseEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the way there. `risk`: low, medium, high. `needs` are titles of questions to be answered before."""

    number: int
    title: str
    risk: str
    why: str
    steps: Sequence[str]
    touches: Sequence[str]
    needs: Sequence[str]
    figures: Sequence[FigureEntry]
    checks: Sequence[str] = ()
    """What shows that the phase did what it was to do, and nothing else."""


class ProposalEntry(msgspec.Struct, frozen=True):
    """The proposed target set of files and the way there."""

    targets: Sequence[TargetEntry]
    decisions: Sequence[DecisionEntry]
    questions: Sequence[QuestionEntry]
    phases: Sequence[PhaseEntry]
    figures: Sequence[FigureEntry]
