"""What the names after FROM, `--from=` and `from=` stand for.

Source: moby/buildkit frontend/dockerfile/dockerfile2llb/convert.go: buildDispatchStates, addState, toCommand, and
convert_runmount.go: detectRunMount. FROM knows stages by their exact lower-case name, and only earlier ones; the
others know all stages, in any case, and the last definition of a name.
"""

from typing import TYPE_CHECKING

from dockwright.dockerfile.dialect import Dialect
from dockwright.dockerfile.expand import Expansion, expand, nothing
from dockwright.dockerfile.golang import quote
from dockwright.dockerfile.image_reference import ImageReference, parse_reference
from dockwright.dockerfile.instructions.types import Command, Copy, From, Run
from dockwright.dockerfile.nodes import Layer, Problem
from dockwright.dockerfile.stages import Source, SourceKind, Stage
from dockwright.lazy import lazy_regex
from dockwright.text import Span

if TYPE_CHECKING:
    from dockwright.dockerfile.build import Build

_INTEGER = lazy_regex(r"[+-]?[0-9]{1,18}")
VARIABLE_IN_FROM = (
    "variable expansion is not supported for --from, define a new stage with FROM using ARG from global scope as a "
    "workaround"
)


class Resolver:
    """Resolves the names of one build."""

    def __init__(self, build: "Build") -> None:
        self._build = build
        self._names: dict[str, Stage] = {}
        self.depths: list[int] = []
        """For each stage the number of stages below it in its chain."""
        self.bases: tuple[Source, ...] = tuple(self._base(stage) for stage in build.stages)

    def by_name(self, name: str) -> Stage | None:
        return self._names.get(name.lower())

    def _base(self, stage: Stage) -> Source:
        """The base of a stage; stages are asked for in file order, so `_names` holds the earlier ones."""
        from_ = stage.from_
        expansion = self._build.expand_global(from_.image.value)
        source = self._named_base(stage, from_, expansion)
        self.depths.append(self.depths[source.stage.index] + 1 if source.stage else 0)
        if stage.name:
            self._names[stage.name] = stage
        return source

    def _named_base(self, stage: Stage, from_: From, expansion: Expansion) -> Source:
        span = from_.image.span
        if expansion.error or not expansion.value:
            message = expansion.error or f"base name ({from_.image.value}) should not be blank"
            problem = _problem(message, from_, span)
            return Source(SourceKind.UNKNOWN, "", from_, span, expansion=expansion, problem=problem)
        if stage.name and stage.name in self._build.settings.contexts:
            return Source(SourceKind.CONTEXT, stage.name, from_, span, expansion=expansion)
        earlier = self._names.get(expansion.value)
        if earlier is not None:
            return Source(SourceKind.STAGE, expansion.value, from_, span, stage=earlier, expansion=expansion)
        return self._outside(expansion.value, from_, span, expansion)

    def _outside(self, name: str, command: Command, span: Span, expansion: Expansion) -> Source:
        """A name that is no stage: scratch, a named context, or an image."""
        if name == "scratch":
            return Source(SourceKind.SCRATCH, name, command, span, expansion=expansion)
        found = parse_reference(name)
        if not isinstance(found, ImageReference):
            problem = _problem(f"failed to parse stage name {quote(name)}: {found}", command, span)
            return Source(SourceKind.UNKNOWN, name, command, span, expansion=expansion, problem=problem)
        if self._is_context(found):
            return Source(SourceKind.CONTEXT, name, command, span, image=found, expansion=expansion)
        return Source(SourceKind.IMAGE, name, command, span, image=found, expansion=expansion)

    def _is_context(self, reference: ImageReference) -> bool:
        contexts = self._build.settings.contexts
        if not contexts:
            return False
        platform = self._build.settings.platform.text
        return reference.context_name in contexts or f"{reference.context_name}::{platform}" in contexts

    def sources_of(self, stage: Stage) -> tuple[Source, ...]:
        """What COPY and RUN of a stage take files from, in file order."""
        found: list[Source] = []
        for command in stage.commands:
            if type(command) is Copy and command.from_ and command.from_.value:
                span = command.from_.value_span or command.from_.span
                found.append(self.copied(command, command.from_.value, span))
            elif type(command) is Run:
                for mount in command.mounts:
                    field = mount.get("from")
                    if field and field.value:
                        found.append(self._named(field.value, command, field.value_span or field.span))
        return tuple(found)

    def copied(self, command: Copy, name: str, span: Span) -> Source:
        """What `COPY --from=name` takes files from."""
        if "$" in name or "\\" in name or '"' in name or "'" in name or "`" in name:
            problem = self._variable(command, name, span)
            if problem:
                return Source(SourceKind.UNKNOWN, name, command, span, problem=problem)
        if _INTEGER.fullmatch(name):
            index = int(name)
            if 0 <= index < len(self._build.stages):
                return Source(SourceKind.STAGE, name, command, span, stage=self._build.stages[index])
            problem = _problem(f"invalid stage index {index}", command, span)
            return Source(SourceKind.UNKNOWN, name, command, span, problem=problem)
        return self._named(name, command, span)

    def _variable(self, command: Copy, name: str, span: Span) -> Problem | None:
        """`--from` with a variable in it is refused (0.13 takes it for the name of an image)."""
        if self._build.tree.dialect is Dialect.V0_13:
            return None
        expansion = expand(name, nothing, self._build.escape_options)
        if expansion.error:
            return _problem(expansion.error, command, span)
        return _problem(VARIABLE_IN_FROM, command, span) if expansion.value != name else None

    def _named(self, name: str, command: Command, span: Span) -> Source:
        stage = self.by_name(name)
        if stage is not None:
            return Source(SourceKind.STAGE, name, command, span, stage=stage)
        return self._outside(name, command, span, Expansion(value=name))


def _problem(message: str, command: Command, span: Span) -> Problem:
    return Problem(message, span, (command.node.first_line, command.node.last_line), Layer.BUILD)
