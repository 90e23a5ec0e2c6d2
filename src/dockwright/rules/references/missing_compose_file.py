"""A compose command, an `include` or an `extends` names a compose file that does not exist.

`docker compose -f missing.yml up` stops with `no such file or directory`. After a clean-up this is the most common
rest: launchers, workflows and Makefiles go on naming files that were merged or removed. Where a script tries several
names in turn, the missing one silently selects the next, and with it another stack.

Fix: name the file that took its place; where none did, remove the caller. A script that tries several names keeps the
one that exists.

One finding per file and name, with every line. Not reported: names with variables nothing sets, globs, files that the
same script writes, a Makefile has a rule for or git ignores (they are generated), default names that documentation speaks of, and names in test code that starts nothing with them
(they are data of the test as often as not). High confidence for `include`, `extends` and what else a file declares; medium for
commands and programs, which may make the file first or only speak of it.
"""

from collections.abc import Iterator
from posixpath import basename

from dockwright.repository.model import Reference, Strength
from dockwright.repository.repository import Repository
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.references._near import made_by, near_files, near_words, weight
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import at, related

DEFAULT_NAMES = frozenset(("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"))
SHOWN = 12


def check(repository: Repository) -> Iterator[Finding]:
    paths = [item.path for item in repository.own_composes]
    groups: dict[tuple[str, str], list[Reference]] = {}
    for reference in repository.references:
        if reference.expects == "compose" and reference.target is None and _judged(reference):
            groups.setdefault((reference.place.path, reference.named), []).append(reference)
    for (_, named), references in groups.items():
        references.sort(key=lambda reference: (-reference.strength, reference.place.line))
        first = references[0]
        if made_by(repository, first.resolved or named):
            continue
        yield RULE.finding(
            at(first.place),
            f"names the compose file `{named}`, which does not exist",
            related=[related(other.place, "and here") for other in references[1:SHOWN]],
            severity=weight(first.strength, RULE.severity),
            confidence=RULE.confidence if _declared(repository, first) else Confidence.MEDIUM,
            evidence=near_words(near_files(named, paths), "compose file"),
        )


def _declared(repository: Repository, reference: Reference) -> bool:
    """True for what a compose file, an `.env` or a development container declares."""
    path = reference.place.path
    return repository.compose(path) is not None or basename(path) in (
        "devcontainer.json",
        ".devcontainer.json",
    )


def _judged(reference: Reference) -> bool:
    """Documentation counts only where it shows a command, and not for the default names, which any project may have."""
    if (
        not reference.named
        or reference.uncertain
        or "{" in reference.named
        or reference.strength <= Strength.NAME_LIST
    ):
        return False
    if reference.strength <= Strength.DOCS:
        return reference.verb != "mentions" and basename(reference.named) not in DEFAULT_NAMES
    return not (reference.strength is Strength.TEST and reference.verb == "reads")


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
        Good(
            {
                "pkg/load_test.go": 'package pkg\n\nfunc TestLoad(t *testing.T) {\n\twrite(t, "compose-foo.yml", text)\n}\n',
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n",
            },
            why="the test makes the file, or only speaks of it",
        ),
    ),
)
