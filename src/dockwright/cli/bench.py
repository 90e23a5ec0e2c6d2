"""`dockwright bench`: how long a target takes cold, unchanged, after a change of code, after one of dependencies."""

import click

from dockwright.cli.exits import CLEAN, FINDINGS

FORMATS = ("terminal", "json")
SCENARIOS = ("cold", "no-change", "source", "dependency")


@click.command("bench")
@click.argument("target")
@click.option(
    "--vs",
    "versus",
    metavar="B",
    help="Beside it: a Dockerfile built the same way, a target, or a git revision.",
)
@click.option("--runs", type=click.IntRange(1, 100), default=3, show_default=True, help="Rounds.")
@click.option(
    "--scenario",
    "scenarios",
    multiple=True,
    type=click.Choice(SCENARIOS),
    help="Only these; may be repeated.",
)
@click.option("--source", default="", metavar="FILE", help="The file a change of code is made in.")
@click.option(
    "--dependency", default="", metavar="FILE", help="The file a change of dependencies is made in."
)
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
@click.option("--builder", metavar="NAME", help="The buildx builder instance.")
@click.option("--secret", "secrets", multiple=True, metavar="SPEC", help="As `docker build`.")
@click.option("--ssh", multiple=True, metavar="SPEC", help="As `docker build`.")
@click.option("--platform", default="", metavar="NAME", help="Build for this platform.")
@click.option("--network", default="", metavar="NAME", help="The network of RUN steps.")
@click.option("--timeout", type=float, metavar="SECONDS", help="Give a build up after this time.")
@click.option("--ledger", metavar="FILE", help="Record in this ledger instead of the repository's.")
@click.option("--no-ledger", is_flag=True, help="Record nothing.")
@click.option(
    "--check", is_flag=True, help="Exit with 1 when a median is over a `rebuild` budget of dockwright.toml."
)
@click.option("--format", "form", type=click.Choice(FORMATS), default="terminal", show_default=True)
@click.option(
    "--output", "-o", metavar="FILE", help="Write to FILE, in one step, instead of standard output."
)
@click.option("--quiet", "-q", is_flag=True, help="No progress.")
def command(
    *,
    form: str,
    output: str | None,
    target: str,
    versus: str | None,
    runs: int,
    scenarios: tuple[str, ...],
    source: str,
    dependency: str,
    check: bool,
    **options: object,
) -> int:
    """Build a target again and again and say how long each kind of build takes: cold, nothing changed, one line of code
    changed, one file of dependencies changed.

    Changes are made in a copy. Nothing is pruned or pushed; the images made here are removed again. With --vs two are
    measured side by side, in turn. Exit code 1 when a build fails or, with --check, is over its budget.

    \b
    dockwright bench web
    dockwright bench web --vs docker/web.new.Dockerfile --runs 5
    dockwright bench web --vs HEAD~10 --scenario source
    """
    from dockwright.cli.benching import Rounds, benched
    from dockwright.cli.building import Asked
    from dockwright.cli.live import Watching
    from dockwright.cli.output import check_place, width_of_terminal, write
    from dockwright.report.measured import benches as report

    check_place(output)
    asked = Asked(targets=(target,), **options)  # type: ignore[arg-type]
    rounds = Rounds(versus=versus, runs=runs, scenarios=scenarios, source=source, dependency=dependency)
    with Watching(quiet=asked.quiet, brief=True).shown() as watching:
        found, notes = benched(asked, rounds, watching)
    if form == "json":
        write(report.as_json(found), output)
    else:
        write(report.as_text(found, 120 if output is not None else width_of_terminal(120), notes), output)
    over = False
    if check and found.failed is None:
        from dockwright.cli.budgeting import bench_over

        over = bench_over(found, asked.root, asked.ledger)
    return FINDINGS if over or found.failed is not None else CLEAN
