"""A compose file cannot be read as YAML.

Nobody can use it as it stands: compose stops with the same error. Usual causes are tabs, an unclosed quote, a value
with `: ` in it that is not quoted, and marks left by a merge conflict.

Fix: mend the line the message names; `docker compose config -q` says when the file can be read.

One finding per file, at the first error; templates (`{{ … }}`, `.j2`) are told apart and not judged.
"""

from collections.abc import Iterator

from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ComposeSubject


def check(subject: ComposeSubject) -> Iterator[Finding]:
    for problem in subject.file.yaml.problems:
        if problem.kind in ("syntax", "alias", "encoding"):
            yield RULE.finding(
                subject.at(problem.span),
                f"not valid YAML: {problem.message[:1].lower()}{problem.message[1:].rstrip('.')}",
                environment=subject.item.environment,
            )
            return


RULE = Rule(
    id="compose-syntax-error",
    summary="a compose file cannot be read as YAML",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": 'services:\n  web:\n    image: nginx:1.27\n    command: "sleep 1\n    init: true\n'
            },
            at="",
            says="not valid YAML",
        ),
        Bad(
            {"compose.yaml": "services:\n  web:\n    <<: *defaults\n    image: nginx:1.27\n"},
            at="<<: *defaults",
            says="not valid YAML",
        ),
        Good(
            {
                "compose.yaml": "services:\n  web:\n    image: 'nginx:1.27'\n    command: |\n      echo \"a: b\n"
            },
            why="a block text may hold anything",
        ),
    ),
)
