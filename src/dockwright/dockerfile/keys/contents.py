"""Content digests over any tree: what BuildKit hashes of a build context.

Sources: moby/buildkit cache/contenthash/checksum.go, filehash.go, tarsum.go. A file counts with its mode (executable or
not) and its bytes, a link in a copied folder with its text, a folder with the names and digests of what is in it.
Times, owners and the name of the source itself do not count.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256

from dockwright.dockerfile.keys.filters import Filter, wildcard_matches
from dockwright.dockerfile.keys.model import Selection
from dockwright.trees.context import BuildContext
from dockwright.trees.links import Outcome, follow
from dockwright.trees.paths import clamped, join, name
from dockwright.trees.tree import Unreadable

MAIN = "context"


class TreeDigests:
    """`ContentDigests` over build contexts, by name; the main one is `context`.

    `git` stands for the state of a checkout's `.git` (any text that changes when it does): where the main context sends
    it, it is a part of what the root selects.
    """

    def __init__(self, contexts: Mapping[str, BuildContext], git: str = "") -> None:
        self._contexts = {
            key: _ContextDigests(one, git if key == MAIN else "") for key, one in contexts.items()
        }

    @classmethod
    def of(cls, context: BuildContext, git: str = "") -> "TreeDigests":
        """For builds with one context only."""
        return cls({MAIN: context}, git)

    def digest(self, selection: Selection) -> str | None:
        """The digest of a selection; of a context that is not given, a text for its name.

        Raises `Unreadable` if the content of a file that counts cannot be had.
        """
        found = self._contexts.get(selection.context)
        if found is None:
            return f"context {selection.context} is not known"
        return found.digest(selection)


class _ContextDigests:
    def __init__(self, context: BuildContext, git: str) -> None:
        self._context = context
        self._tree = context.tree
        self._git = git
        self._selected: dict[Selection, str | None] = {}
        self._folders: dict[str, str] = {}

    def digest(self, selection: Selection) -> str | None:
        if selection not in self._selected:
            self._selected[selection] = self._digest(selection)
        return self._selected[selection]

    def _digest(self, selection: Selection) -> str | None:
        path = clamped(selection.path)
        if selection.wildcard:
            return self._wildcard(path, selection)
        found = self.resolve(path, last=selection.follow and not selection.filtered)
        if found is None:
            return None
        if selection.filtered:
            return self._filtered(found, selection)
        return self.at(found)

    # -- looking

    def _full(self, path: str) -> str:
        return join(self._context.root, path)

    def exists(self, path: str) -> bool:
        """True if a path of the context (links not followed) is there for the builder."""
        return not path or self._context.is_sent(self._full(path))

    def _link(self, path: str) -> str | None:
        return self._tree.link_target(self._full(path)) if self.exists(path) else None

    def resolve(self, path: str, *, last: bool) -> str | None:
        """Where a path leads with links followed, as the builder sees the context; None if nowhere."""
        found = follow(path, self._link, self.exists, clamp=True, last=last)
        return found.path if found.outcome is Outcome.FOUND else None

    def is_folder(self, path: str) -> bool:
        return self._tree.get(self._full(path)) is None

    def children(self, path: str) -> Iterator[str]:
        """What the builder sees directly in a folder, sorted."""
        for child in self._tree.children(self._full(path)):
            inside = self._context.inside(child)
            if self.exists(inside):
                yield inside

    # -- digests

    def at(self, path: str) -> str:
        """The digest of what lies at a path, links not followed."""
        entry = self._tree.get(self._full(path))
        if entry is None:
            return self._folder(path)
        if entry.is_link:
            target = self._tree.link_target(entry.path)
            if target is None:
                raise Unreadable(f"link {entry.path} cannot be read")
            return f"link {target}"
        return f"{entry.mode:o} {self._tree.content_id(entry.path)}"

    def _folder(self, path: str) -> str:
        found = self._folders.get(path)
        if found is not None:
            return found
        waiting = [path]
        while waiting:
            folder = waiting[-1]
            children = list(self.children(folder))
            missing = [one for one in children if self.is_folder(one) and one not in self._folders]
            if missing:
                waiting += missing
                continue
            waiting.pop()
            parts = [f"{name(one)}\0{self._folders.get(one) or self.at(one)}" for one in children]
            if not folder and self._context.sends_git:
                parts.append(f".git\0{self._git}")
            self._folders[folder] = _hashed("folder", parts)
        return self._folders[path]

    def _wildcard(self, pattern: str, selection: Selection) -> str | None:
        """Everything the pattern matches, with what lies below, in order, with names."""
        found: list[tuple[str, str]] = []
        fixed, matches = wildcard_matches(self, pattern)
        for match in matches:
            shown = match if not fixed else match[len(fixed) :]
            for path, digest in self._listed(match, selection):
                found.append((shown + path, digest))
        return _together(found, selection, name(pattern))

    def _filtered(self, path: str, selection: Selection) -> str | None:
        found = [(one or "/", digest) for one, digest in self._listed(path, selection, top_follows=False)]
        wanted = [clamped(one) for one in selection.required]
        folder = clamped(selection.path)
        for required in wanted:
            below = required[len(folder) :] if folder else f"/{required}"
            if not any(one.startswith(below) for one, _ in found):
                return None
        return _together(found, selection, name(clamped(selection.path)))

    def _listed(
        self, path: str, selection: Selection, *, top_follows: bool = True
    ) -> Iterator[tuple[str, str]]:
        """`(path below, digest)` of a match and of what lies in it, folders only by name."""
        filter_ = Filter(selection.include, selection.exclude)
        if not self.is_folder(path):
            if filter_.keeps(""):
                resolved = self.resolve(path, last=True) if top_follows and selection.follow else path
                yield "", self.at(path) if resolved is None else self.at(resolved)
            return
        kept: set[str] = set()
        for one in self._below(path):
            below = one[len(path) + 1 :] if path else one
            if not filter_.keeps(below):
                continue
            for folder in _folders_above(below):
                if folder not in kept:
                    kept.add(folder)
                    yield f"/{folder}" if folder else "", "folder"
            if self.is_folder(one):
                kept.add(below)
                yield f"/{below}", "folder"
            else:
                yield f"/{below}", self._below_digest(one, selection)
        if not kept and filter_.keeps(""):
            yield "", "folder"

    def _below_digest(self, path: str, selection: Selection) -> str:
        entry = self._tree.get(self._full(path))
        if selection.base_names and selection.follow and entry is not None and entry.is_link:
            resolved = self.resolve(path, last=True)  # before 0.26 links inside are followed too
            if resolved is not None:
                return self.at(resolved)
        return self.at(path)

    def _below(self, path: str) -> Iterator[str]:
        """Everything below a folder, in the order of paths."""
        waiting = list(reversed(list(self.children(path))))
        while waiting:
            one = waiting.pop()
            yield one
            if self.is_folder(one):
                waiting += reversed(list(self.children(one)))


def _folders_above(path: str) -> Iterator[str]:
    """The folders above a path below a match, outermost first; the match itself is ""."""
    yield ""
    at = path.find("/")
    while at >= 0:
        yield path[:at]
        at = path.find("/", at + 1)


def _together(found: list[tuple[str, str]], selection: Selection, last: str) -> str:
    if len(found) == 1 and found[0][1] != "folder" and name(found[0][0]) == last:
        return found[0][1]
    if selection.base_names:
        return _hashed("list", [f"{name(path)}\0{digest}" for path, digest in found])
    return _hashed("list", [f"{path}\0{digest}" for path, digest in found])


def _hashed(kind: str, parts: list[str]) -> str:
    text = "\0\0".join([kind, *parts])
    return f"{kind} {sha256(text.encode('utf-8', 'surrogateescape')).hexdigest()}"
