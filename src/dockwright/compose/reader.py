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
    """Read a parsed YAML file as a compose file.

    Of a stream of several documents, which compose merges like overrides, the first gives the services; `effective`
    sees them all.
    """
    file = ComposeFile(yaml)
    root = file.root
    if root is None:
        if yaml.root is not None and not yaml.root.is_null:
            Fields(file.problems).wrong(yaml.root, "top-level value is no mapping")
        return file
    fields = Fields(file.problems)
    file.name = fields.child(root, "name")
    file.services = _services(fields, root)
    file.networks = _resources(fields, root, "network")
    file.volumes = _resources(fields, root, "volume")
    file.secrets = _resources(fields, root, "secret")
    file.configs = _resources(fields, root, "config")
    file.includes = _includes(fields, root.get("include"))
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
