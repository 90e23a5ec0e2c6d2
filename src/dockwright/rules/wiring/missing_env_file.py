"""A service reads an env file that is not in the repository.

Compose stops with `env file … not found` unless the entry says `required: false`. Where git ignores the file, people
make it by hand from an example; then the finding is a note for newcomers. Where nothing explains it, a fresh clone
cannot be started. `stack.env` is a note too: Portainer writes it.

Fix: commit an example with the names (`.env.example`) and say where to copy it, or mark the entry `required: false`
when the service runs without it.

Not reported: optional entries, paths with variables, files outside the repository. One finding per env file and compose
file. Medium confidence where neither an example nor an ignore file speaks of it: a step may make it.
"""

import posixpath
from collections.abc import Iterator

from dockwright.repository.ignored import ignored_by_git
from dockwright.repository.model import Reference, Standing
from dockwright.repository.repository import Repository
from dockwright.rules._shared.loading import below_tests
from dockwright.rules.finding import Category, Confidence, Finding, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import at
from dockwright.trees.paths import join

EXAMPLE_WORDS = ("example", "sample", "template", "dist", "default", "tmpl")


def check(repository: Repository) -> Iterator[Finding]:
    missing: dict[tuple[str, str], list[Reference]] = {}
    for reference in repository.references:
        if (
            reference.target is None
            and reference.expects == "env_file"
            and reference.resolved
            and not reference.uncertain
        ):
            missing.setdefault((reference.place.path, reference.resolved), []).append(reference)
    for (path, name), references in missing.items():
        item = repository.compose(path)
        if item is not None and item.standing is Standing.OWN:
            yield _finding(repository, name, references, item.environment)


def _finding(repository: Repository, name: str, references: list[Reference], environment: str) -> Finding:
    example = _example(repository, name)
    ignored = ignored_by_git(repository, name)
    portainer = posixpath.basename(name) == "stack.env"
    aside = portainer or below_tests(references[0].place.path)
    severity = Severity.NOTE if example or portainer else Severity.MEDIUM if ignored else RULE.severity
    evidence = [f"`{example}` is there to be copied"] if example else []
    if ignored:
        evidence.append("git ignores it: everybody is to make it")
    if portainer:
        evidence.append("Portainer makes a file of that name from the variables of a stack")
    return RULE.finding(
        at(references[0].place),
        f"reads env file `{name}`, which is not in the repository",
        related=[Related(at(other.place), "read here too") for other in references[1:6]],
        severity=severity,
        confidence=RULE.confidence if (example or ignored) and not aside else Confidence.MEDIUM,
        evidence=evidence,
        environment=environment,
    )


def _example(repository: Repository, name: str) -> str:
    """A file beside it that is there to be copied; empty when there is none."""
    folder, base = posixpath.split(name)
    stem = base.lstrip(".").removesuffix(".env").lower()
    for path in repository.tree.children(folder):
        other = posixpath.basename(path).lower()
        if (
            "env" in other
            and any(word in other for word in EXAMPLE_WORDS)
            and (stem in other or stem == "env")
        ):
            return path
    fallback = join(folder, "env.example")
    return fallback if repository.tree.is_file(fallback) else ""


RULE = Rule(
    id="missing-env-file",
    summary="a service reads an env file that is not in the repository",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {"compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    env_file:\n      - web.env\n"},
            at="- web.env",
            says="reads env file `web.env`, which is not in the repository",
        ),
        Bad(
            {
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    env_file: .env\n",
                ".env.example": "A=1\n",
                ".gitignore": ".env\n",
            },
            at="env_file: .env",
            says="`.env`",
        ),
        Good(
            {
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    env_file:\n"
                "      - path: local.env\n        required: false\n      - conf/web.env\n      - ${ENV_FILE}\n",
                "conf/web.env": "A=1\n",
            },
            why="one may be missing, one is there, one is told from outside",
        ),
    ),
)
