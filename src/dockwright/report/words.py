"""Small words that all renderers share: counts with their nouns, joined lists, shortened texts."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from dockwright.report.places import FigureEntry, Place

if TYPE_CHECKING:
    from dockwright.report.document import Document

SEVERITIES = ("critical", "high", "medium", "low", "note")
"""Gravest first."""

MEASURES = frozenset({"s", "ms", "min", "h", "USD", "EUR", "MB"})
"""Units a number needs beside it; what is counted is in the figure's name."""
_IRREGULAR = {"entry": "entries", "copy": "copies", "is": "are"}


def counted(number: int, noun: str) -> str:
    """`1 file`, `2 files`, `1,241 Dockerfiles`."""
    return f"{number:,} {noun if number == 1 else plural(noun)}"


def plural(noun: str) -> str:
    """The plural of a noun (its last word)."""
    head, _, last = noun.rpartition(" ")
    return f"{head} {_plural(last)}".strip()


def _plural(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith(("s", "x", "ch")):
        return word + "es"
    return word[:-1] + "ies" if word.endswith("y") and word[-2:-1] not in "aeiou" else word + "s"


def listed(parts: Iterable[str], limit: int = 0) -> str:
    """`a, b and c`; with a limit `a, b and 12 more`."""
    items = list(parts)
    if limit and len(items) > limit:
        items = [*items[:limit], f"{len(items) - limit:,} more"]
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def shortened(text: str, width: int) -> str:
    """`text` in at most `width` characters, cut with an ellipsis."""
    return text if len(text) <= width else text[: max(width - 1, 0)].rstrip() + "…"


def figure_text(figure: FigureEntry) -> str:
    """A figure's value for people: shares in percent, bytes in binary units, bounds where there are some."""
    text = _value(figure.value, figure.unit)
    if figure.low is not None and figure.high is not None and figure.low != figure.high:
        text = f"{_value(figure.low, figure.unit)} to {_value(figure.high, figure.unit)}"
    return text if figure.basis == "derived" else f"{text} ({figure.basis})"


def _value(value: float, unit: str) -> str:
    if unit == "share":
        return f"{value:.0%}"
    if unit == "bytes":
        return byte_size(value)
    number = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"
    return f"{number} {unit}" if unit in MEASURES else number


def byte_size(value: float) -> str:
    """`3.2 MB` in decimal units, as registries and disks count."""
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            return f"{value:.0f} {unit}" if unit == "B" or value >= 100 else f"{value:.1f} {unit}"
        value /= 1000
    raise AssertionError("unreachable")


def grouped_places(places: Sequence[Place], limit: int = 0) -> list[str]:
    """`path:3,7,12` for every path once, in the order of first mention; with a limit `path:3,7,…`."""
    lines: dict[str, list[int]] = {}
    for place in places:
        found = lines.setdefault(place.path, [])
        if place.line and place.line not in found:
            found.append(place.line)
    return [f"{path}:{_numbers(sorted(found), limit)}" if found else path for path, found in lines.items()]


def _numbers(numbers: Sequence[int], limit: int) -> str:
    shown = numbers[:limit] if limit else numbers
    return ",".join([*map(str, shown), *(["…"] if len(shown) < len(numbers) else [])])


def weights(counts: Mapping[str, int]) -> str:
    """`22 critical, 80 high and 14 low`."""
    return listed(f"{counts[name]:,} {name}" for name in SEVERITIES if counts.get(name))


def findings_text(counts: Mapping[str, int]) -> str:
    """`116 findings (22 critical, 80 high and 14 low)`, `no findings`."""
    number = sum(counts.values())
    return f"{counted(number, 'finding')} ({weights(counts)})" if number else "no findings"


def last_line(document: "Document") -> str:
    """The whole audit in one line."""
    inventory = document.inventory
    own = [item for item in inventory.dockerfiles if item.standing == "own"]
    composes = sum(item.standing == "own" for item in inventory.compose)
    broken = sum(item.buildable is False for item in own)
    files = counted(len(own), "Dockerfile") + (f" ({broken:,} cannot be built)" if broken else "")
    parts = [
        f"{files}, {counted(composes, 'compose file')}",
        findings_text(document.counts.get("severity", {})),
    ]
    if document.suppressed:
        parts.append(f"{counted(len(document.suppressed), 'finding')} accepted")
    if document.subject.above:
        parts.append(f"a folder of the repository at `{document.subject.above}`")
    if document.skipped:
        parts.append(f"{counted(len(document.skipped), 'thing')} not looked at")
    return "; ".join(parts)
