"""The same contents more than once among what can be seen; hard links are one file and no duplicate."""

import msgspec

from dockwright.image.replay import Copy, Replay


class Duplicate(msgspec.Struct, frozen=True):
    """Contents that are there `len(copies)` times; `bytes` is what all but one of them take. The lowest layer's comes first."""

    bytes: int
    paths: tuple[str, ...]
    copies: tuple[Copy, ...]


def duplicates_in(replay: Replay) -> list[Duplicate]:
    """Groups of files with the same contents, the most bytes first."""
    seen: set[int] = set()
    by_digest: dict[bytes, list[tuple[str, Copy]]] = {}
    for one in replay.visible():
        copy = one.copy
        if copy is not None and copy.entry.size and id(copy) not in seen:
            seen.add(id(copy))
            by_digest.setdefault(copy.entry.digest, []).append((one.path, copy))
    found = []
    for group in by_digest.values():
        if len(group) > 1:
            paths, copies = zip(*sorted(group, key=lambda one: (one[1].layer, one[0])), strict=True)
            found.append(Duplicate((len(group) - 1) * copies[0].entry.size, paths, copies))
    return sorted(found, key=lambda one: (-one.bytes, one.paths))
