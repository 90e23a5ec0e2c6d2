"""A service lacks a secret that its sibling has, and that other compose files give to it.

The test stack gives `SERVICE_SECRET` to both `auth` and `backend`; the staging stack gives it to `auth` alone. The two
need it to talk to each other, so calls fail in staging only, the environment that was to catch such faults.

Fix: give the service the setting, or say in a comment that it does without. Judged are secrets that services share;
reported when at least two other files of the folder give it to a service of that name, and at most one in four of those
that give it to the sibling leaves it out. Not reported: services with an `env_file` or a pass-through, overrides, and settings
another file loaded with it gives.
"""

import posixpath
from collections.abc import Iterator

from dockwright.compose.model import Service
from dockwright.knowledge.secrets import secret_name
from dockwright.repository.model import ComposeItem, Place
from dockwright.repository.repository import Repository
from dockwright.rules._shared.loading import ways
from dockwright.rules._shared.projects import stands_alone
from dockwright.rules._shared.services import plain_name, setting
from dockwright.rules.finding import Category, Confidence, Finding, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import at

ENOUGH = 2
LARGEST = 200
"""Services beyond which a file is generated, and not compared."""
RARE = 3
"""So many files must give the setting for each other one that leaves it out."""


def check(repository: Repository) -> Iterator[Finding]:
    folders: dict[str, list[ComposeItem]] = {}
    for item in repository.own_composes:
        if len(item.file.services) <= LARGEST and stands_alone(repository, item):
            folders.setdefault(posixpath.dirname(item.path), []).append(item)
    for items in folders.values():
        if len(items) > ENOUGH:
            for item in items:
                yield from _in_file(repository, item, [other for other in items if other is not item])


def _in_file(repository: Repository, item: ComposeItem, others: list[ComposeItem]) -> Iterator[Finding]:
    shared: dict[str, list[Service]] = {}
    for service in item.file.services.values():
        for pair in service.environment:
            if secret_name(pair.name):
                shared.setdefault(pair.name, []).append(service)
    for name, holders in shared.items():
        plain = {plain_name(holder.name) for holder in holders}
        for service in item.file.services.values():
            if plain_name(service.name) in plain or not _judged(repository, item, service):
                continue
            given = _given(others, plain_name(service.name), name, plain)
            if len(given) >= ENOUGH:
                yield _finding(item, service, name, holders[0], given)


def _judged(repository: Repository, item: ComposeItem, service: Service) -> bool:
    """True when all the environment a service gets stands in the file."""
    if service.env_file or service.extends is not None or not service.environment or service.secrets:
        return False
    return all(len(list(way.services(service.name))) < 2 for way in ways(repository, item))


def _given(
    others: list[ComposeItem], service: str, name: str, siblings: set[str]
) -> list[tuple[ComposeItem, Service]]:
    """Where other files give the setting to the service; nothing when more than a few leave it out as this one does."""
    found: list[tuple[ComposeItem, Service]] = []
    without = 0
    for item in others:
        candidates = [one for one in item.file.services.values() if plain_name(one.name) == service]
        holder = next((one for one in candidates if setting(one, name) is not None), None)
        if holder is not None:
            found.append((item, holder))
        elif any(not one.env_file for one in candidates):
            without += any(
                plain_name(one.name) in siblings and setting(one, name) is not None
                for one in item.file.services.values()
            )
    return found if len(found) >= RARE * without else []


def _finding(
    item: ComposeItem, service: Service, name: str, sibling: Service, given: list[tuple[ComposeItem, Service]]
) -> Finding:
    pair = setting(sibling, name)
    assert pair is not None, "the sibling was chosen by it"
    related = [Related(at(Place(item.source, pair.span)), f"`{sibling.name}` has it")]
    for other, candidate in given[:3]:
        theirs = setting(candidate, name)
        if theirs is not None:
            related.append(Related(at(Place(other.source, theirs.span)), f"`{candidate.name}` has it there"))
    return RULE.finding(
        at(Place(item.source, service.span), f"services.{service.name}.environment"),
        f"service `{service.name}` has no `{name}`, which `{sibling.name}` has and {len(given)} other files give it",
        related=related,
        service=service.name,
        environment=item.environment,
    )


def _file(environment: str, api: str) -> str:
    return (
        f"services:\n  auth:\n    image: auth:1\n    environment:\n      SERVICE_SECRET: {environment}\n"
        f"  api:\n    image: api:1\n    environment:\n      PORT: 80\n{api}"
    )


_HAS = "      SERVICE_SECRET: x\n"

RULE = Rule(
    id="setting-missing-in-sibling",
    summary="a service lacks a secret that its sibling has and that other compose files give to it",
    category=Category.DRIFT,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": _file("dev", _HAS),
                "compose.test.yaml": _file("test", _HAS),
                "compose.staging.yaml": _file("staging", ""),
            },
            at="api:",
            says="`api` has no `SERVICE_SECRET`, which `auth` has and 2 other files give it",
        ),
        Good(
            {
                "compose.yaml": _file("dev", _HAS),
                "compose.test.yaml": _file("test", _HAS),
                "compose.staging.yaml": _file("staging", "    env_file: staging.env\n"),
                "staging.env": "SERVICE_SECRET=x\n",
            },
            why="the env file may hold it",
        ),
        Good(
            {
                "compose.yaml": _file("dev", _HAS),
                "compose.test.yaml": _file("test", ""),
                "compose.staging.yaml": _file("staging", ""),
            },
            why="most files leave it out: development is the exception",
        ),
    ),
)
