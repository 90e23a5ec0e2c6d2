"""A heat map over time as SVG: a row for each step, a column for each part of the history, darker where more misses.

Self-contained: no script, no font, nothing fetched. Colours are of one scale from light to dark, so that they can be told
apart without seeing hues; every cell says its numbers as a title.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from html import escape

from dockwright.replay.result import DockerfileResult, ReplayResult
from dockwright.report.replay import words

CELL, ROW, LABEL, TOP = 14, 16, 380, 40
_SHADES = ("#f2f2ee", "#fde3c0", "#fbbd7c", "#f28d3c", "#cf5a12", "#8a3206", "#4a1802")
_BOUNDS = (0.0, 0.01, 0.05, 0.15, 0.4, 0.75)


def render(result: ReplayResult) -> str:
    """The picture of all Dockerfiles that have steps and commits."""
    shown = [one for one in result.dockerfiles if one.steps and one.commits]
    columns = max((len(one.over_time) for one in shown), default=0)
    height = TOP + sum(ROW * (len(one.steps) + 2) for one in shown) + ROW
    width = LABEL + columns * CELL + 20
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="sans-serif" font-size="11">',
        f"<title>Steps run again over time: {escape(words.subject(result))}</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        *_axis(result.begins, columns),
    ]
    top = TOP
    for one in shown:
        parts += _dockerfile(one, result.begins, top)
        top += ROW * (len(one.steps) + 2)
    return "\n".join([*parts, "</svg>", ""])


def _axis(begins: Sequence[int], columns: int) -> Iterator[str]:
    for column in range(0, min(columns, len(begins)), 8):
        yield f'<text x="{LABEL + column * CELL}" y="{TOP - 16}" fill="#555">{_day(begins[column])}</text>'


def _dockerfile(one: DockerfileResult, begins: Sequence[int], top: int) -> Iterator[str]:
    heading = f"{words.title(one)}: {words.share(one)} of {one.commits:,} commits need no rebuild"
    yield f'<text x="8" y="{top + 11}" font-weight="bold">{escape(heading)}</text>'
    for row, step in enumerate(one.steps):
        y = top + ROW * (row + 1)
        label = f"{step.line} {step.text}"
        short = label if len(label) <= 62 else label[:61] + "…"
        yield f'<text x="8" y="{y + 11}">{escape(short)}</text>'
        for column, commits in enumerate(one.over_time):
            if not commits:
                continue
            misses = step.over_time[column] if column < len(step.over_time) else 0
            day = _day(begins[column]) if column < len(begins) else ""
            yield (
                f'<rect x="{LABEL + column * CELL}" y="{y}" width="{CELL - 1}" height="{ROW - 1}" '
                f'fill="{_shade(misses / commits)}"><title>from {day}: {misses} of {commits} commits</title></rect>'
            )


def _shade(share: float) -> str:
    return _SHADES[sum(share > bound for bound in _BOUNDS)]


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, tz=UTC).date().isoformat()
