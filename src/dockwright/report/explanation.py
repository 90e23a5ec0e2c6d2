"""An explanation as text: titled sections, the place of each line at its end."""

from typing import Any


def as_text(explanation: dict[str, Any]) -> str:
    """`explanation` is the cleaned plain data of an `Explanation`."""
    lines = [explanation["title"]]
    for section in explanation["sections"]:
        lines += ["", f"{section['title']}:"]
        lines += [_line(line) for line in section["lines"]]
    return "\n".join(lines) + "\n"


def _line(line: dict[str, str]) -> str:
    where = f"  [{line['where']}]" if line["where"] else ""
    return f"  {line['text']}{where}"
