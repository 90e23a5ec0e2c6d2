"""`ComposeFile`: one compose file, read."""

from functools import cached_property

from dockwright.compose.detect import SERVICE_SIGNS
from dockwright.compose.model import Include, Resource, Service, VariableUse
from dockwright.compose.value import Text
from dockwright.compose.yaml.collections import Alias, Mapping, walk
from dockwright.compose.yaml.file import YamlFile
from dockwright.compose.yaml.nodes import Node, Problem


class ComposeFile:
    """One compose file as written. Made by `dockwright.compose.read`.

    `problems` are those of the YAML and every place where the file has a form that compose does not accept.
    """

    def __init__(self, yaml: YamlFile, root: Node | None) -> None:
        self.yaml = yaml
        self.path = yaml.path
        self.root: Mapping | None = root if isinstance(root, Mapping) else None
        self.further: tuple[ComposeFile, ...] = ()
        """The further documents of the file, which compose merges on top like override files."""
        self.problems: list[Problem] = []
        self.name: Text | None = None
        self.services: dict[str, Service] = {}
        self.networks: dict[str, Resource] = {}
        self.volumes: dict[str, Resource] = {}
        self.secrets: dict[str, Resource] = {}
        self.configs: dict[str, Resource] = {}
        self.includes: tuple[Include, ...] = ()

    def __repr__(self) -> str:
        return f"ComposeFile({self.path!r}, {len(self.services)} services)"

    @property
    def is_fragment(self) -> bool:
        """True when the file is no project alone: nothing in it, or a service with neither image, build nor base."""
        if not self.services:
            return not self.includes
        return any(SERVICE_SIGNS.isdisjoint(service.keys) for service in self.services.values())

    @cached_property
    def anchors(self) -> dict[str, int]:
        """Anchors of the file, with how often an alias uses each."""
        found = {name: 0 for document in self.yaml.documents for name in document.anchors}
        for document in self.yaml.documents:
            for node in walk(document.root):
                if isinstance(node, Alias) and node.to is not None:
                    found[node.name] += 1
        return found

    @cached_property
    def uses(self) -> tuple[VariableUse, ...]:
        """Every variable use in the file's values, in order of the file."""
        from dockwright.compose.variables import variable_uses

        return variable_uses(self.yaml)

    def variables(self) -> tuple[VariableUse, ...]:
        """Every variable use in the file's values, in order of the file."""
        return self.uses
