"""Writes the index of all rules from the files of their families, or checks it.

    python -m tools.families write | check

An explicit index keeps start-up from scanning folders and from importing rules that are not run; generating it keeps
adding a rule to one file.
"""

import re
import sys
from pathlib import Path

from dockwright.rules.families import FAMILIES

RULES = Path(__file__).resolve().parent.parent / "src" / "dockwright" / "rules"


def registry(family: str) -> str:
    """The text of a family's `__init__.py`: its docstring alone, so that importing one rule imports no other."""
    path = RULES / family / "__init__.py"
    current = path.read_text("utf-8") if path.exists() else ""
    doc = current.split('"""')[1] if current.startswith('"""') else f"Rules: {family}."
    return f'"""{doc}"""\n'


def index() -> str:
    """The text of `rules/index.py`: what is known of every rule without importing it."""
    lines = [
        '"""Every rule by id, with its module and the subject it asks for. Written by `python -m tools.families`."""',
        "",
        "INDEX: tuple[tuple[str, str, str], ...] = (",
    ]
    for family in FAMILIES:
        for path in sorted((RULES / family).glob("*.py")):
            if path.stem.startswith("_"):
                continue
            subject = re.search(r"^def check\(\s*\w+: (\w+)", path.read_text("utf-8"), re.MULTILINE)
            if subject is None:
                raise SystemExit(f"{path}: no `def check(subject: Kind)`")
            name = path.stem.replace("_", "-")
            lines.append(f'    ("{name}", "{family}.{path.stem}", "{subject[1]}"),')
    return "\n".join([*lines, ")"]) + "\n"


def main(action: str) -> int:
    stale = 0
    if not (RULES / "index.py").exists() or (RULES / "index.py").read_text("utf-8") != index():
        stale += 1
        if action == "check":
            print("index.py: run `python -m tools.families write`")
        else:
            (RULES / "index.py").write_text(index(), "utf-8")
    for family in FAMILIES:
        path = RULES / family / "__init__.py"
        text = registry(family)
        if path.exists() and path.read_text("utf-8") == text:
            continue
        stale += 1
        if action == "check":
            print(f"{path.name} of {family}: run `python -m tools.families write`")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    return 1 if stale and action == "check" else 0


if __name__ == "__main__":
    if sys.argv[1:] not in (["write"], ["check"]):
        sys.exit("usage: python -m tools.families write | check")
    sys.exit(main(sys.argv[1]))
