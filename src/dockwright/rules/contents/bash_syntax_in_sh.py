"""Bash syntax in a RUN that another shell reads.

RUN is read by `/bin/sh`, which is dash on Debian and Ubuntu and busybox on Alpine. There `{1..50}` is one word and not
fifty, `[[ … ]]` and `source` are unknown commands, and arrays are syntax errors. Some of it fails loudly; a brace range
silently does one thing instead of fifty. Say `SHELL ["/bin/bash", "-c"]` or write it for sh.

High confidence for base images whose `/bin/sh` is known; bases that are not known to us are not judged. Medium where
the RUN holds a here-document, which another shell may read.
"""

import re
from collections.abc import Iterator

from dockwright.dockerfile.instructions.types import Run
from dockwright.dockerfile.stages import SourceKind
from dockwright.knowledge.images import base_image
from dockwright.lazy import lazy_regex
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.runs import RunBody
from dockwright.rules.subjects import StageSubject
from dockwright.shell.script import Command, Nest

RANGE = lazy_regex(r"(?<![$\\])\{(-?\d+\.\.-?\d+|[A-Za-z]\.\.[A-Za-z])\}")
LOOP = lazy_regex(rb"\bfor\s+\w+\s+in\s+(\{-?\d+\.\.-?\d+\})(?=[\s;])")
HEREDOC = lazy_regex(rb"(?m)^(.*)<<-?[ \t]*[\"']?(\w+)")
HINT = lazy_regex(rb"\{-?\w+\.\.|\[\[|\b(source|pushd|popd|shopt|declare|mapfile|pipefail)\b")
"""Without one of these there is nothing to read more closely."""
WORDS = (b"..", b"[[", b"source", b"pushd", b"popd", b"shopt", b"declare", b"mapfile", b"pipefail")
"""What HINT matches holds one of these; they are found faster."""
DASH = frozenset(("debian", "ubuntu"))
BUSYBOX = frozenset(("alpine", "busybox"))


def check(subject: StageSubject) -> Iterator[Finding]:
    root = subject.stage.root
    if root.kind is not SourceKind.IMAGE or root.image is None:
        return
    known = base_image(root.image.familiar_name, root.image.tag or "")
    family = known.distribution if known is not None else ""
    if family not in DASH and family not in BUSYBOX:
        return
    if not any(word in subject.run_text for word in WORDS):
        return
    shell_name = "dash" if family in DASH else "busybox sh"
    for body in subject.runs:
        if not HINT.search(body.data):
            continue
        if (
            not isinstance(body.instruction, Run)
            or body.instruction.form == "json"
            or not _plain_sh(subject, body)
        ):
            continue
        loop = LOOP.search(body.instruction.script.data)
        if loop and _in_heredoc(body.instruction.script.data, loop.start()):
            loop = None
        if loop and not _within_bash(body, loop.start()):
            yield RULE.finding(
                subject.at(body.instruction.script.span(*loop.span(1)), f"stage {subject.stage.label}"),
                f"the range `{loop[1].decode()}` is bash, and this RUN is read by {shell_name}",
                confidence=_confidence(body),
                service=subject.service,
            )
            continue
        for command in body.commands:
            what = _bashism(command, dash=family in DASH)
            if what and not command.inside(Nest.SHELL, Nest.HEREDOC):
                yield RULE.finding(
                    subject.at(command.span, f"stage {subject.stage.label}"),
                    f"{what} is bash, and this RUN is read by {shell_name}",
                    confidence=_confidence(body),
                    service=subject.service,
                )
                break


def _confidence(body: RunBody) -> Confidence:
    return Confidence.MEDIUM if b"<<" in body.data else RULE.confidence


def _in_heredoc(data: bytes, at: int) -> bool:
    """True for text that the RUN writes to a file or hands to a program: another shell reads it, or none."""
    for opening in HEREDOC.finditer(data, 0, at):
        closing = re.compile(rb"^[ \t]*" + re.escape(opening[2]) + rb"[ \t]*$", re.MULTILINE).search(
            data, opening.end()
        )
        if opening[1].strip() and (closing is None or closing.start() > at):
            return True
    return False


def _within_bash(body: RunBody, at: int) -> bool:
    """True when the text at `at` is an argument of another shell (`bash -c '…'`)."""
    return any(
        command.name in ("bash", "zsh") and command.start <= at < command.end for command in body.commands
    )


def _plain_sh(subject: StageSubject, body: RunBody) -> bool:
    shell = subject.stage.config.shells.before(body.index)
    if shell is not None and shell.value:
        return False
    data = body.instruction.script.data
    return not data.startswith(b"#!") and b"ln -s" not in subject.source.data


def _bashism(command: Command, *, dash: bool) -> str:
    for word in command.words:
        found = RANGE.search(word.raw)
        if found and not word.raw.startswith(("'", '"')):
            return f"the range `{found[0]}`"
    if dash and command.name in ("[[", "source", "pushd", "popd", "shopt", "declare", "mapfile"):
        return f"`{command.name}`"
    if dash and command.name == "set" and "pipefail" in [word.value for word in command.args]:
        return "`set -o pipefail`"
    return ""


RULE = Rule(
    id="bash-syntax-in-sh",
    summary="bash syntax in a RUN that another shell reads",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    same_as=("hadolint:SC3009", "hadolint:SC3010", "hadolint:SC3046"),
    examples=(
        Bad(
            {"Dockerfile": "FROM python:3.12-slim\nRUN for i in {1..50}; do touch /tmp/$i; done\n"},
            at="{1..50}",
            says="the range `{1..50}` is bash",
        ),
        Bad(
            {"Dockerfile": "FROM debian:12-slim\nRUN source /etc/profile && true\n"},
            at="source /etc/profile",
            says="`source` is bash",
        ),
        Good(
            {
                "Dockerfile": "FROM debian:12\nRUN cat > /wait.sh << 'EOF'\n#!/bin/bash\nfor i in {1..30}; do sleep 1; done\nEOF\n",
                "compose.yaml": "services:\n  api:\n    build: .\n",
            },
            why="the loop is written to a file, and bash reads it later",
        ),
        Good(
            {
                "Dockerfile": 'FROM python:3.12-slim AS a\nSHELL ["/bin/bash", "-c"]\nRUN for i in {1..50}; do touch $i; done\n'
                "FROM python:3.12-slim\nRUN bash -c 'for i in {1..50}; do touch $i; done' && . /etc/profile\n"
                "FROM example.com/own:1\nRUN [[ -f /a ]] && true\n",
            },
            why="bash is asked for, or the base image's shell is not known",
        ),
    ),
)
