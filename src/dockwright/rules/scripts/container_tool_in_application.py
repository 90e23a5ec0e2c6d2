"""Program code that is not a script starts containers itself.

Code inside the application's packages (not below `scripts/`, `tools/`, `tests/` or the like) that calls `docker` or `podman`
works on a developer's machine and nowhere else: in its own container there is no engine. Where it is a fallback
(`docker ps` to find a port) it hides a missing setting.

Fix: take what it looks up from configuration (an environment variable), and leave engines to scripts outside the
package.

Reported with medium confidence for packages that some Dockerfile of the repository copies into an image.
"""

import re
from collections.abc import Iterator
from posixpath import normpath

from dockwright.dockerfile.instructions.types import Copy
from dockwright.repository.repository import Repository
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ScriptSubject

TOOLING = re.compile(
    r"(?i)(^|/)(scripts?|tests?|testing|test_framework|ci|\.github|dev|devops|deploy(ment)?|infra(structure)?|ops|bin|"
    r"build|docker|hack|launcher|[^/]*launcher|[^/]*_?dev_[^/]*|examples?|benchmarks?|docs?|migrations?|e2e|cypress)(/|$)|"
    r"(^|/)(conftest|setup|manage|noxfile|tasks|fabfile)\.py$|test"
)
LANGUAGES = frozenset(("python", "javascript", "typescript"))


def check(subject: ScriptSubject) -> Iterator[Finding]:
    item = subject.item
    if item.language not in LANGUAGES or item.test or "/" not in subject.path or TOOLING.search(subject.path):
        return
    top = subject.path.partition("/")[0]
    if top not in _shipped(subject.repository):
        return
    for invocation in item.invocations[:1]:
        more = len(item.invocations) - 1
        yield RULE.finding(
            subject.at(invocation.place.span, invocation.within),
            f"application code starts `{f'{invocation.call.engine} {invocation.call.verb}'.strip()}`"
            f"{f' and {more} more container commands' if more else ''}",
            evidence=[f"images copy `{top}/`"],
        )


def _shipped(repository: Repository) -> frozenset[str]:
    """Top folders that some Dockerfile copies from its context by name."""

    def find() -> frozenset[str]:
        found: set[str] = set()
        for item in repository.own_dockerfiles:
            for stage in item.tree.stages:
                for command in stage.instructions:
                    if isinstance(command, Copy) and command.from_ is None:
                        found.update(
                            normpath(word.value).lstrip("/").partition("/")[0] for word in command.sources
                        )
        return frozenset(found - {"", ".", ".."})

    return repository.memo("shipped_folders", find)


RULE = Rule(
    id="container-tool-in-application",
    summary="program code that is not a script starts containers itself",
    category=Category.DANGEROUS,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    check=check,
    examples=(
        Bad(
            {
                "Dockerfile": "FROM python:3.12-slim\nCOPY shop/ /app/shop/\n",
                "shop/startup.py": "import subprocess\n\n\ndef port():\n    return subprocess.run(['docker', 'port', 'db', '5432'])\n",
                "compose.yaml": "services:\n  web:\n    build: .\n",
            },
            at="'docker', 'port'",
            says="application code starts `docker container port`",
        ),
        Good(
            {
                "Dockerfile": "FROM python:3.12-slim\nCOPY shop/ scripts/ /app/\n",
                "scripts/ports.py": "import subprocess\n\nsubprocess.run(['docker', 'port', 'db', '5432'])\n",
                "shop/app.py": "DOCKER = 'docker'\n",
                "compose.yaml": "services:\n  web:\n    build: .\n",
            },
            why="a script may start containers",
        ),
    ),
)
