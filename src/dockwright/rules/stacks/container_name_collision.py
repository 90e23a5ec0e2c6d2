"""Two services have the same fixed container name.

Container names are unique on an engine: the second one to start fails with `The container name "/db" is already in
use`, in whatever project it is. Two services of one file, or two files whose stacks may run at the same time.

Fix: leave `container_name` out; compose then makes a name from project and service, and other containers find the
service by its own name anyway. Not reported: the same service in files of one project (the second replaces the first),
and alternatives by profile.
"""

from collections.abc import Iterator

from dockwright.compose.model import Service
from dockwright.repository.model import ComposeItem, Place
from dockwright.repository.repository import Repository
from dockwright.repository.vocabulary import PRODUCTION
from dockwright.rules._shared.projects import project_of, together
from dockwright.rules.finding import Category, Confidence, Finding, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.stacks._published import may_run_together
from dockwright.rules.subjects import at

Named = tuple[ComposeItem, Service]
SHOWN = 8
MOST = 50
"""So many services of one name are compared with each further one."""


def check(repository: Repository) -> Iterator[Finding]:
    names: dict[str, list[Named]] = {}
    for item in repository.own_composes:
        for service in item.file.services.values():
            name = service.container_name.default if service.container_name is not None else None
            if name:
                names.setdefault(name, []).append((item, service))
    between: dict[tuple[str, str], list[tuple[Named, Named]]] = {}
    for holders in names.values():
        for index, (item, service) in enumerate(holders):
            for other in holders[: min(index, MOST)]:
                if other[0] is item:
                    if may_run_together(service, other[1]) and _place(item, service) != _place(*other):
                        yield _within(item, service, other)
                        break
                elif _collide(repository, item, service, other):
                    between.setdefault((item.path, other[0].path), []).append(((item, service), other))
                    break
    for pairs in between.values():
        yield _between(pairs)


def _place(item: ComposeItem, service: Service) -> Place:
    assert service.container_name is not None, "only services with a fixed name are looked at"
    return Place(item.source, service.container_name.span)


def _collide(repository: Repository, item: ComposeItem, service: Service, other: Named) -> bool:
    """True when the two files' stacks may run at the same time, and neither container replaces the other."""
    if PRODUCTION in (item.environment, other[0].environment) or together(repository, item, other[0]):
        return False
    project = project_of(repository, item)
    theirs = project_of(repository, other[0])
    if project is None or theirs is None or item.path.rpartition("/")[0] != other[0].path.rpartition("/")[0]:
        return False
    return project is not theirs or service.name != other[1].name


def _within(item: ComposeItem, service: Service, other: Named) -> Finding:
    name = service.container_name.default if service.container_name is not None else ""
    return RULE.finding(
        at(_place(item, service), f"services.{service.name}.container_name"),
        f"services `{other[1].name}` and `{service.name}` have the same container name `{name}`",
        related=[Related(at(_place(*other)), "the same name")],
        service=service.name,
        environment=item.environment,
    )


def _between(pairs: list[tuple[Named, Named]]) -> Finding:
    (item, service), (other, _) = pairs[0]
    names = sorted({text.default or "" for (_, one), _ in pairs if (text := one.container_name) is not None})
    listed = ", ".join(f"`{name}`" for name in names[:SHOWN])
    return RULE.finding(
        at(_place(item, service), f"services.{service.name}.container_name"),
        f"container {'names' if len(names) > 1 else 'name'} {listed} also used by other services in `{other.path}`",
        related=[Related(at(_place(*found)), "the same name") for _, found in pairs[:SHOWN]],
        severity=Severity.LOW,
        confidence=Confidence.MEDIUM,
        environment=item.environment,
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
