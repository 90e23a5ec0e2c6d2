"""The canonical form: short forms become long ones, by path; then defaults.

Sources: compose-go transform/ (canonical.go and its table, defaults.go), loader/omitEmpty.go. Where nothing is interpolated,
texts that cannot be taken apart stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable

from dockwright.compose.load import short
from dockwright.compose.load.gotext import sprint
from dockwright.compose.load.merge import as_mapping, is_null
from dockwright.compose.load.patterns import Step, trie
from dockwright.compose.load.problems import Problems
from dockwright.compose.load.values import Mapping, Scalar, Sequence, Value, plain, same
from dockwright.compose.load.versions import Semantics
from dockwright.record import Record


class Context(Record):
    """What a transformer needs besides the value."""

    semantics: Semantics
    problems: Problems
    lenient: bool
    """Texts that cannot be taken apart are left (nothing was interpolated)."""


Transformer = Callable[[Value, str, Context, "Step[Transformer]"], Value]


def canonical(model: Mapping, semantics: Semantics, problems: Problems, *, lenient: bool) -> None:
    """Bring a model into canonical form, in place."""
    context = Context(semantics, problems, lenient)
    _children(model, "", context, _rules(semantics))
    _omit_empty_dns(model)
    if not semantics.since(2, 11, 0):
        _mark_nil(model)


def _walk(value: Value, path: str, context: Context, step: Step[Transformer]) -> Value:
    if step.rule is not None:
        return step.rule(value, path, context, step)
    return _children(value, path, context, step)


def _children(value: Value, path: str, context: Context, step: Step[Transformer]) -> Value:
    if isinstance(value, Mapping):
        for key, item in value.entries.items():
            below = step.next(key)
            if below is not None:
                value.entries[key] = _walk(item, f"{path}.{key}" if path else key, context, below)
    elif isinstance(value, Sequence):
        below = step.next("[]")
        if below is not None:
            for index, item in enumerate(value.items):
                value.items[index] = _walk(item, f"{path}.[{index}]", context, below)
    return value


def _invalid(value: Value, path: str, context: Context, what: str) -> Value:
    context.problems.fail("canonical", f"{path}: invalid type for {what}", value.place)
    return value


def _text(value: Value) -> str | None:
    return value.value if isinstance(value, Scalar) and isinstance(value.value, str) else None


def _service(value: Value, path: str, context: Context, step: Step[Transformer]) -> Value:
    return _children(value, path, context, step) if isinstance(value, Mapping) else value


def _build(value: Value, path: str, context: Context, step: Step[Transformer]) -> Value:
    if isinstance(value, Mapping):
        return _children(value, path, context, step)
    if _text(value) is not None:
        return Mapping({"context": value}, value.place, value.over)
    return _invalid(value, path, context, "build")


def _extends(value: Value, path: str, context: Context, step: Step[Transformer]) -> Value:
    if isinstance(value, Mapping):
        return _children(value, path, context, step)
    if _text(value) is not None:
        return Mapping({"service": value}, value.place, value.over)
    return _invalid(value, path, context, "extends")


def _file_mount(value: Value, path: str, context: Context, step: Step[Transformer]) -> Value:
    del step
    if isinstance(value, Mapping):
        return value
    if _text(value) is not None:
        return Mapping({"source": value}, value.place, value.over)
    return _invalid(value, path, context, "a mounted file")


def _printed(value: Value, path: str, context: Context, step: Step[Transformer]) -> Value:
    del path, context, step
    return (
        value.like(sprint(value.value))
        if isinstance(value, Scalar)
        else Scalar(sprint(plain(value)), value.place)
    )


def _key_values(value: Value, path: str, context: Context, step: Step[Transformer]) -> Value:
    del step
    if isinstance(value, Mapping):
        return value
    if not isinstance(value, Sequence):
        return _invalid(value, path, context, "key=value pairs")
    found: dict[str, Value] = {}
    for item in value.items:
        key, equals, rest = (_text(item) or "").partition("=")
        if not equals:
            if not context.lenient:
                context.problems.fail(
                    "canonical", f"{path}: invalid value {key}, expected key=value", item.place
                )
            return value
        assert isinstance(item, Scalar)
        found[key] = item.like(rest)
    return Mapping(found, value.place, value.over)


def _depends_on(value: Value, path: str, context: Context, step: Step[Transformer]) -> Value:
    del step
    if isinstance(value, Sequence):
        return as_mapping(value, dependency=True)
    if not isinstance(value, Mapping):
        return _invalid(value, path, context, "depends_on")
    for name, item in value.entries.items():
        if not isinstance(item, Mapping):
            context.problems.fail("canonical", f"{path}.{name}: unsupported value", item.place, value.place)
            continue
        item.entries.setdefault("condition", Scalar("service_started"))
        item.entries.setdefault("required", Scalar(True))
    return value


def _env_files(value: Value, path: str, context: Context, step: Step[Transformer]) -> Value:
    del step
    if _text(value) is not None:
        return Sequence([_env_file(value)], value.place, value.over)
    if isinstance(value, Sequence):
        return Sequence([_env_file(item) for item in value.items], value.place, value.over)
    return _invalid(value, path, context, "env_file")


def _env_file(value: Value) -> Value:
    if isinstance(value, Mapping):
        value.entries.setdefault("required", Scalar(True))
        return value
    if _text(value) is not None:
        return Mapping({"path": value, "required": Scalar(True)}, value.place, value.over)
    return Scalar(None, value.place)


def _string_list(value: Value, path: str, context: Context, step: Step[Transformer]) -> Value:
    del path, context, step
    return Sequence([value], value.place, value.over) if _text(value) is not None else value


def _names(value: Value, path: str, context: Context, step: Step[Transformer]) -> Value:
    del path, context, step
    return as_mapping(value) if isinstance(value, Sequence) else value


def _gpus(value: Value, path: str, context: Context, step: Step[Transformer]) -> Value:
    if isinstance(value, Sequence):
        return _children(value, path, context, step)
    if isinstance(value, Scalar) and _text(value) is not None:
        return Sequence([Mapping({"count": value.like("all")}, value.place)], value.place, value.over)
    return _invalid(value, path, context, "gpus")


def _volume(value: Value, path: str, context: Context, step: Step[Transformer]) -> Value:
    del step
    if isinstance(value, Mapping):
        return value
    text = _text(value)
    if text is None:
        return _invalid(value, path, context, "a volume")
    assert isinstance(value, Scalar)
    try:
        return _made_of(short.volume(value, text, context.semantics), value)
    except short.ShortFormError as error:
        if not context.lenient:
            context.problems.fail("canonical", f"{path}: {error}", value.place)
        return value


def _made_of(mapping: Mapping, value: Value) -> Mapping:
    """The long form keeps what the short one replaced."""
    mapping.over = value.over
    return mapping


def _device(value: Value, path: str, context: Context, step: Step[Transformer]) -> Value:
    del step
    if isinstance(value, Mapping):
        return value
    text = _text(value)
    if text is None:
        return _invalid(value, path, context, "a device")
    assert isinstance(value, Scalar)
    try:
        return _made_of(short.device(value, text, lenient=context.lenient), value)
    except short.ShortFormError as error:
        context.problems.fail("canonical", f"{path}: {error}", value.place)
        return value


def _ports(value: Value, path: str, context: Context, step: Step[Transformer]) -> Value:
    del step
    if not isinstance(value, Sequence):
        return _invalid(value, path, context, "ports")
    found: list[Value] = []
    for index, item in enumerate(value.items):
        if isinstance(item, Mapping):
            found.append(item)
            continue
        if (
            not isinstance(item, Scalar)
            or isinstance(item.value, bool)
            or not isinstance(item.value, int | str)
        ):
            _invalid(item, f"{path}.[{index}]", context, "a port")
            continue
        try:
            parsed = short.ports(item, str(item.value))
        except short.ShortFormError as error:
            if context.lenient and isinstance(item.value, str):
                return value
            context.problems.fail("canonical", f"{path}.[{index}]: {error}", item.place)
            continue
        for port in parsed:
            port.over = item.over
        found.extend(parsed)
    return Sequence(found, value.place, value.over)


def _ssh(value: Value, path: str, context: Context, step: Step[Transformer]) -> Value:
    del step
    if isinstance(value, Mapping):
        return value
    if not isinstance(value, Sequence):
        return _invalid(value, path, context, "ssh")
    found: dict[str, Value] = {}
    for item in value.items:
        text = _text(item)
        key, equals, rest = (text or "").partition("=")
        if text is None or (not equals and key != "default"):
            context.problems.fail("canonical", f"{path}: invalid ssh key {sprint(plain(item))!r}", item.place)
            continue
        assert isinstance(item, Scalar)
        found[key] = item.like(rest if equals else None)
    return Mapping(found, value.place, value.over)


def _ulimit(value: Value, path: str, context: Context, step: Step[Transformer]) -> Value:
    del step
    whole = isinstance(value, Scalar) and isinstance(value.value, int) and not isinstance(value.value, bool)
    return value if whole or isinstance(value, Mapping) else _invalid(value, path, context, "a ulimit")


def _maybe_external(value: Value, path: str, context: Context, step: Step[Transformer]) -> Value:
    """`external: {name: x}` is the old way of writing `external: true` with `name: x`."""
    if is_null(value) or not isinstance(value, Mapping):
        return value
    _children(value, path, context, step)
    external = value.get("external")
    if isinstance(external, Mapping):
        value.entries["external"] = Scalar(True, external.place)
        name, named = external.get("name"), value.get("name")
        if name is not None:
            context.problems.warn(
                "canonical", f"{path}: external.name is deprecated, set name and external: true", name.place
            )
            if named is not None and not same(name, named):
                context.problems.fail(
                    "canonical",
                    f"{path}: name and external.name conflict; only use name",
                    name.place,
                    named.place,
                )
            elif named is None:
                value.entries["name"] = name
    return value


def _include(value: Value, path: str, context: Context, step: Step[Transformer]) -> Value:
    del step
    if isinstance(value, Mapping):
        return value
    if _text(value) is not None:
        return Mapping({"path": value}, value.place)
    return _invalid(value, path, context, "include")


def _rules(semantics: Semantics) -> Step[Transformer]:
    found = _CACHE.get(semantics.number)
    if found is not None:
        return found
    service: dict[str, Transformer] = {
        "": _service, "build.secrets.*": _file_mount, "build.additional_contexts": _key_values, "build": _build,
        "build.ssh": _ssh, "build.ulimits.*": _ulimit, "depends_on": _depends_on, "env_file": _env_files,
        "label_file": _string_list, "extends": _extends, "gpus": _gpus, "networks": _names, "volumes.*": _volume,
        "dns": _string_list, "devices.*": _device, "secrets.*": _file_mount, "configs.*": _file_mount,
        "ports": _ports, "ulimits.*": _ulimit,
    }  # fmt: skip
    if semantics.since(2, 4, 9):
        service |= {"develop.watch.*.ignore": _string_list, "develop.watch.*.include": _string_list}
    if semantics.since(2, 7, 0):
        service |= {"build.provenance": _printed, "build.sbom": _printed, "models": _names}
    rules = {f"services.*.{path}".removesuffix("."): rule for path, rule in service.items()}
    rules.update(dict.fromkeys(("volumes.*", "networks.*", "secrets.*", "configs.*"), _maybe_external))
    rules["include.*"] = _include
    _CACHE[semantics.number] = trie(rules)
    return _CACHE[semantics.number]


_CACHE: dict[tuple[int, int, int], Step[Transformer]] = {}


def _omit_empty_dns(model: Mapping) -> None:
    """loader/omitEmpty.go: empty items of `dns` go; no other attribute is in that table."""
    for service in model.mapping("services").entries.values():
        dns = service.entries.get("dns") if isinstance(service, Mapping) else None
        if isinstance(dns, Sequence):
            dns.items = [item for item in dns.items if not is_null(item) and _text(item) != ""]


def _mark_nil(value: Value) -> None:
    """Before 2.11.0 OmitEmpty left an empty list as a nil slice, which the schema then takes for null."""
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, Mapping):
            waiting.extend(item for item in found.entries.values() if not isinstance(item, Scalar))
        elif isinstance(found, Sequence):
            found.nil = not found.items
            waiting.extend(item for item in found.items if not isinstance(item, Scalar))


def defaults(model: Mapping, semantics: Semantics, problems: Problems) -> None:
    """transform/defaults.go: fill in what is missing, once all files are merged. In place."""
    for name, service in model.mapping("services").entries.items():
        if not isinstance(service, Mapping):
            continue
        build = service.get("build")
        if isinstance(build, Mapping):
            build.entries.setdefault("context", Scalar("."))
        for secret in service.sequence("secrets").items:
            if isinstance(secret, Mapping) and "target" not in secret.entries:
                source = secret.get("source")
                printed = f"/run/secrets/{sprint(plain(source))}"
                secret.entries["target"] = Scalar(printed, source.place if source is not None else None)
        for port in service.sequence("ports").items:
            if isinstance(port, Mapping):
                port.entries.setdefault("protocol", Scalar("tcp"))
                port.entries.setdefault("mode", Scalar("ingress"))
        reserved = service.mapping("deploy").mapping("resources").mapping("reservations").sequence("devices")
        for device in (*reserved.items, *service.sequence("gpus").items):
            if not isinstance(device, Mapping):
                problems.fail(
                    "canonical", f"services.{name}: invalid type for a device request", device.place
                )
            elif "count" not in device.entries and "device_ids" not in device.entries:
                device.entries["count"] = Scalar("all")
        if semantics.since(2, 10, 1):
            _bind_defaults(service)


def _bind_defaults(service: Mapping) -> None:
    for volume in service.sequence("volumes").items:
        bind = volume.entries.get("bind") if isinstance(volume, Mapping) else None
        if isinstance(bind, Mapping):
            bind.entries.setdefault("create_host_path", Scalar(True))
