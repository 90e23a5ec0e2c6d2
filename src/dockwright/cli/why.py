"""`dockwright why`: why the steps of a build would run again."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from dockwright.replay.why import Why

FORMATS = ("terminal", "markdown", "json")


@click.command("why")
@click.argument("target")
@click.option("--root", default=".", metavar="DIR", show_default=True, help="The repository.")
@click.option("--from", "before", metavar="REV", help="What was built before.  [default: HEAD]")
@click.option("--last", is_flag=True, help="What was built before: the last real build that is recorded.")
@click.option("--ledger", metavar="FILE", help="With --last: look into this ledger, not the repository's.")
@click.option(
    "--to", "after", default="worktree", show_default=True, metavar="REV",
    help="What is built now; `worktree`: the files as they lie there.",
)  # fmt: skip
@click.option(
    "--context", metavar="DIR", help="Build context, where nothing in the repository says, or not as it says."
)
@click.option("--target", "stage", metavar="STAGE", help="The stage to build.")
@click.option("--build-arg", "arguments", multiple=True, metavar="NAME=VALUE", help="As `docker build`.")
@click.option(
    "--engine", type=click.Choice(("newest", "0.13")), default="newest", show_default=True, help="BuildKit."
)
@click.option("--format", "form", type=click.Choice(FORMATS), default="terminal", show_default=True)
@click.option(
    "--output", "-o", metavar="FILE", help="Write to FILE, in one step, instead of standard output."
)
@click.option("--quiet", "-q", is_flag=True, help="No progress.")
def command(*, form: str, output: str | None, **options: object) -> int:
    """Say for each step whether it would be found in the cache, and for the first that is not, why.

    TARGET is a Dockerfile, or the name of a compose service or bake target (FILE:NAME where several have it).

    \b
    dockwright why docker/web.Dockerfile --context .
    dockwright why web --from v1.2 --to HEAD
    dockwright why web --last
    """
    from dockwright.cli.output import width_of_terminal, write
    from dockwright.cli.whying import Asked, answered

    answer = answered(Asked(**options))  # type: ignore[arg-type]
    write(_render(answer, form, 120 if output is not None else width_of_terminal(120)), output)
    return 0


def _render(answer: "Why", form: str, width: int) -> str:
    if form == "json":
        from dockwright.report.why import as_json

        return as_json(answer)
    from dockwright.report.why import as_markdown, as_text

    return as_markdown(answer) if form == "markdown" else as_text(answer, width)
