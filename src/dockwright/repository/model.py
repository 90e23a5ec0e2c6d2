"""The facts about a repository: what Docker files there are, how they are used, and the evidence for it.

These are values; `repository.inventory`, `repository.callers` and `repository.status` make them. Paths are relative
to the root of the tree. Nothing here is a judgement: rules judge.
"""

from collections.abc import Mapping, Sequence
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

import msgspec

from dockwright.text import SourceFile, Span

if TYPE_CHECKING:
    from dockwright.bake.file import BakeFile
    from dockwright.compose.file import ComposeFile
    from dockwright.dockerfile.tree import Dockerfile
    from dockwright.shell.calls import Call


class Standing(StrEnum):
    """Whose file it is. Only `OWN` files are judged; the others are listed apart."""

    OWN = "own"
    IGNORED = "ignored"
    """Lies in the working directory, but git ignores it."""
    BACKUP = "backup"
    """A copy kept aside: `backup/`, `archive/`, `*.bak`, `*.old`, `Dockerfile.orig` …"""
    VENDORED = "vendored"
    """Somebody else's: `node_modules/`, `vendor/`, `third_party/`, a nested repository …"""
    FIXTURE = "fixture"
    """Test data of a tool that itself works on Docker files: below `testdata/`, `fixtures/` …"""
    TEMPLATE = "template"
    """Becomes a Docker file only after a generator has filled it in."""


class Status(StrEnum):
    """Who knows a file, by its strongest caller."""

    LIVE = "live"
    """Something that is not a test builds, runs or calls it, or a tool finds it by its default name."""
    TESTS = "tests"
    DOCS = "docs"
    """Only documentation, comments or lists of names mention it."""
    DEAD = "dead"
    """Nothing in the repository names it."""


class Strength(IntEnum):
    """How strong the evidence of a reference is, weakest first."""

    NAME_LIST = 0
    """A string in a list or comment; nothing is done with it that we can see."""
    DOCS = 1
    TEST = 2
    """Test code names it."""
    SCRIPT = 3
    """Program or configuration names it in a way that uses it (opens, passes on)."""
    RUN = 4
    """A container tool is started with it."""
    BUILD = 5
    """An image is built from it."""


class Place(msgspec.Struct, frozen=True):
    """A span in a file, kept with the file so that line and column can be worked out when they are shown."""

    source: SourceFile
    span: Span

    @property
    def path(self) -> str:
        return self.source.path

    @property
    def line(self) -> int:
        return self.source.line_of(self.span.start)


class Reference(msgspec.Struct, frozen=True):
    """One file names another.

    `verb` says what it does with it: builds, runs, extends, includes, overrides, copies, calls, reads, mentions.
    `named` is the path as written (after constants were filled in); `target` the file of the tree it means, or None
    when there is no such file. `uncertain` says why it may mean another file (a variable, an unknown directory).
    """

    place: Place
    verb: str
    strength: Strength
    named: str
    target: str | None
    expects: str = "file"
    """What kind of thing is named: dockerfile, context, compose, bake, script, env_file, bind, file."""
    uncertain: str = ""
    resolved: str = ""
    """The path it would have in the tree, also when nothing is there."""


class Argument(msgspec.Struct, frozen=True):
    """A build argument given by a build: `value` None means "from the environment of the caller"."""

    name: str
    value: str | None
    place: Place


class Build(msgspec.Struct, frozen=True, kw_only=True):
    """One way in which the repository builds an image.

    `dockerfile` and `context` are paths in the tree (context `""` is the root); None when remote, inline or unknown.
    `*_named` are as written. `missing` names what of it does not exist: "dockerfile", "context", "target".
    """

    place: Place
    kind: str
    """compose, bake, command (script, Makefile, documentation), workflow, devcontainer, skaffold, tilt, captain …"""
    strength: Strength
    context: str | None
    dockerfile: str | None
    context_named: str = "."
    dockerfile_named: str = ""
    inline: str = ""
    """Text of an inline Dockerfile."""
    target: str = ""
    target_place: Place | None = None
    dockerfile_place: Place | None = None
    context_place: Place | None = None
    arguments: Sequence[Argument] = ()
    named_contexts: Mapping[str, str] = {}
    tags: Sequence[str] = ()
    platforms: Sequence[str] = ()
    service: str = ""
    """The compose service or bake target that is built."""
    owner: str = ""
    """The file that declares it (the compose file when a script runs `compose build`, not the script)."""
    uncertain: str = ""
    """Why parts of it could not be known (a variable without value, a loop)."""
    missing: Sequence[str] = ()
    discarded: bool = False
    """Its result is kept nowhere but in the build cache (`output = ["type=cacheonly"]`): a check, not an image."""


class Item(msgspec.Struct, kw_only=True):
    """What every inventoried file has. Mutable only while the inventory is being made."""

    path: str
    source: SourceFile
    standing: Standing = Standing.OWN
    standing_because: str = ""
    """The evidence for a standing other than own: "below `backups/`"."""
    generated: str = ""
    """The words of its head that say a generator wrote it; empty when none do."""
    service: str = ""
    variant: str = ""
    """alpine, dev, staging, test, podman, gpu …; empty when it is the plain one."""
    environment: str = ""
    """development, test, staging, production, ci; empty when nothing says."""
    status: Status = Status.DEAD
    used_by: list[Reference] = []
    last_change: str = ""
    """ISO date of the last commit that touched it; empty without history."""
    lines: int = 0
    content: str = ""
    """Content id (git blob id): equal content, equal id."""
    why: str = ""
    """Why it was taken for what it is: name, content, reference."""


class FaultKind(StrEnum):
    """Why a build of a Dockerfile fails before any command runs."""

    MISSING = "missing"
    """A COPY or ADD source (or bind mount source) is not in the context at all."""
    IGNORED = "ignored"
    """It exists, but the ignore file hides it."""
    UNTRACKED = "untracked"
    """It exists here only: git does not track it, so a clean clone lacks it."""
    SHELL_SYNTAX = "shell-syntax"
    """Words such as `||` or `2>/dev/null` stand where COPY expects paths."""
    STAGE = "stage"
    """A stage, target or base is wrong."""
    SYNTAX = "syntax"
    """BuildKit refuses the file."""


class BuildFault(msgspec.Struct, frozen=True, kw_only=True):
    """One reason why a Dockerfile cannot be built, with what a rule needs to say it."""

    kind: FaultKind
    place: Place
    """The source word (or the instruction)."""
    message: str
    """BuildKit's own words where it has some."""
    source: str = ""
    """The source as BuildKit sees it, variables filled in."""
    context: str = ""
    """Root of the context in which it was looked for."""
    hidden_by: Place | None = None
    """The pattern in the ignore file that hides it."""
    builds: Sequence[Build] = ()
    """The builds that meet it; empty when nobody builds the file and the likely context was tried."""
    stage: int = 0
    sure: bool = True
    """False when a variable, an assumed context or `doubt` leaves doubt."""
    doubt: str = ""
    """Why what is missing here may be there when somebody builds: git ignores it, it lies in a submodule."""


class DockerfileItem(Item, kw_only=True):
    """A Dockerfile. One that stands inside another file (`inline`) has that file as its `source`, so that places are
    right, and a path of its own: the other file's with `#` and a name.
    """

    tree: "Dockerfile"
    inline: bool = False
    """Stands inside a compose file, a bake file, a script or program code."""
    builds: list[Build] = []
    """Every known way to build it; empty for one that nobody builds."""
    shipped_stages: list[int] = []
    """Indexes of the stages that some build makes into an image: the targets builds name, else the last stage."""
    discarded_stages: list[int] = []
    """Those of them that every build of the repository only checks (lint, validate): no image of them is kept."""
    buildable: bool | None = None
    """Whether a clean clone can build it: True when some build meets no fault, False when every build (or, where
    nobody builds it, every likely context) meets a sure one; None when that cannot be told from the files."""
    faults: list[BuildFault] = []
    """What builds of it stop at (all of them, in file order)."""


class ComposeItem(Item, kw_only=True):
    file: "ComposeFile"
    fragment: bool = False
    """No project of its own: an override, or a piece for `include`, `extends` or a generator."""
    used_with: list[tuple[str, ...]] = []
    """File sets (in order) in which something uses it."""


class BakeItem(Item, kw_only=True):
    file: "BakeFile"


class IgnoreItem(Item, kw_only=True):
    read_by: list[str] = []
    """Context roots (or Dockerfiles) whose builds read it; empty when no build does."""


class Invocation(msgspec.Struct, frozen=True):
    """A container tool started by a script, a workflow step, a Makefile recipe or program code."""

    place: Place
    call: "Call"
    text: str
    """The command as words, holes shown as `…`; secrets are not redacted here."""
    within: str = ""
    """Function, Makefile target, job and step."""
    fallback: bool = False
    """Runs only after another way failed."""
    files: Sequence[str] = ()
    """Compose or bake files of the tree it reads, in order; empty when they are not all known."""
    cwd: str | None = None
    """The folder it runs in, as far as that can be told (`""` is the root)."""


class FileSet(msgspec.Struct, frozen=True):
    """Compose files that something lists as one stack without a command: COMPOSE_FILE, a development container."""

    files: tuple[str, ...]
    """In the order compose merges them; all are there."""
    place: Place
    strength: Strength
    how: str
    """Who lists them, in words."""


class ScriptItem(Item, kw_only=True):
    language: str
    category: str = ""
    """lifecycle, health, cleanup, build, podman, test, deploy; by what it does, then by its name."""
    invocations: list[Invocation] = []
    imports: list[str] = []
    """Modules a Python file imports, dotted."""
    test: bool = False
    """Test code by its place or name."""
    named: bool = False
    """Has docker, podman, compose or container in its name."""
    managers: list[str] = []
    """Files of this repository it imports that start container tools, and container libraries it imports."""


class WorkflowItem(ScriptItem, kw_only=True):
    """A CI workflow or pipeline that builds or runs containers."""

    actions: list[str] = []
    """Docker-related actions used (`docker/build-push-action@v5`)."""


class OtherItem(Item, kw_only=True):
    kind: str
    """captain-definition, devcontainer, skaffold, tilt, cloudbuild, kubernetes, procfile, fly …"""
