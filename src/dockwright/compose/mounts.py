"""Reading `ports:` and `volumes:` of a service, short and long."""

from dockwright.compose.fields import Fields
from dockwright.compose.model import Port, Volume
from dockwright.compose.ports import split_port
from dockwright.compose.volumes import source_type, split_volume
from dockwright.compose.yaml.collections import Mapping
from dockwright.compose.yaml.nodes import Node


def read_ports(fields: Fields, node: Node) -> tuple[Port, ...]:
    """All items of `ports:`."""
    found: list[Port] = []
    for item in fields.list(node):
        if isinstance(item, Mapping):
            parts = {
                name: fields.child(item, name) for name in ("target", "published", "host_ip", "protocol")
            }
            found.append(
                Port(item, **parts, mode=fields.child(item, "mode"), name=fields.child(item, "name"))
            )
        else:
            short = fields.text(item)
            if short is not None:
                found.append(Port(item, **split_port(short), short=short))
    return tuple(found)


def read_volumes(fields: Fields, node: Node) -> tuple[Volume, ...]:
    """All items of a service's `volumes:`."""
    found: list[Volume] = []
    for item in fields.list(node):
        volume = _long(fields, item) if isinstance(item, Mapping) else _short(fields, item)
        if volume is not None:
            found.append(volume)
    return tuple(found)


def _short(fields: Fields, item: Node) -> Volume | None:
    short = fields.text(item)
    if short is None:
        return None
    source, target, options = split_volume(short)
    if (source is not None and not source.raw) or (target is not None and not target.raw):
        fields.wrong(item, f"volume has an empty section between colons: {short.raw[:80]}")
        return None
    kind = source_type(source) if source is not None else "volume"
    return Volume(
        item,
        kind,
        source,
        target,
        read_only=True if "ro" in options else None,
        options=options,
        short=short,
        create_host_path=True if kind == "bind" else None,
    )


def _long(fields: Fields, item: Mapping) -> Volume:
    kind = fields.child(item, "type")
    bind = item.get("bind")
    sub = item.at("volume", "subpath")
    return Volume(
        item,
        kind.default if kind is not None else None,
        fields.child(item, "source"),
        fields.child(item, "target"),
        read_only=fields.flag(item.get("read_only")),
        create_host_path=fields.flag(bind.get("create_host_path")) if bind is not None else None,
        subpath=fields.text(sub),
    )
