"""A health check uses a program the image does not hold.

The check fails from the first run on, so the container is never healthy: what waits for it with
`condition: service_healthy` never starts, and orchestrators restart it for ever. Typical are `curl` in slim and Alpine
images.

Fix: a check with what the image has (Python's `urllib`, BusyBox's `wget`, the server's own client), or install the
program. High confidence where the base image documents that it lacks the program and nothing in the Dockerfile could
have brought it; medium for service images. Not reported: checks with an alternative (`curl … || wget …`), images of
which nothing is known, and Dockerfiles that run scripts or copy programs from elsewhere.
"""

from collections.abc import Iterator

from dockwright.dockerfile.instructions.types import Healthcheck
from dockwright.repository.repository import Repository
from dockwright.rules._shared.commands import of_healthcheck, of_instruction
from dockwright.rules._shared.presence import in_stage
from dockwright.rules.finding import Category, Confidence, Finding, Location, Severity
from dockwright.rules.health._programs import Missing, image_lookup, missing_programs
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ServiceSubject, StageSubject, compose_subjects, dockerfile_subjects


def check(repository: Repository) -> Iterator[Finding]:
    for compose in compose_subjects(repository):
        for service in compose.file.services.values():
            if service.healthcheck is not None and not service.healthcheck.disabled:
                subject = ServiceSubject(compose, service)
                for missing in missing_programs(of_healthcheck(service.healthcheck), image_lookup(subject)):
                    yield _finding(
                        subject.at(missing.command.span, f"{subject.route}.healthcheck"),
                        missing,
                        service.name,
                    )
                    break
    for dockerfile in dockerfile_subjects(repository):
        for stage in dockerfile.stages:
            if stage.shipped:
                yield from _in_dockerfile(stage)


def _in_dockerfile(subject: StageSubject) -> Iterator[Finding]:
    setting = subject.stage.config.healthcheck
    instruction = setting.command if setting is not None else None
    if not isinstance(instruction, Healthcheck) or instruction.disabled:
        return
    commands = of_instruction(subject, instruction)
    for missing in missing_programs(commands, lambda program: in_stage(subject, program)):
        yield _finding(subject.at(missing.command.span, "healthcheck"), missing, subject.service)
        return


def _finding(location: Location, missing: Missing, service: str) -> Finding:
    return RULE.finding(
        location,
        f"health check uses `{missing.program}`, which the image does not hold",
        confidence=RULE.confidence if missing.presence.sure else Confidence.MEDIUM,
        evidence=[missing.presence.because],
        service=service,
    )


RULE = Rule(
    id="missing-healthcheck-program",
    summary="a health check uses a program the image does not hold",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "Dockerfile": "FROM python:3.12-slim\nRUN pip install flask==3.1.0\n"
                "HEALTHCHECK CMD curl -f http://localhost:8000/ || exit 1\nCMD python -m flask run\n"
            },
            at="HEALTHCHECK CMD curl",
            says="uses `curl`, which the image does not hold",
        ),
        Bad(
            {
                "compose.yaml": "services:\n  api:\n    build: .\n    healthcheck:\n"
                '      test: ["CMD", "curl", "-f", "http://localhost:8000/"]\n',
                "Dockerfile": "FROM python:3.12-alpine AS base\nRUN apk add --no-cache tini\nFROM base\nCMD python -m http.server\n",
            },
            at='test: ["CMD", "curl"',
            says="uses `curl`",
        ),
        Good(
            {
                "compose.yaml": "services:\n  api:\n    build: .\n    healthcheck:\n"
                '      test: ["CMD", "curl", "-f", "http://localhost:8000/"]\n'
                "  web:\n    build: ./web\n    healthcheck:\n      test: wget -q http://localhost/ || exit 1\n"
                "  other:\n    image: example.com/other:1\n    healthcheck:\n      test: curl -f http://localhost/\n",
                "Dockerfile": "FROM python:3.12-slim\nRUN apt-get update && apt-get install -y curl\nCMD python -m http.server\n",
                "web/Dockerfile": "FROM node:22-alpine\nCMD node server.js\n",
            },
            why="it is installed; BusyBox brings wget; nothing is known of the private image",
        ),
        Good(
            {
                "Dockerfile": "FROM python:3.12-slim\nCOPY --from=tools /usr/local/bin/ /usr/local/bin/\n"
                "HEALTHCHECK CMD curl -f http://localhost/\nCMD python -m http.server\n",
                "web/Dockerfile": "FROM python:3.12-slim\nHEALTHCHECK CMD python -c 'import app' || curl -f http://localhost/\n",
            },
            why="a directory of programs is copied in, and the second check works without curl",
        ),
    ),
)
