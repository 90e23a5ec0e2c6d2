"""`dockwright explain`: a rule's page, or all that is known about one line of a file."""

from typing import TYPE_CHECKING

import click

from dockwright.errors import UsageError

if TYPE_CHECKING:
    from dockwright.rules.rule import Rule


@click.command("explain")
@click.argument("subject", required=False, metavar="RULE | FILE:LINE")
@click.option("--list", "listing", is_flag=True, help="Name all rules with their summaries.")
@click.option("--root", default=".", metavar="DIR", show_default=True, help="The repository FILE belongs to.")
@click.option(
    "--format", "form", type=click.Choice(("terminal", "json")), default="terminal", show_default=True
)
@click.option("--quiet", "-q", is_flag=True, help="No progress.")
def command(*, subject: str | None, listing: bool, root: str, form: str, quiet: bool) -> int:
    """Explain a rule, or one line of a Docker-related file.

    \b
    dockwright explain copy-source-ignored
    dockwright explain docker/backend.Dockerfile:46
    """
    if listing:
        _write(_list(form), form)
        return 0
    if not subject:
        raise UsageError("nothing to explain was named", "give a rule, FILE:LINE, or --list")
    path, _, line = subject.rpartition(":")
    if path and line.isdigit():
        _write(_place(path, int(line), root, form, quiet=quiet), form)
    else:
        _write(_rule(subject, form), form)
    return 0


def _write(text: str, form: str) -> None:
    from dockwright.cli.output import width_for, write
    from dockwright.report.fit import fit

    write(fit(text, 0 if form == "json" else width_for(None)), None)


def _list(form: str) -> str:
    from dockwright.rules.catalogue import all_rules

    rules = sorted(all_rules(), key=lambda rule: rule.id)
    if form == "json":
        return _json(
            [
                {"id": rule.id, "severity": rule.severity.name.lower(), "summary": rule.summary}
                for rule in rules
            ]
        )
    width = max((len(rule.id) for rule in rules), default=0)
    return "".join(f"{rule.id:<{width}}  {rule.severity.name.lower():<8}  {rule.summary}\n" for rule in rules)


def _rule(name: str, form: str) -> str:
    from dockwright.cli.select import unknown_rule
    from dockwright.report.rule_page import as_data, as_text
    from dockwright.rules.catalogue import all_rules

    rules: dict[str, Rule] = {}
    for rule in all_rules():
        rules[rule.id] = rule
        for alias in rule.same_as:
            rules[alias] = rules[alias.rpartition(":")[2]] = rule
    if name not in rules:
        from pathlib import Path

        if Path(name).exists():
            raise UsageError(
                f"{name} is a file, and which line of it is meant is not said", f"for instance {name}:1"
            )
        raise unknown_rule(name, sorted(rule.id for rule in rules.values()))
    return _json(as_data(rules[name])) if form == "json" else as_text(rules[name])


def _place(path: str, line: int, root: str, form: str, *, quiet: bool) -> str:
    from dockwright.cli.explaining import explained

    explanation, cleaner = explained(path, line, root, quiet=quiet)
    from dockwright.report.plain import plain

    data = cleaner.data(plain(explanation))
    return _json(data) if form == "json" else _text(data)


def _text(explanation: "dict[str, object]") -> str:
    from dockwright.report.explanation import as_text

    return as_text(explanation)


def _json(data: object) -> str:
    import msgspec

    return msgspec.json.format(msgspec.json.encode(data), indent=2).decode() + "\n"
