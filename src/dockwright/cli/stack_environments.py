"""`dockwright compose environments`: which compose files are loaded together, and who says so."""

import click

from dockwright.cli.stacks import FORMATS, Stacks


@click.command("environments")
@click.option("--root", default=".", metavar="DIR", show_default=True, help="The repository.")
@click.option("--at", "revision", metavar="REV", help="At a git revision.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="terminal", show_default=True)
@click.option("--output", "-o", metavar="FILE", help="Write to FILE instead of standard output.")
def command(*, root: str, revision: str | None, form: str, output: str | None) -> int:
    """The environments a repository really has: file sets with profiles, by the commands that load them.

    Declared ones (`[environments]` of dockwright.toml) are not listed here: these are what is found.
    """
    from dockwright.cli.output import width_for, write
    from dockwright.report.stacks.lists import environments_document, render

    state = Stacks(root, None).state(revision)
    write(render(environments_document(state.inferred), form, width_for(output)), output)
    return 0
