"""Which long options application servers take (data/server_options.toml)."""

from difflib import get_close_matches
from functools import cache

import msgspec

from dockwright.knowledge.tables import typed


class _Server(msgspec.Struct, forbid_unknown_fields=True):
    source: str
    options: str
    prefixes: bool = False


class _Options(msgspec.Struct, frozen=True):
    names: frozenset[str]
    prefixes: bool


@cache
def _servers() -> dict[str, _Options]:
    found = typed("server_options", dict[str, _Server])
    return {
        name: _Options(frozenset(server.options.split()), server.prefixes) for name, server in found.items()
    }


def is_known(server: str) -> bool:
    """True when the options of that server are in the table."""
    return server in _servers()


def refuses(server: str, option: str) -> bool:
    """True when the server knows no such long option (`--keepalive` of gunicorn); False for servers not in the table."""
    known = _servers().get(server)
    if known is None or option in known.names:
        return False
    return not (known.prefixes and any(name.startswith(option) for name in known.names))


def similar(server: str, option: str) -> str:
    """The option that was probably meant; empty when none is like it."""
    known = _servers().get(server)
    near = get_close_matches(option, sorted(known.names), n=1, cutoff=0.75) if known else []
    return near[0] if near else ""
