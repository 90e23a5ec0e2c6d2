"""A script that manages containers imports a module of this repository that does not exist.

The script stops with `ModuleNotFoundError` before it does anything, or, where the import stands in `try … except
ImportError`, silently goes another way. It happens when docker helpers are merged and their users are not.

Fix: import the module that took its place, or remove the script when nothing calls it.

Only modules of the repository's own packages are judged: the first part of the dotted name must be a package
or folder with Python files at the root or beside the script.
"""

from collections.abc import Iterable, Iterator
from posixpath import dirname

from dockwright.repository.repository import Repository
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.references._imports import imported_modules, module_exists, named_modules
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ScriptSubject
from dockwright.trees.tree import Tree


def check(subject: ScriptSubject) -> Iterator[Finding]:
    if subject.item.language != "python":
        return
    tree = subject.repository.tree
    roots = dict.fromkeys(("", dirname(subject.path)))
    missing = {
        name for name in named_modules(subject.source) if _missing(subject.repository, tree, roots, name)
    }
    if not missing:
        return
    for module in imported_modules(subject.source, missing):
        if module.name not in missing:
            continue
        guard = ["the import is guarded by `except`: without it the script goes another way"]
        yield RULE.finding(
            subject.at(module.span),
            f"imports `{module.name}`, which does not exist",
            severity=Severity.LOW if module.guarded or subject.item.test else RULE.severity,
            evidence=guard if module.guarded else [],
        )


def _missing(repository: Repository, tree: Tree, roots: Iterable[str], name: str) -> bool:
    """True when the module's first part is a package of the repository, and the module is not in it."""
    top = name.partition(".")[0]
    packages = [root for root in roots if _is_package(repository, tree, f"{root}/{top}".lstrip("/"))]
    return bool(packages) and not any(module_exists(tree, root, name) for root in packages)


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
