"""A script that manages containers imports a module of this repository that does not exist.

The script stops with `ModuleNotFoundError` before it does anything, or, where the import stands in `try … except
ImportError`, silently goes another way. It happens when docker helpers are merged and their users are not.

Only modules of the repository's own packages are judged: the first part of the dotted name must be a package
or folder with Python files at the root or beside the script.
"""

from collections.abc import Iterator
from posixpath import dirname

from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.references._imports import imported_modules, module_exists
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ScriptSubject


def check(subject: ScriptSubject) -> Iterator[Finding]:
    if subject.item.language != "python":
        return
    tree = subject.repository.tree
    folder = dirname(subject.path)
    for module in imported_modules(subject.source):
        top = module.name.partition(".")[0]
        roots = [root for root in dict.fromkeys(("", folder)) if tree.is_dir(f"{root}/{top}".lstrip("/"))]
        packages = [root for root in roots if any(e.path.endswith(".py") for e in tree.under(f"{root}/{top}".lstrip("/")))]
        if not packages or any(module_exists(tree, root, module.name) for root in packages):
            continue
        yield RULE.finding(
            subject.at(module.span),
            f"imports `{module.name}`, which does not exist",
            severity=Severity.LOW if module.guarded or subject.item.test else RULE.severity,
            evidence=["the import is guarded by `except`: without it the script goes another way"] if module.guarded else [],
        )


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
