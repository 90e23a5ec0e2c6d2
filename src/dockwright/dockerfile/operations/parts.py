"""What differs between two operations or two image configurations, part by part."""

from collections.abc import Iterator
from typing import Any

import msgspec

from dockwright.dockerfile.operations.model import Action, ExecBody, FileBody, ImageConfig, SourceBody


class Part(msgspec.Struct, frozen=True):
    """One thing that differs: what it is called, and its value on either side (None: not there).

    `places` are where a variable got its values, where the Dockerfile gave them.
    """

    name: str
    first: str | None
    second: str | None
    places: tuple[str | None, str | None] = (None, None)


def parts_of(first: Any, second: Any) -> Iterator[Part]:
    """What differs between two bodies, field by field."""
    if type(first) is not type(second):
        yield Part("operation", _kind(first), _kind(second))
    elif isinstance(first, ExecBody):
        yield from _exec_parts(first, second)
    elif isinstance(first, FileBody):
        yield from _file_parts(first, second)
    else:
        yield from _fields(first, second)


def _kind(body: Any) -> str:
    return type(body).__name__.removesuffix("Body").lower() if not isinstance(body, SourceBody) else "source"


def _exec_parts(first: ExecBody, second: ExecBody) -> Iterator[Part]:
    for part in _fields(first, second):
        if part.name == "args":
            yield Part("command", " ".join(first.args), " ".join(second.args))
        elif part.name == "env":
            yield from variables(_pairs(first.env), _pairs(second.env))
        else:
            yield part


def _pairs(env: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(name, value) for name, _, value in (one.partition("=") for one in env)]


def variables(first: list[tuple[str, str]], second: list[tuple[str, str]]) -> Iterator[Part]:
    """Variables that differ; where only their order does, the two orders."""
    before, after = dict(first), dict(second)
    if before == after:
        yield Part("order of variables", " ".join(before), " ".join(after))
    for name in dict.fromkeys([*before, *after]):
        if before.get(name) != after.get(name):
            yield Part(f"variable {name}", before.get(name), after.get(name))


def _file_parts(first: FileBody, second: FileBody) -> Iterator[Part]:
    if len(first.actions) != len(second.actions):
        yield Part("number of sources", str(len(first.actions)), str(len(second.actions)))
    for one, other in zip(first.actions, second.actions, strict=False):
        yield from _action_parts(one, other)


def _action_parts(first: Action, second: Action) -> Iterator[Part]:
    if type(first.what) is not type(second.what):
        yield Part("action", type(first.what).__name__.lower(), type(second.what).__name__.lower())
    elif first.what != second.what:
        yield from _fields(first.what, second.what)
    elif (first.target, first.source) != (second.target, second.source):
        yield Part("inputs", f"{first.target} {first.source}", f"{second.target} {second.source}")


def _fields(first: Any, second: Any) -> Iterator[Part]:
    for name in first.__struct_fields__:
        before, after = getattr(first, name), getattr(second, name)
        if before != after:
            yield Part(name, _shown(before), _shown(after))


def _shown(value: Any) -> str | None:
    if value is None or value in ("", ()):
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, (tuple, list)):
        return ", ".join(_shown(one) or "" for one in value)
    if isinstance(value, msgspec.Struct):
        fields = ((name, getattr(value, name)) for name in value.__struct_fields__)
        return " ".join(
            f"{name}={_shown(one)}" for name, one in fields if one not in (None, "", (), 0, False)
        )
    return str(getattr(value, "value", value))


def config_parts(first: ImageConfig, second: ImageConfig) -> Iterator[Part]:
    """What differs between two image configurations."""
    for name in first.__struct_fields__:
        before, after = getattr(first, name), getattr(second, name)
        if before == after:
            continue
        if name == "env":
            yield from variables(list(before), list(after))
        elif name == "labels":
            yield from (
                Part(f"label {key}", dict(before).get(key), dict(after).get(key))
                for key in dict.fromkeys([*dict(before), *dict(after)])
                if dict(before).get(key) != dict(after).get(key)
            )
        else:
            yield Part(name, _shown(before), _shown(after))
