"""A CMD or ENTRYPOINT in exec form holds a variable that no shell expands.

`CMD ["uvicorn", "app:app", "--port", "$PORT"]` starts uvicorn with the five letters `$PORT`: exec form starts the program
itself, without a shell, and BuildKit expands nothing there either. `["${HOME}/bin/app"]` is a file that does not exist.

Fix: shell form with `exec` (`CMD exec uvicorn app:app --port "$PORT"`), `["sh", "-c", "exec …"]`, or an entrypoint
script. Shell form needs a shell in the image.

Not reported: commands that start a shell or give a program's text to an interpreter (`sh -c`, `node -e`, `awk`), and
words with blanks (a configuration's own syntax). Medium confidence where an own program, a script that stands in front
of it or a JVM might look for variables itself. HEALTHCHECK has a rule of its own (`shell-in-exec-healthcheck`).
"""

import re
from collections.abc import Iterator, Sequence

from dockwright.dockerfile.instructions.types import Cmd, Entrypoint, ShellCommand
from dockwright.dockerfile.nodes import Word
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.health._shell import SHELLS, program_name
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import StageSubject

VARIABLE = re.compile(r"(?<![\\$])\$(?:\{[A-Za-z_]\w*|[A-Za-z_]\w*|\([a-z])")
SHELL = frozenset(
    (
        "sh",
        "bash",
        "ash",
        "dash",
        "zsh",
        "ksh",
        "busybox",
        "cmd",
        "cmd.exe",
        "powershell",
        "powershell.exe",
        "pwsh",
        "su",
    )
)
TEXT = frozenset(("-c", "-e", "-lc", "-ec", "-exc", "--eval", "-r", "-command", "/c"))
PLAIN = frozenset(
    [
        "uvicorn", "gunicorn", "hypercorn", "daphne", "celery", "flask", "streamlit", "python", "python3", "node", "npm",
        "npx", "yarn", "pnpm", "bun", "deno", "php", "ruby", "bundle", "curl", "wget", "dotnet", "redis-server", "caddy",
        "http-server", "serve", "ng", "vite", "next",
    ]
)  # fmt: skip
"""Programs known to take their arguments as they are."""


def check(subject: StageSubject) -> Iterator[Finding]:
    stage = subject.stage
    entry, cmd = _last(stage.instructions, Entrypoint), _last(stage.instructions, Cmd)
    if not any(one is not None and _first(one.words) for one in (entry, cmd)):
        return
    if subject.dockerfile.tree.template:
        return
    config = stage.config
    if entry is not None and entry.form == "json":
        yield from _in(subject, entry, [word.value for word in entry.words], "ENTRYPOINT")
    if cmd is not None and cmd.form == "json":
        before = list(config.entrypoint.value) if config.entrypoint is not None else []
        yield from _in(subject, cmd, [*before, *(word.value for word in cmd.words)], "CMD")


def _last(instructions: Sequence[object], kind: type[ShellCommand]) -> ShellCommand | None:
    """The one that counts: later ones replace earlier ones."""
    return next((one for one in reversed(instructions) if type(one) is kind), None)


def _in(subject: StageSubject, command: ShellCommand, words: Sequence[str], name: str) -> Iterator[Finding]:
    """The first variable of an instruction; `words` are the whole command, the program first."""
    if not words or any(program_name(word).lower() in SHELL for word in words):
        return
    if program_name(words[0]) in SHELLS and any(word.lower() in TEXT for word in words):
        return
    found = _first(command.words)
    if found is None:
        return
    program = program_name(words[0])
    sure = program in PLAIN or found.value == words[0]
    yield RULE.finding(
        subject.at(found.span, f"stage {subject.stage.label}"),
        f"{name} in exec form holds `{found.value[:60]}`, and no shell expands it",
        confidence=RULE.confidence if sure else Confidence.MEDIUM,
        service=subject.service,
        environment=subject.item.environment,
    )


def _first(words: Sequence[Word]) -> Word | None:
    return next(
        (word for word in words if VARIABLE.search(word.value) and " " not in word.value.strip()), None
    )


RULE = Rule(
    id="variable-in-exec-form",
    summary="a CMD or ENTRYPOINT in exec form holds a variable that no shell expands",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "Dockerfile": 'FROM python:3.12-slim\nENV PORT=8000\nCMD ["uvicorn", "app:app", "--port", "$PORT"]\n',
            },
            at='"--port", "$PORT"',
            says="CMD in exec form holds `$PORT`",
        ),
        Bad(
            {"Dockerfile": 'FROM alpine:3.20\nENV APP=/srv\nENTRYPOINT ["${APP}/bin/run", "--fast"]\n'},
            at="${APP}/bin/run",
            says="ENTRYPOINT in exec form",
        ),
        Good(
            {
                "Dockerfile": 'FROM python:3.12-slim\nENTRYPOINT ["sh", "-c"]\nCMD ["exec uvicorn app:app --port $PORT"]\n',
                "b.Dockerfile": 'FROM nginx:1.27\nCMD ["nginx", "-g", "daemon off; set $x 1;"]\n',
                "c.Dockerfile": "FROM python:3.12-slim\nCMD exec uvicorn app:app --port $PORT\n",
                "d.Dockerfile": 'FROM alpine:3.20\nENTRYPOINT ["tini", "--", "sh", "-c", "run $PORT"]\n',
            },
            why="a shell is started, or shell form is used, or the variable is a configuration's own",
        ),
    ),
)
