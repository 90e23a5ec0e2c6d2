"""A compose value holds `$(…)`, which neither compose nor a shell replaces.

Compose replaces `$NAME` and `${NAME}`, never `$(date)` or `$(hostname)`: that is a shell's syntax, and no shell reads a
compose file. The text goes into the container as it stands. Kubernetes' `$(NAME)` means nothing here either.

Fix: take the value from a variable that the caller sets (`${BUILD_DATE}`), or compute it inside the container.

Looked at are environment, build arguments, image, container name, host name, ports and mounts. Commands and health checks
have rules of their own (`shell-in-command`, `shell-in-exec-healthcheck`). Not reported: texts of several lines or with
other shell syntax, which a container may run as a script, and values that somebody escaped (`$$(…)`). One finding per service.
"""

import re
from collections.abc import Iterator

from dockwright.compose.model import Service
from dockwright.compose.value import Text
from dockwright.rules.finding import Category, Confidence, Finding, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ServiceSubject

SUBSTITUTION = re.compile(r"(?<!\$)\$\(\s*[A-Za-z_./][\w./-]*(?:\s[^()\n]*)?\)")
SCRIPT = re.compile(r"[\n;]|&&|\|\||^#!|\bdo\b|\bthen\b")


def check(subject: ServiceSubject) -> Iterator[Finding]:
    found = [
        (route, text, match[0])
        for route, text in _texts(subject.service)
        if (match := SUBSTITUTION.search(text.raw)) is not None and not SCRIPT.search(text.raw)
    ]
    if not found:
        return
    (route, text, what), *others = found
    more = f" ({len(found)} values of the service do)" if others else ""
    yield RULE.finding(
        subject.at(text.span, f"{subject.route}.{route}"),
        f"`{route}` of `{subject.service.name}` holds `{what[:60]}`, which nothing replaces{more}",
        related=[
            Related(subject.at(text.span, f"{subject.route}.{route}"), f"`{route}`")
            for route, text, _ in others
        ],
        service=subject.service.name,
        environment=subject.item.environment,
    )


def _texts(service: Service) -> Iterator[tuple[str, Text]]:
    for route, text in (
        ("image", service.image),
        ("container_name", service.container_name),
        ("hostname", service.hostname),
        ("user", service.user),
    ):
        if text is not None:
            yield route, text
    for pair in service.environment:
        if pair.value is not None:
            yield f"environment.{pair.name}", pair.value
    for pair in service.build.args if service.build is not None else ():
        if pair.value is not None:
            yield f"build.args.{pair.name}", pair.value
    for volume in service.volumes:
        if volume.source is not None:
            yield "volumes", volume.source


RULE = Rule(
    id="command-substitution-in-compose",
    summary="a compose value holds `$(…)`, which neither compose nor a shell replaces",
    category=Category.BROKEN,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  api:\n    image: example.com/api:1\n    environment:\n      BUILD_DATE: $(date -u)\n",
            },
            at="BUILD_DATE: $(date -u)",
            says="`environment.BUILD_DATE` of `api` holds `$(date -u)`",
        ),
        Bad(
            {
                "compose.yaml": "services:\n  api:\n    build:\n      context: .\n      args: ['GIT_SHA=$(git rev-parse HEAD)']\n",
                "Dockerfile": "FROM scratch\nARG GIT_SHA\nLABEL sha=$GIT_SHA\n",
            },
            at="GIT_SHA=$(git rev-parse HEAD)",
        ),
        Good(
            {
                "compose.yaml": "services:\n  api:\n    image: example.com/api:1\n    environment:\n      NOW: ${NOW}\n"
                "      PROMPT: $$(whoami)\n      PATTERN: ^/api/(.*)$\n      SCRIPT: |\n        set -e\n        echo $(date)\n",
            },
            why="a variable, an escaped text, a pattern, and a script that the container runs itself",
        ),
    ),
)
