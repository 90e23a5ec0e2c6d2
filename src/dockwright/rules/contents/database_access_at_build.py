"""A build step works on a database.

`RUN python manage.py migrate` needs a database while the image is built: the build fails where there is none, and where
there is one, whoever builds the image changes it. It also runs once per build instead of once per deployment, and a
cached step does not run at all.

Fix: migrate when the service starts, or as a job of its own.
"""

from collections.abc import Iterator

from dockwright.lazy import lazy_regex
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import StageSubject

MIGRATES = lazy_regex(
    r"manage\.py\s+(migrate|loaddata|syncdb)\b|\balembic\s+(?:-\S+\s+\S+\s+){0,6}upgrade\b|\bflask\s+db\s+upgrade\b|"
    r"\b(rails|rake)\s+db:(migrate|setup|seed|schema:load)\b|\bprisma\s+(migrate\s+deploy|db\s+push)\b|"
    r"\bartisan\s+migrate\b|\bknex\s+migrate|\bsequelize\s+db:migrate\b|\bflyway\s+migrate\b|\bdotnet\s+ef\s+database\s+update\b"
)

HINT = lazy_regex(rb"migrat|loaddata|syncdb|alembic|flask\W+db|db:|db\W+push|ef\W+database")
"""Without one of these words there is nothing to read more closely."""
WORDS = (b"migrat", b"loaddata", b"syncdb", b"alembic", b"flask", b"db:", b"push", b"database")
"""What HINT matches holds one of these; they are found faster."""


def check(subject: StageSubject) -> Iterator[Finding]:
    if not any(word in subject.run_text for word in WORDS):
        return
    for body in subject.runs:
        if not HINT.search(body.data):
            continue
        for command in body.commands:
            said = " ".join(word.value or word.raw for word in command.argv[:12])
            match = MIGRATES.search(said)
            if (
                match
                and "--help" not in said
                and "sqlite" not in subject.source.data.decode("utf-8", "replace").lower()
            ):
                yield RULE.finding(
                    subject.at(command.span, f"stage {subject.stage.label}"),
                    f"`{match[0]}` needs a database while the image is built",
                    service=subject.service,
                )


RULE = Rule(
    id="database-access-at-build",
    summary="a build step works on a database",
    category=Category.DANGEROUS,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "Dockerfile": "FROM python:3.12-slim\nCOPY manage.py /\nRUN python manage.py migrate --no-input\n",
                "manage.py": "",
            },
            at="python manage.py migrate",
            says="needs a database while the image is built",
        ),
        Good(
            {
                "Dockerfile": "FROM python:3.12-slim\nCOPY manage.py /\nRUN python manage.py collectstatic\nCMD python manage.py migrate && serve\n",
                "manage.py": "",
            },
            why="it migrates when the container starts",
        ),
    ),
)
