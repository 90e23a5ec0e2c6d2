"""A part of a compose file has a form that compose does not accept.

A text where a list belongs, a mapping where a text belongs: compose refuses the whole file, while an editor shows
nothing. The finding names the key and what is wrong with it.

Fix: write the key in the form the message names.
"""

from collections.abc import Iterator

from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ComposeSubject


def check(subject: ComposeSubject) -> Iterator[Finding]:
    file = subject.file
    if file.yaml.broken or not file.services:
        return
    for problem in file.problems:
        if problem.kind == "form":
            yield RULE.finding(
                subject.at(problem.span),
                f"compose does not accept {_quoted(problem.message)}",
                environment=subject.item.environment,
            )


def _quoted(message: str) -> str:
    route, colon, what = message.partition(": ")
    return f"`{route}`: it {what}" if colon else message


RULE = Rule(
    id="compose-form-error",
    summary="a part of a compose file has a form that compose does not accept",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {"compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    ports: '80:80'\n"},
            at="ports: '80:80'",
            says="`services.web.ports`",
        ),
        Good(
            {
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    env_file: web.env\n"
                "    command: nginx -g 'daemon off;'\n",
                "web.env": "A=1\n",
            },
            why="these take a text as well as a list",
        ),
    ),
)
