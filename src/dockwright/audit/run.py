"""`audit`: the one function that turns a tree of files into an `Audit`."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from dockwright.audit.ahead import Ahead
from dockwright.audit.beside import reading
from dockwright.audit.model import About, Audit
from dockwright.config import Config
from dockwright.repository.inventory import build
from dockwright.repository.reading import Reading
from dockwright.repository.repository import Repository
from dockwright.trees.history import History
from dockwright.trees.tree import Tree

if TYPE_CHECKING:
    from dockwright.replay.result import ReplayResult
    from dockwright.rules.rule import Rule

Progress = Callable[[str], None]
"""Told what is being done, in a few words, before each step."""


def audit(
    tree: Tree,
    *,
    config: Config | None = None,
    history: History | None = None,
    rules: "Iterable[Rule] | None" = None,
    today: dt.date | None = None,
    progress: Progress | None = None,
    about: About | None = None,
    beside: bool = False,
    replay: "Callable[[Repository], ReplayResult] | None" = None,
) -> Audit:
    """The whole picture of the repository in `tree`.

    `history` adds when files last changed and where copies parted. `rules` are all of the catalogue but the pedantic
    ones unless given. `about` says in the report what was looked at. `today` decides whether an accepted finding's
    `until` has passed; without it none has. With `beside`, a copy of this process takes part in the reading and the
    checking, which is for programs without threads of their own. `replay` replays the history over the facts (see
    `audit.history`), for rules and figures about rebuilds; without it there are none. The same arguments give the same
    value.
    """
    tell = progress or (lambda _: None)
    config = config or Config()
    chosen: list[Rule] = []
    tell("reading files")
    repository = _inventory(
        tree, config, history, beside=beside, meanwhile=lambda: chosen.extend(_chosen(rules))
    )
    from dockwright.audit.judgement import judge

    return judge(
        repository,
        tuple(chosen),
        config=config,
        history=history,
        today=today,
        tell=tell,
        about=about or About(),
        beside=beside,
        replay=replay,
    )


def _chosen(rules: "Iterable[Rule] | None") -> "Iterable[Rule]":
    """The rules that are to run, imported only now, with all that works on the facts: others read scripts meanwhile."""
    from dockwright.audit import judgement  # noqa: F401
    from dockwright.rules.catalogue import all_rules

    return rules if rules is not None else (rule for rule in all_rules() if not rule.pedantic)


def _inventory(
    tree: Tree, config: Config, history: History | None, *, beside: bool, meanwhile: Callable[[], None]
) -> Repository:
    with reading(tree) if beside else Reading() as scripts:  # before there are threads
        if history is None:
            return build(tree, config, reading=scripts, meanwhile=meanwhile)
        ahead = Ahead(history)
        try:
            return build(tree, config, ahead, scripts, meanwhile)
        finally:
            ahead.close()
