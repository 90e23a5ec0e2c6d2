"""A stage uses an argument that only another stage, or the part before the first FROM, declares.

An ARG is known in the stage that declares it and in stages built on that one. Before the first FROM it is known to FROM
lines alone. Everywhere else the name is empty: `COPY app-$VERSION.jar /` looks for `app-.jar`, `apt-get install x=$V`
installs any version, and nothing warns. Platform arguments (`TARGETARCH`) need an ARG in every stage that reads them.

Fix: `ARG NAME` (without a value it takes the global default) in the stage, above its first use. The value then counts for
the first time, so look at what changes.

Not reported: names that the base image may set itself (`NODE_VERSION` on `node`), names the instruction assigns, and uses
with a default of their own (`${NAME:-x}`), `ARG NAME=$NAME`, which nobody takes for a value. Medium confidence where the base image is not known, since it may set the name.
One finding per stage.
"""

import re
from collections.abc import Container, Iterator

from dockwright.dockerfile.instructions.types import Arg, Command, Onbuild, Run, Shell, ShellCommand
from dockwright.dockerfile.instructions.types import Healthcheck as HealthInstruction
from dockwright.dockerfile.stages import SourceKind, Stage
from dockwright.knowledge.arguments import is_predefined
from dockwright.knowledge.images import base_image
from dockwright.rules.finding import Category, Confidence, Finding, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import DockerfileSubject
from dockwright.text import Span

_USE = re.compile(rb"(?<![\\$])\$(?:\{([A-Za-z_]\w{0,80})\}|([A-Za-z_]\w{0,80}))")
_OF_IMAGES = frozenset(
    ("PATH", "HOME", "LANG", "LC_ALL", "HOSTNAME", "USER", "PWD", "SHELL", "TZ", "TERM", "JAVA_HOME")
)
_PLATFORM = re.compile(r"(?:TARGET|BUILD)(?:PLATFORM|OS|ARCH|VARIANT)")
"""BuildKit gives these a value, but only to a stage that declares them."""
_RUNTIME = (ShellCommand, HealthInstruction, Shell, Onbuild)
"""Instructions whose variables are read when a container runs, or in another image."""


def check(subject: DockerfileSubject) -> Iterator[Finding]:
    tree = subject.tree
    if tree.template or tree.problems:
        return
    declared = _declarations(subject)
    if not declared:
        return
    for stage in tree.stages:
        empty: dict[str, Span] = {}
        above: set[str] = set()
        for command in stage.instructions:
            if type(command) is Arg:
                above.update(one.name.value for one in command.declarations)
            if b"$" not in command.node.line.data and not command.node.heredocs:
                continue
            if isinstance(command, _RUNTIME):
                continue
            for name, span in _uses(subject, command, declared, above):
                if name in empty or not _absent(stage, command, name) or _declared_below(stage, name):
                    continue
                if not (isinstance(command, Run) and _assigned(_text(subject, command), name.encode())):
                    empty[name] = span
        if empty:
            yield _finding(subject, stage, empty, declared)


def _declarations(subject: DockerfileSubject) -> dict[str, tuple[Span, str]]:
    """Every ARG of the file: where it stands first, and whose it is in words."""
    found: dict[str, tuple[Span, str]] = {}
    for arg in subject.tree.global_args:
        for one in arg.declarations:
            found.setdefault(one.name.value, (one.span, "before the first FROM"))
    for stage in subject.tree.stages:
        for command in stage.instructions:
            if isinstance(command, Arg):
                for one in command.declarations:
                    found.setdefault(one.name.value, (one.span, f"in stage `{stage.label}`"))
    return found


def _text(subject: DockerfileSubject, command: Command) -> bytes:
    return subject.source.data[command.span.start : command.span.end]


def _uses(
    subject: DockerfileSubject, command: Command, declared: Container[str], above: Container[str]
) -> Iterator[tuple[str, Span]]:
    """Those of the declared variables that an instruction reads, with their places, but for those declared above."""
    start = command.span.start
    text = _text(subject, command)
    if b"$" not in text or (isinstance(command, Run) and re.search(rb"<<-?[ \t]*[\"'\\]", text)):
        return
    own = [one.name.value for one in command.declarations] if isinstance(command, Arg) else []
    for match in _USE.finditer(text):
        name = (match[1] or match[2]).decode()
        if name not in declared or name in above or name in own:
            continue
        if _quoted(text, match.start()) or _in_comment(text, match.start()):
            continue
        yield name, Span(start + match.start(), start + match.end())


def _quoted(text: bytes, at: int) -> bool:
    """True inside single quotes, where nothing is expanded; double quotes around them do not matter here."""
    before = text[:at]
    return before.count(b"'") % 2 == 1 and b'"' not in before[before.rfind(b"'") :]


def _in_comment(text: bytes, at: int) -> bool:
    return text[text.rfind(b"\n", 0, at) + 1 : at].lstrip().startswith(b"#")


def _assigned(text: bytes, name: bytes) -> bool:
    """True when the script sets the name itself (`NAME=`, `for NAME in`, `read NAME`), or reads settings from a file."""
    word = re.escape(name)
    sets = (
        rb"(?<![\w$-])"
        + word
        + rb"\+?=|\b(?:for|read|export|local|declare|select)\b[^\n;&|]{0,80}\b"
        + word
        + rb"\b"
    )
    return (
        re.search(sets + rb"|(?:^|[;&|\s])(?:\.|source)[ \t]+\S|\beval\b|-v[ \t]+" + word, text) is not None
    )


def _absent(stage: Stage, command: Command, name: str) -> bool:
    """True when nothing the stage knows sets the name before the instruction."""
    if (is_predefined(name) and not _PLATFORM.fullmatch(name)) or name in _OF_IMAGES:
        return False
    if stage.environment_before(command).get(name) is not None:
        return False
    root = stage.root
    words = re.split(r"[^a-z0-9]+", root.name.lower())
    first = name.lower().partition("_")[0]
    return (
        first not in words
        and f"{first}lang" not in words
        and not any(first.startswith(word) for word in words if len(word) > 2)
    )


def _declared_below(stage: Stage, name: str) -> bool:
    """True when an ARG, with a value or without, stands in a stage this one is built on."""
    return any(
        one.name.value == name
        for other in stage.ancestors
        for command in other.instructions
        if type(command) is Arg
        for one in command.declarations
    )


def _finding(
    subject: DockerfileSubject, stage: Stage, empty: dict[str, Span], declared: dict[str, tuple[Span, str]]
) -> Finding:
    """One finding for a stage: at the first use, with the first use of the other names and the declarations."""
    root = stage.root
    known = root.kind is SourceKind.SCRATCH or (
        root.image is not None and base_image(root.image.familiar_name, root.image.tag or "") is not None
    )
    (name, span), *others = empty.items()
    place, where = declared[name]
    below = place.start > span.start and stage.span.covers(place)
    names = ", ".join(f"`{one}`" for one in empty)
    return RULE.finding(
        subject.at(span, f"stage {stage.label}"),
        f"uses {names}, which stage `{stage.label}` does not declare: its ARG stands {'below' if below else where}"
        if not others
        else f"uses {names}, which stage `{stage.label}` does not declare: their ARGs stand elsewhere",
        related=[
            Related(subject.at(place, f"ARG {name}"), "declared here"),
            *(
                Related(subject.at(other, f"stage {stage.label}"), f"`{one}` is empty too")
                for one, other in others
            ),
        ],
        confidence=RULE.confidence if known else Confidence.MEDIUM,
        service=subject.service,
        environment=subject.item.environment,
    )


RULE = Rule(
    id="argument-of-another-stage",
    summary="a stage uses an argument that only another stage, or the part before the first FROM, declares",
    category=Category.BROKEN,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    check=check,
    same_as=("buildkit:UndefinedVar",),
    examples=(
        Bad(
            {
                "Dockerfile": "ARG APP_VERSION=1.2\nFROM python:3.12-slim\nRUN pip install app==$APP_VERSION\nUSER 1000\n",
            },
            at="pip install app==$APP_VERSION",
            says="uses `APP_VERSION`, which stage `stage-0` does not declare: its ARG stands before the first FROM",
        ),
        Bad(
            {
                "Dockerfile": "FROM golang:1.24 AS build\nARG TARGETARCH\nRUN GOARCH=$TARGETARCH go build -o /app .\n"
                "FROM alpine:3.20\nCOPY --from=build /app /app-${TARGETARCH}\nUSER 1000\n",
            },
            at="/app-${TARGETARCH}",
            says="its ARG stands in stage `build`",
        ),
        Good(
            {
                "Dockerfile": "ARG APP_VERSION=1.2\nFROM python:3.12-slim AS base\nARG APP_VERSION\nFROM base\n"
                "RUN pip install app==$APP_VERSION\nUSER 1000\n",
            },
            why="the stage it is built on declares it",
        ),
        Good(
            {
                "Dockerfile": "ARG NODE_VERSION=22\nARG NAME=x\nFROM node:${NODE_VERSION}-slim\nRUN echo $NODE_VERSION\n"
                "RUN NAME=web && echo $NAME ${OTHER:-none}\nRUN echo '$NAME'\nUSER 1000\nCMD echo $NAME\n",
            },
            why="the image sets one, the script the other, and CMD reads the container's environment",
        ),
    ),
)
