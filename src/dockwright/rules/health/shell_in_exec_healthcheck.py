"""A health check in exec form holds shell syntax, which no shell reads.

`["CMD", "curl", "-f", "http://localhost/health", "||", "exit", "1"]` runs curl with three more arguments: it asks for
the pages `||`, `exit` and `1` as well, fails, and the container is never healthy. Variables are not expanded either.

Fix: `["CMD-SHELL", "curl -f http://localhost/health || exit 1"]`, or leave the shell syntax out: the exit code of the
program alone is enough. Not reported: commands that start a shell themselves (`["CMD", "sh", "-c", "…"]`).
"""

from collections.abc import Iterator

from dockwright.compose.model import Healthcheck
from dockwright.dockerfile.instructions.types import Healthcheck as Instruction
from dockwright.repository.repository import Repository
from dockwright.rules.finding import Category, Confidence, Finding, Location, Severity
from dockwright.rules.health._shell import Found, shell_syntax
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import compose_subjects, dockerfile_subjects
from dockwright.text import Span


def check(repository: Repository) -> Iterator[Finding]:
    for compose in compose_subjects(repository):
        for service in compose.file.services.values():
            found = _in_compose(service.healthcheck)
            if found is not None:
                route = f"services.{service.name}.healthcheck"
                yield _finding(compose.at(found[1], route), found[0], found[2], service.name)
    for dockerfile in dockerfile_subjects(repository):
        for command in dockerfile.tree.commands:
            if isinstance(command, Instruction) and command.form == "json":
                syntax = shell_syntax([word.value for word in command.words])
                if syntax is not None:
                    word = command.words[syntax.index]
                    yield _finding(dockerfile.at(word.span), word.value, syntax, dockerfile.service)


def _in_compose(check: Healthcheck | None) -> tuple[str, Span, Found] | None:
    if check is None or check.shell or check.disabled or len(check.test) < 2 or check.test[0].raw != "CMD":
        return None
    words = [text.resolved().filled for text in check.test[1:]]
    found = shell_syntax(words)
    return (words[found.index], check.test[found.index + 1].span, found) if found is not None else None


def _finding(location: Location, word: str, found: Found, service: str) -> Finding:
    return RULE.finding(
        location,
        f"health check in exec form holds `{word[:60]}`, which no shell reads",
        confidence=RULE.confidence if found.sure else Confidence.MEDIUM,
        service=service,
    )


RULE = Rule(
    id="shell-in-exec-healthcheck",
    summary="a health check in exec form holds shell syntax",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    healthcheck:\n"
                '      test: ["CMD", "curl", "-f", "http://localhost/", "||", "exit", "1"]\n'
            },
            at='test: ["CMD", "curl"',
            says="holds `||`",
        ),
        Bad(
            {"Dockerfile": 'FROM nginx:1.27\nHEALTHCHECK CMD ["curl", "-f", "http://localhost:$PORT/"]\n'},
            at="HEALTHCHECK CMD",
            says="holds `http://localhost:$PORT/`",
        ),
        Good(
            {
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    healthcheck:\n"
                '      test: ["CMD-SHELL", "curl -f http://localhost/ || exit 1"]\n'
                "  db:\n    image: postgres:16\n    healthcheck:\n"
                '      test: ["CMD", "sh", "-c", "pg_isready -U $$POSTGRES_USER || exit 1"]\n'
                "  api:\n    image: httpd:2.4\n    healthcheck:\n"
                '      test: ["CMD", "wget", "-q", "http://localhost:${PORT:-80}/?a=1&b=2"]\n'
            },
            why="a shell reads the first two; compose fills in its own variables; `&` in a URL is only text",
        ),
    ),
)
