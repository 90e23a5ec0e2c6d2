"""A build does not pass an argument the Dockerfile needs.

An ARG without default that decides the base image, or that the Dockerfile itself insists on (`${NAME:?}`), has no
value in this build: FROM fails with `base name ($NAME) should not be blank`, or the build stops at the check.

Fix: pass the argument in this build, or give the ARG a default that may be used.

Only arguments without which the build surely fails are reported; one that is merely empty may be meant.
"""

from collections.abc import Iterator

from dockwright.dockerfile.instructions.types import Arg
from dockwright.repository.model import Strength
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import BuildSubject, at


def check(subject: BuildSubject) -> Iterator[Finding]:
    build, dockerfile = subject.build, subject.dockerfile
    if dockerfile is None or build.uncertain or dockerfile.tree.template or build.strength <= Strength.TEST:
        return
    passed = {argument.name for argument in build.arguments}
    tree = dockerfile.tree
    for arg in tree.global_args:
        for name in _without_default(arg):
            if name in passed:
                continue
            for stage in tree.stages:
                if not stage.base.name and name in stage.base.expansion.unset:
                    yield RULE.finding(
                        at(build.place),
                        f"does not pass build argument `{name}`, without which the base image of `{build.dockerfile}` is blank",
                        related=[dockerfile.related(stage.from_.span, "the base image")],
                        service=build.service or dockerfile.service,
                    )
                    break


def _without_default(arg: Arg) -> list[str]:
    return [declaration.name.value for declaration in arg.declarations if declaration.default is None]


RULE = Rule(
    id="required-build-argument-not-passed",
    summary="a build does not pass an argument the Dockerfile needs",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  api:\n    build: .\n",
                "Dockerfile": "ARG BASE\nFROM ${BASE}\nRUN true\n",
            },
            at="build: .",
            says="`BASE`, without which the base image",
        ),
        Good(
            {
                "compose.yaml": "services:\n  api:\n    build:\n      context: .\n      args:\n        BASE: alpine:3.20\n",
                "Dockerfile": "ARG BASE\nARG TAG\nFROM ${BASE}\nARG TAG\nRUN echo $TAG\n",
            },
            why="the base is passed; an argument that is only empty may be meant",
        ),
    ),
)
