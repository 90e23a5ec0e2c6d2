"""Selections whose source is reached over a symbolic link: followed in the tree of each commit, within the context.

Source: moby/buildkit cache/contenthash/checksum.go: getFollowLinks. Folders on the way are always followed, the source
itself where the instruction says so; a link that the ignore file leaves out leads nowhere.
"""

from collections.abc import Iterator

from dockwright.replay.scopes import Scope, fixed_part, is_pattern, match
from dockwright.trees.changes import FOLDER, LINK, MODULE
from dockwright.trees.git_trees import GitTrees, Named
from dockwright.trees.globs import compiled
from dockwright.trees.paths import clamped, decode, encode, join, parent
from dockwright.trees.paths import name as last

Part = tuple[bytes, bytes, bytes]
"""Name in the selection, mode, object id."""


def parts_in(trees: GitTrees, root: bytes, scope: Scope, number: int) -> list[Part]:
    """The parts of a selection in the context whose tree is `root`.

    A single file whose name is the last part of the pattern counts without its path (contenthash: Checksum).
    """
    found = list(_parts(trees, root, scope, number))
    selection = scope.selections[number]
    if len(found) == 1 and is_pattern(selection) and found[0][1] not in (FOLDER, MODULE):
        name, mode, id_ = found[0]
        if last(decode(name)) == last(clamped(selection.path)):
            return [(b"", mode, id_)]
    return found


def _parts(trees: GitTrees, root: bytes, scope: Scope, number: int) -> Iterator[Part]:
    selection = scope.selections[number]
    path = clamped(selection.path)
    if is_pattern(selection):
        yield from _pattern(trees, root, scope, number)
        return
    top = path if selection.follow else parent(path)
    resolved = _resolved(trees, root, scope, top)
    if resolved is None:
        return
    if not selection.follow:
        resolved = join(resolved, last(path))
    yield from _at(trees, root, scope, number, resolved, b"")


def _resolved(trees: GitTrees, root: bytes, scope: Scope, path: str) -> str | None:
    found = trees.follow(root, path)
    if found.path is None or any(scope.hides(link) for link in found.links):
        return None
    return found.path


def _at(trees: GitTrees, root: bytes, scope: Scope, number: int, path: str, name: bytes) -> Iterator[Part]:
    """What lies at a path, and everything in it, under a name."""
    found = trees.get(root, path)
    if found is None:
        return
    if (path and not scope.hides(path)) and scope.keeps(number, ""):
        yield name, *found
    if found[0] != FOLDER:
        return
    yield from _below(trees, scope, number, path, found, name)


def _below(
    trees: GitTrees, scope: Scope, number: int, path: str, found: Named, name: bytes
) -> Iterator[Part]:
    base_names = scope.selections[number].base_names
    for below, entry in trees.walk(found[1]):
        text = decode(below)
        if scope.hides(join(path, text)) or not scope.keeps(number, text):
            continue
        whole = name + b"/" + below if name else below
        yield (encode(last(text)) if base_names else whole), *entry


def _pattern(trees: GitTrees, root: bytes, scope: Scope, number: int) -> Iterator[Part]:
    selection = scope.selections[number]
    pattern = clamped(selection.path)
    fixed = fixed_part(pattern)
    folder = _resolved(trees, root, scope, fixed)
    found = trees.get(root, folder) if folder is not None else None
    if folder is None or found is None or found[0] != FOLDER:
        return
    matcher = compiled(pattern)
    depth = (
        None if matcher is None or matcher.depth is None else matcher.depth - fixed.count("/") - bool(fixed)
    )
    for below, entry in trees.walk(found[1], depth):
        shown = join(fixed, decode(below))
        real = join(folder, decode(below))
        if match(matcher, shown) != shown or scope.hides(real):
            continue
        name = encode(last(shown) if selection.base_names else shown)
        if entry[0] == LINK and selection.follow:
            target = _resolved(trees, root, scope, real)
            yield from _at(trees, root, scope, number, real if target is None else target, name)
        else:
            yield from _at(trees, root, scope, number, real, name)
