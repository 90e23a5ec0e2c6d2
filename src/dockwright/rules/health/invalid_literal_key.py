"""A key given as a literal is not a key of the kind its name asks for.

A Fernet key is 32 bytes in URL-safe base64: 44 characters with `=` at the end. Anything else makes the first
`Fernet(key)` raise `ValueError`, in Airflow, Superset and every program with encrypted settings. Such a value is mostly
a text somebody made up as a placeholder.

Fix: `Fernet.generate_key()`, given from outside. The value itself is never shown. Judged are variables named for
Fernet keys in compose files, Dockerfiles and env files that a compose file reads; not reported: values with variables,
empty ones, and those that somebody took out (`redacted…`).
"""

import base64
import binascii
import re
from collections.abc import Iterator

from dockwright.compose.dotenv import parse
from dockwright.compose.model import KeyValue
from dockwright.dockerfile.instructions.types import Env
from dockwright.knowledge.secrets import is_reference
from dockwright.repository.repository import Repository
from dockwright.rules.finding import Category, Confidence, Finding, Location, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import compose_subjects, dockerfile_subjects

_NAME = re.compile(r"(?:.*_)?FERNET_(?:SECRET_)?KEYS?", re.IGNORECASE)
KEY_BYTES = 32


def check(repository: Repository) -> Iterator[Finding]:
    for compose in compose_subjects(repository):
        for service in compose.file.services.values():
            for pair in service.environment:
                value = _value(pair)
                if value is not None and (fault := _fault(pair.name, value)):
                    location = compose.at(pair.span, f"services.{service.name}.environment.{pair.name}")
                    yield _finding(location, pair.name, fault, service.name)
    for dockerfile in dockerfile_subjects(repository):
        for command in dockerfile.tree.commands:
            for env in command.pairs if isinstance(command, Env) else ():
                value = env.value.value.strip("\"'")
                if "$" not in value and (fault := _fault(env.key.value, value)):
                    yield _finding(dockerfile.at(env.span), env.key.value, fault, dockerfile.service)
    yield from _in_env_files(repository)


def _value(pair: KeyValue) -> str | None:
    """The value the service gets when nobody sets anything."""
    return pair.value.default if pair.value is not None else None


def _in_env_files(repository: Repository) -> Iterator[Finding]:
    paths = {
        ref.target for ref in repository.references if ref.expects == "env_file" and ref.target is not None
    }
    for path in sorted(paths):
        data = repository.source_data(path)
        if b"FERNET" not in data.upper():
            continue
        for assignment in parse(data, path).assignments:
            text = assignment.text or ""
            if "$" not in text and (fault := _fault(assignment.name, text)):
                source = parse(data, path).source
                yield _finding(Location.at(source, assignment.key_span), assignment.name, fault, "")


def _fault(name: str, value: str) -> str:
    """Why a value is no key of the kind the name asks for; empty when it is one or cannot be judged."""
    if not _NAME.fullmatch(name) or not value or is_reference(value) or value.startswith("redacted"):
        return ""
    keys = value.split(",") if name.upper().endswith("KEYS") else [value]
    for key in keys:
        try:
            size = len(base64.urlsafe_b64decode(key.strip().encode("ascii", "replace")))
        except (binascii.Error, ValueError):
            return "is not base64"
        if size != KEY_BYTES:
            return f"holds {size} bytes, not {KEY_BYTES}"
    return ""


def _finding(location: Location, name: str, fault: str, service: str) -> Finding:
    return RULE.finding(
        location, f"the literal value of `{name}` {fault}: Fernet refuses it", service=service
    )


RULE = Rule(
    id="invalid-literal-key",
    summary="a key given as a literal is not a key of the kind its name asks for",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  api:\n    image: api:1\n    environment:\n"
                "      FERNET_KEY: some_text_of_sixty_five_characters_that_is_no_base64_at_all_really\n"
            },
            at="FERNET_KEY:",
            says="the literal value of `FERNET_KEY` is not base64: Fernet refuses it",
        ),
        Bad(
            {
                "compose.yaml": "services:\n  api:\n    image: api:1\n    environment:\n"
                "      - AIRFLOW__CORE__FERNET_KEY=${KEY:-c2hvcnQ=}\n"
            },
            at="FERNET_KEY=",
            says="holds 5 bytes, not 32",
        ),
        Good(
            {
                "compose.yaml": "services:\n  api:\n    image: api:1\n    environment:\n"
                "      FERNET_KEY: AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
                "      AIRFLOW__CORE__FERNET_KEY: ''\n      OTHER_FERNET_KEY: ${FERNET}\n      SECRET_KEY: anything\n"
            },
            why="a valid key, an empty one (Airflow then does not encrypt), one from outside, and another kind of key",
        ),
    ),
)
