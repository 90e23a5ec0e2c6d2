"""A script that manages containers imports a module of this repository that does not exist.

The script stops with `ModuleNotFoundError` before it does anything, or, where the import stands in `try … except
ImportError`, silently goes another way. It happens when docker helpers are merged and their users are not.

Fix: import the module that took its place, or remove the script when nothing calls it.

One finding per missing module or package, with every import of it.

Only modules of the repository's own packages are judged: the first part of the dotted name must be a package
or folder with Python files at the root or beside the script.
"""

from collections.abc import Iterable, Iterator, Sequence
from posixpath import dirname
from typing import NamedTuple

from dockwright.figures import Basis, Figure
from dockwright.repository.model import Standing
from dockwright.repository.repository import Repository
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.references._imports import (
    ImportedModule,
    imported_modules,
    module_exists,
    named_modules,
)
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ScriptSubject
from dockwright.trees.tree import Tree

SHOWN = 30


def check(repository: Repository) -> Iterator[Finding]:
    groups: dict[str, list[_Use]] = {}
    for item in (*repository.scripts, *repository.workflows):
        if item.standing is Standing.OWN and item.language == "python":
            for use in _uses(ScriptSubject(repository, item)):
                groups.setdefault(use.gone, []).append(use)
    for uses in groups.values():
        yield _finding(uses)


class _Use(NamedTuple):
    """One import of something that is not there."""

    subject: ScriptSubject
    module: ImportedModule
    gone: str
    """The first part of the dotted name that does not exist: `a.b` of `a.b.c`."""

    @property
    def weight(self) -> int:
        return self.module.guarded + 2 * self.subject.item.test


def _uses(subject: ScriptSubject) -> Iterator[_Use]:
    tree = subject.repository.tree
    roots = dict.fromkeys(("", dirname(subject.path)))
    gone = {
        name: missing
        for name in named_modules(subject.source)
        if (missing := _missing(subject.repository, tree, roots, name))
    }
    if gone:
        for module in imported_modules(subject.source, gone):
            if module.name in gone:
                yield _Use(subject, module, gone[module.name])


def _finding(uses: Sequence[_Use]) -> Finding:
    """One finding for everything that imports one missing thing; at the place where it hurts most."""
    ordered = sorted(uses, key=lambda use: use.weight)
    first, others = ordered[0], ordered[1:]
    guard = ["the import is guarded by `except`: without it the script goes another way"]
    files = len({use.subject.path for use in uses})
    return RULE.finding(
        first.subject.at(first.module.span),
        f"imports `{first.module.name}`, which does not exist{f' ({files} files do)' if files > 1 else ''}",
        related=[use.subject.related(use.module.span, "imported here too") for use in others[:SHOWN]],
        figures=[
            Figure(
                "imports", len(uses), "places", Basis.DERIVED, f"imports of `{first.gone}` in {files} files"
            )
        ],
        severity=Severity.LOW if first.weight else RULE.severity,
        confidence=Confidence.MEDIUM if first.module.guarded or first.weight else RULE.confidence,
        evidence=guard if first.module.guarded else [],
    )


def _missing(repository: Repository, tree: Tree, roots: Iterable[str], name: str) -> str:
    """The first part of a dotted name that a package of the repository lacks; empty when all is there or foreign."""
    top = name.partition(".")[0]
    packages = [root for root in roots if _is_package(repository, tree, f"{root}/{top}".lstrip("/"))]
    if not packages or any(module_exists(tree, root, name) for root in packages):
        return ""
    parts = name.split(".")
    prefixes = (".".join(parts[:count]) for count in range(2, len(parts)))
    return next(
        (part for part in prefixes if not any(module_exists(tree, root, part) for root in packages)), name
    )


def _is_package(repository: Repository, tree: Tree, folder: str) -> bool:
    def find() -> frozenset[str]:
        """Folders that hold Python files, however deep."""
        found: set[str] = set()
        for entry in tree.entries():
            if entry.path.endswith(".py"):
                above = dirname(entry.path)
                while above and above not in found:
                    found.add(above)
                    above = dirname(above)
        return frozenset(found)

    return folder in repository.memo("python_folders", find)


RULE = Rule(
    id="missing-module",
    summary="a script that manages containers imports a module of the repository that does not exist",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "scripts/docker_up.py": "import subprocess\nfrom tooling.containers import ports\n\n"
                'subprocess.run(["docker", "compose", "up", "-d"])\n',
                "tooling/__init__.py": "",
                "tooling/volumes.py": "",
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n",
            },
            at="tooling.containers",
            says="`tooling.containers`, which does not exist",
        ),
        Bad(
            {
                "scripts/docker_up.py": "import subprocess\nfrom tooling.containers.ports import free\n\n"
                'subprocess.run(["docker", "compose", "up", "-d"])\n',
                "scripts/docker_down.py": "import subprocess\nfrom tooling.containers import stop\n\n"
                'subprocess.run(["docker", "compose", "down"])\n',
                "tooling/__init__.py": "",
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n",
            },
            at="tooling.containers",
            says="(2 files do)",
        ),
        Good(
            {
                "scripts/docker_up.py": "import subprocess\nimport yaml\nfrom tooling import volumes\n"
                'from tooling.volumes import prune\n\nsubprocess.run(["docker", "compose", "up", "-d"])\n',
                "tooling/__init__.py": "",
                "tooling/volumes.py": "def prune(): ...\n",
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n",
            },
            why="third-party modules are not looked for, and names imported from a module may be its attributes",
        ),
    ),
)
