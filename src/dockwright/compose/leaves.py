"""A resolved project taken apart into leaves that can be compared: one name and value each, with the path in the model.

Input is the canonical model (plain data, as `docker compose config --format json` prints it). Items of lists are named
by what makes them one and the same in compose: a port by its target and protocol, a mount by its target, a secret or
config by its source. Lists whose order says nothing (`cap_add`) are sets; lists whose order counts (`command`,
`healthcheck.test`) are one value.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

Path = tuple[str | int, ...]

WHOLE = frozenset({"command", "entrypoint", "test", "ipam", "watch", "post_start", "pre_stop", "pre_start"})
"""Keys whose value is one thing: half of a command is no setting."""
SETS = frozenset(
    {
        "cap_add",
        "cap_drop",
        "security_opt",
        "group_add",
        "device_cgroup_rules",
        "expose",
        "external_links",
        "links",
        "profiles",
        "tmpfs",
        "volumes_from",
        "aliases",
        "extra_hosts",
        "cache_from",
        "cache_to",
        "tags",
        "platforms",
        "entitlements",
        "capabilities",
        "device_ids",
        "constraints",
    }
)
"""Lists whose order says nothing: compose-spec, and moby's handling of each."""
_NAMED = {
    "ports": ("target", "protocol"),
    "volumes": ("target",),
    "devices": ("target",),
    "secrets": ("source", "target"),
    "configs": ("source", "target"),
    "env_file": ("path",),
}


class Leaf(msgspec.Struct, frozen=True):
    """One setting: plain data and where it stands in the model."""

    value: Any
    path: Path


def leaves(settings: Mapping[str, Any], base: Path = ()) -> dict[str, Leaf]:
    """The leaves of one service (or of any part of the model), by name: `healthcheck.interval`, `ports.80/tcp.published`.

    Nothing (null, an empty mapping or list) is no leaf, but for `command` and `entrypoint`, where an empty list means
    that the image's own is taken away.
    """
    found: dict[str, Leaf] = {}
    for name, leaf in _walk("", settings, base):
        number = 1
        while name in found and number < 1000:
            number += 1
            name = f"{name.partition('#')[0]}#{number}"
        found[name] = leaf
    return found


def _walk(name: str, value: Any, path: Path) -> Iterator[tuple[str, Leaf]]:
    key = str(path[-1]) if path else ""
    if value is None or (value in ({}, []) and key not in ("command", "entrypoint")):
        return
    if key in WHOLE and name:
        yield name, Leaf(value, path)
    elif isinstance(value, Mapping):
        for part, below in value.items():
            yield from _walk(f"{name}.{part}" if name else str(part), below, (*path, part))
    elif isinstance(value, (list, tuple)):
        yield from _items(name, key, value, path)
    else:
        yield name, Leaf(value, path)


def _items(name: str, key: str, items: Any, path: Path) -> Iterator[tuple[str, Leaf]]:
    for index, item in enumerate(items):
        here = (*path, index)
        if key in SETS and not isinstance(item, (Mapping, list)):
            yield f"{name}[{item}]", Leaf(item, here)
        elif isinstance(item, Mapping):
            yield from _walk(f"{name}.{_item_name(key, item, index)}", item, here)
        else:
            yield f"{name}.{index}", Leaf(item, here)


def _item_name(key: str, item: Mapping[str, Any], index: int) -> str:
    names = [str(item[part]) for part in _NAMED.get(key, ()) if item.get(part) not in (None, "")]
    return "/".join(names) or str(index)
