"""`dockwright context`: what a build is sent, what it uses, and the ignore file that would send less."""

from pathlib import Path

import click
import msgspec

FORMATS = ("terminal", "markdown", "json")


@click.command("context")
@click.argument("target")
@click.option("--root", default=".", metavar="DIR", show_default=True, help="The repository.")
@click.option("--at", "revision", metavar="REV", help="Look at this git revision, without a checkout.")
@click.option(
    "--context", metavar="DIR", help="Build context, where nothing in the repository says, or not as it says."
)
@click.option("--target", "stage", metavar="STAGE", help="The stage to build.")
@click.option("--build-arg", "arguments", multiple=True, metavar="NAME=VALUE", help="As `docker build`.")
@click.option(
    "--write", "wanted", type=click.Choice(("minimal", "better")),
    help="Print only the text of this ignore file (with -o: write it).",
)  # fmt: skip
@click.option("--format", "form", type=click.Choice(FORMATS), default="terminal", show_default=True)
@click.option(
    "--output", "-o", metavar="FILE", help="Write to FILE, in one step, instead of standard output."
)
@click.option("--quiet", "-q", is_flag=True, help="No progress.")
def command(
    *,
    target: str,
    root: str,
    revision: str | None,
    context: str | None,
    stage: str | None,
    arguments: tuple[str, ...],
    wanted: str | None,
    form: str,
    output: str | None,
    quiet: bool,
) -> int:
    """Audit the build context of a target: files and bytes sent and used, what is sent for nothing, secrets.

    TARGET is a Dockerfile, or the name of a compose service or bake target. Proposed ignore files are tried before they
    are shown: they hide nothing that is used, but what their lines say.

    \b
    dockwright context docker/web.Dockerfile
    dockwright context web --write minimal -o docker/web.Dockerfile.dockerignore
    """
    from dockwright.audit.context.measure import measure
    from dockwright.audit.context.model import ContextAudit
    from dockwright.cli.output import Progress, width_of_terminal, write
    from dockwright.cli.source import directory, opened, part_note, refuse_bare, within_root
    from dockwright.cli.whying import Finder

    folder: Path = directory(root, "context --root")
    if revision is None:
        refuse_bare(folder, "--at")
    with Progress(quiet=quiet) as progress:
        progress("reading files")
        finder = Finder(opened(folder, revision, history=False).tree)
        subject = finder.subject(within_root(folder, target), context, stage, arguments)
        progress("measuring the context")
        found = msgspec.structs.replace(measure(finder.repository, subject), revision=revision or "")
    found = msgspec.structs.replace(found, notes=[*part_note(folder), *found.notes])
    if wanted is not None:
        write(_ignore_file(found, wanted), output)
        return 0
    shown = msgspec.convert(finder.cleaner().data(msgspec.to_builtins(found)), ContextAudit)
    from dockwright.report import context as report

    if form == "json":
        write(report.as_json(shown), output)
    elif form == "markdown":
        write(report.as_markdown(shown), output)
    else:
        write(report.as_text(shown, 120 if output is not None else width_of_terminal(120)), output)
    return 0


def _ignore_file(found: object, wanted: str) -> str:
    from dockwright.errors import UsageError

    proposal = getattr(found, wanted)
    if proposal is None:
        raise UsageError(
            f"there is no {wanted} ignore file to propose", "see what is sent and used without --write"
        )
    return "".join(f"{line}\n" for line in proposal.content)
