"""Short forms taken apart into the mappings Compose makes of them: ports, volumes, devices.

Sources: compose-go transform/ports.go, volume.go, device.go (`encode` leaves out zero values), format/volume.go.
Each part carries the place and the variables of the whole text.
"""

from __future__ import annotations

import posixpath

from dockwright.compose.load.values import Mapping, Scalar, Value
from dockwright.compose.load.versions import Semantics
from dockwright.compose.ports import Binding, parse_port
from dockwright.compose.volumes import Mount, parse_volume


class ShortFormError(Exception):
    """A short form Compose refuses; the text says why."""


def ports(value: Scalar, text: str) -> list[Value]:
    """The ports of one short form."""
    found = parse_port(text)
    if not isinstance(found, tuple):
        raise ShortFormError(found.message)
    return [_port(value, binding) for binding in found]


def _port(value: Scalar, binding: Binding) -> Mapping:
    parts: dict[str, str | int] = {
        "mode": "ingress",
        "host_ip": binding.host_ip,
        "target": binding.target,
        "published": binding.published,
        "protocol": binding.protocol,
    }
    return _mapping(value, parts)


def volume(value: Scalar, text: str, semantics: Semantics) -> Mapping:
    """The volume of a short form."""
    found = _parse(text, semantics)
    if found.error:
        raise ShortFormError(found.error)
    target = posixpath.normpath(found.target).replace("//", "/") if found.target else ""
    parts: dict[str, str | int] = {"type": found.type, "source": found.source, "target": target}
    if found.read_only:
        parts["read_only"] = True
    mapping = _mapping(value, parts)
    if found.type == "bind":
        bind: dict[str, str | int] = {
            "selinux": found.selinux,
            "propagation": found.propagation,
            "create_host_path": True,
        }
        mapping.entries["bind"] = _mapping(value, bind)
    elif found.selinux or found.propagation:
        mapping.entries["bind"] = _mapping(
            value, {"selinux": found.selinux, "propagation": found.propagation}
        )
    if found.nocopy:
        mapping.entries["volume"] = _mapping(value, {"nocopy": True})
    elif found.type == "volume" and len(text.encode()) > 2:
        mapping.entries["volume"] = Mapping({}, value.place)
    return mapping


def _parse(text: str, semantics: Semantics) -> Mount:
    if "${" in text and not semantics.since(2, 9, 1):
        # before, a colon inside `${…}` was a separator too; such texts stand only where nothing is interpolated
        hidden = text.replace("${", "\x01{")
        found = parse_volume(hidden)
        return Mount(
            found.type,
            found.source.replace("\x01{", "${"),
            found.target.replace("\x01{", "${"),
            found.read_only,
            found.nocopy,
            found.propagation,
            found.selinux,
            found.error.replace("\x01{", "${"),
        )
    return parse_volume(text)


def device(value: Scalar, text: str, *, lenient: bool) -> Mapping:
    """`source[:target[:permissions]]`; with more parts an error, or empty where errors are ignored."""
    parts = text.split(":")
    if len(parts) > 3:
        if not lenient:
            raise ShortFormError(f"confusing device mapping, please use long syntax: {text}")
        parts = [""]
    source = parts[0]
    target = (parts[1] if len(parts) > 1 else "") or source
    permissions = parts[2] if len(parts) > 2 else "rwm"
    return Mapping(
        {
            name: value.like(part)
            for name, part in (("source", source), ("target", target), ("permissions", permissions))
        },
        value.place,
    )


def _mapping(value: Scalar, parts: dict[str, str | int]) -> Mapping:
    return Mapping({name: value.like(part) for name, part in parts.items() if part}, value.place)
