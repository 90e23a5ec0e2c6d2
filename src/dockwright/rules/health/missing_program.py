"""A container starts with a program that its image does not hold.

A command, an entrypoint or a script behind it calls a program that neither the base image brings nor the Dockerfile
installs: `exec: "nc": not found`. In a wait loop it is worse: `until nc -z db 5432; do sleep 1; done` never ends, and
the container looks as if it were waiting for the database.

Fix: install the program, or wait without it (`depends_on` with a condition, bash's `/dev/tcp`, the language's own
socket). High confidence where the base image documents the absence and nothing in the Dockerfile could have brought it.
Not reported: commands under a condition, with an alternative, or after a look for the program (`command -v`).
"""

import posixpath
from collections.abc import Iterator

from dockwright.dockerfile.instructions.types import Cmd, Copy, Entrypoint
from dockwright.repository.repository import Repository
from dockwright.rules._shared.commands import of_command, of_instruction
from dockwright.rules._shared.presence import in_stage
from dockwright.rules.finding import Category, Confidence, Finding, Location, Related, Severity
from dockwright.rules.health._programs import Lookup, Missing, image_lookup, missing_programs
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ServiceSubject, StageSubject, compose_subjects, dockerfile_subjects
from dockwright.shell.parse import parse_shell, shebang
from dockwright.shell.script import Command, Dialect, Nest
from dockwright.text import MappedText, SourceFile, Span
from dockwright.trees.paths import join, within

LARGEST = 200_000


def check(repository: Repository) -> Iterator[Finding]:
    for compose in compose_subjects(repository):
        for service in compose.file.services.values():
            subject = ServiceSubject(compose, service)
            for key, command in (("entrypoint", service.entrypoint), ("command", service.command)):
                commands = of_command(command)
                for missing in missing_programs(commands, image_lookup(subject)) if commands else ():
                    location = subject.at(missing.command.span, f"{subject.route}.{key}")
                    yield _finding(location, missing, f"`{key}` of service `{service.name}`", service.name)
    for dockerfile in dockerfile_subjects(repository):
        for stage in dockerfile.stages:
            if stage.shipped:
                yield from _in_stage(stage)


def _in_stage(subject: StageSubject) -> Iterator[Finding]:
    config = subject.stage.config
    for setting in (config.entrypoint, config.cmd):
        instruction = setting.command if setting is not None else None
        if not isinstance(instruction, Cmd | Entrypoint):
            continue
        commands = of_instruction(subject, instruction)

        for missing in missing_programs(commands, lambda program: in_stage(subject, program)):
            location = subject.at(missing.command.span, instruction.name.lower())
            yield _finding(location, missing, instruction.name, subject.service)
        yield from _in_script(subject, instruction.span, commands)


def _in_script(subject: StageSubject, start: Span, commands: tuple[Command, ...]) -> Iterator[Finding]:
    """The same for a shell script of the repository that the instruction starts."""
    source = _script(subject, commands)
    if (
        source is None
        or len(source.data) > LARGEST
        or shebang(source.data) not in ("sh", "bash", "ash", "dash")
    ):
        return
    dialect = Dialect.BASH if shebang(source.data) == "bash" else Dialect.SH
    script = parse_shell(MappedText.plain(source, Span(0, len(source.data))), dialect)
    functions = {
        scope.name for command in script.commands for scope in command.place if scope.kind is Nest.FUNCTION
    }
    lookup: Lookup = lambda program: in_stage(subject, program)  # noqa: E731 - named for its type
    for missing in missing_programs(script.commands, lookup):
        if missing.program not in functions:
            yield _finding(
                Location.at(source, missing.command.span),
                missing,
                f"start script of `{subject.path}`",
                subject.service,
                [subject.related(start, "started here")],
            )


def _script(subject: StageSubject, commands: tuple[Command, ...]) -> SourceFile | None:
    """The file of the repository that the first command runs, found through COPY."""
    words = [
        word
        for word in (commands[0].argv[:2] if commands else ())
        if word.value and word.value.endswith((".sh", "entrypoint"))
    ]
    if not words:
        return None
    name = posixpath.basename(words[0].value or "")
    contexts = {build.context for build in subject.item.builds if build.context is not None}
    if len(contexts) != 1:
        return None
    (context,) = contexts
    for stage in (subject.stage, *subject.stage.ancestors):
        for command in stage.commands:
            if isinstance(command, Copy) and command.from_ is None:
                for word in command.sources:
                    found = _below(subject.repository, context, word.value, name)
                    if found is not None:
                        return found
    return None


def _below(repository: Repository, context: str, source: str, name: str) -> SourceFile | None:
    path = within(context, source.lstrip("/"))
    if path is None or "*" in path:
        return None
    candidate = path if posixpath.basename(path) == name else join(path, name)
    if not repository.tree.is_file(candidate):
        return None
    try:
        return SourceFile(candidate, repository.tree.read(candidate))
    except (KeyError, OSError):
        return None


def _finding(
    location: Location, missing: Missing, where: str, service: str, related: list[Related] | None = None
) -> Finding:
    waits = missing.command.inside(Nest.CONDITION)
    return RULE.finding(
        location,
        f"{where} {'waits with' if waits else 'starts'} `{missing.program}`, which the image does not hold"
        + (": the loop never ends" if waits else ""),
        related=related or [],
        confidence=RULE.confidence if missing.presence.sure else Confidence.MEDIUM,
        evidence=[missing.presence.because],
        service=service,
    )


RULE = Rule(
    id="missing-program",
    summary="a container starts with a program that its image does not hold",
    category=Category.BROKEN,
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  web:\n    build: .\n    command: >\n"
                '      sh -c "while ! nc -z db 5432; do sleep 1; done && python -m app"\n'
                "  db:\n    image: postgres:16\n",
                "Dockerfile": "FROM python:3.12-slim\nCOPY . .\n",
                "app.py": "",
            },
            at="nc -z db",
            says="waits with `nc`, which the image does not hold: the loop never ends",
        ),
        Bad(
            {
                "Dockerfile": 'FROM python:3.12-slim\nCOPY start.sh /start.sh\nENTRYPOINT ["/start.sh"]\n',
                "start.sh": "#!/bin/sh\nset -e\ncurl -f http://config/settings > /tmp/settings\nexec python -m app\n",
                "compose.yaml": "services:\n  web:\n    build: .\n",
            },
            at="curl -f http://config",
            says="starts `curl`",
        ),
        Good(
            {
                "compose.yaml": "services:\n  web:\n    build: .\n    command: sh -c 'command -v nc && nc -z db 5432; python -m app'\n",
                "Dockerfile": 'FROM python:3.12-slim\nRUN apt-get update && apt-get install -y curl\nCMD ["curl", "-V"]\n',
                "alpine/Dockerfile": 'FROM python:3.12-alpine\nCMD ["sh", "-c", "until nc -z db 5432; do sleep 1; done"]\n',
            },
            why="the script looks first, the program is installed, or the base image brings it",
        ),
    ),
)
