"""What a COPY or ADD source (or that of a bind mount) selects of a build context.

Sources: moby/buildkit cache/contenthash and solver/llbsolver/file/backend.go, tonistiigi/fsutil copy/copy.go
(ResolveWildcards), fsutil followlinks.go: `..` and absolute links are clamped to the root of the context, links are
followed inside it.
"""

from collections.abc import Iterator

from dockwright.trees.globs import compiled, has_wildcard
from dockwright.trees.ignore import Pattern
from dockwright.trees.links import Outcome, Resolution, follow
from dockwright.trees.paths import clamped, join
from dockwright.trees.selection import Found, Selection
from dockwright.trees.sent import Sent
from dockwright.trees.tree import State


class Sources:
    """Looks sources up in what is sent; each one once."""

    def __init__(self, sent: Sent) -> None:
        self._sent = sent
        self._tree = sent.tree
        self._known: dict[str, Selection] = {}

    def select(self, source: str) -> Selection:
        """What a source selects; variables already filled in."""
        path = clamped(source)
        found = self._known.get(path)
        if found is None:
            found = self._pattern(path) if has_wildcard(path) else self._path(path)
            self._known[path] = found
        return found

    def _full(self, path: str) -> str:
        return join(self._sent.root, path)

    def _follow(self, path: str) -> Resolution:
        return follow(
            path,
            lambda at: self._tree.link_target(self._full(at)),
            lambda at: self._tree.exists(self._full(at)),
            clamp=True,
        )

    def _path(self, path: str) -> Selection:
        resolution = self._follow(path)
        if resolution.outcome is Outcome.LOOP:
            return Selection(Found.LOOP)
        if resolution.path is None:
            return Selection(Found.MISSING, near=tuple(self._tree.same_but_case(self._full(path))))
        for link in resolution.links:
            if self._sent.hides(self._full(link)):
                return Selection(Found.HIDDEN, hidden_by=self._hiding(self._full(link)))
        return self._existing(self._full(resolution.path))

    def _hiding(self, full: str) -> Pattern | None:
        ignore = self._sent.ignore
        verdict = ignore.verdict(self._sent.inside(full)) if ignore is not None else None
        return verdict.pattern if verdict is not None and verdict.ignored else None

    def _existing(self, full: str) -> Selection:
        if self._tree.get(full) is not None:
            if self._sent.hides(full):
                return Selection(Found.HIDDEN, hidden_by=self._hiding(full), left_out=1)
            return self._selected((full,), 0, untracked=self._tree.state(full) is not State.TRACKED)
        below = list(self._tree.under(full))
        paths = tuple(entry.path for entry in below if entry.path in self._sent.paths)
        left_out = len(below) - len(paths)
        if not paths and full not in self._sent.folders:
            return Selection(Found.HIDDEN, hidden_by=self._hiding_folder(full), left_out=left_out)
        # A folder that is empty on disk is in no clone; one that is only left empty by the ignore file may be.
        empty = not paths and not below and full != self._sent.root
        return self._selected(paths, left_out, untracked=empty)

    def _hiding_folder(self, full: str) -> Pattern | None:
        found = self._hiding(full)
        if found is not None:
            return found
        return next((why for entry in self._tree.under(full) if (why := self._hiding(entry.path))), None)

    def _selected(self, paths: tuple[str, ...], left_out: int, *, untracked: bool = False) -> Selection:
        lacking = tuple(path for path in paths if self._tree.state(path) is not State.TRACKED)
        return Selection(
            Found.FILES,
            paths,
            left_out=left_out,
            untracked=untracked or (bool(paths) and len(lacking) == len(paths)),
            not_in_clone=lacking,
        )

    # -- wildcards

    def _pattern(self, pattern: str) -> Selection:
        parts = pattern.split("/")
        fixed = next(index for index, part in enumerate(parts) if has_wildcard(part))
        folder = self._follow("/".join(parts[:fixed]))
        if folder.path is None or not self._tree.is_dir(self._full(folder.path)):
            return Selection(Found.LOOP if folder.outcome is Outcome.LOOP else Found.MISSING)
        base = self._full(folder.path)
        matched = list(self._matching(base, parts[fixed:]))
        found = [self._path(self._sent.inside(path)) for path in matched]
        for path, one in zip(matched, found, strict=True):
            if one.found is not Found.FILES and self._is_sent_link(path):
                return one  # a link that is matched is followed, and has to lead somewhere
        paths = tuple(sorted({path for one in found for path in one.paths}))
        left_out = sum(one.left_out for one in found)
        if any(one.found is Found.FILES for one in found):
            untracked = all(one.untracked for one in found if one.found is Found.FILES)
            return self._selected(paths, left_out, untracked=untracked)
        hidden = next((one.hidden_by for one in found if one.hidden_by is not None), None)
        if base not in self._sent.folders:
            return Selection(Found.HIDDEN, hidden_by=hidden or self._hiding_folder(base), left_out=left_out)
        return Selection(Found.NOTHING, hidden_by=hidden, left_out=left_out)

    def _is_sent_link(self, path: str) -> bool:
        return self._tree.link_target(path) is not None and not self._sent.hides(path)

    def _matching(self, base: str, parts: list[str]) -> Iterator[str]:
        """What below `base` matches, as the walk finds it: nothing below a folder that matches."""
        whole = compiled("/".join(parts))
        if whole is None:
            return
        each = [compiled(part) for part in parts]
        level = [base]
        # A class such as `[^a]` may match a slash; then parts say nothing about depth and everything is looked at.
        for part in each if whole.depth is not None else ():
            level = [
                child
                for folder in level
                for child in self._tree.children(folder)
                if part is not None and part.matches(child.rpartition("/")[2])
            ]
        if whole.depth is not None:
            yield from level
            return
        while level:
            path = level.pop()
            for child in self._tree.children(path):
                if whole.matches(child[len(base) + 1 :] if base else child):
                    yield child
                elif self._tree.get(child) is None:
                    level.append(child)
