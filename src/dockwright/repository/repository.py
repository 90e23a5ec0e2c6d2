"""`Repository`: all facts about one repository in one value, with the look-ups rules and reports need."""

from collections.abc import Iterator, Sequence
from functools import cached_property

import msgspec

from dockwright.config import Config
from dockwright.errors import Skipped
from dockwright.repository.model import (
    BakeItem,
    Build,
    ComposeItem,
    DockerfileItem,
    IgnoreItem,
    Item,
    OtherItem,
    Reference,
    ScriptItem,
    Standing,
    WorkflowItem,
)
from dockwright.trees.context import BuildContext
from dockwright.trees.tree import Tree


class Facts(msgspec.Struct, kw_only=True):
    """Everything the inventory found. All lists are sorted by path (and place); files that are not the repository's
    own (backups, vendored, ignored …) are in them too and say so by their `standing`."""

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
        self.skipped = facts.skipped
        self._contexts: dict[tuple[str, str | None], BuildContext] = {}

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
            references.sort(key=lambda reference: (-reference.strength, reference.place.path, reference.place.line))
        return found

    def context(self, root: str, dockerfile: str | None) -> BuildContext:
        """The build context at `root` (`""` is the top) as a build with that Dockerfile sees it."""
        key = (root, dockerfile)
        if key not in self._contexts:
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
