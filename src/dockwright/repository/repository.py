"""`Repository`: all facts about one repository in one value, with the look-ups rules and reports need."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from dockwright.config import Config
from dockwright.errors import Skipped
from dockwright.repository.model import (
    BakeItem,
    Build,
    ComposeItem,
    DockerfileItem,
    FileSet,
    IgnoreItem,
    Invocation,
    Item,
    OtherItem,
    Reference,
    ScriptItem,
    Standing,
    WorkflowItem,
)
from dockwright.trees.tree import Tree

if TYPE_CHECKING:
    from dockwright.trees.context import BuildContext

T = TypeVar("T")


class Facts(msgspec.Struct, kw_only=True):
    """Everything the inventory found. All lists are sorted by path (and place); files that are not the repository's
    own (backups, vendored, ignored …) are in them too and say so by their `standing`.
    """

    dockerfiles: list[DockerfileItem] = []
    composes: list[ComposeItem] = []
    bakes: list[BakeItem] = []
    ignores: list[IgnoreItem] = []
    scripts: list[ScriptItem] = []
    """Scripts and program code that start container tools or are named after them; workflows are apart."""
    workflows: list[WorkflowItem] = []
    others: list[OtherItem] = []
    references: list[Reference] = []
    builds: list[Build] = []
    listed: list[FileSet] = []
    skipped: list[Skipped] = []


class Repository:
    """The facts of a repository over the tree they were read from."""

    def __init__(self, tree: Tree, facts: Facts, config: Config | None = None) -> None:
        self.tree = tree
        self.config = config or Config()
        self.dockerfiles = facts.dockerfiles
        self.composes = facts.composes
        self.bakes = facts.bakes
        self.ignores = facts.ignores
        self.scripts = facts.scripts
        self.workflows = facts.workflows
        self.others = facts.others
        self.references = facts.references
        self.builds = facts.builds
        self.listed = facts.listed
        self.skipped = facts.skipped
        self._contexts: dict[tuple[str, str | None], BuildContext] = {}
        self._memo: dict[str, Any] = {}

    def __repr__(self) -> str:
        return f"Repository({len(self.dockerfiles)} Dockerfiles, {len(self.composes)} compose files)"

    def items(self) -> Iterator[Item]:
        """Every inventoried file."""
        kinds: tuple[Sequence[Item], ...] = (
            self.dockerfiles,
            self.composes,
            self.bakes,
            self.ignores,
            self.scripts,
            self.workflows,
            self.others,
        )
        for kind in kinds:
            yield from kind

    @cached_property
    def _by_path(self) -> dict[str, Item]:
        return {item.path: item for item in self.items()}

    def item(self, path: str) -> Item | None:
        """The inventoried file at `path`."""
        return self._by_path.get(path)

    def dockerfile(self, path: str | None) -> DockerfileItem | None:
        item = self._by_path.get(path) if path is not None else None
        return item if isinstance(item, DockerfileItem) else None

    def compose(self, path: str | None) -> ComposeItem | None:
        item = self._by_path.get(path) if path is not None else None
        return item if isinstance(item, ComposeItem) else None

    @property
    def own_dockerfiles(self) -> list[DockerfileItem]:
        return [item for item in self.dockerfiles if item.standing is Standing.OWN]

    @property
    def own_composes(self) -> list[ComposeItem]:
        return [item for item in self.composes if item.standing is Standing.OWN]

    @cached_property
    def references_to(self) -> dict[str, list[Reference]]:
        """References by the path of the file they mean, strongest first."""
        found: dict[str, list[Reference]] = {}
        for reference in self.references:
            if reference.target is not None:
                found.setdefault(reference.target, []).append(reference)
        for references in found.values():
            references.sort(
                key=lambda reference: (-reference.strength, reference.place.path, reference.place.span.start)
            )
        return found

    @cached_property
    def _builds_by_owner(self) -> dict[str, list[Build]]:
        found: dict[str, list[Build]] = {}
        for build in self.builds:
            found.setdefault(build.owner or build.place.path, []).append(build)
        return found

    def builds_owned_by(self, path: str) -> list[Build]:
        """The builds that the file at `path` declares."""
        return self._builds_by_owner.get(path, [])

    def compose_files_of(self, item: ScriptItem, invocation: Invocation) -> list[str]:
        """The compose files a command of `item` reads, in order; empty when they are not all known."""
        del item  # what a command reads was worked out with the script at hand
        return list(invocation.files)

    def memo(self, key: str, make: Callable[[], T]) -> T:
        """The value kept under `key`, made on first use: readings that several rules share."""
        if key not in self._memo:
            self._memo[key] = make()
        value: T = self._memo[key]
        return value

    def context(self, root: str, dockerfile: str | None) -> "BuildContext":
        """The build context at `root` (`""` is the top) as a build with that Dockerfile sees it."""
        if dockerfile is not None and not self.tree.is_file(f"{dockerfile}.dockerignore"):
            dockerfile = None  # it makes no difference, and contexts are worked out once
        key = (root, dockerfile)
        if key not in self._contexts:
            from dockwright.trees.context import BuildContext

            self._contexts[key] = BuildContext(self.tree, root, dockerfile)
        return self._contexts[key]

    def source_data(self, path: str) -> bytes:
        """Bytes of a file for looking at its comments; empty when there is no such file."""
        item = self._by_path.get(path)
        if item is not None:
            return item.source.data
        try:
            return self.tree.read(path)
        except (KeyError, OSError):
            return b""
