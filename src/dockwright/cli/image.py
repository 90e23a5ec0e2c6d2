"""`dockwright image`: where the bytes of an image are, which are dead, and what would remove them."""

import click

from dockwright.cli.exits import CLEAN, FINDINGS
from dockwright.errors import UsageError

FORMATS = ("terminal", "json")


@click.command("image")
@click.argument("images", nargs=-1, required=True, metavar="IMAGE...")
@click.option(
    "--platform", metavar="OS/ARCH", help="Which image of an archive or layout for several platforms."
)
@click.option("--dockerfile", "-f", metavar="FILE", help="The Dockerfile it is built from: bytes get lines.")
@click.option("--target", metavar="STAGE", help="The stage of that Dockerfile; the last one otherwise.")
@click.option("--build-arg", "arguments", multiple=True, metavar="NAME=VALUE", help="As `docker build`.")
@click.option("--root", metavar="DIR", help="A repository: the Dockerfile is looked for in it.")
@click.option("--base", metavar="IMAGE", help="The base image, as archive, layout or reference.")
@click.option("--engine", metavar="NAME", help="docker or podman, for images that are no files.")
@click.option(
    "--as", "recorded_as", metavar="TARGET", help="Record it in the ledger as the image of this target."
)
@click.option("--ledger", metavar="FILE", help="The ledger for --as instead of the repository's.")
@click.option(
    "--check", is_flag=True, help="With --as: exit with 1 when it is over a budget of dockwright.toml."
)
@click.option("--compressed", is_flag=True, help="Compress plain layers to see what a registry holds (slow).")
@click.option("--all", "everything", is_flag=True, help="Leave nothing out of the tables.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="terminal", show_default=True)
@click.option(
    "--output", "-o", metavar="FILE", help="Write to FILE, in one step, instead of standard output."
)
@click.option("--quiet", "-q", is_flag=True, help="No progress.")
def command(
    *,
    form: str,
    output: str | None,
    everything: bool,
    recorded_as: str | None,
    ledger: str | None,
    check: bool,
    **options: object,
) -> int:
    """Account for every byte of an image: by layer, instruction and line; dead, duplicate, junk, by package.

    IMAGE is an archive (`docker save`, old or new, compressed or not), an OCI layout as folder or tar, `-` for an archive
    on standard input, or a reference that the container engine knows. Nothing is unpacked to disk. With several images:
    what they share.

    \b
    dockwright image app:1 --root .
    docker save app:1 | dockwright image -
    dockwright image app.tar --dockerfile docker/app.Dockerfile
    dockwright image api.tar worker.tar
    dockwright image app:1 --root . --as app --check
    """
    from dockwright.cli.imaging import Asked, answered
    from dockwright.cli.output import check_place, width_of_terminal, write
    from dockwright.measure.images.model import ImageReport

    if check and recorded_as is None:
        raise UsageError("--check needs --as TARGET", "budgets are of targets: say which one the image is of")
    check_place(output)
    asked = Asked(**options)  # type: ignore[arg-type]
    found = answered(asked)
    over = False
    if recorded_as is not None:
        if not isinstance(found, ImageReport):
            raise UsageError("--as is for one image", "give them one by one")
        from dockwright.cli.budgeting import image_kept

        over = image_kept(found, recorded_as, asked.root or ".", ledger, check=check)
    if form == "json":
        from dockwright.report.images.as_json import as_json

        write(as_json(found), output)
        return FINDINGS if over else CLEAN
    from dockwright.report.images.terminal import as_text, shared_as_text

    width = 120 if output is not None else width_of_terminal(120)
    if isinstance(found, ImageReport):
        write(as_text(found, width, everything=everything), output)
    else:
        write(shared_as_text(found, width), output)
    return FINDINGS if over else CLEAN
