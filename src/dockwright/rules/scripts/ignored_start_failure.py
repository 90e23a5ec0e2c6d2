"""A container starts although its preparation failed.

An entrypoint script or a service's command runs the migrations (or builds assets) and goes on when they fail:
`migrate || echo "continuing"`, `… || true &&`. The container is up, its health check may even be green, and it serves
with the wrong schema. A failed preparation is a reason not to start.

Fix: let the container end when the preparation fails (`set -e`, `&&` in place of `;` and `||`), and let its restart
policy try again.

Reported for entrypoint scripts and compose commands, for commands that migrate, load data, compile or collect assets.
Waiting loops and clean-up are not.
"""

import itertools
import re
from collections.abc import Iterator

from dockwright.compose.yaml.scalar import Scalar
from dockwright.repository.model import Standing
from dockwright.repository.repository import Repository
from dockwright.rules.finding import Category, Confidence, Finding, Location, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.shell.parse import parse_shell
from dockwright.shell.script import Command, Dialect, Link
from dockwright.text import MappedText, SourceFile

ENTRYPOINT = re.compile(r"(?i)entry[-_]?point[^/]{0,99}\.(sh|bash)$|/?docker-(start|init)[^/]{0,99}\.sh$")
PREPARES = re.compile(
    r"\b(migrate|db:migrate|db:setup|upgrade\s+head|collectstatic|loaddata|db\s+upgrade|build_css|prisma|knex|flyway|"
    r"liquibase|seed|syncdb|createcachetable|assets:precompile)\b"
)
SWALLOWS = frozenset(("true", ":", "echo", "printf"))


def check(repository: Repository) -> Iterator[Finding]:
    for source, text, service, environment in _starts(repository):
        commands = parse_shell(text, Dialect.SH).commands
        for command, following in itertools.pairwise(commands):
            if (
                following.link is not Link.OR
                or following.name not in SWALLOWS
                or _leaves(commands, following)
            ):
                continue
            said = " ".join(word.value or word.raw for word in command.argv)
            what = PREPARES.search(said)
            if what:
                yield RULE.finding(
                    Location.at(source, command.span),
                    f"starts although `{what[0]}` may have failed",
                    service=service,
                    environment=environment,
                )


def _leaves(commands: tuple[Command, ...], following: Command) -> bool:
    """True when the branch after `||` ends with an exit that is not 0."""
    for command in commands[commands.index(following) :]:
        if command.place != following.place:
            break
        if command.name in ("exit", "return") and [word.value for word in command.args] != ["0"]:
            return True
    return False


def _starts(repository: Repository) -> Iterator[tuple[SourceFile, MappedText, str, str]]:
    for entry in repository.tree.entries():
        if not entry.is_link and ENTRYPOINT.search(entry.path) and entry.size < 200_000:
            item = repository.item(entry.path)
            if item is not None and item.standing is not Standing.OWN:
                continue
            try:
                source = SourceFile(entry.path, repository.tree.read(entry.path))
            except OSError:
                continue
            yield source, MappedText(source.data, [(0, 0)], len(source.data)), "", ""
    for item in repository.own_composes:
        for service in item.file.services.values():
            for command in (service.command, service.entrypoint):
                if command is None:
                    continue
                texts = [command.text] if command.text is not None else list(command.words)
                for text in texts:
                    if isinstance(text.node, Scalar) and ("||" in text.raw):
                        yield item.source, _inner(text.node.mapped), service.name, item.environment


def _inner(text: MappedText) -> MappedText:
    """The script inside `sh -c "…"`, or the text itself."""
    found = re.match(rb"\s*(?:/bin/)?(?:ba|da)?sh\s+-[a-z]*c\s+([\"'])", text.data)
    if found is None:
        return text
    end = text.data.rfind(found[1])
    return text.slice(found.end(), end if end > found.end() else len(text.data))


RULE = Rule(
    id="ignored-start-failure",
    summary="a container starts although its preparation failed",
    category=Category.DANGEROUS,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "docker-entrypoint.sh": "#!/bin/sh\nset -e\npython manage.py migrate --no-input || {\n  echo 'going on'\n}\nexec \"$@\"\n",
            },
            at="python manage.py migrate",
            says="starts although `migrate` may have failed",
        ),
        Bad(
            {
                "compose.yaml": 'services:\n  web:\n    image: example/web:1\n    command: sh -c "alembic upgrade head || true && serve"\n',
            },
            at="alembic upgrade head",
            says="`upgrade head` may have failed",
        ),
        Good(
            {
                "docker-entrypoint.sh": "#!/bin/sh\nset -e\npython manage.py migrate || { echo 'no schema' >&2; exit 1; }\nrm -f /run/pid || true\nexec \"$@\"\n",
            },
            why="it stops when the migration fails, and clean-up may fail",
        ),
    ),
)
