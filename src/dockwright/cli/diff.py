"""`dockwright diff`: whether two images are the same to a container, however they are layered."""

import click

FORMATS = ("terminal", "markdown", "json")


@click.command("diff")
@click.argument("before", metavar="BEFORE")
@click.argument("after", metavar="AFTER")
@click.option(
    "--platform", metavar="OS/ARCH", help="Which image of an archive or layout for several platforms."
)
@click.option(
    "--count", "counting", multiple=True, metavar="RULE", help="Do not pass over this noise; `all`: none."
)
@click.option(
    "--waivers",
    "waivers",
    metavar="FILE",
    help="A TOML file with [diff]; otherwise dockwright.toml of --root.",
)
@click.option("--scan", is_flag=True, help="Also ask trivy, grype and syft, those that are installed.")
@click.option("--engine", metavar="NAME", help="docker or podman, where both answer.")
@click.option("--root", default=".", metavar="DIR", show_default=True, help="Where dockwright.toml lies.")
@click.option(
    "--rules",
    "list_rules",
    is_flag=True,
    help="List the noise rules and end.",
    is_eager=True,
    expose_value=False,
    callback=lambda context, _, value: _list_rules(context) if value else None,
)
@click.option("--format", "form", type=click.Choice(FORMATS), default="terminal", show_default=True)
@click.option(
    "--output", "-o", metavar="FILE", help="Write to FILE, in one step, instead of standard output."
)
@click.option("--quiet", "-q", is_flag=True, help="No progress.")
def command(*, form: str, output: str | None, **options: object) -> int:
    """Compare two images by what a container would see: files, settings, packages.

    BEFORE and AFTER are archives (`docker save`), OCI layouts as folder or tar, `-` for an archive on standard input, or
    references that the container engine knows.
    How an image is layered is left out. Differences that any two builds have are passed over, each by a rule with a name.
    Exit code 0: the same; 1: different, or a waiver that nothing needed.

    \b
    dockwright diff app:1.2 app:1.3
    docker save app:new | dockwright diff before.tar -
    dockwright diff before.tar after.tar --count python-bytecode
    """
    from dockwright.cli.comparing import Asked, answered
    from dockwright.cli.output import check_place, width_for, write
    from dockwright.report.comparison.document import as_json
    from dockwright.report.comparison.text import as_markdown, as_text
    from dockwright.report.fit import fit

    check_place(output)
    found = answered(Asked(**options))  # type: ignore[arg-type]
    if form == "json":
        write(as_json(found), output)
    elif form == "markdown":
        write(as_markdown(found), output)
    else:
        write(fit(as_text(found), width_for(output)), output)
    return 0 if found.same else 1


def _list_rules(context: click.Context) -> None:
    from dockwright.image.diff.noise import RULES, SETTING_RULES

    for name, says in (*((rule.name, rule.says) for rule in RULES), *SETTING_RULES.items()):
        print(f"{name:<20}  {says}")
    context.exit(0)
