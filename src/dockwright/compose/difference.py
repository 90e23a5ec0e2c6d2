"""What differs between two resolved projects, by service and by kind of setting.

Both are canonical models (plain data, as `docker compose config --format json` prints it); see `leaves` for what is
compared with what. Nothing here is shown to anybody: values may be secrets, and the renderer takes them out.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

import msgspec

from dockwright.compose.leaves import Leaf, leaves

Model = Mapping[str, Any]


class Area(StrEnum):
    """The kinds of settings a reader asks about."""

    VARIABLES = "variables"
    PORTS = "ports"
    VOLUMES = "volumes"
    LIMITS = "limits"
    IMAGES = "images"
    BEHAVIOUR = "behaviour"
    NETWORKS = "networks"
    SECURITY = "security"
    OTHER = "other"


_AREAS: dict[Area, tuple[str, ...]] = {
    Area.VARIABLES: ("environment", "env_file"),
    Area.PORTS: ("ports", "expose"),
    Area.VOLUMES: ("volumes", "tmpfs", "volumes_from", "secrets", "configs", "devices"),
    Area.IMAGES: ("image", "build", "platform", "pull_policy"),
    Area.BEHAVIOUR: (
        "command",
        "entrypoint",
        "healthcheck",
        "depends_on",
        "restart",
        "init",
        "working_dir",
        "stop_signal",
        "stop_grace_period",
        "profiles",
        "scale",
        "post_start",
        "pre_stop",
        "pre_start",
        "develop",
        "tty",
        "stdin_open",
    ),
    Area.NETWORKS: (
        "networks",
        "network_mode",
        "hostname",
        "domainname",
        "dns",
        "dns_opt",
        "dns_search",
        "extra_hosts",
        "links",
        "external_links",
        "mac_address",
    ),
    Area.SECURITY: (
        "user",
        "privileged",
        "cap_add",
        "cap_drop",
        "security_opt",
        "read_only",
        "userns_mode",
        "group_add",
        "pid",
        "ipc",
        "uts",
        "cgroup",
    ),
    Area.LIMITS: (
        "deploy",
        "cpus",
        "mem_limit",
        "mem_reservation",
        "mem_swappiness",
        "memswap_limit",
        "pids_limit",
        "ulimits",
        "shm_size",
        "cpuset",
        "oom_kill_disable",
        "oom_score_adj",
        "blkio_config",
        "storage_opt",
        "gpus",
    ),
}
_AREA_OF = {key: area for area, keys in _AREAS.items() for key in keys}


def area_of(name: str) -> Area:
    """The kind of a setting of a service, by its first key."""
    key = name.partition(".")[0].partition("[")[0]
    if key.startswith("cpu_"):
        return Area.LIMITS
    if name.startswith("deploy.replicas"):
        return Area.BEHAVIOUR
    return _AREA_OF.get(key, Area.OTHER)


class Change(msgspec.Struct, frozen=True):
    """One setting that is not the same on both sides; None where a side does not have it."""

    name: str
    area: Area
    a: Leaf | None
    b: Leaf | None


class ServiceChange(msgspec.Struct, frozen=True):
    """A service of both sides (perhaps under two names) and what differs, or a service of one side only."""

    a: str | None
    b: str | None
    changes: tuple[Change, ...] = ()
    same: int = 0
    """Settings that are equal."""


class Difference(msgspec.Struct, frozen=True):
    """What differs between two projects. Services in the order of the first, then what the second has alone."""

    services: tuple[ServiceChange, ...]
    top: tuple[Change, ...]
    """Project name, networks, volumes, secrets, configs."""

    @property
    def empty(self) -> bool:
        """True when nothing differs."""
        return not self.top and not any(
            one.changes or one.a is None or one.b is None for one in self.services
        )


def difference(a: Model, b: Model, pairs: Mapping[str, str] | None = None) -> Difference:
    """Compare two projects. `pairs` says which service of `a` is which of `b` where the names differ."""
    left, right = (dict(model.get("services") or {}) for model in (a, b))
    partner = {name: name for name in left if name in right} | dict(pairs or {})
    found = [_service(name, partner.get(name), left, right) for name in left]
    met = {partner[name] for name in left if name in partner}
    found += [ServiceChange(None, name) for name in right if name not in met]
    return Difference(tuple(found), tuple(_changes(_top(a), _top(b), Area.OTHER)))


def _top(model: Model) -> dict[str, Leaf]:
    return leaves({key: value for key, value in model.items() if key != "services"})


def _service(name: str, other: str | None, left: Model, right: Model) -> ServiceChange:
    if other is None or other not in right:
        return ServiceChange(name, None)
    mine = leaves(left[name] or {}, ("services", name))
    theirs = leaves(right[other] or {}, ("services", other))
    changes = tuple(_changes(mine, theirs))
    return ServiceChange(name, other, changes, len(mine) - sum(one.a is not None for one in changes))


def _changes(a: Mapping[str, Leaf], b: Mapping[str, Leaf], area: Area | None = None) -> Iterator[Change]:
    for name in dict.fromkeys((*a, *b)):
        one, other = a.get(name), b.get(name)
        if one is None or other is None or not _equal(one.value, other.value):
            yield Change(name, area or area_of(name), one, other)


def _equal(a: Any, b: Any) -> bool:
    """Equal as JSON: `1` is neither `true` nor `"1"`."""
    return bool(a == b) and _text(a) == _text(b)


def _text(value: Any) -> bytes:
    return msgspec.json.encode(value, order="deterministic")
