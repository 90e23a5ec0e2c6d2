"""A service's command holds shell syntax, and compose starts it without a shell.

Compose splits a text into words and starts the first one. `command: npm run migrate && npm start` runs npm with the
words `&&`, `npm` and `start` as further arguments: nothing behind the `&&` is ever run, and often nobody notices. A
variable written `$$NAME` reaches the program as the text `$NAME`.

Fix: `sh -c "…"` (in a list, so that nothing is split), or a script in the image. Not reported: commands that start a
shell themselves. A Dockerfile's shell-form CMD does go through a shell; compose's does not.
"""

import shlex
from collections.abc import Iterator

from dockwright.compose.model import Command
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.health._shell import program_name, shell_syntax
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ServiceSubject

MARKS = ("&&", "||", "|", ";", ">", "<", "$$")
LONGEST = 20_000


def check(subject: ServiceSubject) -> Iterator[Finding]:
    service = subject.service
    for key, command in (("entrypoint", service.entrypoint), ("command", service.command)):
        words = _words(command)
        if key == "command" and service.entrypoint is not None and not service.entrypoint.cleared:
            words = [*_words(service.entrypoint), *words] if words else []
        if command is None or not words or (found := shell_syntax(words)) is None:
            continue
        word = words[found.index]
        if not _written_in(command, word):
            continue  # the fault stands in the entrypoint, which is reported for itself
        lost = (
            f": nothing behind it is run by `{program_name(words[0])}`"
            if found.operator and word in ("&&", "||", ";")
            else ""
        )
        yield RULE.finding(
            subject.at((command.text or command.words[0]).span, f"{subject.route}.{key}"),
            f"`{key}` of service `{service.name}` holds `{word[:40]}`, but no shell reads it{lost}",
            confidence=RULE.confidence if found.sure else Confidence.MEDIUM,
            service=service.name,
            environment=subject.item.environment,
        )
        return


def _written_in(command: Command, word: str) -> bool:
    return any(word in text.resolved().filled for text in (command.text, *command.words) if text is not None)


def _words(command: Command | None) -> list[str]:
    """The words compose starts; empty when there are none or they cannot be told."""
    if command is None or command.cleared:
        return []
    if command.text is None:
        return [text.resolved().filled for text in command.words]
    text = command.text.resolved().filled
    if len(text) > LONGEST or not any(mark in command.text.raw for mark in MARKS):
        return text.split()
    try:
        return shlex.split(text)
    except ValueError:
        return []


RULE = Rule(
    id="shell-in-command",
    summary="a service's command holds shell syntax, and compose starts it without a shell",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  web:\n    image: node:22-slim\n"
                "    command: npm run migrate && npm start\n"
            },
            at="command: npm run migrate",
            says="holds `&&`, but no shell reads it: nothing behind it is run by `npm`",
        ),
        Bad(
            {
                "compose.yaml": "services:\n  cache:\n    image: redis:7\n"
                "    command: redis-server --requirepass $$REDIS_PASSWORD\n"
            },
            at="command: redis-server",
            says="holds `$REDIS_PASSWORD`",
        ),
        Good(
            {
                "compose.yaml": "services:\n  web:\n    image: node:22-slim\n"
                "    command: sh -c 'npm run migrate && npm start'\n"
                "  api:\n    image: node:22-slim\n    entrypoint: [/bin/sh, -c]\n"
                "    command: ['npm run migrate && npm start']\n"
                "  db:\n    image: postgres:16\n    command: postgres -c 'log_line_prefix=%m | %p'\n"
            },
            why="a shell is started, and an operator inside quotes is text",
        ),
    ),
)
