"""A service mounts a named volume that nothing defines.

Compose refuses the whole project: `service "db" refers to undefined volume db_data`. A name without `./` in front is a
volume, not a directory: `data:/data` is often meant to be `./data:/data`.

Fix: define the volume under `volumes:`, or write the path with `./`. Not reported: overrides and pieces of another
file, names that hold a variable, and one-letter names (compose takes those for Windows drives).
"""

from collections.abc import Iterator

from dockwright.compose.value import Text
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ServiceSubject
from dockwright.rules.wiring._undefined import undefined_findings


def check(subject: ServiceSubject) -> Iterator[Finding]:
    yield from undefined_findings(RULE, subject, "volumes", _uses(subject))


def _uses(subject: ServiceSubject) -> Iterator[tuple[Text | None, str]]:
    for volume in subject.service.volumes:
        if volume.type == "volume" and volume.source is not None and "/" not in volume.source.raw:
            yield volume.source, "mounts volume"


RULE = Rule(
    id="undefined-volume",
    summary="a service mounts a named volume that nothing defines",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  db:\n    image: postgres:16\n    volumes:\n"
                "      - pgdata:/var/lib/postgresql/data\nvolumes:\n  pg_data:\n"
            },
            at="- pgdata:/var/lib/postgresql/data",
            says="`pgdata`, which nothing defines",
        ),
        Good(
            {
                "compose.yaml": "services:\n  db:\n    image: postgres:16\n    volumes:\n"
                "      - ./data:/var/lib/postgresql/data\n      - /scratch\n      - ${CACHE}:/cache\n"
            },
            why="a path, an anonymous volume, and a name from a variable",
        ),
        Good(
            {
                "compose.yaml": "include: [data.yaml]\nservices:\n  db:\n    image: postgres:16\n"
                "    volumes: ['pg:/var/lib/postgresql/data']\n",
                "data.yaml": "volumes:\n  pg:\n",
            },
            why="an included file defines it",
        ),
    ),
)
