"""How one service or resource overrides another, attribute by attribute.

Source of the rules: compose-spec/compose-go override/merge.go (mergeSpecials) and override/uncity.go. Null in an
override keeps the base, except for `command`, `entrypoint` and `healthcheck.test`, which it clears. `!reset` drops the
base's value and its own, `!override` the base's. Keys are compared with the variables that are known filled in.
"""

import posixpath
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import msgspec

from dockwright.compose.model import (
    Build,
    Dependency,
    EnvFile,
    FileRef,
    Healthcheck,
    KeyValue,
    Limits,
    NetworkRef,
    Port,
    Resource,
    Service,
    Volume,
)
from dockwright.compose.ports import bindings
from dockwright.compose.value import Text
from dockwright.compose.volumes import mount
from dockwright.compose.yaml import collections as tree
from dockwright.compose.yaml.nodes import Node

Env = Mapping[str, str]
T = TypeVar("T")
S = TypeVar("S", Service, Build, Healthcheck, Limits, Resource)

_FIELDS = {
    "develop": ("watch",),
    "scale": ("replicas",),
    "deploy": ("limits", "reservations", "restart_policy", "replicas"),
    "mem_limit": ("limits",),
    "cpus": ("limits",),
    "pids_limit": ("limits",),
    "mem_reservation": ("reservations",),
}
"""Attributes whose values are kept in fields of another name."""


def merge_service(base: Service, over: Service, env: Env) -> Service:
    """`over` on top of `base`."""
    base = _without_reset(_untagged(base, over.node), over.node)
    found: dict[str, Any] = {name: getattr(over, name) for name in ("name", "node", "key")}
    for name in _SCALARS:
        found[name] = getattr(over, name) or getattr(base, name)
    for name, merge in _LISTS.items():
        found[name] = merge(getattr(base, name), getattr(over, name), env)
    for name in ("command", "entrypoint"):
        found[name] = getattr(over, name) if name in over.keys else getattr(base, name)
    found["build"] = _build(base.build, over.build, env)
    found["healthcheck"] = _healthcheck(base.healthcheck, over.healthcheck)
    found["limits"] = _filled(base.limits, over.limits)
    found["reservations"] = _filled(base.reservations, over.reservations)
    found["extends"] = over.extends
    found["keys"] = tuple(dict.fromkeys((*base.keys, *over.keys)))
    found["parts"] = (*(base.parts or (base,)), *(over.parts or (over,)))
    return Service(**found)


def unique_service(service: Service, env: Env) -> Service:
    """A service alone: of items with the same key the last stays, in the first one's place."""
    found = {name: merge((), getattr(service, name), env) for name, merge in _LISTS.items()}
    return msgspec.structs.replace(service, **found)


def merge_resource(base: Resource, over: Resource, env: Env) -> Resource:
    """`over` on top of `base`; address pools that the override does not name are lost, as in compose."""
    base = _untagged(base, over.node)
    options = _pairs(base.driver_opts, over.driver_opts, env)
    merged = _filled(base, over)
    return msgspec.structs.replace(merged, driver_opts=options, external=over.external or base.external)


def _filled(base: S, over: S) -> S:
    """`over` with the values of `base` where it has none."""
    found = {name: getattr(over, name) or getattr(base, name) for name in over.__struct_fields__}
    return type(over)(**found)


def _untagged(base: S, over: Node) -> S:
    """`base` without what the entries of `over` that are tagged `!reset` or `!override` replace."""
    if not isinstance(over, tree.Mapping):
        return base
    gone: dict[str, Any] = {}
    for entry in over.meant.values():
        if entry.value.tag in ("!reset", "!override"):
            for name in _FIELDS.get(entry.name, (entry.name,)):
                if name in base.__struct_fields__:
                    gone[name] = _default(type(base), name)
    return msgspec.structs.replace(base, **gone) if gone else base


def _without_reset(base: Service, over: Node) -> Service:
    """`base` without the dependencies, networks and variables that `over` resets one by one.

    A variable is only found when the base gave a mapping and was not merged before (docker/compose#11816).
    """
    gone: dict[str, Any] = {}
    for name in (
        ("depends_on", "networks") if base.parts else ("depends_on", "networks", "environment", "labels")
    ):
        gone.update(_without_names(base, over, name))
    return msgspec.structs.replace(base, **gone) if gone else base


def _without_names(base: Service | Build, over: Node, attribute: str) -> dict[str, Any]:
    names = _reset_names(over.get(attribute))
    items = getattr(base, attribute)
    if not names or not items:
        return {}
    listed = attribute not in ("depends_on", "networks")
    kept = (
        item
        for item in items
        if (listed and isinstance(item.node.parent, tree.Sequence)) or _item_name(item) not in names
    )
    return {attribute: tuple(kept)}


def _item_name(item: Dependency | NetworkRef | KeyValue) -> str:
    if isinstance(item, Dependency):
        return item.service.raw
    return item.name.raw if isinstance(item, NetworkRef) else item.name


def _reset_names(node: Node | None) -> set[str]:
    if not isinstance(node, tree.Mapping):
        return set()
    return {entry.name for entry in node.entries if entry.value.tag == "!reset"}


def _default(kind: type[Any], name: str) -> Any:
    for field in msgspec.structs.fields(kind):
        if field.name == name:
            return field.default
    return None


# Lists and maps.


def _keyed(key: Callable[[T, Env], object]) -> Callable[[tuple[T, ...], tuple[T, ...], Env], tuple[T, ...]]:
    """Append, then keep the last of each key in the first one's place."""

    def merge(base: tuple[T, ...], over: tuple[T, ...], env: Env) -> tuple[T, ...]:
        if len(base) + len(over) < 2:
            return base or over
        found: dict[object, T] = {}
        for item in (*base, *over):
            found[key(item, env)] = item
        return tuple(found.values())

    return merge


def _append(base: tuple[T, ...], over: tuple[T, ...], env: Env) -> tuple[T, ...]:
    del env
    return (*base, *over)


def _filled_text(text: Text | None, env: Env) -> str:
    return text.resolved(env).filled if text is not None else ""


def _before_equals(item: Text, env: Env) -> object:
    return _filled_text(item, env).partition("=")[0]


def _whole(item: Text, env: Env) -> object:
    return _filled_text(item, env)


def _port(item: Port, env: Env) -> object:
    found = bindings(item, dict(env))
    if not found:
        return item.short.raw if item.short is not None else item
    return tuple((one.host_ip or "0.0.0.0", one.published, one.target, one.protocol) for one in found)  # noqa: S104


def _volume(item: Volume, env: Env) -> object:
    found = mount(item, env)
    return posixpath.normpath(found.target) if found is not None and found.target else item


def _file_ref(item: FileRef, env: Env) -> object:
    return _filled_text(item.target, env) or f"/run/secrets/{_filled_text(item.source, env)}"


def _env_file(item: EnvFile, env: Env) -> object:
    return _filled_text(item.path, env)


def _name(item: KeyValue, env: Env) -> object:
    return _filled_text(item.key, env) if isinstance(item.node.parent, tree.Sequence) else item.name


def _host(item: KeyValue, env: Env) -> object:
    return item.name, _filled_text(item.value, env)


_pairs = _keyed(_name)


def _depends_on(
    base: tuple[Dependency, ...], over: tuple[Dependency, ...], env: Env
) -> tuple[Dependency, ...]:
    """By service. The list form says `service_started`, also on top of another condition."""
    found = {_filled_text(item.service, env): item for item in base}
    for item in over:
        name = _filled_text(item.service, env)
        before = found.get(name)
        if before is not None and isinstance(item.node.parent, tree.Mapping) and item.condition is None:
            item = msgspec.structs.replace(item, condition=before.condition)
        found[name] = item
    return tuple(found.values())


def _networks(base: tuple[NetworkRef, ...], over: tuple[NetworkRef, ...], env: Env) -> tuple[NetworkRef, ...]:
    found = {_filled_text(item.name, env): item for item in base}
    for item in over:
        name = _filled_text(item.name, env)
        before = found.get(name)
        if before is not None:
            item = msgspec.structs.replace(
                item,
                aliases=_texts(before.aliases, item.aliases, env),
                ipv4_address=item.ipv4_address or before.ipv4_address,
                ipv6_address=item.ipv6_address or before.ipv6_address,
            )
        found[name] = item
    return tuple(found.values())


_texts = _keyed(_before_equals)

_LISTS: dict[str, Callable[[Any, Any, Env], Any]] = {
    "ports": _keyed(_port),
    "volumes": _keyed(_volume),
    "secrets": _keyed(_file_ref),
    "configs": _keyed(_file_ref),
    "env_file": _keyed(_env_file),
    "environment": _pairs,
    "labels": _pairs,
    "extra_hosts": _keyed(_host),
    "depends_on": _depends_on,
    "networks": _networks,
    "expose": _keyed(_whole),
    **dict.fromkeys(("tmpfs", "links", "profiles", "cap_add", "cap_drop"), _texts),
    **dict.fromkeys(("security_opt", "volumes_from", "watch"), _append),
}

_MERGED_ALONE = {
    "name", "node", "key", "command", "entrypoint", "build", "healthcheck", "limits", "reservations", "extends", "keys",
    "parts",
}  # fmt: skip
_SCALARS = tuple(
    name for name in Service.__struct_fields__ if name not in _MERGED_ALONE and name not in _LISTS
)


def _build(base: Build | None, over: Build | None, env: Env) -> Build | None:
    if base is None or over is None:
        return over or base
    base = _untagged(base, over.node)
    for name in ("args", "labels", "additional_contexts"):
        base = msgspec.structs.replace(base, **_without_names(base, over.node, name))
    lists: Iterable[tuple[str, Any]] = (
        *((name, _pairs) for name in ("args", "labels", "additional_contexts", "ssh")),
        *((name, _append) for name in ("cache_from", "cache_to", "platforms", "secrets")),
        ("tags", _texts),
    )
    merged = {name: merge(getattr(base, name), getattr(over, name), env) for name, merge in lists}
    return msgspec.structs.replace(_filled(base, over), short=base.short and over.short, **merged)


def _healthcheck(base: Healthcheck | None, over: Healthcheck | None) -> Healthcheck | None:
    if base is None or over is None:
        return over or base
    base = _untagged(base, over.node)
    merged = _filled(base, over)
    if isinstance(over.node, tree.Mapping) and "test" in over.node:
        merged = msgspec.structs.replace(merged, test=over.test, shell=over.shell)
    switched_on = over.node.get("disable")
    disabled = over.disabled if switched_on is not None or over.test else base.disabled
    return msgspec.structs.replace(merged, disabled=disabled)
