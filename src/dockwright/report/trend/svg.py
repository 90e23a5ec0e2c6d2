"""Trends as one SVG: points over builds, levels as lines, changes marked. No script, no font, nothing fetched."""

from collections.abc import Callable, Iterator, Sequence
from html import escape

from dockwright.measure.trends.build import Trend
from dockwright.quantities import show
from dockwright.report.clean import printable
from dockwright.report.trend.text import title

Place = Callable[[float], str]
"""From a value or index to a coordinate."""
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 170, 90, 20, 34, 26


def _safe(text: str) -> str:
    """Fit for XML, which some characters are not in any writing."""
    return escape(printable(text))


def render(target: str, found: Sequence[Trend]) -> str:
    """One plot below the other."""
    height = HEIGHT * len(found) + 30
    size = f'width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="sans-serif" font-size="11">',
        f"<title>{_safe(f'Builds of {target} over time')}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="10" y="20" font-size="14" font-weight="bold">{_safe(target)}</text>',
    ]
    for number, trend in enumerate(found):
        parts += _plot(trend, 30 + number * HEIGHT)
    return "\n".join([*parts, "</svg>", ""])


def _plot(trend: Trend, top: int) -> Iterator[str]:
    values = [point.value for point in trend.points]
    high = max(values) or 1.0
    step = (WIDTH - LEFT - RIGHT) / max(1, len(values) - 1)
    ground = top + HEIGHT - BOTTOM

    def x(index: float) -> str:
        return f"{LEFT + index * step:.1f}"

    def y(value: float) -> str:
        return f"{ground - value / high * (HEIGHT - TOP - BOTTOM):.1f}"

    yield f'<text x="{LEFT}" y="{top + 16}" font-weight="bold">{_safe(title(trend))}</text>'
    for value in (0.0, high):
        yield f'<text x="{LEFT - 8}" y="{y(value)}" text-anchor="end" fill="#555">{show(value, trend.unit)}</text>'
        yield f'<path d="M{LEFT} {y(value)}H{WIDTH - RIGHT}" stroke="#ddd"/>'
    yield f'<text x="{LEFT}" y="{ground + 16}" fill="#555">{trend.points[0].at:%Y-%m-%d}</text>'
    last = f'<text x="{WIDTH - RIGHT}" y="{ground + 16}" text-anchor="end" fill="#555">'
    yield f"{last}{trend.points[-1].at:%Y-%m-%d}</text>"
    for index, point in enumerate(trend.points):
        said = f"{point.at:%Y-%m-%d %H:%M} {show(point.value, trend.unit)} {point.commit[:9]}".strip()
        yield f'<circle cx="{x(index)}" cy="{y(point.value)}" r="2" fill="#4477aa"><title>{_safe(said)}</title></circle>'
    yield from _levels(trend, x, y, ground, top)


def _levels(trend: Trend, x: Place, y: Place, ground: int, top: int) -> Iterator[str]:
    edges = [0, *(change.index for change in trend.changes), len(trend.points)]
    heights = [trend.changes[0].before] if trend.changes else [trend.median]
    heights += [change.after for change in trend.changes]
    for begin, end, level in zip(edges, edges[1:], heights, strict=False):
        yield f'<path d="M{x(begin)} {y(level)}H{x(max(begin, end - 1))}" stroke="#222" stroke-width="1.5"/>'
    for change in trend.changes:
        colour = "#bb3300" if change.worse else "#228833"
        by = f"{change.share:+.0%}" if change.share is not None else "from zero"
        yield f'<path d="M{x(change.index - 0.5)} {top + TOP - 6}V{ground}" stroke="{colour}" stroke-dasharray="3 3"/>'
        yield f'<text x="{x(change.index - 0.5)}" y="{top + TOP - 8}" fill="{colour}" text-anchor="middle">{by}</text>'
