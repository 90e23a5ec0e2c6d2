"""Compose files that define different stacks share one project name.

Compose names a project after the folder of its first file, so every file in one folder that does not say `name:` is
the same project. `up --remove-orphans` or `down --remove-orphans` of one removes the containers of the others, `up` of
one replaces the others' containers of the same service name, and a volume of the same name is *one* volume: tests work
on the development data, and `down -v` of the tests deletes it.

Fix: `name:` in every file (equal to the old name in the one whose data must stay), or one file with profiles. Not
reported: overrides, files loaded together, included or extended, files that every caller gives a name (`-p`), and
files without a common volume or service, lists of what to build, parts that a profile switches on, unless a command removes orphans. Severity is high where volumes are shared by
more than a production file and another, or where a command removes orphans.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dockwright.figures import Basis, Figure
from dockwright.repository.model import ComposeItem, Place
from dockwright.repository.repository import Repository
from dockwright.repository.vocabulary import PRODUCTION
from dockwright.rules._shared.loading import below_tests, is_default, loaded_alone
from dockwright.rules._shared.projects import Project, named_by_callers, projects, together
from dockwright.rules.finding import Category, Confidence, Finding, Location, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import related

if TYPE_CHECKING:
    from dockwright.rules._shared.sides import Side

SHOWN = 8


def check(repository: Repository) -> Iterator[Finding]:
    for project in projects(repository):
        items = _rivals(repository, project)
        if len(items) > 1:
            yield from _finding(repository, project, items)


def _rivals(repository: Repository, project: Project) -> list[ComposeItem]:
    """The files that are not loaded together, each stack by one file, and not all the same stack."""
    kept: list[ComposeItem] = []
    for item in project.items:
        if named_by_callers(repository, item) or any(together(repository, item, other) for other in kept):
            continue
        if any(item.content and item.content == other.content for other in kept):
            continue
        if _only_built(item) or _optional(item):
            continue
        kept.append(item)
    return kept


_BUILDING = frozenset({"build", "image", "platform", "pull_policy", "profiles"})


def _only_built(item: ComposeItem) -> bool:
    """True for a list of what to build (`docker compose -f build.yml build`): no container is made of it."""
    services = item.file.services.values()
    return all(service.build is not None and _BUILDING.issuperset(service.keys) for service in services)


def _optional(item: ComposeItem) -> bool:
    """True for a file that nothing loads alone and of which a profile has to ask for every service: a part of some base."""
    services = item.file.services.values()
    return not (loaded_alone(item) or is_default(item.path)) and all(service.profiles for service in services)


def _finding(repository: Repository, project: Project, items: list[ComposeItem]) -> Iterator[Finding]:
    from dockwright.rules._shared.sides import side

    sides = {item.path: side(repository, item) for item in items}
    volumes = _shared_volumes(items, sides)
    services = _rival_services([one for one in sides.values() if one is not None])
    orphans = _orphan_removals(repository, items)
    if not volumes and not services and not orphans:
        return  # all that happens is a warning about orphans
    where = f"`{project.folder}/`" if project.folder else "the root folder"
    named = f"the name `{project.explicit}`" if project.explicit else f"the project name of {where}"
    known = sum(loaded_alone(item) or is_default(item.path) for item in items)
    yield RULE.finding(
        Location.file(items[0].path),
        f"{len(items)} compose files share {named}{_consequence(list(volumes), services)}",
        related=[Related(Location.file(item.path), "same project") for item in items[1:]]
        + [related(place, "removes the containers of the others") for place in orphans[:SHOWN]],
        evidence=[f"volume `{name}` in {_paths(found)}" for name, found in list(volumes.items())[:SHOWN]]
        + [f"services defined differently: {_list(services)}"] * bool(services),
        figures=[Figure("files", len(items), "files", Basis.DERIVED, "compose files of one project name")],
        severity=_severity(items, volumes=bool(volumes), orphans=bool(orphans)),
        confidence=RULE.confidence if known > 1 else Confidence.LOW,
    )


def _consequence(volumes: list[str], services: list[str]) -> str:
    if volumes:
        return f", and with it the volumes {_list(volumes)}"
    return f", with different services {_list(services)}" if services else ""


def _severity(items: list[ComposeItem], *, volumes: bool, orphans: bool) -> Severity:
    if all(below_tests(item.path) for item in items):
        return Severity.LOW
    side_by_side = [item for item in items if item.environment != PRODUCTION]
    return Severity.HIGH if orphans or (volumes and len(side_by_side) > 1) else Severity.MEDIUM


def _orphan_removals(repository: Repository, items: list[ComposeItem]) -> list[Place]:
    """Where a command with `--remove-orphans` loads one of the files."""
    paths = {item.path for item in items}
    return [
        invocation.place
        for script in (*repository.scripts, *repository.workflows)
        for invocation in script.invocations
        if paths.intersection(invocation.files) and invocation.call.flag("--remove-orphans") is not None
    ]


def _shared_volumes(
    items: list[ComposeItem], sides: "dict[str, Side | None]"
) -> dict[str, list[ComposeItem]]:
    """Volumes several of the stacks make under one name that is the project's, so that nobody chose to share them."""
    found: dict[str, list[ComposeItem]] = {}
    for item in items:
        for name in _own_volumes(item, sides[item.path]):
            found.setdefault(name, []).append(item)
    return {name: holders for name, holders in found.items() if len(holders) > 1}


def _own_volumes(item: ComposeItem, one: "Side | None") -> list[str]:
    """What is claimed under the project's name, in the file's order; of a file that comes to nothing, what it defines and uses."""
    if one is None:
        used = {
            volume.source.resolved().filled
            for service in item.file.services.values()
            for volume in service.volumes
            if volume.source is not None
        }
        volumes = item.file.volumes.items()
        return [name for name, own in volumes if own.name is None and not own.external and name in used]
    from dockwright.compose.collisions.model import Kind

    order = {name: index for index, name in enumerate(item.file.volumes)}
    claimed = [str(claim.path[1]) for claim in one.of_kind(Kind.VOLUME) if claim.own]
    return sorted(claimed, key=lambda name: order.get(name, len(order)))


def _rival_services(sides: "list[Side]") -> list[str]:
    """Services that several stacks define, and not all alike: whichever starts last replaces the containers of the others."""
    seen: dict[str, dict[str, object]] = {}
    rivals: set[str] = set()
    for one in sides:
        for name, service in one.model["services"].items():
            written = one.item.file.services.get(name)
            if written is not None and written.extends is not None and written.extends.file is not None:
                continue  # it is the service of another file, with something added
            first = seen.setdefault(name, service)
            if first != service:
                rivals.add(name)
    return sorted(rivals)


def _list(names: list[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(f"`{name}`" for name in names[:SHOWN]) + more


def _paths(items: list[ComposeItem]) -> str:
    return _list([item.path for item in items])


RULE = Rule(
    id="shared-project-name",
    summary="compose files that define different stacks share one project name",
    category=Category.DANGEROUS,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    check=check,
    examples=(
        Bad(
            {
                "docker-compose.yml": "services:\n  db:\n    image: postgres:16\n    volumes: ['data:/var/lib/postgresql/data']\n"
                "volumes:\n  data:\n",
                "docker-compose.test.yml": "services:\n  test-db:\n    image: postgres:15\n"
                "    volumes: ['data:/var/lib/postgresql/data']\nvolumes:\n  data:\n",
            },
            at="docker-compose.yml",
            says="2 compose files share the project name of the root folder, and with it the volumes `data`",
        ),
        Good(
            {
                "docker-compose.yml": "name: shop\nservices:\n  db:\n    image: postgres:16\n",
                "docker-compose.test.yml": "name: shop-test\nservices:\n  db:\n    image: postgres:16\n",
            },
            why="each has a name of its own",
        ),
        Good(
            {
                "docker-compose.yml": "services:\n  db:\n    image: postgres:16\n",
                "docker-compose.prod.yml": "services:\n  db:\n    image: postgres:16-alpine\n    restart: always\n",
                "docker-compose.override.yml": "services:\n  db:\n    ports: ['5432:5432']\n",
                "Makefile": "deploy:\n\tdocker compose -f docker-compose.yml -f docker-compose.prod.yml up -d\n",
            },
            why="files that are loaded together are one stack",
        ),
        Good(
            {
                "compose.yaml": "services:\n  web:\n    image: web:1\n    ports: ['80:80']\n",
                "build.yml": "services:\n  web:\n    image: web:1\n    build: ./web\n",
                "web/Dockerfile": "FROM nginx:1.27\n",
                "tracing.yml": "services:\n  web:\n    image: jaeger:1\n    profiles: [tracing]\n",
            },
            why="a list of what to build, and a part that only a profile switches on",
        ),
        Good(
            {
                "shop/compose.yaml": "services:\n  db:\n    image: postgres:16\n",
                "wiki/compose.yaml": "services:\n  db:\n    image: postgres:15\n",
            },
            why="each folder has its own name",
        ),
    ),
)
