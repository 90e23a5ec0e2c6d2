"""Holds measured runs against the budgets of a repository, for `image --check` and `bench --check`."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from datetime import datetime

    from dockwright.ledger.model import Run
    from dockwright.measure.bench.model import Bench
    from dockwright.measure.images.model import ImageReport


def over_budget(root: Path, ledger: Path, runs: "Sequence[Run]", earlier: "datetime") -> int:
    """How many budgets the runs do not keep; each is told on standard error, with what grew since the run before `earlier`."""
    from dockwright.budgets import limits, line_of
    from dockwright.cli.checking import configuration_above
    from dockwright.measure.budgets import exceeded
    from dockwright.report.clean import printable

    config, home = configuration_above(root / "dockwright.toml")
    found = limits(config.budgets)
    if not found:
        sys.stderr.write("no budgets are declared: there is no `[budgets]` in dockwright.toml\n")
        return 0
    name, text = _declared_in(home)
    number = 0
    for run in runs:
        for over in exceeded(found, run, _before(ledger, run, earlier)):
            number += 1
            sys.stderr.write(
                printable(f"over budget: {over.message} [{name}:{line_of(text, over.limit.key)}]") + "\n"
            )
    return number


def _declared_in(home: Path) -> tuple[str, str]:
    from dockwright.config import FILE_NAMES

    for name in (*FILE_NAMES, "pyproject.toml"):
        if (home / name).is_file():
            return name, (home / name).read_text("utf-8", "replace")
    return FILE_NAMES[0], ""


def _before(ledger: Path, run: "Run", earlier: "datetime") -> "Run | None":
    """The run to compare with: the newest earlier one that was measured in the same way."""
    from dockwright.ledger.errors import LedgerError
    from dockwright.ledger.model import IMAGE_BYTES, SECONDS
    from dockwright.ledger.store import Ledger

    value = SECONDS if run.scenario else IMAGE_BYTES
    try:
        with Ledger(ledger, create=False) as opened:
            return opened.last_with(run.target, value, kind=run.kind, scenario=run.scenario, earlier=earlier)
    except LedgerError as error:
        sys.stderr.write(f"the ledger: {error.message}\n")
        return None


def image_kept(report: "ImageReport", target: str, root: str, ledger: str | None, *, check: bool) -> bool:
    """Record an image as that of a target; with `check` tell what is over budget, and give True when something is."""
    import datetime as dt

    from dockwright.cli.source import directory
    from dockwright.ledger.keep import keep
    from dockwright.ledger.place import ledger_path
    from dockwright.measure.images.keeping import run_of
    from dockwright.measure.origin import origin

    folder = directory(root, "image --root")
    path = ledger_path(folder, ledger)
    now = dt.datetime.now(tz=dt.UTC)
    run = run_of(report, target, now, origin(folder))
    over = over_budget(folder, path, [run], now) if check else 0
    if check:
        _tell_unjudged(folder, run)
    skipped = keep(path, [run])
    if skipped is not None:
        sys.stderr.write(f"{skipped.what}: {skipped.reason}\n")
    return over > 0


def _tell_unjudged(root: Path, run: "Run") -> None:
    """Say on standard error which budgets were not looked at: silence would read as kept."""
    from dockwright.budgets import limits
    from dockwright.cli.checking import configuration_above
    from dockwright.measure.budgets import VALUES, of_image
    from dockwright.report.clean import printable

    declared = limits(configuration_above(root / "dockwright.toml")[0].budgets)
    mine = of_image(declared, run.target)
    if declared and not mine:
        sys.stderr.write(printable(f"no budget is declared for images of {run.target}") + "\n")
    for limit in mine:
        if VALUES[limit.kind] not in run.values:
            sys.stderr.write(
                printable(
                    f"not checked: {run.target}: {limit.kind} is not known of this image; give --compressed"
                )
                + "\n"
            )


def bench_over(bench: "Bench", root: str, ledger: str | None) -> bool:
    """Tell which budgets of rebuilding the first side does not keep: medians over all rounds, with the steps of one."""
    from dockwright.cli.source import directory
    from dockwright.ledger.place import ledger_path

    runs = _medians(bench)
    if not runs:
        return False
    folder = directory(root, "bench --root")
    return over_budget(folder, ledger_path(folder, ledger), runs, min(run.at for run in _all(bench))) > 0


def _all(bench: "Bench") -> "list[Run]":
    from dockwright.measure.keeping import run_of

    return [run_of(one.build) for one in bench.runs]


def _medians(bench: "Bench") -> "list[Run]":
    """For each scenario of the first side the run nearest to the median, with the median for its seconds."""
    from dockwright.measure.keeping import run_of

    side = bench.summary[0].side if bench.summary else ""
    found = []
    for one in bench.summary:
        builds = [run.build for run in bench.runs if (run.side, run.scenario) == (side, one.scenario)]
        if one.side != side or not builds:
            continue
        nearest = run_of(min(builds, key=lambda build: abs(build.seconds - one.median)))
        values = {"seconds": one.median}  # only these: every scenario has the same image
        found.append(
            msgspec.structs.replace(nearest, kind="bench", scenario=one.scenario.value, values=values)
        )
    return found
