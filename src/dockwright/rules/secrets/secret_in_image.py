"""A secret becomes part of an image.

ENV values, ARG values and their defaults stand in the image's configuration and history (`docker history --no-trunc`)
for everybody who can pull it, also when a later step unsets or deletes them. Use `RUN --mount=type=secret` for build
time and the runtime's own secrets for run time.

Reported: an ENV or ARG default whose value looks like a secret, and an ARG with a telling name (or one for an
address that carries a password, such as `DATABASE_URL`) that is handed on to ENV. Names such as `…_FILE`, `…_VERSION` or `PUBLIC_…` are no secrets; placeholders (`changeme`), empty
values and references are not reported. Values are never shown. Medium confidence for names that may
stand for something public, and for values everybody tries first.
"""

from collections.abc import Iterator

from dockwright.dockerfile.instructions.types import Arg, Env
from dockwright.knowledge.secrets import (
    is_placeholder,
    looks_secret,
    secret_name,
    surely_secret,
)
from dockwright.lazy import lazy_regex
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import StageSubject
from dockwright.text import Span

CREDENTIAL_URL = lazy_regex(
    r"(?i)^(DATABASE|DB|REDIS|MONGO(DB)?|POSTGRES(QL)?|MYSQL|AMQP|RABBITMQ|BROKER|CELERY_BROKER)_(URL|URI|DSN)$|CONNECTION_STRING$"
)
"""Names of addresses that carry a password."""


def check(subject: StageSubject) -> Iterator[Finding]:
    for name, value, span, message, severity in _found(subject):
        sure = not value or surely_secret(name, value)
        yield RULE.finding(
            subject.at(span, f"stage {subject.stage.label}"),
            message.format(name=name),
            confidence=RULE.confidence if sure else Confidence.MEDIUM,
            severity=severity,
            service=subject.service,
            environment=subject.item.environment,
        )


def _found(subject: StageSubject) -> Iterator[tuple[str, str, Span, str, Severity]]:
    arguments: set[str] = set()
    for command in subject.stage.instructions:
        if type(command) is Arg:
            for declaration in command.declarations:
                name = declaration.name.value
                default = _plain(declaration.default.value) if declaration.default else ""
                if looks_secret(name, default):
                    yield (
                        name,
                        default,
                        declaration.span,
                        "the default of ARG `{name}` is a secret in the image's history",
                        RULE.severity,
                    )
                elif secret_name(name) or CREDENTIAL_URL.search(name):
                    arguments.add(name)
        elif type(command) is Env:
            for pair in command.pairs:
                name, value = pair.key.value, _plain(pair.value.value)
                if looks_secret(name, value):
                    yield name, value, pair.span, "ENV `{name}` holds a secret in the image", RULE.severity
                elif any(f"${{{arg}" in value or f"${arg}" in value for arg in arguments):
                    yield (
                        name,
                        "",
                        pair.span,
                        "ENV `{name}` keeps a secret build argument in the image",
                        Severity.HIGH,
                    )


def _plain(value: str) -> str:
    text = value.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1]
    return "" if is_placeholder(text) and "$" not in text else text


RULE = Rule(
    id="secret-in-image",
    summary="a secret becomes part of an image",
    category=Category.SECURITY,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    same_as=("buildkit:SecretsUsedInArgOrEnv", "trivy:DS-0031", "hadolint:DL3064"),
    examples=(
        Bad(
            {"Dockerfile": "FROM alpine:3.20\nENV API_TOKEN=k3jh5g2k3jh5gk2j3h5g\n"},
            at="ENV API_TOKEN",
            says="ENV `API_TOKEN` holds a secret",
        ),
        Bad(
            {"Dockerfile": "FROM alpine:3.20\nARG DB_PASSWORD\nENV DB_PASSWORD=${DB_PASSWORD}\n"},
            at="ENV DB_PASSWORD",
            says="keeps a secret build argument",
        ),
        Good(
            {
                "Dockerfile": "FROM alpine:3.20\nENV DB_PASSWORD_FILE=/run/secrets/db PUBLIC_KEY_VERSION=2 TOKEN_TTL=3600\n"
                "ENV TLS_KEYSTORE_PASSWORD=/opt/app/secrets/keystore.pass\n"
                "ARG API_TOKEN=changeme\nENV SECRET_KEY=\nRUN --mount=type=secret,id=token cat /run/secrets/token\n",
            },
            why="names of files, versions and times are no secrets, nor are placeholders",
        ),
    ),
)
