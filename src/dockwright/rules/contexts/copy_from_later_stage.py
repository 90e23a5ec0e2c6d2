"""A stage copies from itself or from a stage that comes after it.

Stages are built in the order in which they need each other, and a name is known only below its FROM: BuildKit stops with
`cannot copy from stage "b", it needs to be defined before current stage "a"`, or, for a stage that copies from itself,
with `circular dependency detected`. It happens when stages are moved, renamed, or numbered (`--from=1`) and another one
is put in front.

Fix: name the stage (not its number), and move it above the one that copies from it. Inside one stage use `RUN cp`.

Reported for every stage, also those the usual target does not reach: BuildKit reads the whole file first. Not reported:
names of images and of named contexts that builds pass.
"""

from collections.abc import Iterator

from dockwright.dockerfile.instructions.types import Copy, Run
from dockwright.dockerfile.nodes import Flag
from dockwright.dockerfile.stages import Stage
from dockwright.rules.contexts._faults import severity
from dockwright.rules.finding import Category, Confidence, Finding, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import DockerfileSubject
from dockwright.text import Span


def check(subject: DockerfileSubject) -> Iterator[Finding]:
    tree = subject.tree
    if tree.template or tree.problems:
        return
    given = {name for build in subject.item.builds for name in build.named_contexts}
    for stage in tree.stages:
        for name, span in _named(stage):
            other = _meant(tree.stages, name)
            if other is None or other.index < stage.index or name in given:
                continue
            what = "itself" if other is stage else f"stage `{other.label}`, which comes after it"
            yield RULE.finding(
                subject.at(span, f"stage {stage.label}"),
                f"stage `{stage.label}` copies from {what}",
                related=[] if other is stage else [Related(subject.at(other.from_.span), "defined here")],
                severity=severity(subject, RULE.severity),
                service=subject.service,
            )


def _named(stage: Stage) -> Iterator[tuple[str, Span]]:
    """What COPY --from and bind mounts of a stage name, without those that hold a variable."""
    for command in stage.instructions:
        flags: list[Flag] = []
        if isinstance(command, Copy) and command.from_ is not None:
            flags.append(command.from_)
        for flag in flags:
            if flag.value and "$" not in flag.value:
                yield flag.value.lower(), flag.span
        if isinstance(command, Run):
            for mount in command.mounts:
                if mount.from_ and "$" not in mount.from_:
                    yield mount.from_.lower(), mount.flag.span


def _meant(stages: tuple[Stage, ...], name: str) -> Stage | None:
    """The stage a name or a number stands for: the last of that name above the copying one would be the first to count."""
    if name.isdecimal():
        return stages[int(name)] if len(name) < 6 and int(name) < len(stages) else None
    return next((stage for stage in stages if stage.name == name), None)


RULE = Rule(
    id="copy-from-later-stage",
    summary="a stage copies from itself or from a stage that comes after it",
    category=Category.BROKEN,
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  api:\n    build: .\n",
                "Dockerfile": "FROM scratch AS app\nCOPY --from=assets /a /a\nFROM scratch AS assets\nCOPY a /a\nFROM app\n",
                "a": "",
            },
            at="COPY --from=assets",
            says="stage `app` copies from stage `assets`, which comes after it",
        ),
        Bad(
            {"Dockerfile": "FROM scratch AS app\nCOPY a /a\nCOPY --from=app /a /b\n", "a": ""},
            at="COPY --from=app",
            says="copies from itself",
        ),
        Good(
            {
                "Dockerfile": "FROM scratch AS app\nCOPY a /a\nFROM scratch AS app2\nCOPY --from=app /a /b\n"
                "COPY --from=0 /a /c\nCOPY --from=busybox:1.37 /bin/sh /sh\n",
                "a": "",
            },
            why="the stage stands above, or it is an image",
        ),
    ),
)
