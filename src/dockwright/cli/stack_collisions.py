"""`dockwright compose collisions`: what stops two stacks, or two copies of one, from running together."""

import click

from dockwright.cli.stacks import SPEC, Stacks, first_error, given, options
from dockwright.errors import UsageError


@click.command("collisions", epilog=SPEC)
@click.argument("first", metavar="A")
@click.argument("second", metavar="[B]", required=False)
@options
def command(
    *,
    first: str,
    second: str | None,
    root: str,
    variables: tuple[str, ...],
    compose_version: str | None,
    form: str,
    output: str | None,
) -> int:
    """What two stacks both want of one machine: names, host ports, volumes, networks, subnets, image tags, paths.

    With A alone: what is in the way of a second copy of it under another project name. Exit code 0: nothing; 1:
    something.
    """
    from dockwright.cli.output import width_for, write
    from dockwright.compose.collisions.embedded import embedded_ports
    from dockwright.compose.collisions.meet import between, of_copies
    from dockwright.proof.compose import model
    from dockwright.report.stacks.lists import collisions_document, render

    stacks = Stacks(root, compose_version)
    environment = given(variables)
    sides = [stacks.resolve(*stacks.one(spec), environment) for spec in (first, second or first)]
    for spec, side in zip((first, second or first), sides, strict=True):
        if side.project is None:
            raise UsageError(
                f"{spec} cannot be resolved: {first_error(side)}", "see `dockwright compose config`"
            )
    models = [model(side) for side in sides]
    found = between(models[0], models[1]) if second is not None else of_copies(models[0])
    names = (first, second if second is not None else "a copy of it under another project name")
    made = collisions_document(names, (sides[0], sides[1]), found, embedded_ports(models[0]))
    write(render(made, form, width_for(output)), output)
    return 1 if made.collisions else 0
