"""A container tool is called with a flag where it does not take it.

`docker compose up --profile testing` fails with `unknown flag: --profile`: options of the project (`-f`, `-p`,
`--profile`, `--env-file`, `--project-directory`) stand before the subcommand. In scripts such a line is often never
reached in practice until the day it is needed.

Fix: put the project's options before the subcommand (`docker compose --profile testing up`), or drop the flag.

Checked against the tools' own flag tables; flags those tables do not know are not reported.
"""

from collections.abc import Iterator

from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ScriptSubject


def check(subject: ScriptSubject) -> Iterator[Finding]:
    for invocation in subject.item.invocations:
        for problem in invocation.call.problems:
            yield RULE.finding(
                subject.at(problem.word.span),
                problem.message,
                severity=Severity.MEDIUM if subject.item.test else RULE.severity,
            )


RULE = Rule(
    id="misplaced-flag",
    summary="a container tool is called with a flag where it does not take it",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "load.sh": "#!/bin/sh\ndocker compose -f stack.yml up --profile load\n",
                "stack.yml": "services:\n  web:\n    image: nginx:1.27\n",
            },
            at="--profile load",
            says="--profile",
        ),
        Good(
            {
                "load.sh": "#!/bin/sh\ndocker compose -f stack.yml --profile load up --wait\n",
                "stack.yml": "services:\n  web:\n    image: nginx:1.27\n",
            },
            why="the flag stands before the subcommand",
        ),
    ),
)
