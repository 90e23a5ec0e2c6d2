"""A Dockerfile has a line that BuildKit refuses.

An unknown instruction, an unclosed quote in a flag, a heredoc without its end, `COPY` with one argument: the build ends
before its first step, with the message given here. Only the first mistake is reported, as BuildKit does; the others
may follow from it.

Not reported: templates (what they are made into is not known), and mistakes that depend on arguments of the build.
"""

from collections.abc import Iterator

from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import DockerfileSubject


def check(subject: DockerfileSubject) -> Iterator[Finding]:
    problems = subject.item.tree.problems
    if not problems:
        return
    first, more = problems[0], len(problems) - 1
    yield RULE.finding(
        subject.at(first.span),
        f"the builder refuses this: {first.message}",
        evidence=[f"{more} more like it below" if more < 100 else "and so on to the end"] if more else [],
        service=subject.service,
    )


RULE = Rule(
    id="dockerfile-syntax-error",
    summary="a Dockerfile has a line that BuildKit refuses",
    category=Category.BROKEN,
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {"Dockerfile": "FROM alpine:3.20\nRUNN apk add curl\nUSER 1000\n"},
            at="RUNN apk add curl",
            says="unknown instruction: RUNN",
        ),
        Bad(
            {"Dockerfile": "FROM alpine:3.20\nRUN <<EOF\napk add curl\nUSER 1000\n"},
            at="RUN <<EOF",
            says="unterminated heredoc",
        ),
        Good(
            {
                "Dockerfile": "FROM alpine:3.20\nRUN apk add \\\n    # a comment inside\n\n    curl\nCOPY <<EOF /x\nRUNN\nEOF\n"
                "USER 1000\n"
            },
            why="comments and empty lines may stand inside an instruction, anything inside a heredoc",
        ),
        Good(
            {"Dockerfile.j2": "FROM alpine:3.20\n{% if curl %}\nRUN apk add curl\n{% endif %}\nUSER 1000\n"},
            why="a template is no Dockerfile yet",
        ),
    ),
)
