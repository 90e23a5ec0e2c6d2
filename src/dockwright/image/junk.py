"""What can be seen in an image and is of no use when it runs: caches, lists, logs, version control, tests, compilers."""

import msgspec

from dockwright.image.replay import Copy, Node, Replay
from dockwright.knowledge.junk import JunkKind, names_in, of_directory, of_file


class Junk(msgspec.Struct, frozen=True, gc=False):
    """One file that is junk. `folder` is the directory that made it so, or the file's own."""

    path: str
    copy: Copy
    kind: JunkKind
    folder: str


def junk_in(replay: Replay) -> list[Junk]:
    """The junk that can be seen, each file once; with several names only when all are junk."""
    found: list[Junk] = []
    names_seen: dict[int, int] = {}
    waiting: list[tuple[str, Node, JunkKind | None, str]] = [("", replay.root, None, "")]
    while waiting:
        folder, node, kind, because = waiting.pop()
        names = names_in(folder) if kind is None else None
        for name, child in (node.children or {}).items():
            path = f"{folder}/{name}" if folder else name
            if child.children is not None:
                own = kind or of_directory(path)
                waiting.append((path, child, own, because if kind else path))
                continue
            own = kind or (of_file(names, name) if names else None)
            copy = child.copy
            if own is None or copy is None or not copy.entry.size:
                continue
            names_seen[id(copy)] = names_seen.get(id(copy), 0) + 1
            if names_seen[id(copy)] == copy.names:  # all its names are junk
                found.append(Junk(path, copy, own, because if kind else folder))
    return found
