"""Findings that are accepted: by a comment in the file, or by `[[ignore.findings]]` of the configuration."""

import datetime as dt
from collections.abc import Sequence

from dockwright.audit.model import Accepted
from dockwright.config import Config
from dockwright.errors import Skipped
from dockwright.rules.engine import Crash, Outcome
from dockwright.rules.finding import Finding


def split(outcome: Outcome, config: Config, today: dt.date | None) -> tuple[list[Finding], list[Accepted]]:
    """What is left of the findings, and what is accepted with the reasons given.

    Without `today` an `until` never runs out: the core has no clock.
    """
    day = today or dt.date.min
    kept: list[Finding] = []
    accepted = [Accepted(one.finding, one.reason, "comment") for one in outcome.suppressed]
    for finding in outcome.findings:
        entry = config.accepted(finding.rule, finding.location.path, day)
        if entry is None:
            kept.append(finding)
        else:
            until = f" (until {entry.until})" if entry.until else ""
            accepted.append(Accepted(finding, f"{entry.reason}{until}", "configuration"))
    return kept, accepted


def crashed(crashes: Sequence[Crash]) -> list[Skipped]:
    """Rules that raised, as things that were not looked at: one per rule, with the first subject and error."""
    first: dict[str, Crash] = {}
    count: dict[str, int] = {}
    for crash in crashes:
        first.setdefault(crash.rule, crash)
        count[crash.rule] = count.get(crash.rule, 0) + 1
    return [
        Skipped(
            f"rule {rule}",
            f"raised on {crash.subject}: {crash.error}"
            + (f", and on {count[rule] - 1} more" if count[rule] > 1 else "")
            + "; this is a mistake in dockwright",
        )
        for rule, crash in sorted(first.items())
    ]
