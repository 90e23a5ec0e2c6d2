"""A compose command, an `include` or an `extends` names a compose file that does not exist.

`docker compose -f missing.yml up` stops with `no such file or directory`. After a clean-up this is the most common
rest: launchers, workflows and Makefiles go on naming files that were merged or removed. Where a script tries several
names in turn, the missing one silently selects the next, and with it another stack.

Not reported: names with variables nothing sets, globs, and files that the same script writes.
"""

from collections.abc import Iterator

from dockwright.repository.model import Strength
from dockwright.repository.repository import Repository
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.references._near import near_files, near_words, weight
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import at


def check(repository: Repository) -> Iterator[Finding]:
    paths = [item.path for item in repository.own_composes]
    for reference in repository.references:
        if reference.expects != "compose" or reference.target is not None or reference.uncertain:
            continue
        if reference.strength <= Strength.NAME_LIST:
            continue
        yield RULE.finding(
            at(reference.place),
            f"names the compose file `{reference.named}`, which does not exist",
            severity=weight(reference.strength, RULE.severity),
            confidence=Confidence.HIGH if reference.strength >= Strength.RUN else Confidence.MEDIUM,
            evidence=near_words(near_files(repository, reference.named, paths), "compose file"),
        )


RULE = Rule(
    id="missing-compose-file",
    summary="a command or file names a compose file that does not exist",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "Makefile": "e2e:\n\tdocker compose -f docker-compose.e2e.yml up -d\n",
                "docker-compose.yml": "services:\n  web:\n    image: nginx:1.27\n",
            },
            at="docker-compose.e2e.yml",
            says="`docker-compose.e2e.yml`, which does not exist",
        ),
        Bad(
            {
                "compose.yaml": "include:\n  - infra/compose.yaml\nservices:\n  web:\n    image: nginx:1.27\n",
            },
            at="infra/compose.yaml",
        ),
        Good(
            {
                "Makefile": "up:\n\tdocker compose -f $(STACK).yml up -d\n",
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n",
            },
            why="nothing sets the variable",
        ),
        Good(
            {
                "up.sh": "#!/bin/sh\ncd deploy\ndocker compose -f stack.yml up -d\n",
                "deploy/stack.yml": "services:\n  web:\n    image: nginx:1.27\n",
            },
            why="the script changes the directory first",
        ),
    ),
)
