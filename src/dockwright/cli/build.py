"""`dockwright build`: build what the repository declares, and measure every step."""

import click

from dockwright.cli.exits import CLEAN, FINDINGS

FORMATS = ("terminal", "json")


@click.command("build")
@click.argument("targets", nargs=-1, required=True, metavar="TARGET…")
@click.option("--root", default=".", metavar="DIR", show_default=True, help="The repository.")
@click.option(
    "--context", metavar="DIR", help="Build context, where nothing in the repository says, or not as it says."
)
@click.option("--target", "stage", metavar="STAGE", help="The stage to build.")
@click.option("--build-arg", "arguments", multiple=True, metavar="NAME=VALUE", help="As `docker build`.")
@click.option("--build-context", "contexts", multiple=True, metavar="NAME=VALUE", help="As `docker build`.")
@click.option(
    "--engine", metavar="NAME", help="docker or podman; else DOCKWRIGHT_ENGINE, [engine], the only one."
)
@click.option("--builder", metavar="NAME", help="The buildx builder instance: local, remote, kubernetes.")
@click.option(
    "--tag", "-t", "tags", multiple=True, metavar="NAME", help="Name of the image [dockwright/TARGET]."
)
@click.option("--secret", "secrets", multiple=True, metavar="SPEC", help="As `docker build`.")
@click.option("--ssh", multiple=True, metavar="SPEC", help="As `docker build`.")
@click.option("--platform", default="", metavar="NAME", help="Build for this platform.")
@click.option("--network", default="", metavar="NAME", help="The network of RUN steps.")
@click.option("--no-cache", is_flag=True, help="Execute every step.")
@click.option("--pull", is_flag=True, help="Look for newer base images.")
@click.option("--no-image", is_flag=True, help="Throw the result away; Podman keeps it, without a name.")
@click.option("--timeout", type=float, metavar="SECONDS", help="Give up after this time.")
@click.option("--dry-run", is_flag=True, help="Print the commands that would be run, and run none.")
@click.option("--ledger", metavar="FILE", help="Record in this ledger instead of the repository's.")
@click.option("--no-ledger", is_flag=True, help="Record nothing.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="terminal", show_default=True)
@click.option(
    "--output", "-o", metavar="FILE", help="Write to FILE, in one step, instead of standard output."
)
@click.option("--quiet", "-q", is_flag=True, help="No progress.")
def command(*, form: str, output: str | None, dry_run: bool, **options: object) -> int:
    """Build targets and measure them: time, cache, bytes and place of every step, beside what was predicted.

    TARGET is a Dockerfile, or the name of a compose service or bake target (FILE:NAME where several have it). Nothing is
    pushed and nothing removed. Exit code 1 when a build fails.

    \b
    dockwright build web
    dockwright build docker/api.Dockerfile --context . --target runtime --builder ci
    """
    from dockwright.cli.building import Asked, built, commands
    from dockwright.cli.live import Watching
    from dockwright.cli.output import check_place, width_of_terminal, write
    from dockwright.report.measured import builds as report

    check_place(output)
    asked = Asked(**options)  # type: ignore[arg-type]
    if dry_run:
        lines, reads = commands(asked)
        write(report.commands_text(lines, stdin=reads), output)
        return CLEAN
    with Watching(quiet=asked.quiet).shown() as watching:
        records, notes = built(asked, watching)
    answer = report.builds_of(records, notes)
    if form == "json":
        write(report.as_json(answer), output)
    else:
        write(report.as_text(answer, 120 if output is not None else width_of_terminal(120)), output)
    return CLEAN if all(one.fault is None for one in records) else FINDINGS
