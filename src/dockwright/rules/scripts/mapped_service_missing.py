"""A tool translates service names for a compose file that has none of them.

`if "docker-compose.test.yml" in file: names = {"postgres": "test-postgres", …}`: every later command by name fails with
`no such service` when the file calls them otherwise. It happens when a second file is added to the condition and not
to the names.

Fix: read the names from the compose file (`docker compose config --services`), or give this file a table of its own.

Reported when a branch on a compose file's name holds a table of names, at least two of which look like services, and
none of them is a service of that file although the file exists and has services.
"""

import ast
import re
from collections.abc import Iterator
from posixpath import basename

from dockwright.repository.narrow import parsed
from dockwright.repository.repository import Repository
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.scripts._fallbacks import COMPOSE, COMPOSE_NAME
from dockwright.rules.subjects import ScriptSubject
from dockwright.shell.python.nodes import nodes, statements
from dockwright.text import Span

HINT = re.compile(rb"\bif\b[^\n]{0,200}compose[\w.-]{0,100}\.ya?ml")
"""Without such a line there is nothing to read more closely."""


def check(subject: ScriptSubject) -> Iterator[Finding]:
    data = subject.source.data
    if subject.item.language != "python" or not COMPOSE.search(data) or not HINT.search(data):
        return  # the first pattern begins with a word, which is looked for ten times as fast
    tree = parsed(subject.source, (match.start() for match in COMPOSE.finditer(data)))
    for node in statements(tree) if tree is not None else ():
        if isinstance(node, ast.If):
            yield from _branch(subject, node)


def _branch(subject: ScriptSubject, node: ast.If) -> Iterator[Finding]:
    files = [
        part
        for part in nodes(node.test, (ast.Constant,))
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and COMPOSE_NAME.search(part.value)
    ]
    if not files:
        return
    for mapping in (
        part
        for statement in node.body
        for part in nodes(statement, (ast.Dict,))
        if isinstance(part, ast.Dict)
    ):
        keys = [
            key.value for key in mapping.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)
        ]
        names = [
            value.value
            for value in mapping.values
            if isinstance(value, ast.Constant) and isinstance(value.value, str)
        ]
        if len(names) < 2 or len(names) != len(mapping.values) or len(keys) != len(names):
            continue
        if sum(key in name for key, name in zip(keys, names, strict=True)) < 2:
            continue
        for file in files:
            named = str(file.value) if isinstance(file.value, str) else ""
            services = _services(subject.repository, named)
            if services and not services & set(names):
                yield RULE.finding(
                    subject.at(_span(subject, file)),
                    f"maps services of `{named}` to names it does not have: {', '.join(f'`{name}`' for name in names[:4])}",
                    evidence=[f"services there: {', '.join(sorted(services)[:8])}"],
                )


def _services(repository: Repository, name: str) -> set[str]:
    """Services of the one compose file of that name; empty when it is unknown or not unique."""
    found = [item for item in repository.own_composes if basename(item.path) == basename(name)]
    return set(found[0].file.services) if len(found) == 1 else set()


def _span(subject: ScriptSubject, node: ast.Constant) -> Span:
    starts = subject.source.line_starts
    start = starts[node.lineno - 1] + node.col_offset
    return Span(start, starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0))


RULE = Rule(
    id="mapped-service-missing",
    summary="a tool translates service names for a compose file that has none of them",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    check=check,
    examples=(
        Bad(
            {
                "docker_tool.py": "import subprocess\n\n\ndef name(file, service):\n"
                "    if 'compose.test.yml' in file or 'compose.slim.yml' in file:\n"
                "        return {'db': 'test-db', 'api': 'test-api'}[service]\n    return service\n\n\n"
                "def up(file):\n    subprocess.run(['docker', 'compose', '-f', file, 'up'])\n",
                "compose.test.yml": "services:\n  test-db:\n    image: postgres:16\n  test-api:\n    image: example/api:1\n",
                "compose.slim.yml": "services:\n  slim-db:\n    image: postgres:16\n  slim-api:\n    image: example/api:1\n",
            },
            at="compose.slim.yml",
            says="maps services of `compose.slim.yml` to names it does not have",
        ),
        Good(
            {
                "docker_tool.py": "import subprocess\n\nif 'compose.test.yml' in open('f').read():\n"
                "    ports = {'db': '5432', 'api': '8000'}\n    names = {'db': 'test-db', 'api': 'test-api'}\n"
                "subprocess.run(['docker', 'compose', 'up'])\n",
                "compose.test.yml": "services:\n  test-db:\n    image: postgres:16\n  test-api:\n    image: example/api:1\n",
            },
            why="the file has these services, and the other table is not one of names",
        ),
    ),
)
