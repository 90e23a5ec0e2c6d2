"""The attributes of a target, and how those of one target go on top of another's."""

import re
from typing import Any

import msgspec

from dockwright.bake.model import Origin
from dockwright.bake.syntax import Expr, Literal, Object
from dockwright.bake.values import Unknown, Value
from dockwright.text import Span

NAME = re.compile(r"[a-zA-Z0-9_-]+")
"""bake.go: validateTargetName."""

TEXTS = frozenset({"context", "dockerfile", "dockerfile_inline", "target", "network", "no_cache", "pull"})
MAPS = frozenset({"contexts", "args", "labels"})
REPLACED = frozenset({"tags", "platforms", "cache_to", "output"})
APPENDED = frozenset({"cache_from", "secret", "ssh", "inherits"})
LISTS = REPLACED | APPENDED


class Raw(msgspec.Struct, frozen=True):
    """What the blocks of one target set, before inheritance; `scope` are its matrix values."""

    name: str
    base: str
    path: str
    span: Span
    values: dict[str, Any]
    scope: dict[str, Value]

    def under(self, over: "Raw") -> "Raw":
        """The same with a later block of the same name on top."""
        return msgspec.structs.replace(over, values=merge(self.values, over.values))


def merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """bake.go: Target.Merge. Maps by key (null keeps the base), some lists appended, the rest replaced."""
    found = dict(base)
    for name, value in over.items():
        if name in MAPS:
            entries = {key: item for key, item in value.items() if not _null(item)}
            found[name] = {**found.get(name, {}), **entries}
        elif name in APPENDED:
            found[name] = _once((*found.get(name, ()), *value))
        elif name in TEXTS and _null(value):
            continue
        else:
            found[name] = value
    return found


def _null(item: Origin) -> bool:
    return item.value is None


def _once(items: tuple[Origin, ...]) -> tuple[Origin, ...]:
    """Equal items once; an unknown one equals no other."""
    found: dict[object, Origin] = {}
    for place, item in enumerate(items):
        key = place if isinstance(item.value, Unknown) else repr(item.value)
        found.setdefault(key, item)
    return tuple(found.values())


def entry_span(expr: Expr, key: str) -> Span:
    """Span of the value of a key in an object that is written out, else of the whole expression."""
    if isinstance(expr, Object):
        for name, value in expr.items:
            if isinstance(name, Literal) and str(name.value) == key:
                return value.span
    return expr.span
