"""Two services have the same fixed container name.

Container names are unique on an engine: the second one to start fails with `The container name "/db" is already in
use`, in whatever project it is. Two services of one file, or two files whose stacks may run at the same time.

Fix: leave `container_name` out; compose then makes a name from project and service, and other containers find the
service by its own name anyway. Not reported: the same service in files of one project (the second replaces the first),
and alternatives by profile.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dockwright.compose.model import Service
from dockwright.repository.model import ComposeItem, Place
from dockwright.repository.repository import Repository
from dockwright.rules.finding import Category, Confidence, Finding, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.stacks._published import may_run_together
from dockwright.rules.subjects import at

if TYPE_CHECKING:
    from dockwright.compose.collisions.model import Collision
    from dockwright.rules._shared.sides import Side

SHOWN = 8
MOST = 50
"""So many services of one name are compared with each further one."""


def check(repository: Repository) -> Iterator[Finding]:
    for item in repository.own_composes:
        yield from _within(item)
    named = [item for item in repository.own_composes if _names(item)]
    if len(named) > 1:
        yield from _between(repository)


def _names(item: ComposeItem) -> bool:
    return any(service.container_name is not None for service in item.file.services.values())


def _within(item: ComposeItem) -> Iterator[Finding]:
    names: dict[str, list[Service]] = {}
    for service in item.file.services.values():
        name = service.container_name.default if service.container_name is not None else None
        if not name:
            continue
        earlier = names.setdefault(name, [])
        for other in earlier[:MOST]:
            if may_run_together(service, other) and _place(item, service) != _place(item, other):
                yield _twice(item, service, other, name)
                break
        earlier.append(service)


def _place(item: ComposeItem, service: Service) -> Place:
    assert service.container_name is not None, "only services with a fixed name are looked at"
    return Place(item.source, service.container_name.span)


def _twice(item: ComposeItem, service: Service, other: Service, name: str) -> Finding:
    return RULE.finding(
        at(_place(item, service), f"services.{service.name}.container_name"),
        f"services `{other.name}` and `{service.name}` have the same container name `{name}`",
        related=[Related(at(_place(item, other)), "the same name")],
        service=service.name,
        environment=item.environment,
    )


def _between(repository: Repository) -> Iterator[Finding]:
    """Names that two stacks claim, and neither container takes the place of the other."""
    from dockwright.compose.collisions.model import Kind
    from dockwright.rules._shared.sides import meeting, one_project, unsettled

    told: set[tuple[str, str]] = set()
    for one, other, collisions in meeting(repository, Kind.CONTAINER):
        found = [
            met
            for met in collisions
            if (one.item.path, met.value) not in told
            and not (one_project(one, other) and met.a.service == met.b.service)
            and not unsettled(met.a, one)
            and not unsettled(met.b, other)
        ]
        told.update((one.item.path, met.value) for met in found)
        if found:
            yield _finding(repository, one, other, found)


def _finding(repository: Repository, one: "Side", other: "Side", found: "list[Collision]") -> Finding:
    names = sorted({met.value for met in found})
    listed = ", ".join(f"`{name}`" for name in names[:SHOWN])
    return RULE.finding(
        one.location(repository, found[0].a.path),
        f"container {'names' if len(names) > 1 else 'name'} {listed} also used by other services in `{other.item.path}`",
        related=[Related(other.location(repository, met.b.path), "the same name") for met in found[:SHOWN]],
        severity=Severity.LOW,
        confidence=Confidence.MEDIUM,
        environment=one.item.environment,
    )


RULE = Rule(
    id="container-name-collision",
    summary="two services have the same fixed container name",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    same_as=("dclint:no-duplicate-container-names",),
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    container_name: front\n"
                "  admin:\n    image: nginx:1.27\n    container_name: front\n"
            },
            at="container_name: front",
            says="services `web` and `admin` have the same container name `front`",
        ),
        Bad(
            {
                "compose.yaml": "name: a\nservices:\n  db:\n    image: postgres:16\n    container_name: database\n",
                "compose.test.yaml": "name: b\nservices:\n  db:\n    image: postgres:16\n    container_name: database\n",
            },
            at="container_name: database",
            says="container name `database` also used by other services in `compose.",
        ),
        Good(
            {
                "compose.yaml": "services:\n  db:\n    image: postgres:16\n    container_name: database\n",
                "compose.podman.yaml": "services:\n  db:\n    image: postgres:16\n    container_name: database\n",
            },
            why="the same service of the same project is replaced",
        ),
    ),
)
