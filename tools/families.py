"""Writes the `RULES` tuple of every rule family from the files in it, or checks it.

    python -m tools.families write | check

An explicit tuple keeps start-up from scanning folders; generating it keeps adding a rule to one file.
"""

import sys
from pathlib import Path

from dockwright.rules.catalogue import FAMILIES

RULES = Path(__file__).resolve().parent.parent / "src" / "dockwright" / "rules"


def registry(family: str) -> str:
    """The text of a family's `__init__.py`: its first docstring line is kept, the rest follows from its files."""
    folder = RULES / family
    current = (folder / "__init__.py").read_text("utf-8") if (folder / "__init__.py").exists() else ""
    doc = current.split('"""')[1] if current.startswith('"""') else f"Rules: {family}."
    names = sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("_"))
    if not names:
        return f'"""{doc}"""\n\nfrom dockwright.rules.rule import Rule\n\nRULES: tuple[Rule, ...] = ()\n'
    lines = [f'"""{doc}"""', ""]
    the_rule = "from dockwright.rules.rule import Rule"
    if family > "rule":  # the order in which ruff sorts imports
        lines.append(the_rule)
    one_line = f"from dockwright.rules.{family} import {', '.join(names)}"
    if len(one_line) <= 110:
        lines.append(one_line)
    else:
        lines += [f"from dockwright.rules.{family} import (", *(f"    {name}," for name in names), ")"]
    lines += [] if family > "rule" else [the_rule]
    lines += ["", "RULES: tuple[Rule, ...] = ("]
    lines += [f"    {name}.RULE," for name in names]
    return "\n".join([*lines, ")"]) + "\n"


def main(action: str) -> int:
    stale = 0
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
