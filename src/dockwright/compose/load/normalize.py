"""Normalisation: implicit networks, dependencies, names, and variables taken from the environment.

Sources: compose-go loader/normalize.go (Normalize), loader/environment.go (ResolveEnvironment).
"""

from __future__ import annotations

from dockwright.compose.load.environment import Environment
from dockwright.compose.load.gopath import clean
from dockwright.compose.load.merge import is_null
from dockwright.compose.load.origin import VariableUse
from dockwright.compose.load.values import Mapping, Scalar, Sequence, Value
from dockwright.compose.load.versions import Semantics

_SHARED = ("network_mode", "ipc", "pid", "uts", "cgroup")


def fill_variables(model: Mapping, environment: Environment) -> None:
    """ResolveEnvironment: `- NAME` items of list-form environments, and `environment:` of configs, from the environment."""
    for service in model.mapping("services").entries.values():
        variables = service.entries.get("environment") if isinstance(service, Mapping) else None
        if isinstance(variables, Sequence):
            variables.items = [
                _pair(item, environment, whole=True) for item in variables.items if _is_text(item)
            ]
    for config in model.mapping("configs").entries.values():
        if isinstance(config, Mapping):
            name = config.plain("environment")
            setting = environment.setting(name) if isinstance(name, str) else None
            if setting is not None:
                config.entries["content"] = Scalar(
                    setting.value, config.place, None, (VariableUse(setting.name, "", setting),)
                )


def _is_text(item: Value) -> bool:
    return isinstance(item, Scalar) and isinstance(item.value, str)


def _pair(item: Value, environment: Environment, *, whole: bool) -> Value:
    """`NAME` as `NAME=value` where the environment has it; with `whole` the item is the name, even with `=` in it."""
    assert isinstance(item, Scalar)
    name = str(item.value)
    if not whole and "=" in name:
        return item
    setting = environment.setting(name)
    if setting is None:
        return item
    return Scalar(f"{name}={setting.value}", item.place, item.over, (VariableUse(name, "", setting),))


def normalize(model: Mapping, name: str, environment: Environment, semantics: Semantics) -> None:
    """Normalise a whole model in place; `name` is the project's."""
    _networks(model, semantics)
    for service in model.mapping("services").entries.values():
        if isinstance(service, Mapping):
            _service(service, environment)
            if semantics.since(2, 13, 0):
                _hooks(service)
    _names(model, name)


def _service(service: Mapping, environment: Environment) -> None:
    policy = service.get("pull_policy")
    if isinstance(policy, Scalar) and policy.value == "if_not_present":
        service.entries["pull_policy"] = policy.like("missing")
    build = service.get("build")
    if isinstance(build, Mapping):
        if is_null(build.get("context")):
            build.entries["context"] = Scalar(".")
        if is_null(build.get("dockerfile")) and is_null(build.get("dockerfile_inline")):
            build.entries["dockerfile"] = Scalar("Dockerfile")
        if "args" in build.entries:
            build.entries["args"] = _resolved(build.entries["args"], environment, keep=False)
    if "environment" in service.entries:
        service.entries["environment"] = _resolved(service.entries["environment"], environment, keep=True)
    for volume in service.sequence("volumes").items:
        target = volume.entries.get("target") if isinstance(volume, Mapping) else None
        if isinstance(volume, Mapping) and isinstance(target, Scalar) and isinstance(target.value, str):
            cleaned = clean(target.value)
            if cleaned != target.value:
                volume.entries["target"] = target.like(cleaned)
    _dependencies(service)


def _resolved(value: Value, environment: Environment, *, keep: bool) -> Value:
    """normalize.go: resolve. Names without value get the environment's; else they stay or, for build arguments, go."""
    if isinstance(value, Sequence):
        found = [_pair(item, environment, whole=False) if _is_text(item) else item for item in value.items]
        if not keep:
            found = [item for item in found if not _is_text(item) or "=" in str(item.value)]  # type: ignore[attr-defined]
        return Sequence(found, value.place, value.over)
    if not isinstance(value, Mapping):
        return value
    entries: dict[str, Value] = {}
    for key, item in value.entries.items():
        setting = environment.setting(key) if is_null(item) else None
        if setting is not None:
            entries[key] = Scalar(setting.value, item.place, item.over, (VariableUse(key, "", setting),))
        elif keep or not is_null(item):
            entries[key] = item
    return Mapping(entries, value.place, value.over)


def _dependencies(service: Mapping) -> None:
    """Dependencies that `links`, shared namespaces and `volumes_from` imply."""
    given = service.get("depends_on")
    found = given.entries if isinstance(given, Mapping) else {}
    for link in service.sequence("links").items:
        if _is_text(link):
            parts = str(link.value).split(":")  # type: ignore[attr-defined]
            found.setdefault(parts[0] if len(parts) == 2 else ":".join(parts), _implied(link, restart=True))
    for namespace in _SHARED:
        text = service.text(namespace)
        if text.startswith("service:"):
            found.setdefault(
                text.removeprefix("service:"), _implied(service.entries[namespace], restart=True)
            )
    for source in service.sequence("volumes_from").items:
        text = str(source.value) if isinstance(source, Scalar) else ""
        if text and not text.startswith("container:"):
            found.setdefault(text.split(":")[0], _implied(source, restart=False))
    if found:
        service.entries["depends_on"] = given if isinstance(given, Mapping) else Mapping(found)


def _implied(value: Value, *, restart: bool) -> Mapping:
    parts: dict[str, Value] = {
        "condition": Scalar("service_started", value.place),
        "restart": Scalar(restart, value.place),
        "required": Scalar(True, value.place),
    }
    return Mapping(parts, value.place)


def _hooks(service: Mapping) -> None:
    """A hook before the start runs in the service's image unless it names its own."""
    image = service.get("image")
    if isinstance(image, Scalar) and image.value:
        for hook in service.sequence("pre_start").items:
            if isinstance(hook, Mapping):
                hook.entries.setdefault("image", image)


def _networks(model: Mapping, semantics: Semantics) -> None:
    """The `default` network, for services that name none, if there are any."""
    used = False
    for service in model.mapping("services").entries.values():
        if not isinstance(service, Mapping) or "network_mode" in service.entries:
            continue
        if "provider" in service.entries and semantics.since(2, 6, 2):
            continue
        given = service.get("networks")
        if given is None or (isinstance(given, Mapping) and not given.entries):
            service.entries["networks"] = Mapping(
                {"default": Scalar(None)}, given.place if given is not None else None
            )
            used = True
        elif isinstance(given, Mapping) and "default" in given.entries:
            used = True
    networks = model.mapping("networks")
    if used and "default" not in networks.entries:
        networks.entries["default"] = Scalar(None)
    if networks.entries:
        model.entries["networks"] = networks


def _names(model: Mapping, project: str) -> None:
    """setNameFromKey: resources without a name are called after the project and their key, external ones after the key."""
    for kind in ("networks", "volumes", "configs", "secrets"):
        resources = model.get(kind)
        if not isinstance(resources, Mapping):
            continue
        for key, found in resources.entries.items():
            resource = found if isinstance(found, Mapping) else Mapping({}, found.place, found.over)
            if is_null(resource.get("name")):
                external = resource.get("external")
                outside = isinstance(external, Scalar) and str(external.value).lower() in ("true", "1", "t")
                resource.entries["name"] = Scalar(key if outside else f"{project}_{key}")
            resources.entries[key] = resource
