"""`dockwright audit`: the whole picture of a repository."""

from typing import TYPE_CHECKING

import click

from dockwright.cli.exits import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from dockwright.audit.model import Audit
    from dockwright.cli.output import Progress
    from dockwright.cost.summary import Business
    from dockwright.errors import Skipped
    from dockwright.replay.result import ReplayResult
    from dockwright.repository.repository import Repository
    from dockwright.rules.rule import Rule

FORMATS = ("terminal", "markdown", "json")


@click.command("audit")
@click.argument("path", default=".")
@click.option("--at", "revision", metavar="REV", help="Audit this git revision, without a checkout.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="terminal", show_default=True)
@click.option(
    "--output", "-o", metavar="FILE", help="Write to FILE, in one step, instead of standard output."
)
@click.option("--quiet", "-q", is_flag=True, help="No progress; of the terminal report only the last line.")
@click.option(
    "--fail-on",
    type=click.Choice(SEVERITIES),
    default="never",
    show_default=True,
    help="Exit with 1 when a finding is at least this grave.",
)
@click.option(
    "--replay",
    is_flag=True,
    help="Also replay the git history: how often commits rebuild each step. Takes seconds per thousand commits.",
)
@click.option("--pedantic", is_flag=True, help="Also run rules that are true but seldom wanted.")
def command(
    *,
    path: str,
    revision: str | None,
    form: str,
    output: str | None,
    quiet: bool,
    fail_on: str,
    replay: bool,
    pedantic: bool,
) -> int:
    """Show the whole picture: what exists, what is broken, what is dangerous, what repeats, what to do first.

    PATH is the directory of a repository (default: this one). Nothing in it is executed, nothing is written, no
    container engine and no network is needed. The exit code is 0 when the audit could be done, whatever it found;
    with --fail-on it is 1 from that severity on.
    """
    from dockwright.cli.exits import exit_code
    from dockwright.cli.memory import keep
    from dockwright.cli.output import write

    audit = keep(_audit(path, revision, quiet=quiet, pedantic=pedantic, replay=replay))
    write(_render(audit, form, quiet=quiet, path=path, output=output), output)
    return exit_code(audit.findings, fail_on, audit.crashes)


def _audit(path: str, revision: str | None, *, quiet: bool, pedantic: bool, replay: bool) -> "Audit":
    import datetime as dt

    import msgspec

    from dockwright.audit.run import audit
    from dockwright.cli.output import Progress
    from dockwright.cli.source import configuration, directory, opened

    root = directory(path, "audit")
    with Progress(quiet=quiet) as progress:
        progress("opening")
        found = opened(root, revision)
        replayed, missing = _replay(root, revision, progress) if replay else (None, None)
        made = audit(
            found.tree,
            config=configuration(found.tree),
            history=found.history,
            rules=_rules(pedantic=pedantic),
            today=dt.datetime.now(tz=dt.UTC).date(),
            progress=progress,
            about=found.about,
            beside=True,
            replay=replayed,
        )
    costs, untold = _business(made, root)
    skipped = [one for one in (missing, untold) if one is not None]
    return msgspec.structs.replace(made, business=costs, skipped=[*skipped, *made.skipped])


def _business(made: "Audit", root: "Path") -> "tuple[Business, Skipped | None]":
    """What it costs, with what the ledger knows; where it cannot be read, without, and why."""
    from dockwright.ledger.place import ledger_path
    from dockwright.measure.costs import business

    path = ledger_path(root)
    recorded, untold = [], None
    if path.exists():  # SQLite is only imported where there is something to read
        from dockwright.errors import Skipped
        from dockwright.ledger.errors import LedgerError
        from dockwright.ledger.store import Ledger
        from dockwright.measure.recorded import known

        try:
            with Ledger(path, create=False) as ledger:
                recorded = known(ledger)
        except LedgerError as error:
            untold = Skipped("the ledger", f"{error.message}; {error.hint}")
    return business(made.repository.config, recorded, made.replay), untold


def _rules(*, pedantic: bool) -> "Iterator[Rule]":
    """The rules to run, imported when the first one is asked for."""
    from dockwright.cli.select import select

    yield from select((), (), pedantic=pedantic)


def _replay(
    root: "Path", revision: str | None, progress: "Progress"
) -> "tuple[Callable[[Repository], ReplayResult] | None, Skipped | None]":
    """A replay of the history up to the revision, or to where the working directory stands; without a history, why not."""
    from dockwright.errors import Skipped, TreeError
    from dockwright.trees.git_command import GitError

    try:
        return _replay_of(root, revision, progress), None
    except (TreeError, GitError) as error:
        return None, Skipped("--replay", f"no git history: {error.message}")


def _replay_of(
    root: "Path", revision: str | None, progress: "Progress"
) -> "Callable[[Repository], ReplayResult]":
    from dockwright.audit.history import replay_of
    from dockwright.trees.git import GitTree
    from dockwright.trees.git_command import Git
    from dockwright.trees.revisions import Range, Walk

    tree = GitTree(root, revision or "HEAD")
    prefix = tree.git.run("rev-parse", "--show-prefix").decode("utf-8", "surrogateescape").rstrip("\n")
    walk = Walk(Git(root), Range((tree.commit,)))
    return lambda repository: replay_of(repository, walk, end=tree.commit, prefix=prefix, progress=progress)


def _way_back(path: str, output: str | None) -> str | None:
    """From the folder a report is written to, to the repository; None where it is not written into it."""
    import os
    from pathlib import Path

    if output is None:
        return None
    root, folder = Path(path).resolve(), Path(output).resolve().parent
    if not folder.is_relative_to(root):
        return None
    way = os.path.relpath(root, folder).replace(os.sep, "/")
    return "" if way == "." else f"{way}/"


def _render(audit: "Audit", form: str, *, quiet: bool, path: str, output: str | None) -> str:
    from dockwright.report.build import build

    document = build(audit)
    if form == "json":
        from dockwright.report.as_json import render as as_json

        return as_json(document)
    if form == "markdown":
        from dockwright.report.markdown.render import render as markdown

        return markdown(document, _way_back(path, output))
    from dockwright.report.words import last_line

    if quiet:
        return last_line(document) + "\n"
    from dockwright.cli.output import wants_colour, width_of_terminal
    from dockwright.report.terminal.render import render as terminal

    return terminal(document, width=width_of_terminal(), colour=output is None and wants_colour())
