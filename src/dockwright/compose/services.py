"""Reading services: the keys of `services.*` into `Service`."""

from collections.abc import Callable
from typing import Any

from dockwright.compose.fields import Fields
from dockwright.compose.model import (
    Build,
    Command,
    Dependency,
    EnvFile,
    Extends,
    Healthcheck,
    Limits,
    NetworkRef,
    Service,
    Watch,
)
from dockwright.compose.mounts import read_ports, read_volumes
from dockwright.compose.value import Text
from dockwright.compose.yaml.collections import Entry, Mapping, Sequence
from dockwright.compose.yaml.nodes import Node
from dockwright.compose.yaml.scalar import Scalar

Reader = Callable[[Fields, Node], Any]


def read_service(fields: Fields, entry: Entry) -> Service:
    """One service; a null one has no keys."""
    node = entry.value.target
    found: dict[str, Any] = {}
    for field in fields.entries(node):
        name = field.name
        reader = _READERS.get(name)
        if reader is not None:
            found[_NAMES.get(name, name)] = reader(fields, field.value.target)
    deploy = node.get("deploy")
    if deploy is not None:
        found.update(_deploy(fields, deploy, found))
    found["limits"] = _limits(fields, node, ("cpus", "mem_limit", "pids_limit"), found.get("limits"))
    found["reservations"] = _limits(fields, node, ("", "mem_reservation", ""), found.get("reservations"))
    keys = tuple(node.meant) if isinstance(node, Mapping) else ()
    return Service(entry.name, node, entry.key, keys=keys, **found)


def _build(fields: Fields, node: Node) -> Build | None:
    if isinstance(node, Scalar):
        context = fields.text(node)
        return Build(node, context, short=True) if context is not None else None
    found: dict[str, Any] = {}
    for field in fields.entries(node, "text or mapping"):
        reader = _BUILD.get(field.name)
        if reader is not None:
            found[field.name] = reader(fields, field.value.target)
    return Build(node, **found)


def _command(fields: Fields, node: Node) -> Command:
    if isinstance(node, Scalar):
        text = fields.text(node)
        return Command(node, text=text, cleared=text is None or not text.raw)
    words = fields.texts(node)
    return Command(node, words, cleared=not words)


def _networks(fields: Fields, node: Node) -> tuple[NetworkRef, ...]:
    found: list[NetworkRef] = []
    if isinstance(node, Mapping):
        for entry in fields.entries(node):
            value = entry.value.target
            key = entry.key.target
            addresses = [fields.child(value, name) for name in ("ipv4_address", "ipv6_address")]
            aliases = fields.texts(value.get("aliases"))
            found.append(NetworkRef(Text(entry.name, key), key, aliases, *addresses))
    else:
        found.extend(NetworkRef(text, text.node) for text in fields.texts(node))
    return tuple(found)


def _env_file(fields: Fields, node: Node) -> tuple[EnvFile, ...]:
    found: list[EnvFile] = []
    items = [node] if isinstance(node, Scalar) else fields.list(node, "text or list")
    for item in items:
        path = fields.text(item) if isinstance(item, Scalar) else fields.child(item, "path")
        if path is not None:
            required = fields.flag(item.get("required"))
            found.append(EnvFile(path, item, required is not False, fields.child(item, "format")))
    return tuple(found)


def _depends_on(fields: Fields, node: Node) -> tuple[Dependency, ...]:
    if not isinstance(node, Mapping):
        return tuple(Dependency(text, text.node) for text in fields.texts(node))
    found: list[Dependency] = []
    for entry in fields.entries(node):
        value = entry.value.target
        required = fields.flag(value.get("required")) is not False
        restart = fields.flag(value.get("restart")) is True
        name = Text(entry.name, entry.key.target)
        found.append(Dependency(name, entry.key.target, fields.child(value, "condition"), required, restart))
    return tuple(found)


def _healthcheck(fields: Fields, node: Node) -> Healthcheck | None:
    if not isinstance(node, Mapping):
        if not node.is_null:
            fields.wrong(node, "is no mapping")
        return None
    test = node.get("test")
    words = fields.texts(test)
    first = words[0].raw if words and isinstance(test, Sequence) else ""
    times = {name: fields.child(node, name) for name in _TIMES}
    return Healthcheck(
        node,
        words,
        shell=(isinstance(test, Scalar) and bool(words)) or first == "CMD-SHELL",
        disabled=fields.flag(node.get("disable")) is True or first == "NONE",
        **times,
    )


def _extends(fields: Fields, node: Node) -> Extends | None:
    if isinstance(node, Scalar):
        return Extends(node, fields.text(node))
    if isinstance(node, Mapping):
        return Extends(node, fields.child(node, "service"), fields.child(node, "file"))
    fields.wrong(node, "is no text or mapping")
    return None


def _watch(fields: Fields, node: Node) -> tuple[Watch, ...]:
    found: list[Watch] = []
    for item in fields.list(node.get("watch")):
        path, action, target = (fields.child(item, name) for name in ("path", "action", "target"))
        found.append(Watch(item, path, action, target, fields.texts(item.get("ignore"))))
    return tuple(found)


def _deploy(fields: Fields, node: Node, known: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in ("limits", "reservations"):
        resource = node.at("resources", name)
        if resource is not None:
            texts = (fields.child(resource, key) for key in ("cpus", "memory", "pids"))
            found[name] = Limits(*texts)
    policy = node.at("restart_policy", "condition")
    if policy is not None:
        found["restart_policy"] = fields.text(policy)
    replicas = node.get("replicas")
    if replicas is not None and known.get("replicas") is None:
        found["replicas"] = fields.text(replicas)
    return found


def _limits(fields: Fields, node: Node, keys: tuple[str, str, str], deploy: Limits | None) -> Limits:
    """Limits at the service (cpus, memory, pids), filled up from `deploy.resources`."""
    deploy = deploy or Limits()
    own = [fields.child(node, key) if key else None for key in keys]
    if own == [None, None, None]:
        return deploy
    return Limits(own[0] or deploy.cpus, own[1] or deploy.memory, own[2] or deploy.pids)


def _hosts(fields: Fields, node: Node) -> Any:
    return fields.pairs(node, "=:")


_TIMES = ("interval", "timeout", "start_period", "start_interval", "retries")
_TEXTS: Reader = Fields.texts
_TEXT: Reader = Fields.text
_PAIRS: Reader = Fields.pairs

_BUILD: dict[str, Reader] = {
    **dict.fromkeys(
        ("context", "dockerfile", "dockerfile_inline", "target", "network", "no_cache", "pull"), _TEXT
    ),
    **dict.fromkeys(("cache_from", "cache_to", "platforms", "tags"), _TEXTS),
    **dict.fromkeys(("args", "labels", "additional_contexts", "ssh"), _PAIRS),
    "secrets": Fields.file_refs,
}

_NAMES = {"scale": "replicas", "develop": "watch"}
_READERS: dict[str, Reader] = {
    **dict.fromkeys(
        (
            "image", "container_name", "restart", "user", "working_dir", "hostname", "platform", "pull_policy",
            "network_mode", "pid", "ipc", "privileged", "read_only", "init", "stop_grace_period", "stop_signal", "scale",
        ),
        _TEXT,
    ),
    **dict.fromkeys(
        ("expose", "tmpfs", "links", "volumes_from", "profiles", "security_opt", "cap_add", "cap_drop"), _TEXTS
    ),
    **dict.fromkeys(("environment", "labels"), _PAIRS),
    **dict.fromkeys(("secrets", "configs"), Fields.file_refs),
    "build": _build,
    "command": _command,
    "entrypoint": _command,
    "ports": read_ports,
    "volumes": read_volumes,
    "networks": _networks,
    "env_file": _env_file,
    "depends_on": _depends_on,
    "healthcheck": _healthcheck,
    "extends": _extends,
    "develop": _watch,
    "extra_hosts": _hosts,
}  # fmt: skip
