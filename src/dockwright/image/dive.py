"""dive's figures, for those who know them: its own formula over the same layers.

wagoodman/dive dive/filetree/efficiency.go, dive/image/docker/image_archive.go: for every leaf path and every layer that
has an entry for it, the least size over the sum of sizes; a whiteout of a directory counts as an entry of the directory's
size at the directory's path. What that cannot tell is in the documentation.
"""

from collections.abc import Sequence

import msgspec

from dockwright.image.entries import AUFS, WHITEOUT, Entry, Kind, Layer
from dockwright.image.replay import Node, Replay


class Dive(msgspec.Struct, frozen=True):
    """`efficiency` and `wasted_share` lie between 0 and 1 (the share may exceed 1); the rest are bytes."""

    efficiency: float
    wasted: int
    user_size: int
    wasted_share: float


def figures(layers: Sequence[Layer]) -> Dive:
    """What dive would say of these layers, lowest first."""
    least: dict[str, int] = {}
    total: dict[str, int] = {}
    layers_of: dict[str, int] = {}
    below = Replay()
    for layer in layers:
        for path, size in _leaves(layer, below):
            least[path] = min(least.get(path, size), size)
            total[path] = total.get(path, 0) + size
            layers_of[path] = layers_of.get(path, 0) + 1
        below.add(layer)
    everything = sum(total.values())
    wasted = sum(size for path, size in total.items() if layers_of[path] > 1)
    user = sum(layer.size for layer in layers[1:])
    return Dive(
        sum(least.values()) / everything if everything else 1.0, wasted, user, wasted / user if user else 0.0
    )


def _leaves(layer: Layer, below: Replay) -> list[tuple[str, int]]:
    """The leaf paths of one layer's own tree with the sizes dive gives them."""
    own: dict[str, Entry] = {}
    parents: set[str] = set()
    for entry in layer.entries:
        folder, _, name = entry.path.rpartition("/")
        if not name or name.startswith(AUFS):
            continue
        own[entry.path] = entry
        while folder and folder not in parents:
            parents.add(folder)
            folder = folder.rpartition("/")[0]
    found = []
    for path, entry in own.items():
        if path in parents:
            continue
        folder, _, name = path.rpartition("/")
        if name.startswith(WHITEOUT):
            gone = f"{folder}/{name[4:]}" if folder else name[4:]
            found.append((gone, _size_below(below.at(gone))))
        else:
            found.append((path, entry.size))
    return found


def _size_below(node: Node | None) -> int:
    """All that a deleted directory held; nothing for a file, as dive has it."""
    if node is None or node.children is None:
        return 0
    size, waiting = 0, [node]
    while waiting:
        for child in (waiting.pop().children or {}).values():
            waiting.append(child)
            if child.entry is not None and child.entry.kind == Kind.FILE:
                size += child.entry.size
    return size
