"""The values of a key plan: steps, what each is keyed by, and what it selects of files.

A plan depends on the Dockerfile and how it is built, not on any file: it is made once and used for every state of the
context. Source of the shapes: moby/buildkit solver/types.go: CacheMap.
"""

from enum import Enum
from typing import Protocol

import msgspec

from dockwright.dockerfile.operations.model import ImageConfig, Operation, Origin


class Selection(msgspec.Struct, frozen=True):
    """Files that enter a key by their content: a path (or pattern) below the root of a build context or an image.

    `context` names the build context (`context` is the main one), "" for a stage or image. With `wildcard`, `path` is a
    pattern and what it matches counts with its name: the path below the pattern's fixed part, or with `base_names`
    (before 0.26) only the last part of it. `follow` says that a link as the source is followed. `include` and
    `exclude` are patterns as in an ignore file, relative to `path`.
    """

    context: str
    path: str
    wildcard: bool = False
    follow: bool = False
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    base_names: bool = False

    @property
    def filtered(self) -> bool:
        return self.wildcard or bool(self.include) or bool(self.exclude)

    @property
    def shown(self) -> str:
        """The path for people."""
        return self.path.lstrip("/") or "."


class ContentDigests(Protocol):
    """What files contain at one moment."""

    def digest(self, selection: Selection) -> str | None:
        """A text that is equal exactly when BuildKit's content digest of the selection is.

        None if a path does not exist: the real build fails there.
        """
        ...


class InputKind(Enum):
    """How an input enters the key of a step."""

    CHAIN = "chain"
    """By its own key only."""
    LOCAL = "context"
    """By the content of what is selected of a build context."""
    RESULT = "result"
    """By its own key and what is selected, or by the content of that: a stage, image, URL or repository."""


class Input(msgspec.Struct, frozen=True):
    """One input of a step: the position of the step it comes from, and what is selected of its result."""

    step: int
    kind: InputKind
    selections: tuple[Selection, ...] = ()
    selector: str = ""


class Step(msgspec.Struct, frozen=True):
    """One operation as the cache sees it.

    `body` is a digest of the operation itself. `fixed` is what stands for a source or an internal file whose content is
    known without building ("" for other steps): equal texts are equal results. `counted` is False for what BuildKit
    does not show as a step: sources and internal files.
    """

    index: int
    body: str
    inputs: tuple[Input, ...]
    operation: Operation
    fixed: str = ""
    counted: bool = True
    local: bool = False
    """True for a build context, whose own key is new in every build."""
    fetched: bool = False
    """True for a URL or repository: it is looked at in every build, and `fixed` only assumes that it stays the same."""

    @property
    def origin(self) -> Origin | None:
        return self.operation.origin


class Plan(msgspec.Struct, frozen=True):
    """The steps of one target, each after its inputs. `digest` tells plans apart."""

    steps: tuple[Step, ...]
    output: int | None
    config: ImageConfig
    digest: str
    unknown_images: tuple[str, ...] = ()

    @property
    def counted(self) -> tuple[Step, ...]:
        """The steps that BuildKit shows as hit or miss."""
        return tuple(step for step in self.steps if step.counted)

    @property
    def selections(self) -> frozenset[Selection]:
        """Everything that must be known of the build contexts."""
        return frozenset(
            one
            for step in self.steps
            for input_ in step.inputs
            if input_.kind is InputKind.LOCAL
            for one in input_.selections
        )
