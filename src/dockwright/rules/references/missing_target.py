"""A build asks for a target stage that its Dockerfile does not have.

BuildKit stops with `target stage "…" could not be found`. Typically the stage was renamed, or the compose file
selects a stage by environment (`target: ${ENV}`) and one environment has none.

Fix: name a stage the Dockerfile has, or give the stage its name back (`FROM … AS name`).

Stage names are compared without regard to case, as BuildKit does. Not reported: a target that holds a variable
nothing sets, a Dockerfile that is a template.
"""

from collections.abc import Iterator

from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.references._near import weight
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import BuildSubject, at


def check(subject: BuildSubject) -> Iterator[Finding]:
    build = subject.build
    if "target" not in build.missing or build.uncertain or subject.dockerfile is None:
        return
    stages = [stage.name for stage in subject.dockerfile.tree.stages if stage.name]
    yield RULE.finding(
        at(build.target_place or build.place),
        f"asks for target `{build.target}`, which `{build.dockerfile}` does not have",
        severity=weight(build.strength, RULE.severity),
        evidence=[
            f"its named stages: {', '.join(f'`{name}`' for name in stages)}"
            if stages
            else "it has no named stage"
        ],
        service=build.service,
    )


RULE = Rule(
    id="missing-target",
    summary="a build asks for a target stage that its Dockerfile does not have",
    category=Category.BROKEN,
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  api:\n    build:\n      context: .\n      target: production\n",
                "Dockerfile": "FROM scratch AS dev\nCOPY a /\nFROM scratch AS runtime\nCOPY a /\n",
                "a": "",
            },
            at="target: production",
            says="`production`, which `Dockerfile` does not have",
        ),
        Good(
            {
                "compose.yaml": "services:\n  api:\n    build:\n      context: .\n      target: Runtime\n",
                "Dockerfile": "FROM scratch AS runtime\nCOPY a /\n",
                "a": "",
            },
            why="case does not matter in a target",
        ),
        Good(
            {
                "compose.yaml": "services:\n  api:\n    build:\n      context: .\n      target: ${STAGE}\n",
                "Dockerfile": "FROM scratch AS runtime\nCOPY a /\n",
                "a": "",
            },
            why="nothing sets the variable, so any stage may be meant",
        ),
    ),
)
