"""A service is not in staging what it is in production.

Staging is there to show what production will do. Where the two start a service by other commands, where only one of
them limits its memory, checks its health or takes its privileges away, staging shows something else: the process that
is killed at its limit, the file that a read-only file system does not take, are met in production first.

Fix: what both need stands in a file that both load; what really differs (addresses, sizes, secrets) stands alone in the
files of each. Compared is what the files come to. Reported: commands that differ, and limits, health checks, users and
privileges that one side alone sets. Not reported: variables, ports, sizes of limits, numbers of replicas, services that
only one of them has, and stacks of different folders. One finding per service.
"""

import posixpath
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from dockwright.repository.repository import Repository
from dockwright.repository.vocabulary import PRODUCTION, STAGING, environment_of
from dockwright.rules.finding import Category, Confidence, Finding, Location, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.text import SourceFile

if TYPE_CHECKING:
    from dockwright.compose.standin import Attempt
    from dockwright.repository.environments import Environment

_COMMANDS = ("command", "entrypoint")
_ALONE = {
    "a memory limit": (("mem_limit",), ("deploy", "resources", "limits", "memory")),
    "a CPU limit": (("cpus",), ("deploy", "resources", "limits", "cpus")),
    "a limit of processes": (("pids_limit",), ("deploy", "resources", "limits", "pids")),
    "a health check": (("healthcheck", "test"),),
    "a user": (("user",),),
    "`read_only`": (("read_only",),),
    "`privileged`": (("privileged",),),
    "`cap_drop`": (("cap_drop",),),
    "`cap_add`": (("cap_add",),),
    "`security_opt`": (("security_opt",),),
    "`init`": (("init",),),
}
"""What a service has or has not, in words, with every place it may stand."""
_GRAVE = frozenset({"a user", "`read_only`", "`privileged`", "`cap_drop`", "`cap_add`", "`security_opt`"})
Difference = tuple[str, tuple[str, ...], bool]
"""In words, the key, and whether it stands in staging."""


def check(repository: Repository) -> Iterator[Finding]:
    kinds = {item.environment for item in repository.own_composes}
    if not {STAGING, PRODUCTION} <= kinds:
        return
    from dockwright.repository.stacks import known, whole  # the loader, where there is something to load

    found = [one for one in known(repository) if one.kind in (STAGING, PRODUCTION)]
    whole_of = {one.name: whole(repository, one) for one in found}
    live = [one for one in found if one.kind == PRODUCTION and _sound(whole_of[one.name])]
    for staging in found:
        ours = whole_of[staging.name]
        others = [whole_of[one.name] for one in live if _folder(one) == _folder(staging)]
        if staging.kind == STAGING and _sound(ours) and others:
            yield from _between(repository, staging, ours, max(others, key=partial(_shared, ours)))


def _sound(attempt: "Attempt") -> bool:
    return attempt.project is not None and not attempt.errors


def _shared(one: "Attempt", other: "Attempt") -> int:
    """How many services go by the same name in both."""
    if one.project is None or other.project is None:
        return 0
    return len(one.project.services.keys() & other.project.services.keys())


def _folder(environment: "Environment") -> str:
    """The folder of the last file, without the words that name an environment: `deploy/staging` and `deploy/prod`."""
    folder = posixpath.dirname(environment.files[-1]) if environment.files else ""
    return "/".join(part for part in folder.split("/") if not environment_of([part]))


def _between(
    repository: Repository, environment: "Environment", staging: "Attempt", production: "Attempt"
) -> Iterator[Finding]:
    if staging.project is None or production.project is None:
        return
    from dockwright.compose.load.values import plain
    from dockwright.compose.pairs import paired

    left: Any = plain(staging.project.model)
    right: Any = plain(production.project.model)
    ours, theirs = left.get("services") or {}, right.get("services") or {}
    partner = {name: name for name in ours if name in theirs} | paired(left, right)
    for name, other in partner.items():
        differences = list(_differences(ours[name], theirs[other]))
        if differences:
            yield _finding(repository, environment, (staging, name), (production, other), differences)


def _differences(ours: Any, theirs: Any) -> Iterator[Difference]:
    for key in _COMMANDS:
        if ours.get(key) != theirs.get(key):
            yield f"another {key}", (key,), ours.get(key) is not None
    for words, routes in _ALONE.items():
        here = next((route for route in routes if _has(ours, route)), None)
        there = next((route for route in routes if _has(theirs, route)), None)
        if (here is None) != (there is None):
            route = here or there
            assert route is not None, "one of them has it"
            yield f"{words} only in {'staging' if here else 'production'}", route, here is not None


def _has(service: Any, route: tuple[str, ...]) -> bool:
    value = service
    for key in route:
        value = value.get(key) if isinstance(value, dict) else None
    return value not in (None, False, "", [], 0, ["NONE"])


def _finding(
    repository: Repository,
    environment: "Environment",
    ours: tuple["Attempt", str],
    theirs: tuple["Attempt", str],
    differences: list[Difference],
) -> Finding:
    (staging, name), (production, other) = ours, theirs
    words = [text for text, _, _ in differences]
    grave = any(text.startswith("another") or text.partition(" only")[0] in _GRAVE for text in words)
    related = []
    for text, key, _ in differences[:6]:
        place = _at(repository, production, ("services", other, *key))
        if place is not None:
            related.append(Related(place, f"production: {text}"))
    location = _at(repository, staging, ("services", name))
    return RULE.finding(
        location or Location.file(environment.files[-1]),
        f"`{name}` is not in staging what it is in production: {', '.join(words)}",
        related=related,
        severity=RULE.severity if grave else Severity.LOW,
        service=name,
        environment=STAGING,
    )


def _at(repository: Repository, attempt: "Attempt", route: tuple[str, ...]) -> Location | None:
    origin = attempt.place(route)
    if origin is None:
        return None
    return Location.at(SourceFile(origin.path, repository.source_data(origin.path)), origin.span)


_WEB = "services:\n  web:\n    image: web:1\n    environment: {{LEVEL: {}}}\n    mem_limit: {}\n"

RULE = Rule(
    id="staging-drift",
    summary="a service is not in staging what it is in production",
    category=Category.DRIFT,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.staging.yaml": _WEB.format("debug", "512M"),
                "compose.prod.yaml": _WEB.format("info", "2G")
                + "    read_only: true\n    command: serve --workers 4\n",
            },
            at="image: web:1",
            says="`web` is not in staging what it is in production: another command, `read_only` only in production",
        ),
        Good(
            {
                "compose.staging.yaml": _WEB.format("debug", "512M") + "    ports: ['8080:80']\n",
                "compose.prod.yaml": _WEB.format("info", "2G") + "  mail:\n    image: mail:1\n",
            },
            why="variables, ports and sizes differ on purpose, and a service may be simulated in staging",
        ),
        Good(
            {
                "shop/compose.staging.yaml": _WEB.format("debug", "512M"),
                "blog/compose.prod.yaml": _WEB.format("info", "2G") + "    read_only: true\n",
            },
            why="these are two projects",
        ),
    ),
)
