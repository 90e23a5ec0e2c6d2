"""Which services are enabled, selected, and which resources they need.

Source: compose-go types/project.go (HasProfile, WithServicesEnabled, WithSelectedServices, WithoutUnnecessaryResources).
"""

from __future__ import annotations

from collections.abc import Iterable

from dockwright.compose.load.consistency import Parts
from dockwright.compose.load.problems import Problems
from dockwright.compose.load.values import Mapping, Value
from dockwright.compose.load.versions import Semantics


def by_profiles(model: Mapping, profiles: Iterable[str]) -> Parts:
    """Tell services apart: enabled ones have no profiles, or one that is active; `*` activates all."""
    active = set(profiles)
    enabled: dict[str, Mapping] = {}
    disabled: dict[str, Mapping] = {}
    for name, service in model.mapping("services").entries.items():
        if isinstance(service, Mapping):
            own = service.sequence("profiles").texts()
            on = not own or "*" in active or not active.isdisjoint(own)
            (enabled if on else disabled)[name] = service
    return Parts(model, enabled, disabled)


def with_services(parts: Parts, names: Iterable[str], profiles: Iterable[str]) -> Parts:
    """The profiles of services that are asked for by name are active too."""
    wanted = list(profiles)
    for name in names:
        service = parts.disabled.get(name)
        if service is not None:
            wanted.extend(service.sequence("profiles").texts())
    return by_profiles(parts.model, wanted)


def selected(parts: Parts, names: Iterable[str], semantics: Semantics, problems: Problems) -> Parts:
    """Only the services asked for and what they depend on; no names ask for all."""
    wanted = list(names)
    if not wanted:
        return parts
    found: dict[str, None] = {}
    waiting = [(name, True) for name in wanted]
    while waiting:
        name, required = waiting.pop()
        matched = _matching(parts.enabled, name, semantics)
        if not matched and required:
            problems.fail("no-such-service", f"no such service: {name}")
        for one in matched:
            if one not in found:
                found[one] = None
                for key, needs in parts.enabled[one].mapping("depends_on").entries.items():
                    optional = isinstance(needs, Mapping) and needs.plain("required") is False
                    waiting.append((key, not optional))
    enabled: dict[str, Mapping] = {}
    disabled = dict(parts.disabled)
    for name, service in parts.enabled.items():
        if name in found:
            enabled[name] = service
            needs_all = service.get("depends_on")
            if isinstance(needs_all, Mapping):
                kept: dict[str, Value] = {
                    key: item for key, item in needs_all.entries.items() if key in found
                }
                if kept:
                    service.entries["depends_on"] = Mapping(kept, needs_all.place, needs_all.over)
                else:
                    del service.entries["depends_on"]
        else:
            disabled[name] = service
    return Parts(parts.model, enabled, disabled)


def _matching(services: dict[str, Mapping], name: str, semantics: Semantics) -> list[str]:
    """The service of a name; from compose-go 2.6 the name may be a pattern (`web-*`)."""
    if name in services:
        return [name]
    if semantics.since(2, 6, 0) and any(char in name for char in "*?["):
        from fnmatch import fnmatchcase

        return [one for one in services if fnmatchcase(one, name)]
    return []


def pruned(parts: Parts) -> Mapping:
    """The model with the enabled services, and the resources they name."""
    needed: dict[str, set[str]] = {
        "networks": set(),
        "volumes": set(),
        "secrets": set(),
        "configs": set(),
        "models": set(),
    }
    for service in parts.enabled.values():
        needed["networks"].update(service.mapping("networks").entries)
        needed["models"].update(service.mapping("models").entries)
        for volume in service.sequence("volumes").items:
            if isinstance(volume, Mapping) and volume.text("type") == "volume":
                needed["volumes"].add(volume.text("source"))
        files = (
            ("secrets", service.sequence("secrets")),
            ("secrets", service.mapping("build").sequence("secrets")),
            ("configs", service.sequence("configs")),
        )
        for kind, items in files:
            needed[kind].update(item.text("source") for item in items.items if isinstance(item, Mapping))
    return _kept(parts, needed)


def unpruned(parts: Parts) -> Mapping:
    """The model with the enabled services and every resource."""
    return _kept(parts, None)


def _kept(parts: Parts, needed: dict[str, set[str]] | None) -> Mapping:
    found: dict[str, Value] = {}
    for key, value in parts.model.entries.items():
        if key == "services":
            services: dict[str, Value] = dict(sorted(parts.enabled.items()))
            found[key] = Mapping(services, value.place)
        elif needed is not None and key in needed and isinstance(value, Mapping):
            kept = {name: item for name, item in sorted(value.entries.items()) if name in needed[key]}
            if kept:
                found[key] = Mapping(kept, value.place)
        else:
            found[key] = value
    return Mapping(found, parts.model.place)
