"""A stage that no build reaches.

BuildKit builds only the stages that the target needs (its base chain, what it copies from, what it mounts). A stage
that is none of these for any build of the repository is never run: it is read and mended by people, not built.

A named last-but-one stage may be a target for people (`docker build --target debug`): where no build of the file is
known at all, or one passes a target that is not known, nothing is reported; nor is a stage that a workflow, bake file or
script names as a target (`IMAGE_TARGET=debug make image`). A
stage that a README names as a target has low confidence. The last stage is what a plain `docker build` makes, so there
the confidence is low.

Fix: remove the stage, or name it as a target where it is wanted.
"""

import re
from collections.abc import Iterator
from fnmatch import translate
from glob import escape

from dockwright.dockerfile.graph import reach
from dockwright.dockerfile.tree import Dockerfile
from dockwright.lazy import lazy_regex
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import DockerfileSubject


def check(subject: DockerfileSubject) -> Iterator[Finding]:
    tree, builds = subject.tree, subject.item.builds
    if len(tree.stages) < 2 or not builds or tree.problems or any(build.uncertain for build in builds):
        return
    reached: set[int] = set()
    for index in subject.item.shipped_stages:
        reached.update(stage.index for stage in reach(tree.stages[index]))
    reached.update(_by_platform(tree))
    for stage in tree.stages:
        if stage.index in reached or (stage.name and _named_elsewhere(subject, stage.name)):
            continue
        last = stage.index == len(tree.stages) - 1
        name = f"stage `{stage.name}`" if stage.name else f"stage {stage.index}"
        yield RULE.finding(
            subject.at(stage.from_.span, f"stage {stage.name or stage.index}"),
            f"{name} is reached by none of the {len(builds)} known builds"
            if len(builds) > 1
            else f"{name} is not reached by the only known build",
            confidence=Confidence.LOW
            if stage.name and _documented(subject, stage.name)
            else Confidence.LOW
            if last
            else RULE.confidence,
            service=subject.service,
        )


TARGET = lazy_regex(rb"(?i)target[^\n]*")


def _named_elsewhere(subject: DockerfileSubject, name: str) -> bool:
    """True when a bake file, workflow or script names the stage where it speaks of targets (a matrix, a variable)."""
    repository = subject.repository
    lines = repository.memo(
        "lines_on_targets",
        lambda: b"\n".join(
            match[0]
            for item in (*repository.bakes, *repository.workflows, *repository.scripts)
            for match in TARGET.finditer(item.source.data)
        ),
    )
    return re.search(rb"(?i)(?<![\w-])" + re.escape(name.encode()) + rb"(?![\w-])", lines) is not None


DOC_SIZE = 200_000


def _documented(subject: DockerfileSubject, name: str) -> bool:
    """True when a README above or beside the Dockerfile speaks of the stage as a target: people build it."""
    repository = subject.repository
    folder = subject.path.rpartition("/")[0]
    lines = repository.memo(
        "readmes_on_targets",
        lambda: [
            (entry.path.rpartition("/")[0], match[0])
            for entry in repository.tree.entries()
            if entry.path.lower().endswith((".md", ".rst", ".adoc"))
            and "readme" in entry.path.lower()
            and not entry.is_link
            and entry.size < DOC_SIZE
            for match in TARGET.finditer(repository.source_data(entry.path))
        ],
    )
    word = re.compile(rb"(?i)(?<![\w-])" + re.escape(name.encode()) + rb"(?![\w-])")
    return any((not at or f"{folder}/".startswith(f"{at}/")) and word.search(line) for at, line in lines)


VARIABLE = lazy_regex(r"\$(?:\{[^}]{0,200}+\}|\w++)")


def _by_platform(tree: Dockerfile) -> set[int]:
    """Stages that `FROM name-${TARGETOS}` may mean on some platform, with all they are built from."""
    found: set[int] = set()
    for stage in tree.stages:
        text = stage.from_.image.value.lower()
        if "$" in text:
            pattern = re.compile(translate("*".join(escape(part) for part in VARIABLE.split(text))))
            for other in tree.stages:
                if other.name and pattern.match(other.name):
                    found.update(one.index for one in reach(other))
    return found


RULE = Rule(
    id="unused-stage",
    summary="a stage that no build reaches",
    category=Category.DEAD,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  api:\n    build: .\n",
                "Dockerfile": "FROM python:3.12-slim AS base\nFROM base AS lint\nRUN pip install ruff\n"
                "FROM base\nCOPY a /\n",
                "a": "",
            },
            at="FROM base AS lint",
            says="`lint` is not reached",
        ),
        Good(
            {
                "compose.yaml": "services:\n  api:\n    build:\n      context: .\n      target: dev\n"
                "  test:\n    build: .\n",
                "Dockerfile": "FROM python:3.12-slim AS base\nFROM base AS dev\nRUN pip install ruff\n"
                "FROM base\nCOPY --from=dev /usr/local/bin/ruff /\n",
            },
            why="one build names it as its target",
        ),
        Good(
            {
                "compose.yaml": "services:\n  api:\n    build: .\n",
                "Dockerfile": "FROM alpine:3.20 AS out-linux\nFROM alpine:3.20 AS out-windows\nFROM out-${TARGETOS}\nCOPY a /\n",
                "a": "",
            },
            why="which stage is meant depends on the platform",
        ),
        Good(
            {
                "Dockerfile": "FROM python:3.12-slim AS base\nFROM base AS lint\nRUN pip install ruff\nFROM base\n"
            },
            why="no build is known, so people may name any target",
        ),
    ),
)
