"""A Docker file that nothing in the repository uses.

No compose file, bake file, workflow, Makefile, script or test builds, runs, extends or calls it; at most a list of
names or a page of documentation mentions it. Dead files cost twice: people read them to learn how the image is made,
and mend them when the base image has a hole.

What is called from outside (another repository, a platform that is told the path in its own settings) cannot be seen
from here: confidence is medium for a file at a default name (`Dockerfile`, `compose.yaml`), which tools find by
themselves, and the finding says what does mention it. Removing it is safe in so far as git keeps it.

Not reported: backups, vendored and git-ignored copies (they are listed apart), templates, and images that another
Dockerfile of the repository builds on.
"""

from collections.abc import Iterator
from posixpath import basename

from dockwright.repository.model import ComposeItem, DockerfileItem, Item, Standing, Status
from dockwright.repository.repository import Repository
from dockwright.rules.finding import Category, Confidence, Finding, Location, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import at

KINDS = {DockerfileItem: "Dockerfile", ComposeItem: "compose file"}
DEFAULT_NAMES = frozenset(
    (
        "dockerfile",
        "containerfile",
        "compose.yaml",
        "compose.yml",
        "docker-compose.yaml",
        "docker-compose.yml",
    )
)


def check(repository: Repository) -> Iterator[Finding]:
    for item in (*repository.dockerfiles, *repository.composes):
        if item.standing is not Standing.OWN or item.status not in (Status.DEAD, Status.DOCS):
            continue
        if isinstance(item, DockerfileItem) and (item.tree.template or item.inline):
            continue
        if isinstance(item, ComposeItem) and not item.file.services and not item.file.problems:
            continue
        yield _finding(item)


def _finding(item: Item) -> Finding:
    kind = KINDS[type(item)]
    default = basename(item.path).lower() in DEFAULT_NAMES
    if item.used_by:
        message = f"nothing uses this {kind}, it is only mentioned ({item.used_by[0].place.path})"
    else:
        message = f"nothing in the repository names this {kind}"
    evidence = [f"last changed {item.last_change}"] if item.last_change else []
    return RULE.finding(
        Location.file(item.path),
        message,
        severity=Severity.LOW,
        confidence=Confidence.LOW if default else RULE.confidence,
        related=[Related(at(reference.place), "mentioned here") for reference in item.used_by[:5]],
        evidence=evidence,
        service=item.service,
        environment=item.environment,
    )


RULE = Rule(
    id="dead-file",
    summary="a Docker file that nothing in the repository uses",
    category=Category.DEAD,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  api:\n    build: .\n",
                "Makefile": "up:\n\tdocker compose up -d\n",
                "Dockerfile": "FROM scratch\nCOPY a /\n",
                "Dockerfile.fast": "FROM scratch\nCOPY a /\n",
                "a": "",
            },
            at="Dockerfile.fast",
            says="nothing in the repository names this Dockerfile",
        ),
        Bad(
            {
                "compose.yaml": "services:\n  api:\n    build: .\n",
                "Makefile": "up:\n\tdocker compose up -d\n",
                "Dockerfile": "FROM scratch\nCOPY a /\n",
                "docker/api.old.Dockerfile": "FROM scratch\nCOPY a /\n",
                "docs/images.md": "There is also `docker/api.old.Dockerfile`.\n",
                "a": "",
            },
            at="docker/api.old.Dockerfile",
            says="only mentioned",
        ),
        Good(
            {
                "build.sh": "#!/bin/sh\ndocker build -f docker/base.Dockerfile -t base .\ndocker build -f docker/api.Dockerfile .\n",
                "docker/base.Dockerfile": "FROM scratch\nCOPY a /\n",
                "docker/api.Dockerfile": "FROM base\nCOPY a /\n",
                "a": "",
            },
            why="a script builds both",
        ),
    ),
)
