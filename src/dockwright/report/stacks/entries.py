"""Settings of resolved stacks as entries fit to be shown: values as text with secrets out, places with path and line."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from dockwright.compose.difference import Change
from dockwright.compose.leaves import Leaf
from dockwright.compose.load.origin import Origin
from dockwright.compose.load.values import Mapping, Scalar, Value
from dockwright.compose.load.values import Sequence as Items
from dockwright.compose.stack import Resolved
from dockwright.knowledge.secrets import REDACTED, looks_secret, redact, secret_name
from dockwright.report.clean import Cleaner
from dockwright.report.secrets import SHORTEST

MAX_VALUE = 2_000


class SettingEntry(msgspec.Struct, frozen=True):
    """A value on one side: as text, and where it was written; no place where Compose filled it in."""

    value: str
    path: str | None
    line: int | None


class ChangeEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A setting that is not the same; null where a side does not have it."""

    service: str
    setting: str
    area: str
    before: SettingEntry | None
    after: SettingEntry | None


class ErrorEntry(msgspec.Struct, frozen=True):
    """Why a side cannot be resolved."""

    side: str
    message: str
    places: Sequence[str]


def change_entry(
    service: str, change: Change, sides: tuple[Resolved, Resolved], cleaner: Cleaner
) -> dict[str, Any]:
    """A change as data for a `ChangeEntry`."""
    places = tuple(
        side.place(leaf.path) if leaf is not None else None
        for side, leaf in zip(sides, (change.a, change.b), strict=True)
    )
    return entry(service, change.name, change.area.value, (change.a, change.b), places, cleaner)


def entry(
    service: str,
    name: str,
    area: str,
    leaves: tuple[Leaf | None, Leaf | None],
    places: Sequence[Origin | None],
    cleaner: Cleaner,
) -> dict[str, Any]:
    """Data for a `ChangeEntry`."""
    before, after = (_setting(name, leaf, place, cleaner) for leaf, place in zip(leaves, places, strict=True))
    return {
        "service": cleaner.text(service),
        "setting": cleaner.text(name),
        "area": area,
        "before": before,
        "after": after,
    }


def _setting(name: str, leaf: Leaf | None, place: Origin | None, cleaner: Cleaner) -> dict[str, Any] | None:
    if leaf is None:
        return None
    return {
        "value": shown(name, leaf.value, cleaner),
        "path": None if place is None else cleaner.text(place.path),
        "line": None if place is None else place.line,
    }


def shown(name: str, value: Any, cleaner: Cleaner) -> str:
    """A value as text: what is or looks like a secret is taken out, by its name and by itself."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    key = name.rpartition(".")[2]
    if looks_secret(key, text) or (isinstance(value, (dict, list)) and secret_name(key)):
        return REDACTED
    text = cleaner.text(text)
    return text if len(text) <= MAX_VALUE else text[: MAX_VALUE - 1] + "…"


def cleaner_for(sides: Iterable[Resolved]) -> Cleaner:
    """Takes out what looks like a secret, and every value that stands under a secret's name anywhere in the stacks."""
    known: set[str] = set()
    for side in sides:
        if side.project is not None:
            known.update(_secrets(side.project.model))
    return Cleaner(redact, known)


def _secrets(value: Value, name: str = "") -> Iterator[str]:
    """Values under names of secrets, and of variables that are called so."""
    if isinstance(value, Mapping):
        for key, item in value.entries.items():
            yield from _secrets(item, key)
    elif isinstance(value, Items):
        for item in value.items:
            yield from _secrets(item, name)
    elif isinstance(value, Scalar):
        text = value.value if isinstance(value.value, str) else ""
        if len(text) >= SHORTEST and secret_name(name) and looks_secret(name, text) and not text.isalpha():
            yield text
        for use in value.uses:
            found = use.setting.value if use.setting is not None else use.default or ""
            if len(found) >= SHORTEST and looks_secret(use.name, found) and not found.isalpha():
                yield found


def errors_of(side: str, resolved: Resolved, cleaner: Cleaner) -> list[dict[str, Any]]:
    """Why a stack cannot be resolved, as data for `ErrorEntry`s."""
    return [
        {
            "side": side,
            "message": cleaner.text(resolved.words(problem.message)),
            "places": [
                f"{cleaner.text(told.path)}:{told.line}" for told in map(resolved.told, problem.places)
            ],
        }
        for problem in resolved.loaded.errors
    ]


def place_text(setting: SettingEntry | None) -> str:
    """`compose.yaml:12`; what Compose fills in has no place."""
    if setting is None:
        return ""
    return f"{setting.path}:{setting.line}" if setting.path is not None else "filled in by Compose"
