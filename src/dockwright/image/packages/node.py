"""npm, yarn, pnpm: a folder of `node_modules` with a `package.json` is a package; folders below its own are others."""

from collections.abc import Iterator
from typing import Any

import msgspec

from dockwright.image.packages.files import Contents
from dockwright.image.packages.model import Package


class _Manifest(msgspec.Struct):
    name: Any = None
    version: Any = None
    dependencies: Any = None
    optionalDependencies: Any = None  # noqa: N815 - as npm writes it
    peerDependencies: Any = None  # noqa: N815
    devDependencies: Any = None  # noqa: N815


def npm(contents: Contents) -> Iterator[Package]:
    """Installed packages. Asked for is what the `package.json` beside the topmost `node_modules` names."""
    asked = {path.rpartition("/")[0]: _names(_read(data)) for path, data in contents.raw("asked")}
    for path, data in contents.raw("npm"):
        found = _read(data)
        if found is None or not isinstance(found.version, str):
            continue  # a folder of a package with a package.json of its own (`{"type": "module"}`)
        folder = path.rpartition("/")[0]
        place, _, name = (
            folder.rpartition("/node_modules/") if "/node_modules/" in folder else ("", "", folder[13:])
        )
        needs = tuple((one,) for one in _named(found.dependencies, found.optionalDependencies))
        top = folder.partition("node_modules/")[0].rstrip("/")
        wanted = asked.get(top)
        own = None if wanted is None or "/node_modules/" in place else name in wanted
        yield Package(
            "npm", name, found.version[:100], folders=(folder,), requires=needs, asked_for=own, place=place
        )


def _read(data: bytes) -> _Manifest | None:
    try:
        return msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=_Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _names(found: _Manifest | None) -> frozenset[str]:
    if found is None:
        return frozenset()
    return frozenset(_named(found.dependencies, found.devDependencies, found.optionalDependencies))


def _named(*tables: Any) -> Iterator[str]:
    for table in tables:
        if isinstance(table, dict):
            yield from (name for name in table if isinstance(name, str))
