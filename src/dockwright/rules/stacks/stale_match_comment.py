"""A comment in a Dockerfile says that it matches another environment's, and it does not.

"CRITICAL: must match production configuration exactly" stands above another base image, another user and another server
than production has. Whoever reads it trusts tests on an image that is not the one that runs.

Fix: make it true (one Dockerfile with a target per environment), or remove the comment.

Compared with the Dockerfiles of the same service in the environment the comment names: base image of the last stage, user,
and the program that is started. Reported when none of them agrees in all three; medium confidence unless the comment says
`exactly` or `identical`. Only the comments at the head of the file are about the whole of it. Not reported: comments that say what is meant to differ, and services with no Dockerfile for the
environment named.
"""

import re
from collections.abc import Iterator

from dockwright.dockerfile.stages import Stage
from dockwright.repository.model import DockerfileItem
from dockwright.repository.repository import Repository
from dockwright.repository.vocabulary import ENVIRONMENTS
from dockwright.rules.finding import Category, Confidence, Finding, Location, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import DockerfileSubject
from dockwright.text import Span

SAYS = re.compile(
    rb"(?i)^[ \t]*#[^\n]{0,120}?\b(?:must|has to|needs to|same as|identical to|exactly like|mirrors?|matches)\b[^\n]{0,40}?"
    rb"\b(production|prod|staging|development|dev)\b[^\n]{0,80}",
    re.MULTILINE,
)
MATCH = re.compile(rb"(?i)\b(?:match(?:es)?|mirrors?|identical|same as|exactly like)\b")
EXACTLY = re.compile(rb"(?i)\b(?:exactly|identical|1:1)\b")
NOT = re.compile(rb"(?i)\b(?:not|never|except|but|unlike|similar|differs?|don't|doesn't)\b")
SHELLS = frozenset(("sh", "bash", "ash", "-c", "-lc", "exec", "tini", "--", "dumb-init"))


def check(subject: DockerfileSubject) -> Iterator[Finding]:
    tree = subject.tree
    if not tree.stages or tree.template or not subject.service:
        return
    for match in SAYS.finditer(subject.source.data, 0, tree.stages[0].from_.span.start):
        if not MATCH.search(match[0]) or NOT.search(match[0]):
            continue
        environment = ENVIRONMENTS.get(match[1].decode().lower(), "")
        others = _twins(subject.repository, subject.item, environment)
        differing = [(other, _differences(tree.stages[-1], other.tree.stages[-1])) for other in others]
        if not differing or any(not found for _, found in differing):
            continue
        other, found = min(differing, key=lambda pair: len(pair[1]))
        exactly = EXACTLY.search(match[0]) is not None
        yield RULE.finding(
            subject.at(Span(*match.span())),
            f"says that it matches {environment}, but `{other.path}` has another {' and another '.join(found)}",
            related=[Related(Location.at(other.source, other.tree.stages[-1].from_.span), environment)],
            evidence=found_words(tree.stages[-1], other.tree.stages[-1]),
            confidence=RULE.confidence if exactly else Confidence.MEDIUM,
            service=subject.service,
            environment=subject.item.environment,
        )
        return


def _twins(repository: Repository, item: DockerfileItem, environment: str) -> list[DockerfileItem]:
    return [
        other
        for other in repository.own_dockerfiles
        if other is not item
        and other.service == item.service
        and environment
        and other.environment == environment != item.environment
        and other.tree.stages
        and not other.tree.template
    ]


def _facts(stage: Stage) -> dict[str, str]:
    """What the comment promises to be the same."""
    root = stage.root
    base = f"{root.image.familiar_name}:{root.image.tag or 'latest'}" if root.image is not None else root.name
    config = stage.config
    words = [
        word.rpartition("/")[2]
        for setting in (config.entrypoint, config.cmd)
        if setting is not None
        for value in setting.value
        for word in value.split()
    ]
    started = next((word for word in words if word not in SHELLS), "")
    user = config.user.value if config.user is not None else ""
    return {"base image": base, "user": user or "root", "start command": started}


def _differences(one: Stage, other: Stage) -> list[str]:
    mine, its = _facts(one), _facts(other)
    return [name for name in mine if mine[name] != its[name]]


def found_words(one: Stage, other: Stage) -> list[str]:
    """The differences in words."""
    mine, its = _facts(one), _facts(other)
    return [
        f"{name}: `{mine[name] or 'none'}` here, `{its[name] or 'none'}` there"
        for name in mine
        if mine[name] != its[name]
    ]


RULE = Rule(
    id="stale-match-comment",
    summary="a comment in a Dockerfile says that it matches another environment's, and it does not",
    category=Category.MISLEADING,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "docker/api.staging.Dockerfile": "# CRITICAL: Must match production configuration exactly\nFROM python:3.11-slim\n"
                'USER app\nCMD ["gunicorn", "app:app"]\n',
                "docker/api.production.Dockerfile": 'FROM python:3.12-slim\nCMD ["uvicorn", "app:app"]\n',
            },
            at="# CRITICAL: Must match production",
            says="says that it matches production, but `docker/api.production.Dockerfile` has another base image",
        ),
        Good(
            {
                "docker/api.staging.Dockerfile": "# Must match production configuration exactly\nFROM python:3.12-slim\n"
                'CMD ["uvicorn", "app:app"]\n',
                "docker/api.production.Dockerfile": 'FROM python:3.12-slim\nCMD ["uvicorn", "app:app"]\n',
                "docker/api.test.Dockerfile": "FROM python:3.11-slim\n# same as production\nWORKDIR /app\n",
                "docker/web.staging.Dockerfile": "# must not match production\nFROM node:22\n",
                "docker/web.production.Dockerfile": "FROM nginx:1.27\n",
            },
            why="it does match, and the other says that it does not",
        ),
    ),
)
