"""Findings as GitHub Actions workflow commands, which show up on the lines of a pull request.

Form and escaping: docs.github.com, "Workflow commands for GitHub Actions"; actions/toolkit packages/core/src/command.ts.
"""

from collections.abc import Callable, Iterator, Sequence

from dockwright.rules.finding import Finding, Severity

_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
    Severity.NOTE: "notice",
}


def render(findings: Sequence[Finding], clean: Callable[[str], str]) -> Iterator[str]:
    """One command per finding."""
    for finding in findings:
        place = finding.location
        parts = {"file": clean(place.path)}
        if place.line:
            parts |= {"line": str(place.line), "col": str(place.column)}
            parts |= {"endLine": str(place.end_line)}
            if place.end_line == place.line:
                parts["endColumn"] = str(place.end_column)
        parts["title"] = f"{finding.severity.name.lower()}: {finding.rule}"
        options = ",".join(f"{name}={_property(value)}" for name, value in parts.items())
        related = "".join(f"\n{clean(one.label)}: {clean(str(one.location))}" for one in finding.related[:5])
        yield f"::{_LEVELS[finding.severity]} {options}::{_data(clean(finding.message) + related)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
