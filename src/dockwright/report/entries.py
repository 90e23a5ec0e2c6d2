"""The inventory as the document shows it: one entry per file."""

from collections.abc import Sequence

import msgspec


class UsedBy(msgspec.Struct, frozen=True):
    """Who names a file, where, how (`builds`, `runs`, `mentions` …), and how strong that evidence is.

    `strength`: build, run, script, test, docs, name-list. `uncertain` says why it may mean another file.
    """

    path: str
    line: int
    verb: str
    strength: str
    uncertain: str = ""


class BuildEntry(msgspec.Struct, frozen=True):
    """One way in which an image is built. `missing` names what of it does not exist: dockerfile, context, target."""

    path: str
    line: int
    kind: str
    strength: str
    dockerfile: str | None
    context: str | None
    target: str
    service: str
    missing: Sequence[str]
    uncertain: str


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What every file of the inventory has.

    `standing`: own, ignored, backup, vendored, fixture, template. `status`: live, tests, docs, dead. `last_change`
    is the day of the last commit that touched the file, empty without history. `why` says why it was taken for what
    it is.
    """

    path: str
    standing: str
    service: str
    variant: str
    environment: str
    status: str
    used_by: Sequence[UsedBy]
    uses: int
    """How many places name it; `used_by` lists the strongest of them."""
    lines: int
    last_change: str
    content: str
    why: str


class DockerfileEntry(Entry, frozen=True, kw_only=True):
    """`buildable`: whether a clean clone can build it; null when that cannot be told from the files."""

    inline: bool
    """Stands as text inside another file (a script, a compose file); not counted as a Dockerfile."""
    buildable: bool | None
    unbuildable_because: Sequence[str]
    stages: Sequence[str]
    base_images: Sequence[str]
    builds: Sequence[BuildEntry]


class ServiceEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A service of a compose file. Empty fields are not given in the file; memory and cpus are limits.

    `depends_on` names services, with the condition in brackets where one is given. `cap_drop` and `security_opt` hold
    what the service takes away from its containers, `cap_add` and `privileged` what it gives them.
    """

    name: str
    line: int
    image: str
    dockerfile: str
    target: str
    ports: Sequence[str]
    profiles: Sequence[str]
    user: str
    init: str
    health_check: bool
    memory: str
    cpus: str
    context: str = ""
    restart: str = ""
    depends_on: Sequence[str] = ()
    read_only: bool = False
    privileged: bool = False
    cap_add: Sequence[str] = ()
    cap_drop: Sequence[str] = ()
    security_opt: Sequence[str] = ()


class ComposeEntry(Entry, frozen=True, kw_only=True):
    """`buildable`: whether all its builds can be made; null when one cannot be told, or it builds nothing."""

    buildable: bool | None
    fragment: bool
    project: str
    services: Sequence[ServiceEntry]
    used_with: Sequence[Sequence[str]]


class BakeEntry(Entry, frozen=True, kw_only=True):
    targets: Sequence[str]


class IgnoreEntry(Entry, frozen=True, kw_only=True):
    """`read_by`: context roots whose builds read it; empty when none does."""

    read_by: Sequence[str]
    patterns: int


class InvocationEntry(msgspec.Struct, frozen=True):
    """A container tool started by a script. `destroys` names what it removes and how far that reaches."""

    line: int
    engine: str
    verb: str
    text: str
    within: str
    fallback: bool
    destroys: str


class ScriptEntry(Entry, frozen=True, kw_only=True):
    category: str
    language: str
    test: bool
    invokes: Sequence[InvocationEntry]
    legacy: Sequence[str]
    """Why it looks left behind: what it calls that is gone, or that nobody calls it."""


class WorkflowEntry(ScriptEntry, frozen=True, kw_only=True):
    actions: Sequence[str]


class OtherEntry(Entry, frozen=True, kw_only=True):
    kind: str
