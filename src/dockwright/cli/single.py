"""`check FILE`: the rules that need nothing but that file.

Which those are is not declared anywhere. Rules run over a repository that consists of the file and knows nothing
else: one that asks for more (the tree, who builds the file, what is referred to) is stopped there and counted, since
with half of the facts it would only guess.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from dockwright.cli.checking import Checked, Chosen, accept, configuration_above
from dockwright.config import Config
from dockwright.errors import UsageError
from dockwright.repository.model import (
    BakeItem,
    ComposeItem,
    DockerfileItem,
    Item,
    ScriptItem,
    Status,
    WorkflowItem,
)
from dockwright.repository.names import Kind, kind_of
from dockwright.repository.repository import Repository
from dockwright.rules import engine
from dockwright.text import SourceFile

if TYPE_CHECKING:
    from dockwright.repository.files import Candidate

MAX_BYTES = 8 << 20
"""Larger files are no Docker files; as `repository.files`."""


class OneFile(Repository):
    """A repository of which one file is known. Asking for anything else raises NotKnown."""

    def __init__(self, item: Item) -> None:
        # Repository's own __init__ is left out on purpose: what it would set is what is not known here.
        known: Any = item if not isinstance(item, DockerfileItem) else Alone(item)
        self.dockerfiles = [known] if isinstance(item, DockerfileItem) else []
        self.composes = [item] if isinstance(item, ComposeItem) else []
        self.bakes = [item] if isinstance(item, BakeItem) else []
        self.workflows = [item] if isinstance(item, WorkflowItem) else []
        self.scripts = [item] if isinstance(item, ScriptItem) and not self.workflows else []
        self._memo: dict[str, Any] = {}
        self._item = item

    def __getattr__(self, name: str) -> Any:
        raise engine.NotKnown(name)

    def source_data(self, path: str) -> bytes:
        return self._item.source.data if path == self._item.path else b""


class Alone:
    """A Dockerfile of which nobody knows who builds it. It is taken as used: whoever names a file wants it judged."""

    def __init__(self, item: DockerfileItem) -> None:
        self._item = item

    def __getattr__(self, name: str) -> Any:
        if name in {"builds", "used_by", "buildable"}:
            raise engine.NotKnown(name)
        value = self.__dict__[name] = getattr(self._item, name)
        return value


_ABOUT: dict[type[Item], frozenset[str]] = {
    DockerfileItem: frozenset(("DockerfileSubject", "StageSubject")),
    ComposeItem: frozenset(("ComposeSubject", "ServiceSubject")),
    BakeItem: frozenset(("BakeSubject",)),
    ScriptItem: frozenset(("ScriptSubject",)),
    WorkflowItem: frozenset(("ScriptSubject",)),
}
"""The subjects that lie within one file, by the kind of the file."""


BATCH = 100
"""Files that are taken through each step together: the code of one step stays in the processor's caches."""


def check_file(path: Path, chosen: Chosen) -> Checked:
    """Check one file. Raises UsageError when it is no file that dockwright knows, or cannot be read."""
    return check_files([path], chosen)[0]


def check_files(paths: Sequence[Path], chosen: Chosen) -> list[Checked]:
    """Check some files. Raises UsageError for the first that dockwright does not know, or that cannot be read."""
    found: list[Checked] = []
    for start in range(0, len(paths), BATCH):
        found += _check(paths[start : start + BATCH], chosen)
    return found


class _Opened(msgspec.Struct):
    """A file on its way: a Dockerfile has no item until it is parsed."""

    path: Path
    config: Config
    root: Path
    data: bytes
    item: Item | None


def _check(paths: Sequence[Path], chosen: Chosen) -> list[Checked]:
    files = [_opened(path) for path in paths]
    items = _items(files)
    repositories = [OneFile(item) for item in items]
    by_kind: dict[type[Item], list[int]] = {}
    for number, item in enumerate(items):
        by_kind.setdefault(type(item), []).append(number)
    checked: list[Checked | None] = [None] * len(files)
    for kind, numbers in by_kind.items():
        rules = chosen(_ABOUT[kind])
        outcomes = engine.run_each([repositories[number] for number in numbers], rules)
        for number, outcome in zip(numbers, outcomes, strict=True):
            checked[number] = _checked(files[number], repositories[number], outcome, len(rules))
    return [one for one in checked if one is not None]


def _checked(file: _Opened, repository: OneFile, outcome: engine.Outcome, rules: int) -> Checked:
    crashes = [crash for crash in outcome.crashes if crash.error != engine.NOT_KNOWN]
    stopped = {crash.rule for crash in outcome.crashes} - {crash.rule for crash in crashes}
    findings, accepted = accept(outcome, file.config, file.root, file.path)
    return Checked(
        prefix="",
        findings=findings,
        accepted=accepted,
        crashes=crashes,
        skipped=outcome.skipped,
        repository=repository,
        files=1,
        rules=rules - len(stopped),
        partial="rules that look across files were left out: give `dockwright check` the directory",
    )


def _opened(path: Path) -> _Opened:
    config, root = configuration_above(path)
    _refuse_outside(path, root)
    data = _read(path)
    name = path.as_posix()
    return _Opened(path, config, root, data, _other_item(name, data))


def _items(files: Sequence[_Opened]) -> list[Item]:
    """The items, the Dockerfiles among them step by step together."""
    from dockwright.dockerfile.tree import parse

    waiting = [file for file in files if file.item is None]
    trees = [parse(file.data, file.path.as_posix()) for file in waiting]
    for tree in trees:
        _ = tree.commands
    made = [
        DockerfileItem(path=tree.file.path, source=tree.file, tree=tree, status=Status.LIVE) for tree in trees
    ]
    for item in made:
        _judge(item)
    for item in made:
        stages = item.tree.stages
        built_on = {stage.parent.index for stage in stages if stage.parent is not None}
        item.shipped_stages = [stage.index for stage in stages if stage.index not in built_on]
    dockerfiles = iter(made)
    return [next(dockerfiles) if file.item is None else file.item for file in files]


def _refuse_outside(path: Path, root: Path) -> None:
    """Raises UsageError for a link out of the repository: names of files come from those who change it."""
    if os.path.islink(path) and os.path.lexists(root / ".git") and not path.resolve().is_relative_to(root):
        raise UsageError(f"{path} is a link that leads out of the repository", "name the file it leads to")


def _read(path: Path) -> bytes:
    try:
        with open(path, "rb", buffering=0) as file:
            size = os.fstat(file.fileno()).st_size
            # Room for what is there and a byte more: making room for the largest file costs more than to read most.
            data = b"" if size > MAX_BYTES else file.read(size + 1)
            if len(data) > size:  # its size is no promise: it may grow
                data += file.read(MAX_BYTES + 1 - len(data))
        if max(size, len(data)) > MAX_BYTES:
            raise UsageError(
                f"{path} is larger than {MAX_BYTES >> 20} MB", "no tool reads Docker files of that size"
            )
        if b"\0" in data[:1024]:
            _refuse_what_is_no_text(path, data)
        return data
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from error


def _refuse_what_is_no_text(path: Path, data: bytes) -> None:
    from dockwright.repository.contents import unreadable

    reason = unreadable(data)
    if reason:
        raise UsageError(f"{path}: {reason}")


def _other_item(name: str, data: bytes) -> Item | None:
    """The item of any file but a Dockerfile; None for that. Raises UsageError for what dockwright does not know."""
    kind = kind_of(name)
    if kind is Kind.DOCKERFILE:
        return None
    from dockwright.repository import contents

    if kind is None and contents.looks_like_dockerfile(data):
        return None
    if kind is Kind.COMPOSE or (kind is Kind.CONFIG and contents.may_be_compose(data)):
        return _made("compose_item", _candidate(name, data, Kind.COMPOSE))
    if kind is Kind.BAKE:
        return _made("bake_item", _candidate(name, data, Kind.BAKE))
    if kind in {Kind.SCRIPT, Kind.WORKFLOW, Kind.PIPELINE, Kind.CODE}:
        return _script(name, data)
    raise UsageError(
        f"{name} is no Dockerfile, compose file, bake file, workflow or script",
        "give `dockwright check` one of these, or a directory",
    )


def _judge(item: DockerfileItem) -> None:
    """What BuildKit refuses whatever the context holds: mistakes of syntax, stages, shell words in COPY."""
    from dockwright.repository.buildable import judge

    everything: Any = _Everything()
    judge(item, everything, lambda _root, _dockerfile: everything)


class _Everything:
    """A context in which every source exists."""

    ignore_file = None
    files: frozenset[str] = frozenset()
    """None that could be read: a single file is checked without its repository."""

    def has(self, *_: object, **__: object) -> bool:
        return True

    def __init__(self) -> None:
        from dockwright.trees.selection import Found, Selection

        self.found = Selection(Found.FILES)

    def select(self, _source: str) -> Any:
        return self.found


def _candidate(name: str, data: bytes, kind: Kind) -> "Candidate":
    from dockwright.repository.files import Candidate

    return Candidate(name, kind, SourceFile(name, data))


def _made(maker: str, candidate: "Candidate") -> Item:
    from dockwright.repository import items
    from dockwright.repository.model import Standing

    item: Item = getattr(items, maker)(candidate)
    item.standing = Standing.OWN  # whoever names a file wants it judged
    return item


def _script(name: str, data: bytes) -> Item:
    """A script or workflow with what it starts: an inventory of it alone."""
    from dockwright.repository.inventory import build
    from dockwright.repository.model import Standing
    from dockwright.trees.memory import MemoryTree

    alone = build(MemoryTree({name: data}))
    for item in (*alone.scripts, *alone.workflows):
        if item.path == name:
            item.standing = Standing.OWN
            return item
    raise UsageError(f"{name} starts no container tool", "there is nothing in it for dockwright to check")
