"""`dockwright replay`: what a layer cache would have kept over the history of a repository."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from dockwright.replay.result import ReplayResult

FORMATS = ("terminal", "markdown", "json")


@click.command("replay")
@click.argument("path", default=".")
@click.option("--at", "revision", default="HEAD", show_default=True, metavar="REV", help="The last commit.")
@click.option("--range", "span", metavar="A..B", help="The commits to replay, as git takes them.")
@click.option("--since", metavar="DATE", help="Only commits after this date, as git reads dates.")
@click.option("--until", metavar="DATE", help="Only commits before this date.")
@click.option("--merges", is_flag=True, help="Count merge commits too.")
@click.option("--first-parent", is_flag=True, help="Only the line of the branch itself, its merges counted.")
@click.option("--all", "everything", is_flag=True, help="All branches and tags, in the order of time.")
@click.option("--branches", is_flag=True, help="Also with a cache per branch, as CI services cut theirs up.")
@click.option(
    "--dockerfile", "dockerfiles", multiple=True, metavar="FILE", help="Only this one; may be given again."
)
@click.option(
    "--context",
    metavar="DIR",
    help="Build context of the --dockerfile, where nothing says or not as it says.",
)
@click.option("--target", metavar="STAGE", help="The stage to build.")
@click.option("--build-arg", "arguments", multiple=True, metavar="NAME=VALUE", help="As `docker build`.")
@click.option(
    "--definition", type=click.Choice(("at-end", "per-commit")), default="at-end", show_default=True,
    help="Dockerfiles of the last commit for all of history, or of each commit.",
)  # fmt: skip
@click.option(
    "--follow", is_flag=True, help="With per-commit: follow Dockerfiles to the names they had before."
)
@click.option("--what-if", metavar="FILE", help="Also replay FILE in place of the --dockerfile.")
@click.option("--ignore-file", metavar="FILE", help="Also replay with FILE as the ignore file.")
@click.option(
    "--times", metavar="FILE", help='Measured seconds: TOML, [seconds], "DOCKERFILE:LINE" = seconds.'
)
@click.option("--heat-map", metavar="FILE", help="Also write a heat map over time (SVG).")
@click.option("--format", "form", type=click.Choice(FORMATS), default="terminal", show_default=True)
@click.option(
    "--output", "-o", metavar="FILE", help="Write to FILE, in one step, instead of standard output."
)
@click.option("--quiet", "-q", is_flag=True, help="No progress.")
def command(*, form: str, output: str | None, heat_map: str | None, **options: object) -> int:
    """Replay a git history through a model of BuildKit's cache: which steps would have been found, and why not.

    PATH is the directory of a repository (default: this one). Every Dockerfile is taken with the build context in which
    the repository builds it. Each commit is compared with its parent (hits, misses, unknown) and with everything built
    before (shared). Nothing is checked out, built or fetched.

    \b
    dockwright replay --since "3 months ago"
    dockwright replay --dockerfile Dockerfile --what-if Dockerfile.new --ignore-file new.dockerignore
    """
    from dockwright.cli.output import write
    from dockwright.cli.replaying import Asked, replayed

    result = replayed(Asked(**options))  # type: ignore[arg-type]
    write(_render(result, form, to_file=output is not None), output)
    if heat_map is not None:
        from dockwright.report.replay.heat_map import render

        write(render(result), heat_map)
    return 0


def _render(result: "ReplayResult", form: str, *, to_file: bool) -> str:
    if form == "json":
        from dockwright.report.replay.as_json import render as as_json

        return as_json(result)
    if form == "markdown":
        from dockwright.report.replay.markdown import render as markdown

        return markdown(result)
    from dockwright.cli.output import width_of_terminal
    from dockwright.report.replay.terminal import render as terminal

    return terminal(result, width=120 if to_file else width_of_terminal(120))
