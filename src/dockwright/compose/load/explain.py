"""Where a value of a resolved project comes from: the place that set it, what it replaced, the variables in it.

Secrets are not shown: a value whose name or look says secret is `[redacted]`, here and in what it replaced.
"""

from __future__ import annotations

import msgspec

from dockwright.compose.load.gotext import sprint
from dockwright.compose.load.origin import Origin, VariableUse, key_origin, origin_of
from dockwright.compose.load.project import Project, Route, scalars
from dockwright.compose.load.values import Mapping, Scalar, Sequence, Value, plain
from dockwright.knowledge.secrets import looks_secret, redact, secret_name

REDACTED = "[redacted]"


class Variable(msgspec.Struct, frozen=True):
    """A variable in a value: its name, what set it ("not set" included), its value, its line in an env file."""

    name: str
    source: str
    value: str | None = None
    origin: Origin | None = None
    default: str | None = None


class Step(msgspec.Struct, frozen=True):
    """One stage of a value: the text of it, where it was written (None: Compose fills it in), its variables."""

    value: str
    origin: Origin | None
    written: str = ""
    """The line that holds it, as it stands."""
    variables: tuple[Variable, ...] = ()


class Explanation(msgspec.Struct, frozen=True):
    """A value: its route, the stage that holds, and those it replaced, the latest first."""

    route: str
    now: Step
    replaced: tuple[Step, ...] = ()


def find(project: Project, subject: str) -> tuple[Route, Value] | None:
    """The value a dotted route names: `web.environment.PORT`, `web.ports.0`, `volumes.data.name`, `services.web`.

    Keys may hold dots themselves (`web.labels.com.example.tier`): the longest key that exists is taken at each step.
    """
    for start in (("services",), ()):
        base = project.model.at(*start) if start else project.model
        found = _walk(base, subject.split("."), start) if base is not None else None
        if found is not None:
            return found
    return None


def _walk(value: Value, parts: list[str], route: Route) -> tuple[Route, Value] | None:
    if not parts:
        return route, value
    if isinstance(value, Mapping):
        for size in range(len(parts), 0, -1):
            key = ".".join(parts[:size])
            below = value.entries.get(key)
            if below is not None:
                found = _walk(below, parts[size:], (*route, key))
                if found is not None:
                    return found
        return None
    if isinstance(value, Sequence):
        index = parts[0].strip("[]")
        if index.isdigit() and int(index) < len(value.items):
            return _walk(value.items[int(index)], parts[1:], (*route, int(index)))
    return None


def explain(route: Route, value: Value) -> tuple[Explanation, ...]:
    """Every scalar below a value, explained; an empty collection as itself."""
    found = tuple(_explanation((*route, *below), item) for below, item in scalars(value))
    if found:
        return found
    return (Explanation(shown(route), Step(sprint(plain(value)), origin_of(value.place))),)


def shown(route: Route) -> str:
    """A route as text, without `services` in front."""
    parts = route[1:] if route[:1] == ("services",) and len(route) > 1 else route
    return ".".join(map(str, parts))


def _explanation(route: Route, value: Scalar) -> Explanation:
    name = next((str(part) for part in reversed(route) if isinstance(part, str)), "")
    now, *before = [_step(name, one) for one in (value, *value.history())]
    return Explanation(shown(route), now, tuple(before))


def _step(name: str, value: Value) -> Step:
    text = sprint(plain(value)) if not isinstance(value, Scalar) or value.value is not None else "null"
    text = text.removeprefix(f"{name}=")  # lists of `key=value` are what merging compares
    origin = origin_of(value.place)
    hidden = (
        secret_name(name)
        or bool(looks_secret(name, text))
        or any(secret_name(use.name) for use in value.uses)
    )
    place = value.place
    line = ""
    if origin is not None and place is not None:
        source = place.file.source if hasattr(place, "file") else place.source
        line = source.text(source.line_span(origin.line)).strip()
        line = _hide(line, text) if hidden else redact(line)
        key = key_origin(place)
        if key is not None and key.path == origin.path and not line:
            line = key.text
    return Step(
        REDACTED if hidden else redact(text),
        origin,
        line,
        tuple(_variable(use, hidden=hidden) for use in value.uses),
    )


def _hide(line: str, text: str) -> str:
    """A line without a secret value: what stands behind its first separator goes."""
    if text and text in line:
        return line.replace(text, REDACTED)
    for separator in ("=", ":"):
        head, found, _ = line.partition(separator)
        if found:
            return f"{head}{separator} {REDACTED}" if separator == ":" else f"{head}={REDACTED}"
    return REDACTED


def _variable(use: VariableUse, *, hidden: bool) -> Variable:
    """What set a variable; its value is a secret when the value it is part of is one."""
    setting = use.setting
    default = use.default
    if setting is None:
        return Variable(use.name, "not set", None, None, REDACTED if default and hidden else default)
    secret = hidden or secret_name(use.name) or looks_secret(use.name, setting.value)
    value = REDACTED if secret else redact(setting.value)
    source = {
        "environment": "the environment",
        "env-file": "env file",
        "given": "given",
        "computed": "the project's name",
    }
    return Variable(use.name, source[setting.kind], value, setting.origin, default)
