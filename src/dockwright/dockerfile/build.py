"""One way to build a Dockerfile: its stages under given build arguments, named contexts and platforms.

Source: moby/buildkit frontend/dockerfile/dockerfile2llb/convert.go: toDispatchState and what it calls. Stages only
build on earlier ones, so everything is worked out in file order and nothing here recurses.
"""

from typing import TYPE_CHECKING

from dockwright.dockerfile.config import StageConfig, evaluate_config
from dockwright.dockerfile.dialect import Dialect
from dockwright.dockerfile.evaluate import PROXY_ARGS, evaluate_globals, evaluate_stage
from dockwright.dockerfile.expand import (
    Expansion,
    depending_on_base,
    expand,
    expand_words,
    needs_work,
    options_for,
)
from dockwright.dockerfile.golang import parse_int
from dockwright.dockerfile.image_reference import ImageReference, parse_reference
from dockwright.dockerfile.instructions.types import Command, From
from dockwright.dockerfile.lexer import Lookup, Options
from dockwright.dockerfile.nodes import Layer, Problem
from dockwright.dockerfile.platforms import Platform, parse_platform
from dockwright.dockerfile.scopes import Scope
from dockwright.dockerfile.settings import BaseImage, Settings
from dockwright.dockerfile.sources import Resolver
from dockwright.dockerfile.stages import Source, SourceKind, Stage
from dockwright.lazy import once

if TYPE_CHECKING:
    from dockwright.dockerfile.graph import Target
    from dockwright.dockerfile.tree import Dockerfile

MAX_CHAIN = 200
"""Stages built one on the other beyond which nothing is inherited any more (variables are looked up along the
chain, so a longer one would cost the square of its length)."""


EMPTY_PLATFORM_0_13 = (
    'failed to parse platform : "" is an invalid component of "": platform specifier component must match '
    '"^[A-Za-z0-9_-]+$": invalid argument'
)
DOCKER_IMAGE = "docker-image://"
EPOCH = "SOURCE_DATE_EPOCH"
MAX_SUBSTITUTED = 1 << 28
"""Most characters that variables may bring into all texts of one build together."""

MAX_TRIGGERS = 20_000
"""Most ONBUILD triggers that run in all stages of one build together."""


class Build:
    """The stages of one file under one `Settings`, with everything they mean."""

    def __init__(self, tree: "Dockerfile", settings: Settings) -> None:
        self.tree = tree
        self.settings = settings
        self.escape_options = options_for(tree.escape)
        self._left = MAX_SUBSTITUTED
        self._triggers_left = MAX_TRIGGERS
        self.stages = tuple(
            Stage(self, index, from_, commands) for index, (from_, commands) in enumerate(tree.stage_parts)
        )
        self._scopes: list[Scope | None] = [None] * len(self.stages)
        self._configs: list[StageConfig | None] = [None] * len(self.stages)

    def __repr__(self) -> str:
        return f"<build of {self.tree.file.path}: {len(self.stages)} stages>"

    # -- the part before the first FROM

    @once
    def _globals(self) -> tuple[Scope, tuple[Problem, ...]]:
        return evaluate_globals(self)

    @property
    def global_scope(self) -> Scope:
        """What FROM lines see: platform arguments and ARGs before the first FROM."""
        return self._globals[0]

    @property
    def global_problems(self) -> tuple[Problem, ...]:
        return self._globals[1] if self.tree.global_args else ()

    @property
    def proxies(self) -> dict[str, str]:
        """The proxy build arguments, which every RUN sees without ARG (they are no variables of a stage)."""
        return {name: value for name, value in self.settings.args.items() if name.lower() in PROXY_ARGS}

    @once
    def epoch(self) -> int | None:
        """SOURCE_DATE_EPOCH in nanoseconds, which directories made by WORKDIR get (0.13: nothing does)."""
        if self.tree.dialect is Dialect.V0_13:
            return None
        text = self.settings.args.get(EPOCH, self.global_scope.lookup(EPOCH) or "")
        seconds = parse_int(text, 64)
        return seconds * 1_000_000_000 if isinstance(seconds, int) else None

    # -- names

    @once
    def resolver(self) -> Resolver:
        """What names stand for."""
        return Resolver(self)

    @property
    def bases(self) -> tuple[Source, ...]:
        """For each stage what its FROM names."""
        return self.resolver.bases

    @once
    def platforms(self) -> tuple[Platform | None, ...]:
        """For each stage the platform its FROM asks for."""
        return tuple(found if isinstance(found, Platform) else None for found in self._platforms)

    @once
    def _platforms(self) -> tuple[Platform | Problem | None, ...]:
        return tuple(self._platform(stage.from_) for stage in self.stages)

    def platform_problem(self, stage: Stage) -> Problem | None:
        found = self._platforms[stage.index]
        return found if isinstance(found, Problem) else None

    def _platform(self, from_: From) -> Platform | Problem | None:
        flag = from_.platform
        if flag is None or not flag.value:
            return None
        expansion = self.expand_global(flag.value)
        if expansion.error:
            message = f"failed to process arguments for platform : {expansion.error}"
        elif not expansion.value and self.tree.dialect is Dialect.V0_13:
            message = EMPTY_PLATFORM_0_13
        elif not expansion.value:
            message = f"empty platform value from expression {flag.value}"
        else:
            platform = parse_platform(expansion.value, self.settings.build_platform)
            if isinstance(platform, Platform):
                return platform
            message = f"failed to parse platform {flag.value}: {platform}"
        lines = (from_.node.first_line, from_.node.last_line)
        return Problem(message, flag.span, lines, Layer.BUILD)

    # -- expansion, within a budget

    def expand(
        self, text: str, lookup: Lookup, options: Options | None = None, *, complete: bool = True
    ) -> Expansion:
        """Expand a text; beyond `MAX_SUBSTITUTED` characters in one build everything is refused.

        `complete` is False where a variable that is not set here may still be set by the base image.
        """
        expansion = self._spend(expand(text, lookup, options or self.escape_options))
        if complete or not self.settings.symbolic or not expansion.unset or expansion.error:
            return expansion
        return self._spend(depending_on_base(text, expansion, lookup))

    def expand_words(self, text: str, lookup: Lookup, *, complete: bool = True) -> Expansion:
        """Expand a text and split it into words."""
        expansion = self._spend(expand_words(text, lookup, self.escape_options))
        if complete or not self.settings.symbolic or not expansion.unset or expansion.error:
            return expansion
        return self._spend(depending_on_base(text, expansion, lookup))

    def _spend(self, expansion: Expansion) -> Expansion:
        if expansion.substituted:
            self._left -= expansion.substituted
            if self._left < 0:
                return Expansion(error="the values of all variables together are too long")
        return expansion

    def expand_global(self, text: str) -> Expansion:
        """Expand a text of a FROM line."""
        if not needs_work(text):
            return Expansion(text)
        return self.expand(text, self.global_scope.lookup)

    def find(self, name: str) -> Stage | None:
        """The stage `--target name` means (the last of that name, whatever its case)."""
        return self.resolver.by_name(name)

    def target(self, name: str = "") -> "Target | Problem":
        """What building stage `name` (the last one if "") takes; the problem if there is no such stage."""
        from dockwright.dockerfile.graph import make_target

        return make_target(self, name)

    # -- worked out once for each stage, parents first

    def parent_of(self, stage: Stage) -> Stage | None:
        """The stage from which variables and settings are inherited: none beyond `MAX_CHAIN`."""
        return stage.parent if self.resolver.depths[stage.index] % MAX_CHAIN else None

    def cut(self, stage: Stage) -> bool:
        """True if the chain of stages is cut here (see `MAX_CHAIN`)."""
        return stage.parent is not None and self.parent_of(stage) is None

    def scope_of(self, stage: Stage) -> Scope:
        """The variables of a stage."""
        found = self._scopes[stage.index]
        if found is not None:
            return found
        chain: list[Stage] = []
        current: Stage | None = stage
        while current is not None and self._scopes[current.index] is None:
            chain.append(current)
            current = self.parent_of(current)
        scope = self._scopes[current.index] if current is not None else None
        for one in reversed(chain):
            scope = evaluate_stage(one, scope)
            self._scopes[one.index] = scope
        return self.scope_of(stage)

    def config_of(self, stage: Stage) -> StageConfig:
        """The effective settings at the end of a stage."""
        found = self._configs[stage.index]
        if found is not None:
            return found
        chain: list[Stage] = []
        current: Stage | None = stage
        while current is not None and self._configs[current.index] is None:
            chain.append(current)
            current = self.parent_of(current)
        config = self._configs[current.index] if current is not None else None
        for one in reversed(chain):
            config = evaluate_config(one, config)
            self._configs[one.index] = config
        return self.config_of(stage)

    def sources_of(self, stage: Stage) -> tuple[Source, ...]:
        return self.resolver.sources_of(stage)

    def base_image(self, stage: Stage) -> BaseImage | None:
        """What is known of the image a stage is built on."""
        base = stage.base
        if base.kind is SourceKind.CONTEXT:
            return self._context_image(base)
        if base.kind is not SourceKind.IMAGE or base.image is None:
            return None
        return self.settings.images.get(base.image.canonical)

    def context_source(self, source: Source) -> tuple[str, str | None]:
        """The name of a named context, and where it lies, None if that is not known."""
        found = self.settings.context_sources
        names = [source.name]
        if source.image is not None:
            plain = source.image.context_name
            names = [f"{plain}::{self.settings.platform.text}", plain]
        return next(((name, found[name]) for name in names if name in found), (names[-1], None))

    def _context_image(self, base: Source) -> BaseImage | None:
        """What a named context says of itself as a base: a folder or URL nothing at all."""
        where = self.context_source(base)[1]
        if where is None or not where.startswith(DOCKER_IMAGE):
            return None if where is None else BaseImage(working_dir="/")
        reference = parse_reference(where.removeprefix(DOCKER_IMAGE))
        return (
            self.settings.images.get(reference.canonical) if isinstance(reference, ImageReference) else None
        )

    def grant_triggers(self, count: int) -> bool:
        """False once `MAX_TRIGGERS` are spent: every child of a stage runs all of its ONBUILD instructions."""
        self._triggers_left -= count
        return self._triggers_left >= 0

    def image_triggers(self, stage: Stage) -> tuple[Command, ...]:
        """ONBUILD of a known base image, as instructions of a small file of their own."""
        image = self.base_image(stage)
        if image is None or not image.onbuild:
            return ()
        from dockwright.dockerfile.tree import parse

        found: list[Command] = []
        for expression in image.onbuild:
            data = expression.encode("utf-8", "surrogateescape")
            found += parse(data, f"ONBUILD of {stage.base.name}", self.tree.dialect).commands
        return tuple(found)
