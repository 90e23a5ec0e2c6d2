"""A COPY or ADD source leads out of the build context.

Nothing outside the context is ever sent to the builder. The classic builder, Podman and Buildah refuse `COPY ../shared /`;
BuildKit takes the `..` at the root away and looks for `shared` inside the context, where it mostly is not (`"/shared":
not found`), or is something else.

Fix: build with the folder above as context (`docker build -f api/Dockerfile .`), or give the other folder a name
(`--build-context shared=../shared`, `COPY --from=shared`).

Critical where the build stops; low where the context happens to hold the path that BuildKit makes of it.
"""

import posixpath
from collections.abc import Iterator

from dockwright.dockerfile.instructions.types import Add, Copy
from dockwright.repository.model import BuildFault, FaultKind
from dockwright.rules.contexts._faults import built_by, confidence, context_words, faults, outside, severity
from dockwright.rules.finding import Category, Confidence, Finding, Location, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import DockerfileSubject


def check(subject: DockerfileSubject) -> Iterator[Finding]:
    if b".." not in subject.source.data or subject.tree.template:
        return
    stopping = {fault.place.span: fault for fault in faults(subject, FaultKind.MISSING, FaultKind.IGNORED)}
    for stage in subject.tree.stages:
        for command in stage.instructions:
            if not isinstance(command, Copy | Add) or (isinstance(command, Copy) and command.from_):
                continue
            for word in command.sources:
                if outside(word.value):
                    yield _finding(
                        subject,
                        word.value,
                        subject.at(word.span, f"stage {stage.label}"),
                        stopping.get(word.span),
                    )


def _finding(
    subject: DockerfileSubject, source: str, location: Location, fault: BuildFault | None
) -> Finding:
    inside = posixpath.normpath(f"/{source}").lstrip("/") or "."
    if fault is None:
        return RULE.finding(
            location,
            f"copies `{source}`, which leads out of the context: BuildKit takes it for `{inside}`",
            severity=Severity.LOW,
            service=subject.service,
        )
    return RULE.finding(
        location,
        f"copies `{source}`, which leads out of {context_words(fault)}",
        related=built_by(fault),
        evidence=[f"BuildKit takes it for `{inside}`, which is not there"],
        severity=severity(subject, RULE.severity),
        confidence=confidence(fault),
        service=subject.service,
    )


RULE = Rule(
    id="copy-source-outside-context",
    summary="a COPY or ADD source leads out of the build context",
    category=Category.BROKEN,
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  api:\n    build: ./api\n",
                "api/Dockerfile": "FROM scratch\nCOPY ../shared /shared\n",
                "shared/a": "",
            },
            at="COPY ../shared",
            says="`../shared`, which leads out of context `api`",
        ),
        Bad(
            {
                "compose.yaml": "services:\n  api:\n    build:\n      context: .\n      dockerfile: api/Dockerfile\n",
                "api/Dockerfile": "FROM scratch\nCOPY ../shared /shared\n",
                "shared/a": "",
            },
            at="COPY ../shared",
            says="BuildKit takes it for `shared`",
        ),
        Good(
            {
                "compose.yaml": "services:\n  api:\n    build: .\n",
                "Dockerfile": "FROM scratch AS a\nCOPY api/../shared /shared\nFROM scratch\nCOPY --from=a ../shared /x\n"
                "ADD https://example.com/a/../b /b\n",
                "shared/a": "",
            },
            why="the path stays inside, or is one of another stage or of the network",
        ),
    ),
)
