"""What selections contain at every commit, kept up with by adding what each commit changed.

The content of a selection is the sum of a number for each file (its name below the source, mode and object id) and each
folder in it: equal exactly when BuildKit's digest is, up to collisions of 128 bits, and changed by a commit in time
that depends on the commit alone. Where a link stands on the way to a source, the sum is taken anew from the tree.

Source of what counts: moby/buildkit cache/contenthash/checksum.go, filehash.go. A submodule that is not checked out is
an empty folder. Of a file's mode only whether it can be executed is known to git.
"""

from collections.abc import Iterable
from hashlib import blake2b

from dockwright.dockerfile.keys.model import Selection
from dockwright.replay.linked import parts_in
from dockwright.replay.scopes import Scope, ScopeKey, is_pattern
from dockwright.trees.changes import FOLDER, LINK, MODULE, NOTHING, Change
from dockwright.trees.git_trees import GitTrees
from dockwright.trees.globs import has_wildcard
from dockwright.trees.paths import clamped, decode
from dockwright.trees.paths import name as last

Sums = list[int]
"""The content of every selection at one commit, by number; 0 says that nothing is there. Never changed in place."""
_KEPT = 1 << 17
"""Paths whose selections are remembered; beyond, they are worked out again."""
_WEIGHT = {NOTHING: 0, FOLDER: 2, MODULE: 2}
"""What a part counts when it is asked whether there is a single file; 1 for files and links."""


class Contents:
    """The selections of all contexts, numbered as they are asked for, before the first commit is looked at."""

    def __init__(self, trees: GitTrees, prefix: str = "") -> None:
        self.trees = trees
        self.prefix = prefix
        self.selections: list[Selection] = []
        self.scope_of: list[Scope] = []
        self._scopes: dict[ScopeKey, Scope] = {}
        self._numbers: dict[tuple[ScopeKey, Selection], int] = {}
        self._known: dict[bytes, tuple[tuple[int, bytes | None], ...]] = {}
        self._links: dict[bytes, tuple[int, ...]] = {}
        self._parts_of: dict[int, tuple[int, int, int]] = {}
        self.linked: dict[int, None] = {}

    def number(self, key: ScopeKey, selection: Selection) -> int:
        """The number of a selection in a context."""
        found = self._numbers.get((key, selection))
        if found is None:
            scope = self._scopes.get(key)
            if scope is None:
                scope = self._scopes[key] = Scope(key)
            found = self._numbers[key, selection] = len(self.selections)
            scope.add(found, selection)
            self.selections.append(selection)
            self.scope_of.append(scope)
            if is_pattern(selection) and not has_wildcard(last(clamped(selection.path))):
                self._single(found, selection, scope)
        return found

    def _single(self, number: int, selection: Selection, scope: Scope) -> None:
        """A pattern whose last part is a name: a single file counts without its path (contenthash: Checksum).

        So two sums are kept, with paths and without, and how many parts there are; the selection is one of the sums.
        """
        first = len(self.selections)
        self.selections += [selection] * 3
        self.scope_of += [scope] * 3
        self._parts_of[number] = (first, first + 1, first + 2)

    def empty(self) -> Sums:
        """Before the first commit."""
        return [0] * len(self.selections)

    def after(self, before: Sums, changes: Iterable[Change], tree: bytes) -> tuple[Sums, set[int]]:
        """The content after a commit (whose tree is given), and which selections it changed."""
        deltas: dict[int, int] = {}
        touched = False
        linked = bool(self.linked)
        for path, old_mode, old, new_mode, new in changes:
            spots = self._known.get(path)
            if spots is None:
                spots = self._spots(path)
            if LINK in (old_mode, new_mode):
                self._note_links(path)
                linked = bool(self.linked)
            touched = touched or linked
            for number, name in spots:
                if name is None:
                    delta = _WEIGHT.get(new_mode, 1) - _WEIGHT.get(old_mode, 1)
                else:
                    delta = value(name, new_mode, new) - value(name, old_mode, old)
                deltas[number] = deltas.get(number, 0) + delta
        for number, (full, bare, count) in self._parts_of.items():
            if number not in self.linked and (full in deltas or bare in deltas):
                single = before[count] + deltas.get(count, 0) == 1
                chosen = bare if single else full
                deltas[number] = before[chosen] + deltas.get(chosen, 0) - before[number]
        if touched:
            for number in self.linked:
                deltas[number] = self._linked_sum(number, tree) - before[number]
        changed = {number for number, delta in deltas.items() if delta}
        if not changed:
            return before, changed
        after = before.copy()
        for number in changed:
            after[number] += deltas[number]
        return after, changed

    def _inside(self, scope: Scope, path: str) -> str | None:
        if not path.startswith(self.prefix):
            return None
        return scope.inside(path[len(self.prefix) :])

    def _spots(self, raw: bytes) -> tuple[tuple[int, bytes | None], ...]:
        path = decode(raw)
        found: list[tuple[int, bytes | None]] = []
        for scope in self._scopes.values():
            inside = self._inside(scope, path)
            if inside:
                for number, name in scope.spots(inside):
                    parts = self._parts_of.get(number)
                    if parts is None:
                        found.append((number, name))
                    else:
                        found += [(parts[0], name), (parts[1], b""), (parts[2], None)]
        if len(self._known) >= _KEPT:
            self._known.clear()
        made = self._known[raw] = tuple(found)
        return made

    def _note_links(self, raw: bytes) -> None:
        """From the first link on the way to its source on, a selection is summed up from the tree."""
        path = decode(raw)
        for scope in self._scopes.values():
            inside = self._inside(scope, path)
            if inside:
                self.linked.update(dict.fromkeys(scope.linked(inside)))

    def _linked_sum(self, number: int, tree: bytes) -> int:
        scope = self.scope_of[number]
        root = self.trees.get(tree, f"{self.prefix}{scope.key.root}".rstrip("/"))
        if root is None or root[0] != FOLDER:
            return 0
        parts = parts_in(self.trees, root[1], scope, number)
        return sum(value(name, mode, id_) for name, mode, id_ in parts)


def value(name: bytes, mode: bytes, id_: bytes) -> int:
    """The number that stands for one entry of a selection; 0 for nothing."""
    if mode == NOTHING:
        return 0
    if mode in (FOLDER, MODULE):
        return int.from_bytes(blake2b(name + b"/", digest_size=16).digest(), "big")
    kind = b"l" if mode == LINK else b"x" if mode[3:4] in b"1357" else b"f"
    return int.from_bytes(blake2b(name + b"\0" + kind + id_, digest_size=16).digest(), "big")
