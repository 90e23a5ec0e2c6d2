"""What the instructions of a build take out of its context."""

import msgspec

from dockwright.dockerfile.keys.contents import MAIN
from dockwright.dockerfile.keys.filters import Filter
from dockwright.dockerfile.keys.model import Selection
from dockwright.errors import Skipped
from dockwright.replay.subjects import Files, Subject, define
from dockwright.trees.context import BuildContext
from dockwright.trees.paths import clamped
from dockwright.trees.tree import Tree, Unreadable


class Use(msgspec.Struct, frozen=True, kw_only=True):
    """The files (paths in the repository) and sources (paths in the context) that one build takes.

    `whole`: some source is the context itself. `named` are files that a source names or that lie below one that is no
    whole context: without them the build fails or lacks what somebody asked for.
    """

    subject: Subject
    files: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    sources: tuple[Selection, ...] = ()
    missing: tuple[str, ...] = ()
    whole: bool = False
    problem: str = ""
    skipped: tuple[Skipped, ...] = ()


def use_of(tree: Tree, context: BuildContext, subject: Subject) -> Use:
    """What a build uses; `problem` says why that cannot be told."""
    try:
        data = subject.dockerfile if subject.dockerfile is not None else tree.read(subject.path)
    except (KeyError, Unreadable) as error:
        return Use(subject=subject, problem=str(error))
    definition = define(subject, Files(data, None))
    if definition.plan is None:
        return Use(subject=subject, problem=definition.problem)
    files: set[str] = set()
    named: set[str] = set()
    missing: list[str] = []
    sources = sorted(
        (one for one in definition.plan.selections if one.context == MAIN),
        key=lambda one: (one.path, one.exclude),
    )
    for source in sources:
        taken = taken_by(context, source)
        files |= taken
        if clamped(source.path):
            named |= taken
        if not taken and not source.wildcard:
            missing.append(source.shown)
    return Use(
        subject=subject,
        files=frozenset(files),
        named=frozenset(named),
        sources=tuple(sources),
        missing=tuple(missing),
        whole=any(not clamped(one.path) for one in sources),
    )


def taken_by(context: BuildContext, source: Selection) -> set[str]:
    """The files one source takes, `--exclude` and `--parents` regarded."""
    paths = context.select(source.path).paths
    if not (source.include or source.exclude):
        return set(paths)
    keeps = Filter(source.include, source.exclude).keeps
    folder = clamped(source.path)
    cut = len(folder) + 1 if folder else 0
    return {path for path in paths if keeps(context.inside(path)[cut:])}
