"""A stack: one way to use a repository's compose files, and what it resolves to in a tree.

The environment is what the caller gives and nothing else; `.env` and env files are read from the tree, as Compose does.
"""

from collections.abc import Mapping

import msgspec

from dockwright.compose.load import Environment, Loaded, Semantics, run
from dockwright.compose.load.discover import Asked, discover
from dockwright.compose.load.origin import Origin, origin_of
from dockwright.compose.load.project import Project, Route
from dockwright.compose.load.tree_files import TreeFiles
from dockwright.compose.load.values import Value
from dockwright.compose.made_up import as_seen, made_up_root
from dockwright.compose.yaml import YamlFile
from dockwright.record import replaced
from dockwright.trees.tree import Tree

ROOT = made_up_root("repository")


class Stack(msgspec.Struct, frozen=True):
    """What `docker compose` is asked for. Paths are relative to the tree's root; no files means that they are searched."""

    name: str
    files: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    env_files: tuple[str, ...] = ()
    project_directory: str = ""
    project_name: str = ""


class Resolved(msgspec.Struct, frozen=True):
    """A stack with what loading gave. `root` is where the tree was shown: paths of places lose it when they are told."""

    stack: Stack
    loaded: Loaded
    root: str

    @property
    def project(self) -> Project | None:
        """The project; None when there are errors."""
        return self.loaded.project

    def place(self, route: Route) -> Origin | None:
        """Where the value at a route was written; for a part Compose made up, where what it is part of was written."""
        project = self.loaded.project
        if project is None:
            return None
        for size in range(len(route), 0, -1):
            origin = _written(project.at(*route[:size]))
            if origin is not None:
                return self.told(origin)
        return None

    def told(self, origin: Origin) -> Origin:
        """The place with its path relative to the tree's root."""
        return replaced(origin, path=as_seen(origin.path, self.root))

    def words(self, text: str) -> str:
        """A message with its paths relative to the tree's root, as people know them."""
        return as_seen(text, self.root)


def _written(value: Value | None) -> Origin | None:
    return None if value is None else origin_of(value.place)


def resolve(
    tree: Tree,
    stack: Stack,
    variables: Mapping[str, str] | None = None,
    semantics: Semantics | None = None,
    root: str = ROOT,
) -> Resolved:
    """Resolve a stack in a tree. `variables` are the environment; nothing is taken from the process.

    Never raises for what stands in the files: see `loaded.errors`.
    """
    return resolve_in(TreeFiles(tree, root), stack, variables, semantics)


def resolve_in(
    files: TreeFiles,
    stack: Stack,
    variables: Mapping[str, str] | None = None,
    semantics: Semantics | None = None,
    *,
    consistency: bool = True,
    parsed: Mapping[str, YamlFile] | None = None,
) -> Resolved:
    """As `resolve`, of files shown at `files.root`. Without `consistency`, parts may name what is not defined.

    `parsed` are files that were read already, by path in the tree.
    """
    root = files.root
    asked = Asked(
        files=tuple(_absolute(root, path) for path in stack.files),
        profiles=stack.profiles,
        env_files=tuple(_absolute(root, path) for path in stack.env_files),
        project_directory=_absolute(root, stack.project_directory) if stack.project_directory else "",
        project_name=stack.project_name,
    )
    environment = Environment.of(dict(variables or {}))
    found = discover(asked, environment, root, files, semantics or Semantics())
    if found.request is None:
        return Resolved(stack, Loaded(None, None, found.errors, found.warnings, environment), root)
    given = {f"{root}/{path}": file for path, file in (parsed or {}).items()}
    request = replaced(found.request, consistency=consistency, parsed=given)
    return Resolved(stack, run(request), root)


def _absolute(root: str, path: str) -> str:
    return f"{root}/{path}" if path else root
