"""A project as JSON, as `docker compose config --format json` prints it.

Source: compose-go types/project.go (MarshalJSON): parts sorted by key, services by name, fields in the order of the structs;
`x-*` only at the top. `data` gives the same as Python values, with keys that are always there.
"""

from __future__ import annotations

from dockwright.compose.load.json_text import dumps
from dockwright.compose.load.project import Project
from dockwright.compose.load.structs import TOP, struct
from dockwright.compose.load.values import Mapping, Scalar, Sequence, Value, plain
from dockwright.compose.yaml.resolve import Timestamp

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_PARTS = dict(TOP)


class Unrenderable(ValueError):
    """Compose cannot print this as JSON; the text says why."""


def data(project: Project) -> dict[str, Any]:
    """The project as plain values, in the order of the output. Raises Unrenderable for SSH keys with a path."""
    found: dict[str, Any] = {"name": project.name, "services": {}}
    number = project.semantics.number
    for key, value in project.model.entries.items():
        if key in ("models", "name"):
            continue  # MarshalJSON names neither
        found[key] = json_value(_PARTS[key], value, number) if key in _PARTS else _extension(value)
    return dict(sorted(found.items()))


def text(project: Project, *, escape: bool = True) -> str:
    """The JSON text, indented by two; `$` doubled, as the command prints it."""
    out = dumps(data(project))
    return out.replace("$", "$$") if escape else out


def model_text(model: Mapping) -> str:
    """The merged model alone, as with `--no-interpolate`; nothing is doubled."""
    return dumps(_extension(model))


def _extension(value: Value) -> Any:
    """What has no struct: keys sorted, nil lists as null."""
    if isinstance(value, Mapping):
        return {key: _extension(value.entries[key]) for key in sorted(value.entries)}
    if isinstance(value, Sequence):
        return None if value.nil else [_extension(item) for item in value.items]
    return _number(plain(value))


def json_value(kind: str, value: Value, number: tuple[int, int, int]) -> Any:
    """A value of a kind (see `structs`) as JSON has it."""
    kind = kind.strip("*!")
    if isinstance(value, Scalar):
        return _number(value.value)
    if kind[0] == "{" and isinstance(value, Mapping):
        inner = kind[1:-1]
        return {
            key: plain(item) if inner == "l" else json_value(inner, item, number)
            for key, item in sorted(value.entries.items())
        }
    if kind[0] == "[" and isinstance(value, Sequence):
        return [json_value(kind[1:-1], item, number) for item in value.items]
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
    if isinstance(value, Mapping):
        return {key: _number(plain(item)) for key, item in sorted(value.entries.items())}
    return plain(value)


def _struct(name: str, value: Mapping, number: tuple[int, int, int]) -> dict[str, Any]:
    table = struct(name, number)
    entries = value.entries
    always = {key: shown for key, shown in table.always if key not in entries}
    found: dict[str, Any] = {}
    for key in table.keys((*entries, *always) if always else entries):
        if name == "FileObject" and key == "content" and value.text("environment"):
            continue  # what was taken from the environment is not shown
        field = table.by_key[key]
        item = entries.get(key)
        found[field.json] = always[key] if item is None else json_value(field.kind, item, number)
    return found


def _number(value: Any) -> Any:
    if isinstance(value, Timestamp):
        return plain(Scalar(value))
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21 and str(value) != "-0.0":
        return int(value)
    return value


def _ssh_key(key: str, path: Value) -> str:
    """types/ssh.go: MarshalJSON writes a key with a path as no JSON at all."""
    found = plain(path)
    if not found:
        return key
    raise Unrenderable("an SSH key with a path cannot be written as JSON by Compose; use the YAML format")
