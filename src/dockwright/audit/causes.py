"""Findings grouped by what is behind them, and ranked: the list of what to do first.

One cause is what one repair settles. Findings of one rule belong together when they name the same other file as their
reason (sixteen COPYs hidden by one ignore file), else when their messages are about the same thing (five scripts that
start one compose file that does not exist) or the same word for word (eight images without USER), else when they
stand in the same file (eleven secrets in one compose file). Dead things are one cause together: they are removed
together.

Rank: severity, then confidence, then whether live files meet it, then the number of places. Nothing is weighed with
numbers of our own invention.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec

from dockwright.audit.model import Cause
from dockwright.audit.rulebook import first_sentence, page
from dockwright.repository.model import Item, Status, WorkflowItem
from dockwright.repository.repository import Repository
from dockwright.rules.finding import Category, Finding, Location
from dockwright.rules.rule import Rule

_QUOTED = re.compile(r"`([^`]+)`")
_USERS = re.compile(r"(?:mention|built|named|used|started|called|read|run|publish|also)", re.IGNORECASE)
"""Labels of related places that meet the fault, as against those that are behind it."""

Key = tuple[str, str, str]
"""Rule, kind of cause (`file`, `term`, `message`, `kind`, `place`), and the cause itself."""


def causes(repository: Repository, rules: Mapping[str, Rule], findings: Sequence[Finding]) -> list[Cause]:
    """All causes, ranked from 1. `rules` are those that ran, by id."""
    groups = _grouped(findings)
    live = _Live(repository)
    made = [_cause(key, members, findings, rules.get(key[0]), live) for key, members in groups.items()]
    made.sort(key=_order)
    return [msgspec.structs.replace(cause, rank=rank) for rank, cause in enumerate(made, 1)]


def _grouped(findings: Sequence[Finding]) -> dict[Key, list[int]]:
    """Indexes of findings by cause."""
    sharing: defaultdict[Key, set[str]] = defaultdict(set)
    for finding in findings:
        for key in _possible(finding):
            sharing[key].add(finding.location.path)
    groups: dict[Key, list[int]] = {}
    for index, finding in enumerate(findings):
        shared = (key for key in _possible(finding) if len(sharing[key]) > 1)
        groups.setdefault(next(shared, (finding.rule, "place", finding.location.path)), []).append(index)
    return groups


def _possible(finding: Finding) -> list[Key]:
    """What may be behind a finding, the likeliest first."""
    if finding.category is Category.DEAD:
        return [(finding.rule, "kind", "")]
    here = finding.location.path
    others = [
        one.location.path
        for one in finding.related
        if one.location.path != here and not _USERS.match(one.label)
    ]
    if any(one.label == "same project" for one in finding.related):
        return []  # a group of files is a cause of its own, whatever name it shares with another group
    keys = [(finding.rule, "file", path) for path in others[:1]]
    if match := _QUOTED.search(finding.message):
        keys.append((finding.rule, "term", match[1]))
    return [*keys, (finding.rule, "message", finding.message)]


class _Live:
    """Whether a path is met by anything but tests and documentation."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    def __call__(self, path: str) -> bool:
        item: Item | None = self._repository.item(path)
        return item is None or isinstance(item, WorkflowItem) or item.status is Status.LIVE


def _cause(
    key: Key, members: list[int], findings: Sequence[Finding], rule: Rule | None, live: _Live
) -> Cause:
    chosen = [findings[index] for index in members]
    worst = min(chosen, key=lambda finding: finding.order)
    return Cause(
        rank=0,
        rule=key[0],
        title=_title(chosen, rule),
        severity=worst.severity,
        confidence=max(f.confidence for f in chosen if f.severity is worst.severity),
        category=worst.category,
        cause=_behind(key, chosen),
        fix=first_sentence(page(rule).fix) if rule is not None else "",
        reaches_live=any(live(finding.location.path) for finding in chosen),
        places=[finding.location for finding in chosen],
        findings=members,
    )


def _title(chosen: Sequence[Finding], rule: Rule | None) -> str:
    messages = {finding.message for finding in chosen}
    if len(messages) == 1 or rule is None:
        return chosen[0].message
    files = len({finding.location.path for finding in chosen})
    where = (
        f"{len(chosen):,} times in one file" if files == 1 else f"{len(chosen):,} times in {files:,} files"
    )
    return f"{rule.summary}: {where}"


def _behind(key: Key, chosen: Sequence[Finding]) -> str:
    """The cause as `path:3,7` for a file, or the term in backticks; nothing where every place is its own cause."""
    if key[1] == "term":
        return f"`{key[2]}`"
    if key[1] != "file":
        return ""
    lines = sorted(
        {one.location.line for f in chosen for one in f.related if one.location.path == key[2]} - {0}
    )
    return f"{key[2]}:{','.join(map(str, lines))}" if lines else key[2]


def _order(cause: Cause) -> tuple[int, int, bool, int, str, str, int]:
    first: Location = cause.places[0]
    return (
        -cause.severity,
        -cause.confidence,
        not cause.reaches_live,
        -len(cause.findings),
        cause.rule,
        first.path,
        first.line,
    )
