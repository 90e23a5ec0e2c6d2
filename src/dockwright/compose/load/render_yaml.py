"""A project as YAML, as `docker compose config` prints it; and the merged model alone, as with `--no-interpolate`.

Source: compose-go types/project.go (MarshalYAML): parts and fields in the order of the structs, `x-*` behind them.
"""

from __future__ import annotations

from dockwright.compose.load.emitter import Ordered, dump, entries
from dockwright.compose.load.project import Project
from dockwright.compose.load.structs import TOP, struct
from dockwright.compose.load.values import Mapping, Scalar, Sequence, Value
from dockwright.compose.load.versions import Semantics

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


Number = tuple[int, int, int]


def text(project: Project, *, escape: bool = True) -> str:
    """The YAML text; `$` doubled, as the command prints it."""
    number = project.semantics.number
    found = Ordered(name=project.name)
    for key, kind in TOP:
        value = project.model.get(key)
        if value is not None:
            found[key] = _value(kind, value, number)
    found.setdefault("services", {})
    found.update(_extensions(project.model))
    out = dump(found, version=_version(project.semantics))
    return out.replace("$", "$$") if escape else out


def model_text(model: Mapping, semantics: Semantics) -> str:
    """The merged model as YAML; nothing is doubled."""
    return dump(raw(model), version=_version(semantics))


def _version(semantics: Semantics) -> int:
    return 4 if semantics.yaml4 else 3


def raw(value: Value) -> Any:
    """A value as it stands, for the emitter."""
    if isinstance(value, Mapping):
        return {key: raw(item) for key, item in value.entries.items()}
    if isinstance(value, Sequence):
        return [raw(item) for item in value.items]
    return value.value if isinstance(value, Scalar) else None


def _extensions(value: Mapping) -> dict[str, Any]:
    return dict(entries({key: raw(item) for key, item in value.entries.items() if key.startswith("x-")}))


def _value(kind: str, value: Value, number: Number) -> Any:
    kind = kind.strip("*!")
    if isinstance(value, Scalar):
        return value.value
    if kind[0] == "{" and isinstance(value, Mapping):
        inner = kind[1:-1]
        return {
            key: _ulimit(item) if inner == "l" else _value(inner, item, number)
            for key, item in value.entries.items()
        }
    if kind[0] == "[" and isinstance(value, Sequence):
        return [_value(kind[1:-1], item, number) for item in value.items]
    if (
        kind == "EnvFile"
        and number < (2, 4, 9)
        and isinstance(value, Mapping)
        and value.plain("required") is True
    ):
        return value.text("path")
    if len(kind) > 1 and isinstance(value, Mapping):
        return _struct(kind, value, number)
    if kind == "k" and isinstance(value, Mapping):
        return [_ssh_key(key, item) for key, item in value.entries.items()]
    return raw(value)


def _struct(name: str, value: Mapping, number: Number) -> Ordered:
    table = struct(name, number)
    found = Ordered()
    for key in table.keys(value.entries):
        if name != "FileObject" or key != "content" or not value.text("environment"):
            found[key] = _value(table.by_key[key].kind, value.entries[key], number)
    if table.extensions:
        found.update(_extensions(value))
    return found


def _ulimit(value: Value) -> Any:
    if not isinstance(value, Mapping):
        return raw(value)
    return Ordered(soft=value.plain("soft") or 0, hard=value.plain("hard") or 0)


def _ssh_key(key: str, path: Value) -> str:
    found = raw(path)
    return f"{key}: {found}" if found else key
