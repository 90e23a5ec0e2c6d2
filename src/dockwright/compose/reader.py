"""Reading a whole compose file: services, top-level resources, includes."""

from typing import Literal

from dockwright.compose.fields import RESET, Fields
from dockwright.compose.file import ComposeFile
from dockwright.compose.model import Include, Resource, Service
from dockwright.compose.services import read_service
from dockwright.compose.yaml.collections import Entry, Mapping
from dockwright.compose.yaml.file import YamlFile
from dockwright.compose.yaml.nodes import Node
from dockwright.compose.yaml.scalar import Scalar

Kind = Literal["network", "volume", "secret", "config"]


def read_file(yaml: YamlFile) -> ComposeFile:
    """Read a parsed YAML file as a compose file; further documents of the stream are in `further`."""
    roots = [document.root for document in yaml.documents if document.root is not None]
    first = _document(yaml, roots[0] if roots else None)
    first.further = tuple(_document(yaml, root) for root in roots[1:])
    first.problems[:0] = yaml.problems
    for part in first.further:
        first.problems += part.problems
    return first


def _document(yaml: YamlFile, root: Node | None) -> ComposeFile:
    file = ComposeFile(yaml, root)
    fields = Fields(file.problems)
    if file.root is None:
        if root is not None and not root.is_null:
            fields.wrong(root, "top-level value is no mapping")
        return file
    file.name = fields.child(file.root, "name")
    file.services = _services(fields, file.root)
    file.networks = _resources(fields, file.root, "network")
    file.volumes = _resources(fields, file.root, "volume")
    file.secrets = _resources(fields, file.root, "secret")
    file.configs = _resources(fields, file.root, "config")
    file.includes = _includes(fields, file.root.get("include"))
    return file


def _services(fields: Fields, root: Mapping) -> dict[str, Service]:
    found: dict[str, Service] = {}
    entry = root.entry("services")
    if entry is None or entry.value.tag == RESET:
        return found
    for service in fields.entries(entry.value.target):
        value = service.value.target
        if isinstance(value, Mapping) or value.is_null:
            found[service.name] = read_service(fields, service)
        else:
            fields.wrong(value, "service is no mapping")
    return found


def _resources(fields: Fields, root: Mapping, kind: Kind) -> dict[str, Resource]:
    return {entry.name: _resource(fields, entry, kind) for entry in fields.entries(root.get(f"{kind}s"))}


def _resource(fields: Fields, entry: Entry, kind: Kind) -> Resource:
    node = entry.value.target
    external = node.get("external")
    name = fields.child(node, "name")
    if name is None and isinstance(external, Mapping):
        name = fields.child(external, "name")
    subnets = [fields.child(item, "subnet") for item in fields.list(node.at("ipam", "config"))]
    return Resource(
        kind,
        entry.name,
        entry.key,
        node,
        name=name,
        external=isinstance(external, Mapping) or fields.flag(external) is True,
        driver=fields.child(node, "driver"),
        file=fields.child(node, "file"),
        environment=fields.child(node, "environment"),
        content=fields.child(node, "content"),
        subnets=tuple(subnet for subnet in subnets if subnet is not None),
        driver_opts=fields.pairs(node.get("driver_opts")),
    )


def _includes(fields: Fields, node: Node | None) -> tuple[Include, ...]:
    found: list[Include] = []
    for item in fields.list(node):
        if isinstance(item, Scalar):
            found.append(Include(item, fields.texts(item)))
        elif isinstance(item, Mapping):
            paths = fields.texts(item.get("path"))
            directory = fields.child(item, "project_directory")
            found.append(Include(item, paths, directory, fields.texts(item.get("env_file"))))
        else:
            fields.wrong(item, "include is no path or mapping")
    return tuple(found)
