"""A volume is defined in a compose file, and no service uses it.

Compose does not create it, so it is only text, but people read the list of volumes to learn where data is kept, and a
volume nobody mounts often means that a mount was lost: the data goes into the container and dies with it.

Fix: remove the entry, or use it where it was meant. Not reported: external volumes, files without services, and volumes that
another file uses which may be loaded with this one.
"""

from collections.abc import Iterator

from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ComposeSubject
from dockwright.rules.wiring._unused import unused


def check(subject: ComposeSubject) -> Iterator[Finding]:
    yield from unused(RULE, subject, "volumes")


RULE = Rule(
    id="unused-volume",
    summary="a volume is defined, and no service uses it",
    category=Category.DEAD,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  db:\n    image: postgres:16\n    volumes:\n"
                "      - data:/var/lib/postgresql/data\nvolumes:\n  data:\n  logs:\n    driver: local\n"
            },
            at="logs:",
            says="volume `logs` is defined, and no service uses it",
        ),
        Good(
            {
                "compose.yaml": 'x-db: &db\n  image: postgres:16\n  volumes: ["data:/var/lib/postgresql/data"]\n'
                "services:\n  db:\n    <<: *db\nvolumes:\n  data:\n  shared:\n    external: true\n"
            },
            why="a use through a merge key counts, and an external volume is somebody else's",
        ),
        Good(
            {
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\nvolumes:\n  uploads:\n",
                "compose.worker.yaml": 'services:\n  worker:\n    image: nginx:1.27\n    volumes: ["uploads:/srv"]\n',
                "run.sh": "docker compose -f compose.yaml -f compose.worker.yaml up\n",
            },
            why="another file it is loaded with uses it",
        ),
    ),
)
