"""An ARG that nothing in its stage uses.

A declared argument that no instruction reads looks like a switch and is none. Worse, an ARG enters the environment
of every later RUN, so changing it rebuilds them all for nothing.

Fix: remove the ARG, and from the builds what passes it.

Not reported: arguments read by a RUN's own programs in ways the text does not show are rare but real, therefore
predefined platform arguments, proxy variables, names that tools read by themselves (`DEBIAN_FRONTEND`,
`SOURCE_DATE_EPOCH`, `PIP_*`, `NPM_*`, `UV_*`, `CARGO_*`, `GO*` …), arguments in a stage that runs scripts it copied in,
and global arguments that a stage declares again. Medium confidence, since a program may read any variable.
"""

from collections.abc import Iterator

from dockwright.dockerfile.instructions.types import Arg, Copy, Run
from dockwright.dockerfile.stages import Stage
from dockwright.lazy import lazy_regex
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import DockerfileSubject

READ_BY_TOOLS = lazy_regex(
    r"(?i)(TARGET|BUILD)(PLATFORM|OS|ARCH|VARIANT|STAGE)$|.*_PROXY$|BUILDKIT_|SOURCE_DATE_EPOCH|DEBIAN_FRONTEND|DEBCONF|"
    r"PIP_|NPM_|YARN_|PNPM_|UV_|POETRY_|PYTHON|CARGO_|RUST|GO[A-Z]*$|CGO_|NODE_|MAVEN|GRADLE|JAVA_|HOMEBREW|LC_|LANG$|TZ$|"
    r"CC$|CXX$|[A-Z]*FLAGS$|MAKE|NEXT_|VITE_|REACT_APP_|NUXT_|RAILS_|BUNDLE_|GIT_|AWS_|HF_|CI$|HOME$|PATH$|TERM$|ACCEPT_EULA|MACOSX_|XX_|SDKROOT|OSXCROSS|LIBRARY_PATH|PKG_CONFIG"
)


_NAME = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")
INDIRECT = lazy_regex(rb"\$\{!|\beval\b|\bprintenv\b|\benv\b|\benvsubst\b")
"""Ways to read a variable whose name is put together."""


def check(subject: DockerfileSubject) -> Iterator[Finding]:
    tree = subject.tree
    if tree.template or tree.problems:
        return
    for stage in tree.stages:
        arguments = [one for one in stage.instructions if type(one) is Arg]
        if not arguments or not _judged(stage):
            continue
        for instruction in arguments:
            for declaration in instruction.declarations:
                name = declaration.name.value
                if READ_BY_TOOLS.match(name) or _used(subject, stage, name, instruction):
                    continue
                yield RULE.finding(
                    subject.at(declaration.span, f"stage {stage.name or stage.index}"),
                    f"ARG `{name}` is declared and not used in its stage",
                    service=subject.service,
                )


def _judged(stage: Stage) -> bool:
    """A stage whose RUNs execute files that were copied in may read any variable."""
    copied = any(isinstance(instruction, Copy) for instruction in stage.instructions)
    runs = [instruction for instruction in stage.instructions if isinstance(instruction, Run)]
    if copied and runs:
        return False
    return not any(INDIRECT.search(instruction.script.data) for instruction in runs)


def _used(subject: DockerfileSubject, stage: Stage, name: str, declared: Arg) -> bool:
    """True when the text after the declaration, in this stage or one built on it, holds the name."""
    data = subject.source.data
    word = name.encode("utf-8", "surrogateescape")
    for other in subject.tree.stages:
        if other is not stage and stage not in other.ancestors:
            continue
        start = declared.span.end if other is stage else other.from_.span.start
        if _holds(data, word, start, other.span.end):
            return True
    start, end = declared.span.start, declared.span.end
    return _holds(data, word, start, end) and data.count(word, start, end) > 1


def _holds(data: bytes, word: bytes, start: int, end: int) -> bool:
    """True when `data[start:end]` holds the name as a word of its own. (No pattern: each name would be one more.)"""
    at = data.find(word, start, end)
    while at >= 0:
        after = at + len(word)
        if data[at - 1] not in _NAME and (after >= end or data[after] not in _NAME):
            return True
        at = data.find(word, at + 1, end)
    return False


RULE = Rule(
    id="unused-build-argument",
    summary="an ARG that nothing in its stage uses",
    category=Category.DEAD,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    check=check,
    examples=(
        Bad(
            {"Dockerfile": "FROM alpine:3.20\nARG RELEASE=1\nRUN apk add curl\n"},
            at="ARG RELEASE=1",
            says="`RELEASE` is declared and not used",
        ),
        Good(
            {
                "Dockerfile": "FROM alpine:3.20 AS base\nARG RELEASE=1\nFROM base\nRUN apk add app=$RELEASE\nARG TARGETARCH\n"
            },
            why="a stage built on this one uses it, and platform arguments are filled in by BuildKit",
        ),
        Good(
            {
                "Dockerfile": "FROM alpine:3.20\nARG RELEASE=1\nCOPY build.sh /\nRUN /build.sh\n",
                "build.sh": "echo $RELEASE\n",
            },
            why="a script that was copied in may read it",
        ),
    ),
)
