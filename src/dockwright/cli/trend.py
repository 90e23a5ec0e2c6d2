"""`dockwright trend`: measured values of a target over time, and where they changed for good."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from dockwright.ledger.store import Ledger
    from dockwright.measure.trends.build import Trend

FORMATS = ("terminal", "json", "svg")


@click.command("trend")
@click.argument("target")
@click.option("--root", default=".", metavar="DIR", show_default=True, help="The repository.")
@click.option(
    "--ledger",
    "file",
    metavar="FILE",
    help="The ledger; else DOCKWRIGHT_LEDGER, else that of the repository.",
)
@click.option("--value", metavar="NAME", help="Only this value: seconds, image_bytes, steps …")
@click.option(
    "--scenario", metavar="NAME", help="Only this one of a bench: cold, no-change, source, dependency."
)
@click.option(
    "--all-machines", "machines", is_flag=True, help="Durations of all machines, not of the last one's class."
)
@click.option("--check", is_flag=True, help="Exit with 1 when a value stands at a worse level than before.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="terminal", show_default=True)
@click.option(
    "--output", "-o", metavar="FILE", help="Write to FILE, in one step, instead of standard output."
)
def command(
    *,
    target: str,
    root: str,
    file: str | None,
    value: str | None,
    scenario: str | None,
    machines: bool,
    check: bool,
    form: str,
    output: str | None,
) -> int:
    """Show how builds and images of TARGET went over time, as the ledger recorded them.

    Durations: a change is told when a rank test over all places gives p <= 0.005 and the medians differ by 5 % or more.
    Sizes: when a value leaves its former level by 1 % or more and by six times its spread.

    \b
    dockwright trend web
    dockwright trend web --value seconds --scenario cold --check
    """
    from dockwright.cli.exits import CLEAN, FINDINGS
    from dockwright.cli.output import write
    from dockwright.cli.source import directory
    from dockwright.ledger.place import ledger_path
    from dockwright.ledger.store import Ledger
    from dockwright.measure.trends.build import trends

    with Ledger(ledger_path(directory(root, "trend --root"), file), create=False) as ledger:
        found = trends(ledger, target, value=value, scenario=scenario, machines=machines)
        if not found:
            raise _nothing(ledger, target, value, scenario)
    write(_render(target, found, form, to_file=output is not None), output)
    return FINDINGS if check and any(trend.regressed for trend in found) else CLEAN


def _nothing(ledger: "Ledger", target: str, value: str | None, scenario: str | None) -> Exception:
    from difflib import get_close_matches

    from dockwright.errors import UsageError

    names = ledger.targets()
    if not names:
        return UsageError(
            f"nothing is recorded in {ledger.path}",
            "`dockwright build`, `bench` and `image` record what they measure; `dockwright ledger import` takes files of CI",
        )
    if target not in names:
        near = get_close_matches(target, names, 3, 0.4) or names[:5]
        return UsageError(f"nothing is recorded of {target}", f"recorded are {', '.join(near)}")
    if not ledger.names(target):
        return UsageError(f"of {target} no build that went well is recorded with a value")
    known = sorted(
        {
            f"{name} ({one})" if one else name
            for name in ledger.names(target)
            for one, *_ in ledger.series(target, name)
        }
    )
    asked = " ".join(filter(None, (value or "", f"({scenario})" if scenario else "")))
    said = f"{asked} of {target} is not recorded" if asked else f"of {target} only failed builds are recorded"
    return UsageError(said, f"recorded are {', '.join(known)}" if known else "")


def _render(target: str, found: "list[Trend]", form: str, *, to_file: bool) -> str:
    if form == "json":
        from dockwright.report.trend.as_json import render as as_json

        return as_json(target, found)
    if form == "svg":
        from dockwright.report.trend.svg import render as svg

        return svg(target, found)
    from dockwright.cli.output import width_of_terminal
    from dockwright.report.trend.text import render

    return render(target, found, 100 if to_file else width_of_terminal(100))
