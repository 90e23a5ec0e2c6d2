"""Stages: one FROM and what follows it, with base, sources, variables and effective settings.

Stages belong to a `build.Build`, which knows the build arguments, named contexts and platforms; all of a stage's
meaning is worked out lazily from it. Source: moby/buildkit frontend/dockerfile/dockerfile2llb/convert.go.
"""

from enum import Enum
from typing import TYPE_CHECKING

import msgspec

from dockwright.dockerfile.expand import HEREDOC_BODY, Expansion, needs_work, nothing
from dockwright.dockerfile.image_reference import ImageReference
from dockwright.dockerfile.instructions.types import Command, From, Onbuild
from dockwright.dockerfile.nodes import Problem
from dockwright.dockerfile.platforms import Platform
from dockwright.dockerfile.scopes import Environment, Scope
from dockwright.lazy import once
from dockwright.text import SourceFile, Span

if TYPE_CHECKING:
    from dockwright.dockerfile.build import Build
    from dockwright.dockerfile.config import StageConfig


class SourceKind(Enum):
    """What a name after FROM, `--from=` or `from=` stands for."""

    STAGE = "stage"
    IMAGE = "image"
    SCRATCH = "scratch"
    CONTEXT = "named context"
    UNKNOWN = "not to be resolved"
    """The name is broken or empty; see `Source.problem`."""


class Source(msgspec.Struct, frozen=True, eq=False):
    """Where files come from: the base of a stage, or what it copies or mounts from.

    `name` is the name with variables expanded, `span` the place it is written at, `command` the instruction.
    `expansion` tells which variables took part. Exactly one of `stage` and `image` is set for those kinds.
    """

    kind: SourceKind
    name: str
    command: Command
    span: Span
    stage: "Stage | None" = None
    image: ImageReference | None = None
    expansion: Expansion = Expansion()
    problem: Problem | None = None


class Stage:
    """One build stage.

    `index` counts from 0. `name` is the lower-case name ("" if none), `from_` the FROM instruction, `instructions`
    the typed instructions after it (`Invalid` ones included) in file order.
    """

    def __init__(self, build: "Build", index: int, from_: From, instructions: tuple[Command, ...]) -> None:
        self.build = build
        self.index = index
        self.from_ = from_
        self.instructions = instructions
        self.name = from_.stage_name
        self._expanded: dict[tuple[str, int], Expansion] = {}

    def __repr__(self) -> str:
        return f"<stage {self.label} at line {self.from_.node.first_line}>"

    @property
    def label(self) -> str:
        """The name, or BuildKit's `stage-N` for a stage without one."""
        return self.name or f"stage-{self.index}"

    @property
    def file(self) -> SourceFile:
        return self.from_.node.file

    @property
    def span(self) -> Span:
        """From FROM to the end of the last instruction."""
        last = self.instructions[-1] if self.instructions else self.from_
        return Span(self.from_.span.start, last.span.end)

    # -- where it comes from

    @once
    def base(self) -> Source:
        """What FROM names."""
        return self.build.bases[self.index]

    @property
    def parent(self) -> "Stage | None":
        """The stage this one is built on, if FROM names one."""
        return self.base.stage

    @property
    def platform(self) -> Platform | None:
        """The platform `--platform` asks for, None without the flag or if it is broken."""
        return self.build.platforms[self.index]

    @once
    def ancestors(self) -> tuple["Stage", ...]:
        """Parent, its parent, and so on."""
        found: list[Stage] = []
        stage = self.parent
        while stage is not None:
            found.append(stage)
            stage = stage.parent
        return tuple(found)

    @property
    def root(self) -> Source:
        """The image, context or scratch at the bottom of the chain of stages."""
        return self.ancestors[-1].base if self.ancestors else self.base

    @once
    def triggers(self) -> tuple[Command, ...]:
        """What ONBUILD of the parent stage (or of a known base image) puts before this stage's instructions."""
        if self.parent is None:
            return self.build.image_triggers(self)
        found = tuple(one.trigger for one in self.parent.instructions if isinstance(one, Onbuild))
        return found if not found or self.build.grant_triggers(len(found)) else ()

    @once
    def commands(self) -> tuple[Command, ...]:
        """All that runs in this stage: triggers, then its own instructions."""
        return self.triggers + self.instructions if self.triggers else self.instructions

    @once
    def sources(self) -> tuple[Source, ...]:
        """What COPY --from and RUN --mount=from= of this stage name, triggers included."""
        return self.build.sources_of(self)

    @once
    def _sources_by_command(self) -> dict[int, list[Source]]:
        found: dict[int, list[Source]] = {}
        for source in self.sources:
            found.setdefault(id(source.command), []).append(source)
        return found

    def sources_named_by(self, command: Command) -> list[Source]:
        """What one instruction takes files from: a COPY names at most one source, a RUN one for each mount."""
        return self._sources_by_command.get(id(command), [])

    # -- variables

    @property
    def scope(self) -> Scope:
        """All variables of the stage over its whole length."""
        return self.build.scope_of(self)

    @once
    def _positions(self) -> dict[int, int]:
        return {id(command): index for index, command in enumerate(self.commands)}

    def environment_before(self, command: Command) -> Environment:
        """The variables an instruction of this stage sees."""
        return Environment(self.scope, self._positions[id(command)] << POSITION_BITS)

    @property
    def environment(self) -> Environment:
        """The variables at the end of the stage."""
        return Environment(self.scope)

    def expand(self, text: str, before: Command) -> Expansion:
        """A text as BuildKit expands it for instruction `before`: variables in, quotes off."""
        if not needs_work(text):
            return Expansion(text)
        key = (text, self._positions[id(before)])
        known = self._expanded.get(key)
        if known is None and "$" not in text:
            return self.build.expand(text, nothing)  # quotes and escapes only: no variable is asked for
        if known is None:
            environment = self.environment_before(before)
            known = self.build.expand(text, environment.get, complete=environment.complete)
            if known.substituted <= MAX_KEPT:
                self._expanded[key] = known
        return known

    def expand_words(self, text: str, before: Command) -> Expansion:
        """Like `expand`, then split into words (EXPOSE)."""
        environment = self.environment_before(before)
        return self.build.expand_words(text, environment.get, complete=environment.complete)

    def expand_body(self, text: str, before: Command) -> Expansion:
        """The body of an unquoted COPY or ADD heredoc: variables only, quotes kept."""
        environment = self.environment_before(before)
        return self.build.expand(text, environment.get, HEREDOC_BODY, complete=environment.complete)

    # -- effective settings

    @once
    def config(self) -> "StageConfig":
        """What the image of this stage says: user, working directory, command, ports and so on, with origins."""
        return self.build.config_of(self)

    def user_before(self, command: Command) -> str | None:
        """The user an instruction runs as; None if only the base image could say."""
        found = self.config.users.before(self._positions[id(command)])
        return found.value if found else None

    def workdir_before(self, command: Command) -> str | None:
        """The working directory of an instruction; None if only the base image could say."""
        found = self.config.workdirs.before(self._positions[id(command)])
        return found.value if found else None

    def workdir_after(self, command: Command) -> str | None:
        """The working directory once an instruction has run: for a WORKDIR, what it says."""
        found = self.config.workdirs.before(self._positions[id(command)] + 1)
        return found.value if found else None

    def shell_before(self, command: Command) -> tuple[str, ...] | None:
        """The SHELL in force for an instruction, None for the default (`/bin/sh -c`, or the base image's)."""
        found = self.config.shells.before(self._positions[id(command)])
        return found.value if found else None


MAX_KEPT = 4096
"""Most characters that variables brought into an expansion that is kept for the next one who asks."""
POSITION_BITS = 20
"""Assignments within one instruction are numbered below this many bits."""
