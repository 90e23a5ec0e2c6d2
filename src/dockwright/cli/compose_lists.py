"""The lists `docker compose config` prints: services, images, variables and the like.

Source: docker/compose cmd/compose/config.go (runServices … runVariables). Where Compose leaves the order to chance, names are
sorted here; services come behind those they depend on.
"""

import json
import re

from dockwright.compose.interpolate import Template, Use
from dockwright.compose.load.project import Project
from dockwright.compose.load.values import Mapping, Scalar, Sequence, Value

_NAME = re.compile(r"[A-Za-z0-9_]+")


def keys(model: Mapping, kind: str) -> str:
    """Names of a merged model that was not bound (`--no-interpolate`)."""
    return "".join(f"{name}\n" for name in sorted(model.mapping(kind).entries))


def names(project: Project, kind: str, separator: str) -> str:
    """One kind of names, one per line."""
    return "".join(f"{line}\n" for line in _names(project, kind, separator))


def _names(project: Project, kind: str, separator: str) -> list[str]:
    if kind == "services":
        return _by_dependency(project)
    if kind == "images":
        return _images(project, separator)
    if kind == "profiles":
        services = (*project.services.values(), *project.disabled.values())
        return sorted({name for service in services for name in service.sequence("profiles").texts()})
    if kind == "models":
        return [
            model.text("model")
            for _, model in sorted(project.resources("models").items())
            if model.text("model")
        ]
    return sorted(project.resources(kind))


def _by_dependency(project: Project) -> list[str]:
    found: dict[str, None] = {}
    services = project.services

    def add(name: str, above: tuple[str, ...]) -> None:
        if name in found or name in above or name not in services:
            return
        for needed in sorted(services[name].mapping("depends_on").entries):
            add(needed, (*above, name))
        found[name] = None

    for name in sorted(services):
        add(name, ())
    return list(found)


def _images(project: Project, separator: str) -> list[str]:
    found: list[str] = []
    for name, service in sorted(project.services.items()):
        image = service.text("image") or f"{project.name}{separator}{name}"
        found.append(image)
        if project.semantics.since(2, 13, 0):
            hooks = (
                hook.text("image")
                for hook in service.sequence("pre_start").items
                if isinstance(hook, Mapping)
            )
            found.extend(hook for hook in hooks if hook and hook != image)
    return found


def variables(model: Mapping, form: str) -> str:
    """Variables with whether they are required, their default and their alternative."""
    found: dict[str, dict[str, str | bool]] = {}
    _collect(model, found)
    if form == "json":
        return json.dumps(found, separators=(",", ":"), sort_keys=True) + "\n"
    rows = [["NAME", "REQUIRED", "DEFAULT VALUE", "ALTERNATE VALUE"]]
    for name, row in sorted(found.items()):
        rows.append(
            [
                name,
                "true" if row["Required"] else "false",
                str(row["DefaultValue"]),
                str(row["PresenceValue"]),
            ]
        )
    widths = [max(20, *(len(row[column]) + 3 for row in rows)) for column in range(3)]
    return "".join(
        "".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)) + f"{row[3]}\n"
        for row in rows
    )


def _collect(value: Value, found: dict[str, dict[str, str | bool]]) -> None:
    if isinstance(value, Mapping):
        for item in value.entries.values():
            _collect(item, found)
    elif isinstance(value, Sequence):
        for item in value.items:
            _collect(item, found)
    elif isinstance(value, Scalar) and isinstance(value.value, str) and "$" in value.value:
        for use in Template.parse(value.value).uses:
            found[use.name] = _variable(use)


def _variable(use: Use) -> dict[str, str | bool]:
    operand = use.operand.text if use.operand is not None else ""
    return {
        "Name": use.name,
        "DefaultValue": operand if use.operator in (":-", "-") else "",
        "PresenceValue": operand if use.operator in (":+", "+") else "",
        "Required": use.required,
    }
