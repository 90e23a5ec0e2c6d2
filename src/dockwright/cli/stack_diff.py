"""`dockwright compose diff A B`: what differs between two environments, by service and kind of setting."""

import click

from dockwright.cli.stacks import SPEC, Stacks, given, options
from dockwright.errors import UsageError


@click.command("diff", epilog=SPEC)
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option("--pair", "pairs", multiple=True, metavar="NAME=NAME", help="A service of A and its name in B.")
@options
def command(
    *,
    before: str,
    after: str,
    pairs: tuple[str, ...],
    root: str,
    variables: tuple[str, ...],
    compose_version: str | None,
    form: str,
    output: str | None,
) -> int:
    """What differs between two environments, file sets or revisions, with the line of every value.

    Services of two names are paired by --pair, else by what they run and how they are wired. Exit code 0: no
    difference; 1: there are some.
    """
    from dockwright.cli.output import width_for, write
    from dockwright.compose.difference import difference
    from dockwright.compose.pairs import paired
    from dockwright.proof.compose import model
    from dockwright.report.fit import fit
    from dockwright.report.stacks.diff import as_json, document
    from dockwright.report.stacks.diff_text import as_markdown, as_text

    stacks = Stacks(root, compose_version)
    environment = given(variables)
    first, second = (stacks.resolve(*stacks.one(spec), environment) for spec in (before, after))
    found = None
    if first.project is not None and second.project is not None:
        a, b = model(first), model(second)
        found = difference(a, b, paired(a, b) | _pairs(pairs))
    made = document((before, after), (first, second), found)
    if form == "terminal":
        write(fit(as_text(made), width_for(output)), output)
    else:
        write(as_json(made) if form == "json" else as_markdown(made), output)
    return 0 if made.same else 1


def _pairs(texts: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for text in texts:
        name, equals, other = text.partition("=")
        if not name or not equals or not other:
            raise UsageError(
                f"--pair {text} does not name two services", "NAME=NAME: a service of A and its name in B"
            )
        found[name] = other
    return found
