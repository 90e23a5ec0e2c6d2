"""A script that goes another way when the first fails: another engine, another compose file, another environment.

`docker compose -f staging.yml up || docker compose up` starts *something*; which stack it is depends on what went wrong.
Fallback chains hide broken references (the missing file is never noticed), make runs differ between machines, and turn
a clear error into a wrong environment.

Fix: choose file, engine and environment once, explicitly, and stop with a clear error when what was chosen is not
there.

Reported: a container command in an `except` or `||` branch after another one failed; a handler that chooses an engine
after trying another; lists of compose files of which the first that exists is taken. Mere clean-up after a failure
(`|| docker compose logs`, `down`) is not.
"""

from collections.abc import Iterator

from dockwright.repository.model import Invocation
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.scripts._fallbacks import find
from dockwright.rules.subjects import ScriptSubject
from dockwright.shell.calls import BakeCall, BuildCall, ComposeCall, RunCall

AFTERMATH = frozenset(
    [
        "logs",
        "down",
        "ps",
        "stop",
        "kill",
        "rm",
        "inspect",
        "images",
        "events",
        "top",
        "port",
        "config",
        "version",
        "info",
    ]
)


def check(subject: ScriptSubject) -> Iterator[Finding]:
    for invocation in subject.item.invocations:
        if not invocation.fallback or not _starts_something(invocation):
            continue
        yield RULE.finding(
            subject.at(invocation.place.span, invocation.within),
            f"`{invocation.call.engine} {invocation.call.verb}` runs when another way has failed",
            severity=Severity.LOW if subject.item.test else RULE.severity,
            evidence=[f"in `{invocation.within}`"] if invocation.within else [],
        )

    if item_language(subject) == "python":
        for found in find(subject.source):
            yield RULE.finding(
                subject.at(found.span),
                found.message,
                severity=Severity.LOW if subject.item.test else RULE.severity,
            )


def item_language(subject: ScriptSubject) -> str:
    """The script's language; empty for one that neither starts containers nor is named after them."""
    return subject.item.language if subject.item.invocations or subject.item.named else ""


def _starts_something(invocation: Invocation) -> bool:
    call = invocation.call
    if isinstance(call, ComposeCall):
        return bool(call.subcommand) and call.subcommand not in AFTERMATH
    return isinstance(call, (BuildCall, RunCall, BakeCall))


RULE = Rule(
    id="fallback",
    summary="a script that goes another way when the first fails",
    category=Category.DANGEROUS,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    check=check,
    examples=(
        Bad(
            {
                "up.sh": "#!/bin/sh\ndocker compose -f staging.yml up -d || docker compose up -d\n",
                "staging.yml": "services:\n  web:\n    image: nginx:1.27\n",
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n",
            },
            at="|| docker compose up -d",
            says="`docker compose up` runs when another way has failed",
        ),
        Bad(
            {
                "up.py": "import subprocess\n\ntry:\n    subprocess.run(['podman', 'build', '.'], check=True)\n"
                "except Exception:\n    subprocess.run(['docker', 'build', '.'], check=True)\n",
                "Dockerfile": "FROM scratch\nCOPY up.py /\n",
            },
            at="'docker', 'build'",
        ),
        Bad(
            {
                "docker_up.py": "import subprocess\nfrom pathlib import Path\n\n\ndef compose_file():\n"
                "    for name in ['compose.test.yml', 'compose.yaml']:\n        if Path(name).exists():\n            return name\n"
                "    raise SystemExit('none')\n",
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n",
            },
            at="['compose.test.yml', 'compose.yaml']",
            says="takes the first of 2 compose files that exists",
        ),
        Good(
            {
                "up.sh": "#!/bin/sh\ndocker compose up -d --wait || { docker compose logs; docker compose down; exit 1; }\n",
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n",
            },
            why="showing the logs of a failure and cleaning up is no other way",
        ),
    ),
)
