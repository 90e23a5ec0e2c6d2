"""A compose file holds a secret in plain text.

It is in the repository's history for everybody who ever has a clone, and it stays there after it was removed:
changing it is the only cure. Take it from the environment (`${NAME:?}`), an `env_file` that git ignores, or `secrets:`.

Severity follows what the file is for: staging and production literals are grave; a database password of a
development or test stack that only ever guards throw-away data is a note that it must not be the same one elsewhere.
Placeholders, references and `*_FILE` names are not reported. Medium confidence for
values that everybody tries first or that are made up for a trial, and for names that may stand for something public. Values are never shown.
"""

import re
from collections.abc import Iterator

from dockwright.compose.model import KeyValue
from dockwright.knowledge.secrets import is_weak, looks_secret, surely_secret
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ServiceSubject

LOCAL = frozenset(("development", "test", "ci"))


def check(subject: ServiceSubject) -> Iterator[Finding]:
    service = subject.service
    own = service.node.span
    for where, pairs in (
        ("environment", service.environment),
        ("build argument", service.build.args if service.build else ()),
    ):
        for pair in pairs:
            value = _literal(pair)
            kind = looks_secret(pair.name, value) if value else ""
            if not kind or (_anchored(subject, pair) and not own.start <= pair.span.start < own.end):
                continue  # of an anchor that several services take in: said once
            label = "a secret" if kind == "named so" else f"a {kind}" if kind[0].isupper() else kind
            yield RULE.finding(
                subject.at(pair.span, f"{subject.route}.{where}.{pair.name}"),
                f"`{pair.name}` of `{service.name}` is {label} in plain text",
                severity=_severity(subject, _password(value) if kind == "URL with password" else value),
                confidence=RULE.confidence if surely_secret(pair.name, value) else Confidence.MEDIUM,
                service=service.name,
                environment=subject.item.environment,
            )


def _anchored(subject: ServiceSubject, pair: KeyValue) -> bool:
    """True when an earlier service of the file has the very same line."""
    for name, service in subject.item.file.services.items():
        if name == subject.service.name:
            return False
        if any(other.span == pair.span for other in service.environment):
            return True
    return False


def _literal(pair: KeyValue) -> str:
    """The value as far as it is written in the file: a literal, or the literal default of a variable."""
    if pair.value is None:
        return ""
    raw = pair.value.raw
    if "$" not in raw:
        return raw
    return pair.value.literal or ""


def _password(url: str) -> str:
    """The password in a URL; the URL itself where it has none."""
    found = re.search(r"://[^/\s:@]*:([^@\s]+)@", url)
    return found[1] if found else url


_ASIDE = re.compile(
    r"(?:^|/)\.(?:ci|circleci|devcontainer|github|gitlab|gitpod)/|[._-](?:cypress|playwright|e2e)\.ya?ml$"
)
"""Stacks of CI and of development containers, by their place."""
_THROW_AWAY = re.compile(
    r"(?i)(?:^|[-_.])(?:test|tests|testing|dev|development|local|demo|example)(?:$|[-_.])"
)


def _throw_away(subject: ServiceSubject, value: str) -> bool:
    """True for a password that guards nothing: `shop-test`, or the name of the user, database or project."""
    if _THROW_AWAY.search(value):
        return True
    service = subject.service
    others = {_literal(pair) for pair in service.environment if not looks_secret(pair.name, _literal(pair))}
    users = {
        found[1]
        for pair in service.environment
        if (found := re.search(r"://([^/\s:@]+):[^@\s]+@", _literal(pair)))
    }
    return value in others | users | {service.name}


def _severity(subject: ServiceSubject, value: str) -> Severity:
    aside = _ASIDE.search(subject.item.path) is not None
    if (aside or _throw_away(subject, value)) and subject.item.environment not in ("production", "staging"):
        return Severity.LOW
    if subject.item.environment in LOCAL or (not subject.item.environment and is_weak(value)):
        return Severity.LOW
    return Severity.MEDIUM if is_weak(value) else RULE.severity


RULE = Rule(
    id="secret-in-compose",
    summary="a compose file holds a secret in plain text",
    category=Category.SECURITY,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "docker-compose.prod.yml": "services:\n  api:\n    image: example/api:1\n    environment:\n"
                "      JWT_SECRET_KEY: 8f3a9c1b7d5e2f4a6b8c0d1e2f3a4b5c\n      LOG_LEVEL: info\n",
            },
            at="JWT_SECRET_KEY",
            says="`JWT_SECRET_KEY` of `api` is a secret in plain text",
        ),
        Bad(
            {
                "compose.yaml": "services:\n  api:\n    image: example/api:1\n    environment:\n"
                "      - DATABASE_URL=postgres://app:7h3-r34l-0n3@db/app\n",
            },
            at="DATABASE_URL",
            says="a URL with password",
        ),
        Good(
            {
                "compose.yaml": "services:\n  api:\n    image: example/api:1\n    environment:\n      API_TOKEN: ${API_TOKEN:?}\n"
                "      SECRET_KEY: change-me\n      DB_PASSWORD_FILE: /run/secrets/db\n"
                "      DATABASE_URL: postgres://app:${DB_PASSWORD}@db/app\n",
            },
            why="references, placeholders and names of files give nothing away",
        ),
    ),
)
