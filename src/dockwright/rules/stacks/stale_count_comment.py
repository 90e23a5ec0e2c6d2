"""A comment in a compose file states a number of volumes, services or networks that is not so.

"Maximum 10 volumes" above eleven of them. Such comments carry a promise (Docker Desktop gets slow, a quota) that
somebody once made true; a wrong one misleads more than none.

Fix: remove the number from the comment; where the limit is real, hold it with a check.

Only exact statements are judged: a maximum that is exceeded, and "currently N" with another number. Estimates ("about",
"~") are not.
"""

import re
from collections.abc import Iterator

from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ComposeSubject
from dockwright.text import Span

_KIND = r"(?P<kind>volumes?|services?|networks?|containers?)"
_MAXIMUM = re.compile(
    rf"\b(?:max(?:imum)?(?: of)?|at most|no more than|limit(?:ed)? (?:of|to))[ :]*(?P<number>\d{{1,4}})(?!\d)(?:[ ]+(?:named|docker|total))*[ ]+{_KIND}\b"
    rf"|\b{_KIND.replace('kind', 'kind2')}\b[^\n\d~]{{0,12}}\bmax(?:imum)?[ :]*(?P<number2>\d{{1,4}})(?!\d)",
    re.IGNORECASE,
)
_CURRENT = re.compile(
    rf"\b{_KIND}\b[^\n]{{0,40}}\b(?:currently|now)[ :]*(?P<number>\d{{1,4}})\b"
    rf"|\b(?:currently|now)[ :]*(?P<number2>\d{{1,4}})[ ]+(?:named[ ]+)?{_KIND.replace('kind', 'kind2')}\b",
    re.IGNORECASE,
)


def check(subject: ComposeSubject) -> Iterator[Finding]:
    file = subject.file
    if file.yaml.broken or not file.services:
        return
    for comment in file.yaml.comments:
        for pattern, maximum in ((_MAXIMUM, True), (_CURRENT, False)):
            found = pattern.search(comment.text)
            if found is None:
                continue
            number = int(found["number"] or found["number2"])
            kind = (found["kind"] or found["kind2"]).lower().rstrip("s") + "s"
            actual = len(getattr(file, "services" if kind == "containers" else kind))
            if actual > number if maximum else actual != number:
                yield _finding(subject, comment.span, kind, number, actual, maximum=maximum)


def _finding(
    subject: ComposeSubject, span: Span, kind: str, number: int, actual: int, *, maximum: bool
) -> Finding:
    said = f"says at most {number} {kind}" if maximum else f"says that there are {number} {kind}"
    return RULE.finding(
        subject.at(span), f"comment {said}; the file defines {actual}", environment=subject.item.environment
    )


RULE = Rule(
    id="stale-count-comment",
    summary="a comment states a number of volumes, services or networks that is not so",
    category=Category.MISLEADING,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  db:\n    image: postgres:16\n    volumes: ['a:/a', 'b:/b']\n"
                "# VOLUMES (Maximum 1 for stability)\nvolumes:\n  a:\n  b:\n"
            },
            at="# VOLUMES (Maximum 1",
            says="comment says at most 1 volumes; the file defines 2",
        ),
        Good(
            {
                "compose.yaml": "# Maximum 10 named volumes, about 3 services\nservices:\n  db:\n    image: postgres:16\n"
                "    volumes: ['a:/a']\n# VOLUMES - MAXIMUM 10 (Currently 1)\nvolumes:\n  a:\n"
            },
            why="the maximum is kept, the number is right, and an estimate is none",
        ),
    ),
)
