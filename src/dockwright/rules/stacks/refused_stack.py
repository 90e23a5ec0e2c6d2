"""Compose refuses files that are used together.

Each file may be right by itself, and together they say what Compose does not accept: a limit that the base sets in one
way and the override in another, an item that both lists have where each may stand once, a container name for a service
of several replicas. Nothing of the stack starts then, and the message names no line.

Fix: what the finding's places say to each other. Judged is what the files come to when they are loaded as the repository
loads them, in a clean clone. Not reported: what a variable or an env file would heal, and what has a rule of its own
(YAML errors, duplicate keys, forms, missing files, services, networks and other definitions that are missing).
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from dockwright.repository.repository import Repository
from dockwright.rules.finding import Category, Confidence, Finding, Location, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.text import SourceFile

if TYPE_CHECKING:
    from dockwright.compose.load.origin import Origin
    from dockwright.compose.load.problems import LoadProblem
    from dockwright.compose.standin import Attempt
    from dockwright.repository.environments import Environment

ELSEWHERE = frozenset(
    {"yaml", "duplicate-key", "not-found", "env-file", "extends", "required-variable", "remote", "empty", "limit",
     "not-a-mapping", "key-not-string", "project-name", "usage"}
)  # fmt: skip
"""Classes of errors that other rules tell, or that say nothing about what the files hold."""
_UNDEFINED = re.compile(r"\bundefined\b|\bnot found\b|no such service", re.IGNORECASE)
_EMPTY = "neither an image nor a build"
_SERVICE = re.compile(r"\bservices\.[\w.-]+?(?=[.: ])|\bservice \"[^\"]*\"")
SHOWN = 8


def check(repository: Repository) -> Iterator[Finding]:
    if not repository.own_composes:
        return
    from dockwright.repository.stacks import as_used, known  # the loader, where there is something to load

    seen: set[tuple[str, int, str]] = set()
    for environment in known(repository):
        attempt = as_used(repository, environment)
        groups: dict[tuple[str, str], list[LoadProblem]] = {}
        for error in attempt.errors:
            if error.places and _told_here(repository, environment, attempt, error):
                first = attempt.told(error.places[0])
                key = (first.path, first.line, error.message)
                if key not in seen:
                    seen.add(key)
                    groups.setdefault((first.path, _SERVICE.sub("", error.message)), []).append(error)
        for errors in groups.values():
            yield _finding(repository, environment, attempt, errors)


def _told_here(
    repository: Repository, environment: "Environment", attempt: "Attempt", error: "LoadProblem"
) -> bool:
    if error.code in ELSEWHERE or _UNDEFINED.search(error.message):
        return False
    if (
        _EMPTY in error.message
    ):  # of several files `orphan-override` tells it; of one nobody loads, it is a part
        return bool(environment.evidence) and len(environment.files) == 1
    return not _malformed(repository, attempt.told(error.places[0]))


def _malformed(repository: Repository, place: "Origin") -> bool:
    """True when `compose-form-error` speaks of the same line."""
    item = repository.compose(place.path)
    if item is None:
        return False
    lines = {
        item.source.line_of(problem.span.start) for problem in item.file.problems if problem.kind == "form"
    }
    return not lines.isdisjoint((place.line, place.line - 1, place.line + 1))


def _finding(
    repository: Repository, environment: "Environment", attempt: "Attempt", errors: "list[LoadProblem]"
) -> Finding:
    first, *others = errors
    names = " with ".join(f"`{path}`" for path in environment.files[:3])
    message = attempt.exact.words(first.message)
    places = [attempt.told(place) for place in first.places]
    more = f", and {len(others)} more of the kind" if others else ""
    return RULE.finding(
        _location(repository, places[0]),
        f"compose refuses {names}: {message}{more}",
        related=[Related(_location(repository, place), "the other side") for place in places[1:3]]
        + [
            Related(_location(repository, attempt.told(error.places[0])), "refused here too")
            for error in others[:SHOWN]
        ],
        evidence=[f"used by {place.path}:{place.line}" for place in environment.evidence[:3]],
        confidence=RULE.confidence
        if environment.evidence or len(environment.files) == 1
        else Confidence.MEDIUM,
        environment=environment.kind,
    )


def _location(repository: Repository, place: "Origin") -> Location:
    return Location.at(SourceFile(place.path, repository.source_data(place.path)), place.span)


_BASE = "services:\n  web:\n    image: web:1\n    deploy:\n      resources:\n        limits: {memory: 512M}\n"

RULE = Rule(
    id="refused-stack",
    summary="compose refuses files that are used together",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": _BASE,
                "compose.big.yaml": "services:\n  web:\n    mem_limit: 2G\n",
                "up.sh": "#!/bin/sh\ndocker compose -f compose.yaml -f compose.big.yaml up -d\n",
            },
            at="mem_limit: 2G",
            says="compose refuses `compose.yaml` with `compose.big.yaml`",
        ),
        Bad(
            {
                "compose.yaml": "services:\n  web:\n    image: web:1\n    container_name: web\n"
                "    deploy:\n      replicas: 3\n"
            },
            at="container_name: web",
            says="container name must be unique",
        ),
        Good(
            {
                "compose.yaml": _BASE + "    env_file: .env.local\n    ports: ['${PORT:?}:80']\n",
                "compose.big.yaml": "services:\n  web:\n    deploy:\n      resources:\n        limits: {memory: 2G}\n",
                "up.sh": "#!/bin/sh\ndocker compose -f compose.yaml -f compose.big.yaml up -d\n",
            },
            why="one way to set the limit; and what an env file or a variable would heal is no fault of the files",
        ),
    ),
)
