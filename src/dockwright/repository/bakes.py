"""Bake files read together: the sets in which they are used, and the builds these declare."""

from collections.abc import Iterator, Mapping, Sequence

from dockwright.bake import resolve
from dockwright.repository.builds.baked import builds_of
from dockwright.repository.layout import Layout
from dockwright.repository.model import BakeItem, Build


def bake_builds(
    items: Sequence[BakeItem], layout: Layout, starts: Mapping[tuple[str, ...], Mapping[str, None]]
) -> Iterator[Build]:
    """The builds of every bake file, each in the sets that calls tell, else alone (with its override)."""
    by_path = {item.path: item for item in items}
    covered: set[str] = set()
    for files, folders in starts.items():
        known = [by_path[path] for path in files if path in by_path]
        if known:
            covered.update(item.path for item in known)
            yield from _builds(known, by_path, layout, list(folders))
    for item in items:
        if item.path not in covered:
            yield from _builds([item], by_path, layout, [])


def _builds(
    items: Sequence[BakeItem], by_path: dict[str, BakeItem], layout: Layout, starts: Sequence[str]
) -> Iterator[Build]:
    own = items[0].path.rpartition("/")[0]
    baked = resolve([item.file for item in items])
    yield from builds_of(baked, by_path, layout, list(dict.fromkeys((*starts, own, ""))))
