"""A container start script that no image and no service starts.

A file named like an entrypoint (`docker-entrypoint-test.sh`) that no ENTRYPOINT, CMD, `entrypoint:` or `command:` names, and
nothing else calls, is a rest: the steps in it (waiting for services, migrations) are believed to happen and do not.

Fix: remove the script, or name it in the ENTRYPOINT that is meant to run it; then its steps begin to run.

Not reported: scripts that another script, Dockerfile or compose file names anywhere, and directories of entrypoint parts
(`docker-entrypoint.d/`), which base images run by themselves.
"""

import re
from collections.abc import Iterator
from posixpath import basename

from dockwright.repository.model import Standing
from dockwright.repository.repository import Repository
from dockwright.repository.standing import place_standing
from dockwright.rules.finding import Category, Confidence, Finding, Location, Severity
from dockwright.rules.rule import Bad, Good, Rule

STARTS = re.compile(r"(?i)(^|/)[\w.-]*entry[-_]?point[\w.-]*\.(sh|bash|py)$")
PARTS = re.compile(r"(?i)entrypoint(-[\w]+)?\.d/")


def check(repository: Repository) -> Iterator[Finding]:
    for entry in repository.tree.entries():
        if entry.is_link or not STARTS.search(entry.path) or PARTS.search(entry.path):
            continue
        if place_standing(entry.path)[0] is not Standing.OWN:
            continue
        item = repository.item(entry.path)
        if item is not None and item.standing is not Standing.OWN:
            continue
        if _named(repository, entry.path):
            continue
        yield RULE.finding(
            Location.file(entry.path),
            "no image and no service starts this script",
        )


def _named(repository: Repository, path: str) -> bool:
    """True when any inventoried file other than documentation names the script, or a folder copy may start it."""
    if any(reference.strength > 1 for reference in repository.references_to.get(path, ())):
        return True
    name = basename(path).encode("utf-8", "surrogateescape")
    bounded = re.compile(rb"(?<![\w.-])" + re.escape(name) + rb"(?![\w-])")
    return any(
        bounded.search(item.source.data)
        for item in repository.items()
        if item.path != path and not item.path.endswith(".md")
    )


RULE = Rule(
    id="unused-entrypoint-script",
    summary="a container start script that no image and no service starts",
    category=Category.DEAD,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    check=check,
    examples=(
        Bad(
            {
                "Dockerfile": 'FROM python:3.12-slim\nCOPY entrypoint.sh /\nENTRYPOINT ["/entrypoint.sh"]\n',
                "entrypoint.sh": '#!/bin/sh\nexec "$@"\n',
                "entrypoint-test.sh": '#!/bin/sh\nexec "$@"\n',
                "compose.yaml": "services:\n  web:\n    build: .\n",
            },
            at="entrypoint-test.sh",
            says="no image and no service starts this script",
        ),
        Good(
            {
                "Dockerfile": "FROM nginx:1.27\nCOPY docker-entrypoint.d/ /docker-entrypoint.d/\nCOPY entrypoint-dev.sh /\n",
                "docker-entrypoint.d/10-entrypoint-a.sh": "#!/bin/sh\n",
                "entrypoint-dev.sh": "#!/bin/sh\n",
                "compose.yaml": "services:\n  web:\n    build: .\n    entrypoint: /entrypoint-dev.sh\n",
            },
            why="the base image runs the parts, and a service names the script",
        ),
    ),
)
