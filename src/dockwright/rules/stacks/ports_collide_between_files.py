"""Compose files beside each other publish the same host ports, so their stacks cannot run at the same time.

Whoever has the development stack up cannot start the test or staging stack: `port is already allocated`. Where a
comment at the port says that it avoids conflicts, the author meant them to run side by side, and missed one.

Fix: ports of their own, or none at all (`8000` alone lets the engine choose) where only other containers call. One
finding per file against those before it. Not reported: services of the same name in the same project (the second
replaces the first), files loaded together, and a production file beside others (it runs on another machine).
"""

import posixpath
import re
from collections.abc import Iterator

from dockwright.repository.model import ComposeItem, Place
from dockwright.repository.repository import Repository
from dockwright.repository.vocabulary import PRODUCTION
from dockwright.rules._shared.loading import below_tests
from dockwright.rules._shared.projects import Project, project_of, projects, together
from dockwright.rules.finding import Category, Confidence, Finding, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.stacks._published import Published, published, same_address
from dockwright.rules.subjects import at

SHOWN = 8
FILES = 3
MOST = 20
"""So many files of one port are compared with each further one."""
_AVOIDS = re.compile(rb"#[^\n]{0,300}\b(?:avoid|conflict|collision|clash)", re.IGNORECASE)


def check(repository: Repository) -> Iterator[Finding]:
    folders: dict[str, list[ComposeItem]] = {}
    for project in projects(repository):
        for item in project.items:
            if item.environment != PRODUCTION and not below_tests(item.path):
                folders.setdefault(posixpath.dirname(item.path), []).append(item)
    for items in folders.values():
        taken: dict[tuple[int, str], list[Published]] = {}
        for item in items if len(items) > 1 else ():
            ports = list(published(item))
            collisions = list(_collisions(repository, ports, taken))
            if collisions:
                yield _finding(item, collisions)
            for port in ports:
                holders = taken.setdefault(port.key, [])
                if len(holders) < MOST:
                    holders.append(port)


def _collisions(
    repository: Repository, ports: list[Published], taken: dict[tuple[int, str], list[Published]]
) -> Iterator[tuple[Published, Published]]:
    """For each port of a file, the first earlier file that has it too."""
    done: set[tuple[int, str]] = set()
    for port in ports:
        project = project_of(repository, port.item)
        for found in taken.get(port.key, ()) if port.key not in done else ():
            if not same_address(port.binding, found.binding) or together(repository, port.item, found.item):
                continue
            if not _replaces(project, port, found):
                done.add(port.key)
                yield port, found
                break


def _replaces(project: Project | None, port: Published, other: Published) -> bool:
    """True when the container of one takes the place of the other's: same project, same service."""
    return project is not None and other.item in project.items and port.service.name == other.service.name


def _finding(item: ComposeItem, collisions: list[tuple[Published, Published]]) -> Finding:
    by_file: dict[str, list[int]] = {}
    for port, other in collisions:
        by_file.setdefault(other.item.path, []).append(port.port)
    words = " and ".join(
        f"{', '.join(str(number) for number in numbers)} as `{path}` does"
        for path, numbers in by_file.items()
    )
    avoided = [port for port, _ in collisions if _says_so(port)]
    first = (avoided or [collisions[0][0]])[0]
    return RULE.finding(
        at(Place(item.source, first.span), f"services.{first.service.name}.ports"),
        f"publishes {words}",
        related=[
            Related(at(Place(other.item.source, other.span)), f"publishes {other.port} too")
            for _, other in collisions[:SHOWN]
        ],
        severity=Severity.MEDIUM if avoided else RULE.severity,
        confidence=Confidence.HIGH if avoided else RULE.confidence,
        evidence=["a comment at the port says that it avoids conflicts"] if avoided else [],
        environment=item.environment,
    )


def _says_so(port: Published) -> bool:
    source = port.item.source
    line = source.line_span(source.line_of(port.span.start))
    return _AVOIDS.search(source.data, line.start, line.end) is not None


RULE = Rule(
    id="ports-collide-between-files",
    summary="compose files beside each other publish the same host ports",
    category=Category.DANGEROUS,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    check=check,
    examples=(
        Bad(
            {
                "docker-compose.yml": "services:\n  web:\n    image: nginx:1.27\n    ports: ['8080:80', '8443:443']\n",
                "docker-compose.staging.yml": "services:\n  front:\n    image: nginx:1.27\n    ports:\n"
                "      - '8443:443' # other than dev, to avoid conflicts\n      - '8080:80'\n",
            },
            at="- '8443:443' # other than dev",
            says="publishes 8443, 8080 as `docker-compose.yml` does",
        ),
        Good(
            {
                "docker-compose.yml": "services:\n  web:\n    image: nginx:1.27\n    ports: ['8080:80']\n",
                "docker-compose.podman.yml": "services:\n  web:\n    image: nginx:1.27\n    ports: ['8080:80']\n",
                "docker-compose.prod.yml": "services:\n  front:\n    image: nginx:1.27\n    ports: ['8080:80']\n",
            },
            why="the same service of the same project is replaced, and production runs elsewhere",
        ),
    ),
)
