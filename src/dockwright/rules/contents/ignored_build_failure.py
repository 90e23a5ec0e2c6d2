"""A build step that may fail without failing the build.

`… || true` (or `; exit 0`, `|| echo`) after an install, a download, a compile or a migration makes the build green when it
went wrong: the image lacks something, and it shows at run time. Where a step is really optional, say so by testing
for its precondition.

Fix: remove the guard. The build may then fail where it was broken all along; that is the point.

Reported only when the guarded command installs, downloads, compiles or migrates. Not reported: clean-up (`rm`, `apt-get
clean`, `find … -delete`), creating users and groups, probes (`command -v`, `grep`, `test`), stripping binaries.
"""

import itertools
from collections.abc import Iterator

from dockwright.lazy import lazy_regex
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.runs import RunBody
from dockwright.rules.subjects import StageSubject
from dockwright.shell.package_types import Action
from dockwright.shell.script import Command, Link, Nest

SWALLOWS = frozenset(("true", ":", "echo", "printf"))
FETCHES = frozenset(("curl", "wget", "git", "aria2c"))
WORK = frozenset(
    [
        "make",
        "cmake",
        "ninja",
        "cargo",
        "go",
        "javac",
        "mvn",
        "gradle",
        "tsc",
        "webpack",
        "vite",
        "next",
        "python",
        "python3",
        "node",
        "alembic",
        "flask",
        "django-admin",
        "manage.py",
    ]
)
HINT = lazy_regex(rb"\|\|(?:[^;&|({]|\{(?!\s))*?(?<![\w.-])(?:true|echo|printf|:)(?![\w/:-])")
"""Where the second choice is a program of SWALLOWS, its name follows, in the same command."""
QUIET = (Action.CLEAN, Action.REMOVE, Action.OTHER)


def check(subject: StageSubject) -> Iterator[Finding]:
    if b"||" not in subject.run_text:
        return
    for body in subject.runs:
        if b"||" not in body.data or not HINT.search(body.data):
            continue
        commands = body.commands
        for command, following in itertools.pairwise(commands):
            if (
                following.link is not Link.OR
                or following.name not in SWALLOWS
                or command.place != following.place
            ):
                continue
            what = _work(body, command)
            if what and not command.inside(Nest.CONDITION, Nest.SUBSTITUTION):
                yield RULE.finding(
                    subject.at(command.span, f"stage {subject.stage.label}"),
                    f"`{what}` may fail here without failing the build",
                    related=[subject.related(following.span, "swallows the failure")],
                    service=subject.service,
                )


def _work(body: RunBody, command: Command) -> str:
    """What the command does, when its failure matters; empty for clean-up and probes."""
    for install in body.installs:
        if install.command is command:
            return "" if install.action in QUIET else f"{install.manager} {install.verb}".strip()
    if command.name in FETCHES or command.name in WORK:
        verb = next(
            (word.value for word in command.args if word.value and not word.value.startswith("-")), ""
        )
        return f"{command.name} {verb}".strip() if verb and len(verb) < 40 else command.name
    return ""


RULE = Rule(
    id="ignored-build-failure",
    summary="a build step that may fail without failing the build",
    category=Category.DANGEROUS,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "Dockerfile": "FROM python:3.12-slim\nCOPY requirements.txt .\n"
                "RUN pip install -r requirements.txt || true\n",
                "requirements.txt": "flask==3.1.0\n",
            },
            at="pip install -r requirements.txt || true",
            says="`pip install` may fail",
        ),
        Good(
            {
                "Dockerfile": "FROM debian:12-slim\nRUN apt-get update && apt-get install -y curl \\\n"
                "    && (rm -r /usr/share/doc || true) && (useradd app || true) && apt-get clean || true\n"
                "RUN if command -v git || true; then echo ok; fi\n",
            },
            why="clean-up and probes may fail without harm",
        ),
    ),
)
