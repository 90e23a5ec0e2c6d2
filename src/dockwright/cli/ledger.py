"""`dockwright ledger`: what is recorded, import and export, and repair."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from dockwright.ledger.imports.read import Imported
    from dockwright.ledger.model import Run

EXPORTS = ("json", "openmetrics", "grafana")
_root = click.option("--root", default=".", metavar="DIR", show_default=True, help="The repository.")
_file = click.option(
    "--ledger",
    "file",
    metavar="FILE",
    help="The ledger; else DOCKWRIGHT_LEDGER, else that of the repository.",
)
_output = click.option(
    "--output", "-o", metavar="FILE", help="Write to FILE, in one step, instead of standard output."
)


@click.group("ledger")
def command() -> None:
    """Measured builds, sizes and benches over time.

    The ledger lies in the user's state folder, not in the repository: a file that grows with every build would be sent
    with the context and rebuild `COPY . .` each time. --ledger or DOCKWRIGHT_LEDGER name another, for CI that keeps it.
    """


_TOLD = 10
"""What is not imported of a file that is wrong throughout is told so often."""


def _path(root: str, file: str | None) -> Path:
    from dockwright.cli.source import directory
    from dockwright.ledger.place import ledger_path

    return ledger_path(directory(root, "ledger --root"), file)


@command.command("path")
@_root
@_file
def path_(root: str, file: str | None) -> int:
    """Print where the ledger of the repository is (or would be)."""
    from dockwright.cli.output import write

    write(f"{_path(root, file)}\n", None)
    return 0


@command.command("show")
@click.argument("target", required=False)
@click.option(
    "--last", "number", default=20, show_default=True, metavar="N", help="How many, the newest first."
)
@_root
@_file
def show(target: str | None, number: int, root: str, file: str | None) -> int:
    """List what is recorded, of TARGET or of all targets."""
    from dockwright.cli.output import write
    from dockwright.errors import UsageError
    from dockwright.ledger.store import Ledger

    with Ledger(_path(root, file), create=False) as ledger:
        runs = list(ledger.runs(target, limit=max(0, number), newest_first=True))
        names = ledger.targets()
    if target is not None and names and target not in names:
        raise UsageError(f"nothing is recorded of {target}", f"recorded are {', '.join(names[:8])}")
    from dockwright.report.clean import printable

    write("".join(f"{printable(_row(run))}\n" for run in runs) or "nothing is recorded\n", None)
    return 0


def _row(run: "Run") -> str:
    from dockwright.measure.trends.build import unit_of
    from dockwright.quantities import show as shown

    values = ", ".join(f"{name} {shown(value, unit_of(name))}" for name, value in sorted(run.values.items()))
    state = f"{run.commit[:9]}{'+' if run.dirty else ''}" if run.commit else "-"
    what = " ".join(filter(None, (run.kind, run.scenario, run.side)))
    outcome = "" if run.outcome == "ok" else f" {run.outcome}"
    return f"{run.at:%Y-%m-%d %H:%M}  {run.target}  {what}{outcome}  {state}  {values}"


@command.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--target",
    default="",
    metavar="NAME",
    help="What was built, where a file does not say or not as it says.",
)
@_root
@_file
def import_(files: tuple[str, ...], target: str, root: str, file: str | None) -> int:
    """Record builds that others measured.

    FILE may be a metadata file of buildx build or bake (with BUILDX_METADATA_PROVENANCE=max), provenance, the output of
    `docker buildx history ls` or `inspect` with --format json, a .dockerbuild file of `docker buildx history export`, the
    progress of a build (`rawjson`, with --target), or another ledger or its export. `-` is standard input. The same build is recorded once, whatever says so.
    """
    from dockwright.cli.exits import CLEAN, FINDINGS
    from dockwright.ledger.store import Ledger

    runs: list[Run] = []
    skipped = []
    for name in files:
        found = _read(name, target)
        runs += found.runs
        skipped += found.skipped
    new = 0
    if runs:
        with Ledger(_path(root, file)) as ledger:
            new = ledger.add_all(runs, richer=True)
    for one in skipped[:_TOLD]:
        sys.stderr.write(f"not imported: {one.what}: {one.reason}\n")
    if len(skipped) > _TOLD:
        sys.stderr.write(f"and {len(skipped) - _TOLD} more not imported\n")
    known = len(runs) - new
    from dockwright.cli.output import write

    write(f"{new} recorded, {known} there already, {len(skipped)} not imported\n", None)
    return FINDINGS if skipped else CLEAN


def _read(name: str, target: str) -> "Imported":
    from dockwright.errors import UsageError
    from dockwright.ledger.imports.read import MAX_FILE
    from dockwright.measure.importing import read

    try:
        if name == "-":
            data = sys.stdin.buffer.read(MAX_FILE + 1)
        else:
            if Path(name).is_dir() or (Path(name).exists() and not Path(name).is_file()):
                raise UsageError(f"{name} is no file", "give the files themselves")
            with Path(name).open("rb") as opened:
                data = opened.read(MAX_FILE + 1)
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror or error}") from error
    if data.startswith(b"SQLite format 3\0") and name != "-":
        return _of_ledger(Path(name))
    return read(data, name, target)


def _of_ledger(path: Path) -> "Imported":
    """The runs of another ledger, which is only read."""
    import msgspec

    from dockwright.ledger.imports.read import Imported
    from dockwright.ledger.store import Ledger

    with Ledger(path, create=False) as other:
        return Imported(runs=[msgspec.structs.replace(run, number=0) for run in other.runs()])


@command.command("export")
@click.option("--format", "form", type=click.Choice(EXPORTS), default="json", show_default=True)
@click.option(
    "--history", is_flag=True, help="With openmetrics: all values with their times, to back-fill Prometheus."
)
@_output
@_root
@_file
def export(form: str, history: bool, output: str | None, root: str, file: str | None) -> int:
    """Write the whole ledger as JSON (to import it elsewhere), or its values for Prometheus, or a Grafana dashboard."""
    from dockwright.cli.output import write

    if form == "grafana":
        from dockwright.report.ledger.grafana import render as dashboard

        write(dashboard(), output)
        return 0
    from dockwright.cli.source import directory, name_of
    from dockwright.ledger.store import Ledger

    with Ledger(_path(root, file), create=False) as ledger:
        if form == "json":
            import msgspec

            from dockwright.ledger.imports.read import Export

            whole = msgspec.json.encode(Export(tuple(ledger.runs())))
            text = msgspec.json.format(whole, indent=1).decode() + "\n"
        else:
            from dockwright.report.ledger.openmetrics import render

            text = render(ledger.runs(), name_of(directory(root, "ledger export --root")), history=history)
    write(text, output)
    return 0


@command.command("repair")
@_root
@_file
def repair(root: str, file: str | None) -> int:
    """Put a damaged ledger aside and save what can be read of it. A whole one is left as it is."""
    import datetime as dt

    from dockwright.cli.output import write
    from dockwright.ledger.repair import repair as repaired

    path = _path(root, file)
    done = repaired(path, dt.datetime.now(tz=dt.UTC))
    if done.aside is None:
        write(f"{path} is whole: {done.saved} run{'s' * (done.saved != 1)}\n", None)
        return 0
    lost = "how many are lost cannot be told" if done.lost is None else f"{done.lost} lost"
    write(f"{done.saved} runs saved, {lost}; the old file is {done.aside}\n", None)
    return 0
