"""A Dockerfile that BuildKit refuses before it runs anything.

An unknown instruction, a quote that is never closed, shell or program text that a line break cut off from its RUN
(`RUN python -c "` with the program on the lines below is the usual one): the build stops with a parse error. What looks
like a file that builds is one that nobody has built since.

Fix: mend the line the message names; text of several lines belongs in a heredoc (`RUN <<EOF`) or ends each line with a
backslash.

The message is BuildKit's own. One finding per file, at the first fault. Not reported: templates, which become a
Dockerfile only after a generator has filled them in, and what depends on a build's arguments or target.
"""

from collections.abc import Iterator

from dockwright.repository.model import Status
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import DockerfileSubject


def check(subject: DockerfileSubject) -> Iterator[Finding]:
    problems = subject.tree.problems
    if not problems or subject.tree.template is not None or subject.item.inline:
        return
    first = min(problems, key=lambda problem: problem.span.start)
    yield RULE.finding(
        subject.at(first.span),
        f"the file is refused by BuildKit: {first.text.rstrip('.')}",
        severity=RULE.severity if subject.item.status is Status.LIVE else Severity.MEDIUM,
        evidence=[f"{len(problems) - 1} more faults behind it"] if len(problems) > 1 else [],
        service=subject.service,
        environment=subject.item.environment,
    )


RULE = Rule(
    id="refused-dockerfile",
    summary="a Dockerfile that BuildKit refuses before it runs anything",
    category=Category.BROKEN,
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  api:\n    build: .\n",
                "Dockerfile": 'FROM python:3.12-slim\nRUN python -c "\nimport nltk\nnltk.download()\n"\n',
            },
            at="import nltk",
            says="unknown instruction: import",
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
        Good(
            {
                "compose.yaml": "services:\n  api:\n    build: .\n",
                "Dockerfile": "FROM python:3.12-slim\nRUN python <<EOF\nimport nltk\nnltk.download()\nEOF\n",
            },
            why="a heredoc carries the lines below",
        ),
    ),
)
