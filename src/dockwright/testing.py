"""What tests of rules are made with, ours and those of third parties: small repositories in memory."""

from collections.abc import Iterable, Sequence

from dockwright.repository.inventory import build
from dockwright.repository.repository import Repository
from dockwright.rules.engine import Outcome, run
from dockwright.rules.rule import Files, Rule
from dockwright.trees.memory import Link, MemoryTree
from dockwright.trees.tree import State


def repository(files: Files, ignored: Sequence[str] = ()) -> Repository:
    """The facts of a small repository given as path to text (`-> target` for a link); `ignored` by git."""
    content = {path: Link(text[3:]) if text.startswith("-> ") else text for path, text in files.items()}
    tree = MemoryTree(content, states=dict.fromkeys(ignored, State.IGNORED))
    return build(tree)


def examine(files: Files, rules: Iterable[Rule], ignored: Sequence[str] = ()) -> Outcome:
    """Run `rules` over a small repository."""
    return run(repository(files, ignored), rules)
