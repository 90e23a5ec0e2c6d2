"""`dockwright compose parity`: what Podman does otherwise than Docker with the stacks of a repository."""

import click

from dockwright.cli.stacks import SPEC, Stacks, first_error, given, options


@click.command("parity", epilog=SPEC)
@click.argument("specs", metavar="[ENVIRONMENT ...]", nargs=-1)
@options
def command(
    *,
    specs: tuple[str, ...],
    root: str,
    variables: tuple[str, ...],
    compose_version: str | None,
    form: str,
    output: str | None,
) -> int:
    """Constructs that podman-compose or `podman compose` ignore, refuse, or treat otherwise. Without names: in all environments.

    Which versions were looked at, and how, is said with each. Exit code 0: no difference; 1: there are some.
    """
    from dockwright.cli.output import width_for, write
    from dockwright.compose.parity import uses
    from dockwright.errors import Skipped, UsageError
    from dockwright.knowledge.podman import tools
    from dockwright.proof.compose import model
    from dockwright.report.stacks.lists import parity_document, render

    stacks = Stacks(root, compose_version)
    environment = given(variables)
    here = stacks.state(None)
    asked = [stacks.one(spec) for spec in specs] or [(here, stack) for stack in here.stacks.values()]
    sides = [(stack.name, stacks.resolve(state, stack, environment)) for state, stack in asked]
    found = [(name, side, list(uses(model(side)))) for name, side in sides if side.project is not None]
    skipped = [
        Skipped(name, f"it cannot be resolved: {first_error(side)}")
        for name, side in sides
        if side.project is None
    ]
    if specs and skipped:
        raise UsageError(f"{skipped[0].what}: {skipped[0].reason}", "see `dockwright compose config`")
    made = parity_document(tools(), found, skipped)
    write(render(made, form, width_for(output)), output)
    return 1 if made.uses else 0
