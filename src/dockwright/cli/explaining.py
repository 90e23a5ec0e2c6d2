"""What `explain FILE:LINE` needs: the facts and findings of the whole repository, then one place of it."""

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from dockwright.cli.output import Progress
from dockwright.cli.select import select
from dockwright.cli.source import configuration, directory, opened
from dockwright.errors import UsageError

if TYPE_CHECKING:
    from dockwright.audit.explain.model import Explanation
    from dockwright.report.clean import Cleaner
    from dockwright.repository.repository import Repository


def explained(path: str, line: int, root: str, *, quiet: bool) -> "tuple[Explanation, Cleaner]":
    """The explanation of a line, and what makes it fit to be shown.

    Raises UsageError when the file is no part of the inventory, or has no such line.
    """
    from dockwright.audit.explain.place import explain
    from dockwright.report.build import cleaner
    from dockwright.repository.inventory import build
    from dockwright.rules import engine

    folder = directory(root, "explain --root")
    name = _within(path, folder)
    with Progress(quiet=quiet) as progress:
        progress("reading files")
        tree = opened(folder, None, history=False).tree
        repository = build(tree, configuration(tree))
        item = repository.item(name)
        if item is None:
            raise _unknown(name, repository)
        if not 1 <= line <= max(item.source.line_count, 1):
            raise UsageError(f"{name} has no line {line}", f"it has {item.source.line_count}")
        progress("checking rules")
        outcome = engine.run(repository, select((), (), pedantic=True))
    return explain(repository, outcome.findings, item, line), cleaner(repository)


def _within(path: str, folder: Path) -> str:
    """The path as the tree has it: relative to the root, whether it was given from there or from here."""
    for candidate in (folder / path, Path(path)):
        full, base = candidate.resolve(), folder.resolve()
        if full.exists() and full.is_relative_to(base):
            return full.relative_to(base).as_posix()
    return Path(path).as_posix()


def _unknown(name: str, repository: "Repository") -> UsageError:
    paths = [item.path for item in repository.items()]
    near = get_close_matches(name, paths, 3, 0.6)
    if repository.tree.exists(name):
        return UsageError(
            f"{name} has nothing to do with containers", "Docker-related files can be explained"
        )
    hint = f"did you mean {', '.join(near)}?" if near else "paths are relative to --root"
    return UsageError(f"there is no file {name}", hint)
