"""`dockwright check`: the gate. Rules over repositories, or over single files while they are written."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dockwright.cli.exits import SEVERITIES

if TYPE_CHECKING:
    from dockwright.cli.checking import Checked
    from dockwright.rules.rule import Rule

FORMATS = ("terminal", "json", "github")


@click.command("check")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--format", "form", type=click.Choice(FORMATS), default="terminal", show_default=True)
@click.option(
    "--output", "-o", metavar="FILE", help="Write to FILE, in one step, instead of standard output."
)
@click.option("--quiet", "-q", is_flag=True, help="No progress and no summary, only findings.")
@click.option(
    "--fail-on",
    type=click.Choice(SEVERITIES),
    default="low",
    show_default=True,
    help="Exit with 1 when a finding is at least this grave.",
)
@click.option(
    "--rule", "wanted", multiple=True, metavar="RULE", help="Run only this rule; may be given again."
)
@click.option("--exclude-rule", "unwanted", multiple=True, metavar="RULE", help="Leave this rule out.")
@click.option("--pedantic", is_flag=True, help="Also run rules that are true but seldom wanted.")
def command(
    *,
    paths: tuple[str, ...],
    form: str,
    output: str | None,
    quiet: bool,
    fail_on: str,
    wanted: tuple[str, ...],
    unwanted: tuple[str, ...],
    pedantic: bool,
) -> int:
    """Check repositories or single files and print one finding per line.

    A directory (default: this one) is checked with all rules. For a file only the rules that need nothing but that
    file are run; the others need the directory. The exit code is 0 when nothing was found, 1 when something was, 2
    when the check could not be run, 3 when dockwright itself failed.
    """
    from dockwright.cli.checking import check_all
    from dockwright.cli.exits import exit_code
    from dockwright.cli.output import Progress, write
    from dockwright.cli.select import select

    @cache
    def chosen(about: frozenset[str] | None) -> Sequence["Rule"]:
        return select(wanted, unwanted, pedantic=pedantic, about=about)

    with Progress(quiet=quiet) as progress:
        checked = check_all([Path(path) for path in paths or (".",)], chosen, progress)
    write(_render(checked, form, quiet=quiet, to_file=output is not None), output)
    findings = [finding for one in checked for finding in one.findings]
    return exit_code(findings, fail_on, [crash for one in checked for crash in one.crashes])


def _render(checked: "Sequence[Checked]", form: str, *, quiet: bool, to_file: bool) -> str:
    if form == "json":
        return _json(checked)
    lines: list[str] = []
    for one in checked:
        if one.findings:
            lines += _github(one) if form == "github" else _terminal(one, to_file=to_file)
    if not quiet:
        from dockwright.cli.checking import summary

        lines += summary(checked)
    return "".join(f"{line}\n" for line in lines)


def _github(one: "Checked") -> list[str]:
    from dockwright.cli.checking import cleaner_of
    from dockwright.report.findings.github import render

    return list(render(one.findings, cleaner_of([one]).text))


def _terminal(one: "Checked", *, to_file: bool) -> list[str]:
    import sys

    from dockwright.cli.checking import cleaner_of
    from dockwright.cli.output import on_terminal, wants_colour, width_of_terminal
    from dockwright.report.findings.lines import Lines

    drawing = Lines(
        cleaner_of([one]).text, colour=not to_file and wants_colour(), width=width_of_terminal(100)
    )
    shown = one.source_line if not to_file and on_terminal(sys.stdout) else None
    return list(drawing.render(one.findings, shown))


def _json(checked: "Sequence[Checked]") -> str:
    from dockwright.cli.checking import cleaner_of
    from dockwright.report.findings.as_json import render

    return render(
        [finding for one in checked for finding in one.findings],
        [accepted for one in checked for accepted in one.accepted],
        [skip for one in checked for skip in one.skipped],
        next((one.partial for one in checked if one.partial), ""),
        cleaner_of(checked),
    )
