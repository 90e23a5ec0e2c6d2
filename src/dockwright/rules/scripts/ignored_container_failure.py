"""A CI step that builds, starts or deploys containers may fail without failing the job.

With `continue-on-error: true` a broken deployment is green, and a broken `docker compose up` lets the tests run
without their services. A background command (`docker … &`) followed by a bare `wait` does the same: `wait` without
arguments returns success whatever became of the jobs.

Fix: remove `continue-on-error`; wait for each job by its number (`wait $pid`) so that its exit status counts.

Reported: steps that run or deploy containers under `continue-on-error`, and container commands in the background whose
exit status nobody asks for. Not reported: steps that clean up, log in, show logs, scan, or upload what others made.
"""

import re
from collections.abc import Iterator

from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.scripts._steps import WorkflowStep, steps
from dockwright.rules.subjects import ScriptSubject
from dockwright.shell.docker_cli import read_call
from dockwright.shell.parse import parse_shell
from dockwright.shell.script import Command, Dialect

HARMLESS = frozenset(
    [
        "logs",
        "ps",
        "down",
        "stop",
        "kill",
        "rm",
        "rmi",
        "inspect",
        "images",
        "info",
        "version",
        "login",
        "logout",
        "top",
        "stats",
        "events",
        "prune",
        "history",
    ]
)
DEPLOYS = re.compile(r"(?i)\b(deploy|release|publish|rollout|push)\b")
CHECKS = re.compile(
    r"(?i)scan|lint|clean|log|cache|report|comment|notify|summary|test-results|artifact|sarif|trivy|health"
)


def check(subject: ScriptSubject) -> Iterator[Finding]:
    for step in steps(subject):
        if step.continues is None and (step.run is None or b"wait" not in step.run.data):
            continue
        commands = parse_shell(step.run, Dialect.BASH).commands if step.run is not None else ()
        if step.continues is not None:
            yield from _continued(subject, step, commands)
        yield from _background(subject, commands)


def _continued(
    subject: ScriptSubject, step: WorkflowStep, commands: tuple[Command, ...]
) -> Iterator[Finding]:
    assert step.continues is not None
    if CHECKS.search(step.name) and not DEPLOYS.search(step.name):
        return
    acts = [command for command in commands if _acts(command)]
    action = step.uses.startswith(("docker/build-push-action", "docker/bake-action"))
    if not acts and not action:
        return
    deploys = DEPLOYS.search(step.name) or DEPLOYS.search(step.uses)
    what = "a failed deployment" if deploys else "a failed container command"
    related = [subject.related(acts[0].span, "may fail unnoticed")] if acts else []
    yield RULE.finding(
        subject.at(step.continues, step.name),
        f"{what} does not fail the {'run' if step.whole_job else 'job'}{f' (step `{step.name}`)' if step.name else ''}",
        related=related,
        severity=Severity.HIGH if deploys else RULE.severity,
    )


def _acts(command: Command) -> bool:
    call = read_call(command.argv)
    return call is not None and call.verb.split(" ")[-1] not in HARMLESS


def _background(subject: ScriptSubject, commands: tuple[Command, ...]) -> Iterator[Finding]:
    waits = [command for command in commands if command.name == "wait" and not command.args]
    if not waits:
        return
    for command in commands:
        if command.background and _acts(command):
            yield RULE.finding(
                subject.at(command.span),
                f"`{command.name} {read_call(command.argv).verb}` runs in the background, and a bare `wait` ignores its failure",  # type: ignore[union-attr]
                related=[subject.related(waits[0].span, "returns success whatever became of it")],
            )


RULE = Rule(
    id="ignored-container-failure",
    summary="a CI step that builds, starts or deploys containers may fail without failing the job",
    category=Category.DANGEROUS,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                ".github/workflows/deploy.yml": "on: push\njobs:\n  web:\n    runs-on: ubuntu-latest\n    steps:\n"
                "      - name: Deploy web\n        continue-on-error: true\n        run: docker run --rm example/deployer:1 --app web\n",
            },
            at="continue-on-error: true",
            says="a failed deployment does not fail the job",
        ),
        Bad(
            {
                ".github/workflows/tag.yml": "on: push\njobs:\n  tag:\n    runs-on: ubuntu-latest\n    steps:\n      - run: |\n"
                "          for name in a b; do\n            docker buildx imagetools create -t $name:1 $name:0 &\n          done\n          wait\n",
            },
            at="docker buildx imagetools create",
            says="a bare `wait` ignores its failure",
        ),
        Good(
            {
                ".github/workflows/ci.yml": "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n"
                "      - run: docker compose up -d --wait\n      - name: Scan image\n        continue-on-error: true\n"
                "        run: docker run --rm example/scanner:1\n      - name: Stop\n        continue-on-error: true\n"
                "        run: docker compose down\n",
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n",
            },
            why="a scan that only informs and a clean-up may fail",
        ),
    ),
)
