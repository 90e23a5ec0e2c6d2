"""Markdown's own grammar: escaping, code spans, tables. Nothing of the repository can break out of a cell."""

import re
from collections.abc import Iterable, Sequence
from html import escape

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")
_DIGEST = re.compile(r"(@sha256:[0-9a-f]{12})[0-9a-f]{52}")
"""Wide tables are not read; the whole digest stands in the file."""
_FENCE = re.compile(r"`+")


def escaped(text: str) -> str:
    """`text` as plain words: no character of it is markup."""
    return _SPECIAL.sub(r"\\\1", text)


def prose(text: str) -> str:
    """Our own messages: `code` between single backticks stays code, everything else is escaped."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # an odd number of backticks: none of them can be trusted
        return escaped(text)
    return "".join(code(part) if index % 2 else escaped(part) for index, part in enumerate(parts))


def code(text: str) -> str:
    """`text` as a code span; a bar is escaped, as tables want it, and backticks inside are fenced by longer ones."""
    if not text:
        return ""
    if "@sha256:" in text:
        text = _DIGEST.sub(r"\1…", text)
    longest = max((len(run) for run in _FENCE.findall(text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") or text.isspace() else ""
    return f"{fence}{pad}{text}{pad}{fence}".replace("|", "\\|")


def codes(texts: Iterable[str], limit: int = 0) -> str:
    """Code spans in a row; with a limit the rest as a number."""
    items = list(texts)
    shown = items[:limit] if limit else items
    rest = len(items) - len(shown)
    return ", ".join(map(code, shown)) + (f" and {rest:,} more" if rest else "")


def table(head: Sequence[str], rows: Iterable[Sequence[str]], align: str = "") -> list[str]:
    """A table; `align` has one letter per column: l (default), r. Cells must be escaped already."""
    marks = ["---:" if index < len(align) and align[index] == "r" else "---" for index in range(len(head))]
    lines = [_row(head), _row(marks)]
    lines += [_row(row) for row in rows]
    return [*lines, ""]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell or ' ' for cell in cells)} |"


def details(summary: str, body: Sequence[str]) -> list[str]:
    """A part that is folded away until it is asked for. `summary` is prose of ours; it stands in HTML, not Markdown."""
    parts = [escape(part, quote=False) for part in summary.split("`")]
    if len(parts) % 2:
        parts[1::2] = [f"<code>{part}</code>" for part in parts[1::2]]
    return ["<details>", f"<summary>{''.join(parts)}</summary>", "", *body, "</details>", ""]
