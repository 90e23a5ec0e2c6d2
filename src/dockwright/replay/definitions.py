"""What defines each subject at each commit: the texts of its Dockerfile and ignore file, by object ids.

Two ways: the definition of the last commit for all of history ("what would today's file have cost"), or that of every
commit ("what did happen").
"""

from collections.abc import Iterable, Sequence

from dockwright.dockerfile.operations.engine import Engine
from dockwright.replay.contents import Contents
from dockwright.replay.shape import Shape
from dockwright.replay.subjects import Definition, Files, Subject, define
from dockwright.trees.changes import FOLDER, LINK, NOTHING, Change
from dockwright.trees.git_trees import GitTrees
from dockwright.trees.paths import decode, encode

Blobs = dict[bytes, bytes]
"""Object ids of the files that define builds, by path; those that exist at one commit."""
Texts = tuple[bytes | None, bytes | None]
"""Object ids of Dockerfile and ignore file."""


class Version:
    """One definition a subject had: its shape, or the problem why it cannot be built."""

    def __init__(self, number: int, definition: Definition, contents: Contents) -> None:
        self.number = number
        self.definition = definition
        self.problem = definition.problem
        plan = definition.plan
        scope = definition.scope
        self.shape = Shape(plan, lambda one: contents.number(scope, one)) if plan is not None else None
        self.required = (
            tuple(n for n, one in self.shape.selections.items() if not one.wildcard) if self.shape else ()
        )


class Definitions:
    """All versions of all subjects, made as they are met."""

    def __init__(
        self, subjects: Sequence[Subject], trees: GitTrees, contents: Contents, engine: Engine, prefix: str
    ) -> None:
        self.subjects = tuple(subjects)
        self.trees = trees
        self.contents = contents
        self.engine = engine
        self.prefix = prefix
        self.versions: list[list[Version]] = [[] for _ in subjects]
        self._known: list[dict[Texts, int]] = [{} for _ in subjects]
        self._paths = [[self._raw(path) for path in one.paths] for one in subjects]
        self._ignores = [[self._raw(path) for path in one.ignore_paths] for one in subjects]
        self.watched: dict[bytes, list[int]] = {}
        for number in range(len(subjects)):
            for raw in (*self._paths[number], *self._ignores[number]):
                self.watched.setdefault(raw, []).append(number)
        self.dockerfiles: dict[bytes, list[int]] = {}
        for number, paths in enumerate(self._paths):
            for raw in paths:
                self.dockerfiles.setdefault(raw, []).append(number)

    def _raw(self, path: str) -> bytes:
        return encode(f"{self.prefix}{path}")

    def changed(self, changes: Iterable[Change]) -> set[int]:
        """The subjects whose Dockerfile itself is among the changes."""
        return {number for change in changes for number in self.dockerfiles.get(change[0], ())}

    # -- at one commit

    def blobs(self, before: Blobs, changes: Iterable[Change]) -> Blobs:
        """The defining files after changes."""
        after: Blobs | None = None
        for path, old, _, mode, name in changes:
            if path in self.watched and old != FOLDER:  # a folder that goes may leave its name to a file
                after = dict(before) if after is None else after
                after.pop(path, None)
                if mode not in (NOTHING, FOLDER, LINK):
                    after[path] = name
        return before if after is None else after

    def blobs_at(self, tree: bytes) -> Blobs:
        """The defining files in a tree, looked up one by one."""
        found: Blobs = {}
        for raw in self.watched:
            entry = self.trees.get(tree, decode(raw))
            if entry is not None and entry[0] not in (FOLDER, LINK):
                found[raw] = entry[1]
        return found

    def current(self, blobs: Blobs) -> tuple[int, ...]:
        """The version of every subject under these files."""
        return tuple(self._version(number, blobs) for number in range(len(self.subjects)))

    def _version(self, number: int, blobs: Blobs) -> int:
        texts = self._texts(number, blobs)
        known = self._known[number]
        found = known.get(texts)
        if found is None:
            found = known[texts] = len(self.versions[number])
            definition = self._define(number, texts)
            self.versions[number].append(Version(found, definition, self.contents))
        return found

    def _texts(self, number: int, blobs: Blobs) -> Texts:
        ignores = self._ignores[number]
        for path, ignore in zip(self._paths[number], ignores[:-1], strict=True):
            if path in blobs:
                return blobs[path], blobs.get(ignore) or blobs.get(ignores[-1])
        return None, blobs.get(ignores[0]) or blobs.get(ignores[-1])

    def _define(self, number: int, texts: Texts) -> Definition:
        subject = self.subjects[number]
        dockerfile, ignore = (self.trees.blob(one) if one is not None else None for one in texts)
        if texts[0] is not None and dockerfile is None and subject.dockerfile is None:
            found = define(subject, Files(None, ignore), self.engine)
            return Definition(None, "its content is not in this (partial) clone", found.scope)
        files = Files(
            dockerfile if subject.dockerfile is None else subject.dockerfile,
            ignore if subject.ignore is None else subject.ignore,
        )
        return define(subject, files, self.engine)
