"""A script removes volumes, or everything on the machine.

`docker compose down -v` deletes the project's named volumes: the developer's database, if the script is run in the
wrong project, or if two compose files share one project. `docker system prune`, `docker rm -f $(docker ps -aq)` and
their podman twins reach every project on the machine.

Fix: name the project and what is to go (`docker compose -p NAME down`, `docker volume rm NAME`), leave `-v` away where
data may live, and ask before more.

Severity follows how far it reaches and how it is called: test code and CI steps that run unasked on a developer's
machine, and whatever reaches the whole machine, are graver than a target named `clean`. Test code that takes down a
project of its own (`-p e2e-1234`, or a compose file made for tests) removes what it made itself, which is a note; a
prune that asks first is low there. Calls that only remove what they name are not reported.
"""

import re
from collections.abc import Iterator

from dockwright.repository.model import Invocation, ScriptItem, WorkflowItem
from dockwright.repository.names import is_test_code
from dockwright.repository.vocabulary import environment_of, words_of
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ScriptSubject
from dockwright.shell.calls import ComposeCall, Destruction, Reach

CACHES = frozenset(("dangling images", "build cache", "unused networks"))
SAYS_SO = re.compile(r"(?i)clean|prune|reset|purge|destroy|nuke|wipe|teardown|remove|delete")


def check(subject: ScriptSubject) -> Iterator[Finding]:
    for invocation in subject.item.invocations:
        destroys = invocation.call.destroys
        if destroys is None or destroys.reach is Reach.NAMED:
            continue
        if destroys.reach is Reach.PROJECT and not destroys.data:
            continue
        yield RULE.finding(
            subject.at(invocation.place.span, invocation.within),
            _message(invocation, destroys),
            severity=_severity(subject.item, invocation, destroys),
            evidence=[f"in `{invocation.within}`"] if invocation.within else [],
        )


def _message(invocation: Invocation, destroys: Destruction) -> str:
    what = " and ".join(destroys.what) if len(destroys.what) < 3 else ", ".join(destroys.what)
    where = "of every project on the machine" if destroys.reach is Reach.MACHINE else "of the compose project"
    unasked = " without asking" if destroys.forced else ""
    return f"`{invocation.call.engine} {invocation.call.verb}` removes {what} {where}{unasked}"


def _severity(item: ScriptItem, invocation: Invocation, destroys: Destruction) -> Severity:
    if isinstance(item, WorkflowItem):
        return Severity.NOTE  # a CI runner is thrown away after the run
    if destroys.reach is Reach.MACHINE and set(destroys.what) <= CACHES:
        return Severity.LOW  # nothing is lost that is not made again
    if item.test and destroys.reach is Reach.PROJECT and _own_project(invocation):
        return Severity.NOTE
    if item.test and destroys.reach is Reach.MACHINE and not destroys.forced:
        return Severity.LOW
    named = bool(SAYS_SO.search(invocation.within) or SAYS_SO.search(item.path.rpartition("/")[2]))
    if destroys.reach is Reach.MACHINE:
        return Severity.MEDIUM if named and not destroys.data else Severity.HIGH
    return Severity.MEDIUM if named and not item.test else Severity.HIGH


def _own_project(invocation: Invocation) -> bool:
    """True when a test takes down a project of its own: one it names, or that of compose files made for tests."""
    call = invocation.call
    if not isinstance(call, ComposeCall):
        return False
    files = invocation.files or [word.value or "" for word in call.files]
    return call.project_name is not None or bool(files and all(map(_for_tests, files)))


def _for_tests(path: str) -> bool:
    return environment_of(words_of(path.rpartition("/")[2])) == "test" or is_test_code(path)


RULE = Rule(
    id="destroys-data",
    summary="a script removes volumes, or everything on the machine",
    category=Category.DANGEROUS,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "tests/run_e2e.py": "import subprocess\n\n\ndef stop():\n"
                '    subprocess.run(["docker", "compose", "down", "--volumes", "--remove-orphans"], check=False)\n',
                "compose.yaml": "services:\n  db:\n    image: postgres:16\n",
            },
            at='"down", "--volumes"',
            says="volumes",
        ),
        Bad(
            {"deploy.sh": "#!/bin/sh\npodman rm -f $(podman ps -aq)\n"},
            at="podman rm -f",
            says="of every project on the machine",
        ),
        Good(
            {
                "e2e.sh": "#!/bin/sh\ndocker compose -p e2e down\ndocker rm -f e2e-browser\ndocker volume rm e2e-data\n",
                "compose.yaml": "services:\n  db:\n    image: postgres:16\n",
            },
            why="it removes only what it names, or what can be made again",
        ),
    ),
)
