"""A value that changes with every build stands before a heavy step.

ARG and ENV enter the environment of every later RUN, and with it the key under which BuildKit caches them: when a
commit id, a build date or a version changes, every package install after it runs again, although it never looks at
the value. Move the ARG (and the ENV made from it) below the heavy steps.

LABEL is not reported: BuildKit keeps labels in the image's configuration only, they change no step's cache key.
Names are taken as volatile when they say so (`GIT_SHA`, `BUILD_DATE`, `CACHEBUST` …); medium confidence unless a build
of the repository passes a value that varies. Medium also where an ENV takes the value in and a program is built after it,
which may read it.
"""

from collections.abc import Iterator

from dockwright.dockerfile.instructions.types import Arg, Env
from dockwright.knowledge.arguments import is_volatile
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.runs import RunBody
from dockwright.rules.subjects import StageSubject
from dockwright.shell.package_types import Action
from dockwright.text import Span

HEAVY = (Action.INSTALL, Action.UPGRADE, Action.BUILD)


def check(subject: StageSubject) -> Iterator[Finding]:
    variables = [
        command for command in subject.stage.commands if type(command) is Arg or type(command) is Env
    ]
    if not any(True for command in variables for _ in _volatile(command)):
        return
    heavy = [body for body in subject.runs if any(install.action in HEAVY for install in body.installs)]
    if not heavy:
        return
    last = heavy[-1]
    data = subject.source.data
    for index, command in enumerate(subject.stage.commands):
        if index >= last.index:
            return
        for name, span in _volatile(command):
            first = next(body for body in heavy if body.index > index)
            text = data[first.instruction.span.start : first.instruction.span.end]
            if name.encode() in text:
                continue
            yield RULE.finding(
                subject.at(span, f"stage {subject.stage.label}"),
                f"`{name}` changes with every build and stands before a package install that does not use it",
                related=[subject.related(first.instruction.node.line_span, "runs again when it changes")],
                confidence=Confidence.HIGH
                if _varies(subject, name) and not _read(subject, name, first)
                else RULE.confidence,
                service=subject.service,
            )


def _volatile(command: object) -> Iterator[tuple[str, Span]]:
    if isinstance(command, Arg):
        for declaration in command.declarations:
            if is_volatile(declaration.name.value):
                yield declaration.name.value, declaration.span
    elif isinstance(command, Env):
        for pair in command.pairs:
            if (
                is_volatile(pair.key.value)
                and "$" in pair.value.value
                and pair.key.value not in pair.value.value
            ):
                yield pair.key.value, pair.span


def _read(subject: StageSubject, name: str, body: RunBody) -> bool:
    """True when an ENV takes the value in and the step also builds a program, which may read its environment."""
    taken = any(
        type(command) is Env and any(name in pair.value.value for pair in command.pairs)
        for command in subject.stage.commands
    )
    return taken and any(install.action is Action.BUILD for install in body.installs)


def _varies(subject: StageSubject, name: str) -> bool:
    """True when a build passes the argument with a value that is not constant."""
    for build in subject.item.builds:
        for argument in build.arguments:
            if argument.name == name and (
                argument.value is None or "$" in argument.value or "…" in argument.value
            ):
                return True
    return False


RULE = Rule(
    id="volatile-argument-before-heavy-step",
    summary="a value that changes with every build stands before a heavy step",
    category=Category.SLOW,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    check=check,
    examples=(
        Bad(
            {
                "Dockerfile": "FROM python:3.12-slim\nARG GIT_SHA\nCOPY requirements.txt .\n"
                "RUN pip install -r requirements.txt\nRUN echo $GIT_SHA > /version\n",
                "requirements.txt": "flask==3.1.0\n",
            },
            at="ARG GIT_SHA",
            says="`GIT_SHA` changes with every build",
        ),
        Good(
            {
                "Dockerfile": "FROM python:3.12-slim\nARG PYTHON_VERSION=3.12\nLABEL build_date=today\nCOPY requirements.txt .\n"
                "RUN pip install -r requirements.txt\nARG GIT_SHA\nRUN echo $GIT_SHA > /version\n",
                "requirements.txt": "flask==3.1.0\n",
            },
            why="the argument stands after the install, and labels change no cache key",
        ),
    ),
)
