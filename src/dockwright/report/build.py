"""Makes the document of an audit: plain data from facts and judgements, cleaned as a whole, then typed."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from dockwright import __version__
from dockwright.audit.model import About, Audit
from dockwright.audit.rulebook import one_line, page
from dockwright.knowledge.secrets import redact
from dockwright.report.business import business
from dockwright.report.clean import Cleaner
from dockwright.report.document import Document
from dockwright.report.environments import environment, variables_of
from dockwright.report.findings.entries import entry, suppressed
from dockwright.report.inventory import inventory
from dockwright.report.overlaps import overlaps
from dockwright.report.plain import plain
from dockwright.report.rebuilds import rebuilds
from dockwright.report.secrets import known_secrets, names_of
from dockwright.report.words import counted
from dockwright.repository.model import Build, ComposeItem, DockerfileItem, ScriptItem
from dockwright.repository.repository import Repository


def build(audit: Audit) -> Document:
    """The whole audit as a document fit to be shown."""
    data = {
        "tool": {"name": "dockwright", "version": __version__},
        "subject": _subject(audit),
        "summary": plain(audit.figures),
        "first": plain(audit.causes),
        "inventory": {**inventory(audit.repository), "script_twins": plain(audit.twins)},
        "images": plain(audit.images),
        "overlaps": overlaps(audit.overlaps),
        "environments": list(map(environment, audit.environments)),
        "rebuilds": rebuilds(audit.replay),
        "business": business(audit.business),
        "findings": [entry(finding) for finding in audit.findings],
        "rules": _rules(audit),
        "security": plain(audit.security),
        "proposal": plain(audit.proposal),
        "suppressed": [suppressed(one.finding, one.reason, one.by) for one in audit.accepted],
        "skipped": plain(audit.skipped),
        "counts": _counts(audit),
    }
    return msgspec.convert(_cleaner(audit).data(data), Document)


def cleaner(repository: Repository) -> Cleaner:
    """What makes texts about this repository fit to be shown."""
    names = names_of(repository.dockerfiles, repository.composes)
    return Cleaner(redact, known_secrets(*sources_of(repository)), names)


def _cleaner(audit: Audit) -> Cleaner:
    """As `cleaner`, with what env files set, which is filled into the settings that are shown."""
    attempts = [one.attempt for one in audit.environments]
    attempts += [stack.attempt for stack in audit.overlaps.details.stacks.values()]
    return Cleaner(redact, known_secrets(*sources_of(audit.repository), variables_of(attempts)))


def sources_of(
    repository: Repository,
) -> tuple[Sequence[DockerfileItem], Sequence[ComposeItem], Sequence[Build], Sequence[ScriptItem]]:
    """Where a repository may hold secrets that a report could repeat."""
    scripts = (*repository.scripts, *repository.workflows)
    return repository.dockerfiles, repository.composes, repository.builds, scripts


def _subject(audit: Audit) -> Mapping[str, Any]:
    about = audit.about
    where = "the files as they are"
    if about.revision:
        commit = about.revision[:12]
        where = f"the files at commit {commit}"
        if about.state != "commit":
            where = f"the files in the working directory (on commit {commit})"
    return {
        "name": about.name,
        "revision": about.revision,
        "state": about.state,
        "date": about.date,
        "basis": f"Derived from {where}; nothing was built or run. A number of another kind says so.",
        "above": about.above,
        "notes": [*_part_of(about), *_bare(about), *_nothing_here(audit.repository)],
    }


def _part_of(about: About) -> Iterator[str]:
    if about.above:
        yield (
            f"this is a folder of the repository at `{about.above}`: what builds, runs or names its files from outside of it "
            f"is not seen, so that one may wrongly count as dead or as impossible to build; the whole: `{about.whole}`"
        )


def _bare(about: About) -> Iterator[str]:
    if about.whole and not about.above:
        yield f"this is a bare git repository, which has files in its commits alone; to look at those: `{about.whole}`"


def _nothing_here(repository: Repository) -> Iterator[str]:
    if any(True for _ in repository.items()):
        return
    number = len(repository.tree.entries())
    among = f"found none among {counted(number, 'file')}" if number else "no file is here at all"
    yield (
        "looked for Dockerfiles, compose, bake and ignore files, and for scripts, workflows and other files that build or "
        f"run containers: {among}"
    )


def _rules(audit: Audit) -> list[dict[str, Any]]:
    count = Counter(finding.rule for finding in audit.findings)
    made = []
    for rule in audit.rules:
        if count[rule.id]:
            text = page(rule)
            made.append(
                {
                    "id": rule.id,
                    "summary": rule.summary,
                    "category": rule.category.value,
                    "severity": rule.severity.name.lower(),
                    "why": one_line(text.why),
                    "fix": one_line(text.fix),
                    "findings": count[rule.id],
                }
            )
    return made


def _counts(audit: Audit) -> dict[str, dict[str, int]]:
    findings = audit.findings
    return {
        "severity": _sorted(Counter(finding.severity.name.lower() for finding in findings)),
        "category": _sorted(Counter(finding.category.value for finding in findings)),
        "confidence": _sorted(Counter(finding.confidence.name.lower() for finding in findings)),
        "rule": _sorted(Counter(finding.rule for finding in findings)),
    }


def _sorted(count: Counter[str]) -> dict[str, int]:
    return {name: count[name] for name in sorted(count)}
