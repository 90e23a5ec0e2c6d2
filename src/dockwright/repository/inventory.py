"""The inventory: from a tree to all facts about its Docker files.

One pass reads everything of interest (`gather`), then builds and references are worked out, and from them standing,
status, classification and buildability. Nothing is read twice, nothing of the repository is run.
"""

from collections.abc import Callable

from dockwright.config import Config
from dockwright.repository.assembly import Assembly
from dockwright.repository.gather import Gathering
from dockwright.repository.reading import Reading
from dockwright.repository.repository import Repository
from dockwright.shell.watch import WATCH
from dockwright.trees.history import History
from dockwright.trees.tree import Tree


def build(
    tree: Tree,
    config: Config | None = None,
    history: History | None = None,
    reading: Reading | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> Repository:
    """Everything there is to know about the Docker files of a tree; dates of changes need its history.

    `reading` are other means to read the scripts than to do it here, one by one. `meanwhile` is called when these have
    all they are to read.
    """
    config = config or Config()
    WATCH.begin()
    gathering = Gathering(tree, config, reading)
    if meanwhile is not None:
        meanwhile()
    assembly = Assembly(tree, gathering.gathered, gathering.scripts())
    repository = assembly.repository(config, gathering.finish())
    if history is not None:
        _date(repository, history)
    return repository


def _date(repository: Repository, history: History) -> None:
    """Fill in when each file was last changed."""
    items = list(repository.items())
    changes = history.last_changes(sorted({item.source.path for item in items}))
    for item in items:
        change = changes.get(item.source.path)
        item.last_change = change.date if change is not None else ""
    repository.skipped.extend(history.skipped)
