"""Runs rules over the facts of a repository.

Each rule says by the annotation of its check's parameter which subject it wants to see (`rules.subjects`); the
engine makes every subject once and hands it to all rules that asked for its kind. A rule that raises loses only its
own findings on that subject: the failure is reported as `Crash`, and the others go on.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import groupby
from typing import Any

import msgspec

from dockwright.errors import Skipped
from dockwright.lazy import lazy_regex
from dockwright.repository.repository import Repository
from dockwright.rules.finding import Finding
from dockwright.rules.rule import Rule
from dockwright.rules.subjects import SUBJECTS, dockerfile_subjects, given_up

_IGNORE = lazy_regex(rb"(?:#|//|REM|rem)[^\n]{0,200}?dockwright:\s*ignore\[([a-z0-9,\- ]+)\][ \t]*([^\n\r]*)")


NOT_KNOWN = "not known"
"""`Crash.error` of a rule that was stopped by `NotKnown`."""


class Crash(msgspec.Struct, frozen=True):
    """A rule that raised: which, on what, and the traceback (for the internal-error report)."""

    rule: str
    subject: str
    error: str
    trace: str


class NotKnown(Exception):
    """A rule asked for facts that are not there (one file is checked): its findings on the subject are dropped."""


class Suppressed(msgspec.Struct, frozen=True):
    """A finding that a comment in the file accepts, with the reason given there."""

    finding: Finding
    reason: str


class Outcome(msgspec.Struct, frozen=True):
    """What a run of rules gave: findings in order of weight, what comments accept, and rules that failed."""

    findings: Sequence[Finding]
    suppressed: Sequence[Suppressed]
    crashes: Sequence[Crash]
    skipped: Sequence[Skipped] = ()
    """RUN bodies that could not be read to their end."""


def run(repository: Repository, rules: Iterable[Rule], kinds: Iterable[type] | None = None) -> Outcome:
    """All findings of `rules` over `repository`. `kinds` limits the subjects (a single file has no cross-file ones)."""
    return run_each([repository], rules, kinds)[0]


class Portion(msgspec.Struct, frozen=True):
    """What some of the rules gave, as it comes: plain values, which can go from one process to another."""

    findings: Sequence[Finding]
    crashes: Sequence[tuple[tuple[int, int], Crash]]
    """With the kind of subject and the number of the subject among them, for their order."""
    skipped: Sequence[Skipped]


def portions(rules: Iterable[Rule]) -> list[tuple[Rule, ...]]:
    """The rules in parts that can be run apart, in the same order: those of one family share most of what they read."""
    return [
        tuple(family) for _, family in groupby(rules, lambda rule: rule.check.__module__.rpartition(".")[0])
    ]


def run_portion(repository: Repository, rules: tuple[Rule, ...]) -> Portion:
    """What some of the rules find, to be put together by `joined`."""
    one = _Run(repository)
    for kind, wanted in _by_kind(rules).items():
        one.take(kind)
        for rule, check in wanted:
            one.apply(rule, check)
    return one.portion()


def joined(repository: Repository, parts: Iterable[Portion]) -> Outcome:
    """The outcome of all rules from that of their portions, in the order of `portions`; the same as that of `run`."""
    findings: list[Finding] = []
    crashes: list[tuple[tuple[int, int], Crash]] = []
    skipped: list[Skipped] = []
    for part in parts:
        findings += part.findings
        crashes += part.crashes
        skipped += part.skipped
    kept, suppressed = _split(repository, _unique(repository, findings)) if findings else ([], [])
    crashes.sort(key=lambda pair: pair[0])
    if skipped:
        skipped = sorted(dict.fromkeys(skipped), key=_place_order(repository))
    return Outcome(kept, suppressed, [crash for _, crash in crashes], skipped)


def _place_order(repository: Repository) -> Callable[[Skipped], tuple[int, int]]:
    """RUN bodies in the order of their Dockerfiles and of their lines."""
    order = {subject.path: number for number, subject in enumerate(dockerfile_subjects(repository))}

    def key(skipped: Skipped) -> tuple[int, int]:
        path, _, line = skipped.what.rpartition(":")
        return order.get(path, 0), int(line)

    return key


def run_each(
    repositories: Sequence[Repository], rules: Iterable[Rule], kinds: Iterable[type] | None = None
) -> list[Outcome]:
    """The same for each of some repositories. Rule by rule over all of them: the code of one stays in the caches."""
    runs = [_Run(repository) for repository in repositories]
    for kind, wanted in _by_kind(tuple(rules)).items():
        if kinds is not None and kind not in kinds:
            continue
        for one in runs:
            one.take(kind)
        for rule, check in wanted:
            for one in runs:
                one.apply(rule, check)
    return [one.outcome() for one in runs]


class _Run:
    """What rules found so far in one repository."""

    __slots__ = ("crashes", "findings", "kind", "repository", "subjects")

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self.findings: list[Finding] = []
        self.crashes: list[tuple[tuple[int, int], Crash]] = []
        self.kind = 0
        self.subjects: list[object] = []

    def take(self, kind: type) -> None:
        """Go on to another kind of subject."""
        self.kind = _ORDER[kind]
        self.subjects = list(SUBJECTS[kind](self.repository))

    def apply(self, rule: Rule, check: "Check") -> None:
        """One rule on all subjects of the kind."""
        for number, subject in enumerate(self.subjects):
            try:
                found = [*check(subject)]
            except Exception as error:  # noqa: BLE001 - one faulty rule must not take the others with it
                self.crashes.append(((self.kind, number), _crash(rule, subject, error)))
            else:
                if found:
                    self.findings += found

    def portion(self) -> Portion:
        return Portion(self.findings, self.crashes, list(given_up(self.repository)))

    def outcome(self) -> Outcome:
        return joined(self.repository, [self.portion()])


_ORDER = {kind: number for number, kind in enumerate(SUBJECTS)}
Check = Callable[[Any], Iterator[Finding]]
_last: list[tuple[tuple[Rule, ...], dict[type, list[tuple[Rule, Check]]]]] = []


def _by_kind(rules: tuple[Rule, ...]) -> dict[type, list[tuple[Rule, Check]]]:
    """The rules by the kind of subject they want, in the order in which subjects are looked at.

    The last answer is kept, for files are checked by the thousand with the same rules.
    """
    if _last and _last[0][0] is rules:
        return _last[0][1]
    found: dict[type, list[tuple[Rule, Check]]] = {kind: [] for kind in SUBJECTS}
    for rule in rules:
        found[subject_of(rule)].append((rule, rule.check))
    found = {kind: wanted for kind, wanted in found.items() if wanted}
    _last[:] = [(rules, found)]
    return found


@cache
def _subject_of(check: Callable[[Any], Iterator[Finding]]) -> type:
    for name, annotation in check.__annotations__.items():
        if name != "return":
            if annotation not in SUBJECTS:
                raise TypeError(f"{check.__module__}: check() asks for {annotation!r}, which is no subject")
            assert isinstance(annotation, type)
            return annotation
    raise TypeError(f"{check.__module__}: check() has no annotated parameter")


def subject_of(rule: Rule) -> type:
    """The kind of subject a rule wants; TypeError when its check is not annotated with one."""
    return _subject_of(rule.check)


def _crash(rule: Rule, subject: object, error: Exception) -> Crash:
    if isinstance(error, NotKnown):
        return Crash(rule.id, "", NOT_KNOWN, str(error))
    import traceback

    return Crash(rule.id, str(subject), repr(error), "".join(traceback.format_exception(error)))


def _unique(repository: Repository, findings: list[Finding]) -> list[Finding]:
    """In order of weight, without repetitions: two builds of one Dockerfile may show the same fault, and so may a link."""
    real = _links(repository, {finding.location.path for finding in findings})
    seen: dict[tuple[str, str, int, int, str], Finding] = {}
    ordered = sorted(findings, key=lambda finding: finding.order)
    for finding in sorted(ordered, key=lambda finding: finding.location.path in real) if real else ordered:
        place = finding.location
        path = real.get(place.path, place.path)
        seen.setdefault((finding.rule, path, place.line, place.column, finding.message), finding)
    return sorted(seen.values(), key=lambda finding: finding.order) if real else list(seen.values())


def _links(repository: Repository, paths: set[str]) -> dict[str, str]:
    """What those of the paths that are links lead to; nothing of a single file, whose repository is not known."""
    found: dict[str, str] = {}
    try:
        tree = repository.tree
    except NotKnown:
        return found
    for path in paths:
        entry = tree.get(path)
        target = tree.resolve(path) if entry is not None and entry.is_link else None
        if target is not None:
            found[path] = target
    return found


def _split(repository: Repository, findings: list[Finding]) -> tuple[list[Finding], list[Suppressed]]:
    comments: dict[str, dict[int, list[tuple[frozenset[str], str]]]] = {}
    kept: list[Finding] = []
    suppressed: list[Suppressed] = []
    for finding in findings:
        path = finding.location.path
        if path not in comments:
            comments[path] = ignore_comments(repository.source_data(path))
        reason = _reason(finding, comments[path])
        if reason is None:
            kept.append(finding)
        else:
            suppressed.append(Suppressed(finding, reason))
    return kept, suppressed


def ignore_comments(data: bytes) -> dict[int, list[tuple[frozenset[str], str]]]:
    """`dockwright: ignore[rule-a, rule-b] reason` comments of a file, by line."""
    if b"dockwright:" not in data:
        return {}
    found: dict[int, list[tuple[frozenset[str], str]]] = {}
    for match in _IGNORE.finditer(data):
        line = data.count(b"\n", 0, match.start()) + 1
        ids = frozenset(part.strip() for part in match[1].decode("ascii").split(","))
        found.setdefault(line, []).append((ids, match[2].decode("utf-8", "replace").strip()))
    return found


def _reason(finding: Finding, comments: dict[int, list[tuple[frozenset[str], str]]]) -> str | None:
    """The reason a comment gives, when one stands on the finding's lines or on the line before them."""
    if not comments:
        return None
    place = finding.location
    lines = range(place.line - 1, place.end_line + 1) if place.line else range(1, 2)
    for line in lines:
        for ids, reason in comments.get(line, ()):
            if finding.rule in ids:
                return reason
    return None
