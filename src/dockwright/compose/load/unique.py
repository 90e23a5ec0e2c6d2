"""Uniqueness of list items: of items with the same key the last wins, in the first one's place.

Source: compose-go override/uncity.go (EnforceUnicity and its table).
"""

from __future__ import annotations

from collections.abc import Callable

from dockwright.compose.load.gotext import sprint
from dockwright.compose.load.merge import is_null
from dockwright.compose.load.patterns import Step, trie
from dockwright.compose.load.problems import Code, Problems
from dockwright.compose.load.values import Mapping, Scalar, Sequence, Value, plain, replacing
from dockwright.compose.volumes import parse_volume

Indexer = Callable[[Value, str], str]


class _Wrong(Exception):
    """An item that has no key; the text says why."""

    code: Code = "unicity"


class _Unparsed(_Wrong):
    """An item that cannot be taken apart."""

    code = "canonical"


def _key_value(value: Value, path: str) -> str:
    if isinstance(value, Scalar) and isinstance(value.value, str):
        return value.value.partition("=")[0]
    raise _Wrong(f"{path}: unexpected type {_go_type(value)}")


def _volume(value: Value, path: str) -> str:
    if isinstance(value, Mapping):
        target = value.plain("target")
        if not isinstance(target, str):
            raise _Wrong(f"service volume {path} is missing a mount target")
        return target
    if isinstance(value, Scalar) and isinstance(value.value, str):
        found = parse_volume(value.value)
        if found.error:
            raise _Unparsed(found.error)
        return found.target
    return ""


def _device(value: Value, path: str) -> str:
    if isinstance(value, Mapping):
        target = value.plain("target")
        if not isinstance(target, str):
            raise _Wrong(f"service device {path} is missing a mount target")
        return target
    if isinstance(value, Scalar) and isinstance(value.value, str):
        parts = value.value.split(":")
        return parts[1] if len(parts) > 1 else parts[0]
    return ""


def _expose(value: Value, path: str) -> str:
    if isinstance(value, Scalar):
        if isinstance(value.value, str):
            return value.value
        if isinstance(value.value, int) and not isinstance(value.value, bool):
            return str(value.value)
    raise _Wrong(f"{path}: unsupported expose value {sprint(plain(value))}")


def _mount(default: str) -> Indexer:
    def indexer(value: Value, path: str) -> str:
        if isinstance(value, Scalar) and isinstance(value.value, str):
            return f"{default}/{value.value}"
        if isinstance(value, Mapping):
            target = value.get("target")
            if target is not None:
                return sprint(plain(target))
            return f"{default}/{sprint(plain(value.get('source')))}"
        raise _Wrong(f"{path}: unsupported expose value {sprint(plain(value))}")

    return indexer


def _port(value: Value, path: str) -> str:
    if isinstance(value, Mapping):
        if value.get("target") is None:
            raise _Wrong(f"service ports {path} is missing a target port")
        host = sprint(plain(value.get("host_ip"))) if "host_ip" in value.entries else "0.0.0.0"  # noqa: S104
        protocol = sprint(plain(value.get("protocol"))) if "protocol" in value.entries else "tcp"
        # Go formats with %s and %d, so that a number and a text of it are two keys
        return f"{host}:{plain(value.get('published'))!r}:{plain(value.get('target'))!r}/{protocol}"
    if isinstance(value, Scalar):
        if isinstance(value.value, str):
            return value.value
        if isinstance(value.value, int) and not isinstance(value.value, bool):
            return str(value.value)
    return ""


def _env_file(value: Value, path: str) -> str:
    if isinstance(value, Scalar) and isinstance(value.value, str):
        return value.value
    if isinstance(value, Mapping):
        found = value.get("path")
        if found is None:
            raise _Wrong(f"environment path attribute {path} is missing")
        return sprint(plain(found))
    return ""


def _go_type(value: Value) -> str:
    if isinstance(value, Mapping):
        return "map[string]interface {}"
    if isinstance(value, Sequence):
        return "[]interface {}"
    raw = value.value if isinstance(value, Scalar) else None
    names = {bool: "bool", int: "int", float: "float64", str: "string"}
    return "<nil>" if is_null(value) else names.get(type(raw), "time.Time")


_SERVICE: dict[Indexer, str] = {
    _key_value: "annotations build.args build.additional_contexts build.platform build.tags build.labels cap_add cap_drop "
    "deploy.labels dns dns_opt dns_search environment labels links networks.*.aliases networks.*.link_local_ips "
    "profiles sysctls tmpfs",
    _volume: "volumes",
    _device: "devices",
    _expose: "expose",
    _port: "ports",
    _env_file: "env_file",
    _mount("/run/secrets"): "secrets",
    _mount(""): "configs",
}
_RULES: Step[Indexer] = trie(
    {
        **{f"services.*.{path}": rule for rule, paths in _SERVICE.items() for path in paths.split()},
        "networks.*.labels": _key_value,
        "networks.*.ipam.options": _key_value,
    }
)


def enforce(model: Mapping, problems: Problems) -> None:
    """Make the lists of a model unique, in place."""
    _mapping(model, _RULES, "", problems)


def _mapping(mapping: Mapping, step: Step[Indexer], path: str, problems: Problems) -> None:
    entries = mapping.entries
    for key, value in entries.items():
        below = step.next(key)
        if below is None:
            continue
        if isinstance(value, Mapping):
            _mapping(value, below, f"{path}.{key}" if path else key, problems)
        elif isinstance(value, Sequence) and below.rule is not None:
            value.nil = False
            entries[key] = _unique(value, below.rule, f"{path}.{key}" if path else key, problems)


def _unique(sequence: Sequence, indexer: Indexer, path: str, problems: Problems) -> Sequence:
    found: dict[str, int] = {}
    items: list[Value] = []
    for index, item in enumerate(sequence.items):
        try:
            key = indexer(item, f"{path}.[{index}]")
        except _Wrong as wrong:
            problems.fail(wrong.code, str(wrong), item.place)
            continue
        at = found.get(key)
        if at is None:
            found[key] = len(items)
            items.append(item)
        elif items[at] is not item:
            items[at] = replacing(item, items[at])
    if len(items) == len(sequence.items):
        return sequence
    return Sequence(items, sequence.place, sequence.over)
