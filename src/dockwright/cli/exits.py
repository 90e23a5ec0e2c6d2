"""What commands have in common: severities as options, and the exit codes they end in.

0 clean, 1 findings, 2 usage or configuration (cannot run), 3 internal error, 130 interrupted.
"""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dockwright.rules.engine import Crash
    from dockwright.rules.finding import Finding

CLEAN, FINDINGS, INTERNAL = 0, 1, 3

SEVERITIES = ("critical", "high", "medium", "low", "note", "never")


def exit_code(findings: "Sequence[Finding]", fail_on: str, crashes: "Sequence[Crash]") -> int:
    """3 when a rule raised, else 1 when a finding is at least as grave as `fail_on`, else 0."""
    if crashes:
        report_crashes(crashes)
        return INTERNAL
    if fail_on == "never":
        return CLEAN
    from dockwright.rules.finding import Severity

    threshold = Severity[fail_on.upper()]
    return FINDINGS if any(finding.severity >= threshold for finding in findings) else CLEAN


def report_crashes(crashes: "Sequence[Crash]") -> None:
    """Write the report of rules that raised, and say where it is."""
    from dockwright.cli.crash import write_report

    notes = "\n\n".join(f"rule {crash.rule} on {crash.subject}\n{crash.trace}" for crash in crashes[:20])
    path = write_report(None, notes)
    rules = ", ".join(sorted({crash.rule for crash in crashes}))
    sys.stderr.write(
        f"dockwright: internal error in {rules}; the other rules ran, the results are incomplete\n"
        f"  report for the issue tracker: {path}\n"
    )
