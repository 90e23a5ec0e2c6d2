"""A comment says that capabilities are dropped, and nothing drops them.

`# Security: Drop all capabilities` above `USER app`: USER changes the user, it drops no capability. A container has the
engine's default set unless it is started with `--cap-drop ALL`, compose's `cap_drop`, or a Kubernetes security context.

Fix: `cap_drop: [ALL]` in the services that run the image (then add what it needs), or remove the comment. Dropping may
stop programs that bind low ports or change owners: try it.

Medium confidence, since whoever starts the image elsewhere may drop them. Not reported when anything in the repository
drops capabilities, for this service or another.
"""

import re
from collections.abc import Iterator

from dockwright.repository.repository import Repository
from dockwright.rules.finding import Category, Confidence, Finding, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import dockerfile_subjects
from dockwright.text import Span

SAYS = re.compile(
    rb"(?im)^[ \t]*#[^\n]{0,60}\b(?:drop(?:s|ping|ped)?|remov(?:e|es|ing|ed))\b[^\n]{0,20}\bcapabilit(?:y|ies)\b[^\n]{0,60}"
)
DROPS = re.compile(
    rb"cap[_-]?drop|setpriv|capsh|drop:\s*(?:\[|-|$)|\"drop\"|setcap[ \t]+-r", re.IGNORECASE | re.MULTILINE
)
_WORDS = (b"capdrop", b"cap_drop", b"cap-drop", b"setpriv", b"capsh", b"drop:", b'"drop"', b"setcap")
"""One of them is in every match of `DROPS`, in lower case."""


def check(repository: Repository) -> Iterator[Finding]:
    found = [
        (subject, Span(*match.span()))
        for subject in dockerfile_subjects(repository)
        if b"apabilit" in subject.source.data and (match := SAYS.search(subject.source.data)) is not None
    ]
    if not found or _dropped(repository):
        return
    (subject, span), *others = found
    yield RULE.finding(
        subject.at(span),
        "a comment says that capabilities are dropped, and nothing in the repository drops any",
        related=[Related(other.at(place), "said here too") for other, place in others],
        service=subject.service,
    )


def _dropped(repository: Repository) -> bool:
    return any(
        _drops(item.source.data)
        for items in (
            repository.composes,
            repository.scripts,
            repository.workflows,
            repository.others,
            repository.dockerfiles,
        )
        for item in items
    )


def _drops(data: bytes) -> bool:
    """As the pattern says; words are looked for first, which takes a twentieth of the time over programs."""
    small = data.lower()
    return any(word in small for word in _WORDS) and DROPS.search(data) is not None


RULE = Rule(
    id="stale-capabilities-comment",
    summary="a comment says that capabilities are dropped, and nothing drops them",
    category=Category.MISLEADING,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    check=check,
    examples=(
        Bad(
            {
                "Dockerfile": "FROM python:3.12-slim\n# Security: Drop all capabilities\nUSER app\n",
                "compose.yaml": "services:\n  api:\n    build: .\n",
            },
            at="# Security: Drop all capabilities",
            says="nothing in the repository drops any",
        ),
        Good(
            {
                "Dockerfile": "FROM python:3.12-slim\n# Security: Drop all capabilities\nUSER app\n",
                "compose.yaml": "services:\n  api:\n    build: .\n    cap_drop: [ALL]\n",
            },
            why="the service drops them",
        ),
    ),
)
