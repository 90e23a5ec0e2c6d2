"""Writes the generated pages of the documentation, or checks that they are what the code says.

    python -m tools.docs write | check

Generated: one page per rule (`docs/rules/<id>.md`) from the rule's docstring and its executed examples, with the
findings this build really gives, and their index `docs/rules/index.md`.
"""

import sys
from collections.abc import Iterator
from importlib import import_module
from inspect import cleandoc
from pathlib import Path

from dockwright.rules.catalogue import all_rules
from tools.rule_pages import index_page, rule_page

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "rules"


def pages() -> Iterator[tuple[Path, str]]:
    """Every generated page: its path and the text it should have."""
    rules = all_rules()
    yield PAGES / "index.md", index_page(rules)
    for rule in rules:
        doc = cleandoc(import_module(rule.check.__module__).__doc__ or "")
        yield PAGES / f"{rule.id}.md", rule_page(rule, doc)


def main(action: str) -> int:
    wanted = dict(pages())
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text("utf-8") != text]
    surplus = [path for path in sorted(PAGES.glob("*.md")) if path not in wanted]
    if action == "check":
        for path in stale:
            print(f"{path.relative_to(ROOT)}: not what the code says; run `make docs`")
        for path in surplus:
            print(f"{path.relative_to(ROOT)}: no such rule; run `make docs`")
        return 1 if stale or surplus else 0
    PAGES.mkdir(parents=True, exist_ok=True)
    for path in stale:
        path.write_text(wanted[path], "utf-8")
    for path in surplus:
        path.unlink()
    print(f"{len(wanted)} pages, {len(stale)} written, {len(surplus)} removed")
    return 0


if __name__ == "__main__":
    if sys.argv[1:] not in (["write"], ["check"]):
        sys.exit("usage: python -m tools.docs write | check")
    sys.exit(main(sys.argv[1]))
