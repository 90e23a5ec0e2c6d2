"""Workflows that GitHub never runs: `.github/workflows` below another folder.

GitHub reads `.github/workflows` in the root of the repository only. Workflows came along when a repository was moved into
another one as a folder: its builds, tests and image scans have not run since, and nobody is told.

Fix: move what is still wanted to the root (paths change, and triggers may need `paths:`), remove the rest.

One note per folder. Not reported: vendored copies, fixtures, and folders of templates and examples, from which other
repositories are made.
"""

import re
from collections.abc import Iterator

from dockwright.repository.model import Standing
from dockwright.repository.repository import Repository
from dockwright.repository.standing import place_standing
from dockwright.rules.finding import Category, Confidence, Finding, Location, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule

NESTED = re.compile(r"(.+/\.github/workflows)/[^/]+\.ya?ml")
MADE_FROM = re.compile(
    r"(?i)(?:^|[/_.-])(?:templates?|examples?|samples?|starters?|skeletons?|scaffold(?:s|ing)?|boilerplates?|cookiecutter"
    r"|generators?|blueprints?|demos?|submodules?|external|extern|deps|subtrees?)(?:[/_.-]|$)|\{\{"
)
SHOWN = 12


def check(repository: Repository) -> Iterator[Finding]:
    folders: dict[str, list[str]] = {}
    for entry in repository.tree.entries():
        if ".github/workflows/" in entry.path and (match := NESTED.fullmatch(entry.path)):
            folders.setdefault(match[1], []).append(entry.path)
    for folder, paths in sorted(folders.items()):
        if MADE_FROM.search(folder) or place_standing(paths[0])[0] is not Standing.OWN:
            continue
        count = len(paths)
        yield RULE.finding(
            Location.file(paths[0]),
            f"{'this workflow is' if count == 1 else f'these {count} workflows are'} never run: "
            f"GitHub reads `.github/workflows` in the repository's root, not `{folder}`",
            related=[Related(Location.file(path), "nor this one") for path in paths[1:SHOWN]],
        )


RULE = Rule(
    id="nested-workflow",
    summary="workflows that GitHub never runs: `.github/workflows` below another folder",
    category=Category.DEAD,
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "services/api/.github/workflows/image.yml": "on: push\njobs:\n  image:\n    runs-on: ubuntu-latest\n"
                "    steps:\n      - run: docker build .\n",
                "services/api/Dockerfile": "FROM scratch\nCOPY a /\n",
                "services/api/a": "",
            },
            at="services/api/.github/workflows/image.yml",
            says="this workflow is never run",
        ),
        Good(
            {
                ".github/workflows/image.yml": "on: push\njobs: {}\n",
                "templates/service/.github/workflows/image.yml": "on: push\njobs: {}\n",
            },
            why="one lies in the root, from the other repositories are made",
        ),
    ),
)
