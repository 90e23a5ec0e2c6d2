"""A Dockerfile is hidden in a script or program as text.

It builds an image that no inventory of files shows, no linter reads and no one finds when the base image has a hole;
where it is written "if the file is missing", a deleted Dockerfile quietly comes back in another form.

Keep it as a file. Not reported: tests, and tools that are made to write Dockerfiles (templates in packages named after
it) are reported with the same words, as they cannot be told apart.
"""

from collections.abc import Iterator

from dockwright.repository.model import Standing
from dockwright.repository.repository import Repository
from dockwright.rules.finding import Category, Confidence, Finding, Location, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.text import Span


def check(repository: Repository) -> Iterator[Finding]:
    for item in repository.dockerfiles:
        if (
            not item.inline
            or item.standing is not Standing.OWN
            or item.source.path.endswith((".yml", ".yaml", ".hcl", ".json", ".md"))
        ):
            continue
        first = item.tree.instructions[0] if item.tree.instructions else None
        bases = [stage.base.name for stage in item.tree.stages if stage.base.name]
        span = first.span if first is not None else Span(0, 0)
        yield RULE.finding(
            Location.at(item.source, span),
            f"holds a Dockerfile as text{f', on `{bases[-1]}`' if bases else ''}",
            service=item.service,
        )


RULE = Rule(
    id="dockerfile-in-code",
    summary="a Dockerfile is hidden in a script or program as text",
    category=Category.DRIFT,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "deploy.py": "from pathlib import Path\n\nif not Path('Dockerfile').exists():\n"
                "    Path('Dockerfile').write_text('''FROM python:3.12-slim\nCOPY . /app\nCMD [\"python\", \"/app/main.py\"]\n''')\n",
            },
            at="FROM python:3.12-slim",
            says="holds a Dockerfile as text, on `python:3.12-slim`",
        ),
        Good(
            {
                "query.py": "SQL = '''\nSELECT name\nFROM ships\n'''\n",
                "compose.yaml": "services:\n  web:\n    build:\n      context: .\n      dockerfile_inline: |\n        FROM nginx:1.27\n        COPY a /\n",
                "a": "",
            },
            why="SQL is no Dockerfile, and an inline Dockerfile in a compose file is where Compose expects it",
        ),
    ),
)
