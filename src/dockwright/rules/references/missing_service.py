"""A compose command names a service that none of its files has.

`docker compose -f docker-compose.test.yml up postgres` stops with `no such service: postgres` when the file calls it
`test-postgres`. With `|| true` or `continue-on-error` around it nobody notices, and the tests run without a database.

Fix: use the name the file has, or load the file that has the service.

Only commands whose files are all known and complete (no missing `include`) are judged. High confidence where the
command names its files; where Compose looks for them, another step may have changed what it finds.
"""

from collections.abc import Iterator

from dockwright.repository.repository import Repository
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.references._services import known_services
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ScriptSubject
from dockwright.shell.calls import ComposeCall

TAKES_SERVICES = frozenset(
    [
        "up",
        "start",
        "stop",
        "restart",
        "build",
        "pull",
        "push",
        "logs",
        "ps",
        "kill",
        "rm",
        "run",
        "exec",
        "create",
        "pause",
        "unpause",
        "top",
        "port",
        "events",
        "wait",
    ]
)
PLAIN = frozenset(".-_")


def check(subject: ScriptSubject) -> Iterator[Finding]:
    repository: Repository = subject.repository
    for invocation in subject.item.invocations:
        call = invocation.call
        if not isinstance(call, ComposeCall) or call.subcommand not in TAKES_SERVICES or not call.services:
            continue
        known = known_services(repository, subject.item, invocation)
        if known is None:
            continue
        services, paths = known
        for word in call.services:
            name = word.value
            if not name or name in services or not all(char.isalnum() or char in PLAIN for char in name):
                continue
            yield RULE.finding(
                subject.at(word.span),
                f"names service `{name}`, which {' and '.join(f'`{path}`' for path in paths)} "
                f"{'do' if len(paths) > 1 else 'does'} not have",
                severity=Severity.MEDIUM if subject.item.test else RULE.severity,
                confidence=RULE.confidence if call.files else Confidence.MEDIUM,
                evidence=[f"services there: {', '.join(sorted(services)[:12])}"],
            )


RULE = Rule(
    id="missing-service",
    summary="a compose command names a service that its files do not have",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "e2e.sh": "#!/bin/sh\ndocker compose -f docker-compose.test.yml up -d postgres\n",
                "docker-compose.test.yml": "services:\n  test-postgres:\n    image: postgres:16\n",
            },
            at="up -d postgres",
            says="`postgres`, which `docker-compose.test.yml` does not have",
        ),
        Good(
            {
                "e2e.sh": "#!/bin/sh\ndocker compose -f a.yml -f b.yml up -d db\ndocker compose -f a.yml up $WHAT\n",
                "a.yml": "services:\n  web:\n    image: nginx:1.27\n",
                "b.yml": "services:\n  db:\n    image: postgres:16\n",
            },
            why="one of the files has it; a name from a variable may be any",
        ),
        Good(
            {
                "e2e.sh": "#!/bin/sh\nln -s compose.override.e2e.yml compose.override.yml\ndocker compose up -d mail\n",
                "compose.yml": "services:\n  web:\n    image: nginx:1.27\n",
                "compose.override.e2e.yml": "services:\n  mail:\n    image: mailhog/mailhog:v1.0.1\n",
            },
            why="the script puts an override into place that has it",
        ),
    ),
)
