"""A ledger as OpenMetrics text: the newest values for scraping, or all of them with their times for back-filling.

Source: the OpenMetrics 1.0 specification: a unit is the end of a metric's name, label values escape backslash, quote and
newline, samples of one metric stand together, `# EOF` ends the text. Only gauges are used, which `promtool check metrics`
reads as well.
"""

from collections.abc import Iterable, Iterator

import msgspec

from dockwright.ledger.model import Run


class Metric(msgspec.Struct, frozen=True):
    """How a value of the ledger is called outside."""

    name: str
    unit: str
    help: str


METRICS = {
    "seconds": Metric("dockwright_build_duration_seconds", "seconds", "Wall time of a build."),
    "network_seconds": Metric(
        "dockwright_build_network_seconds", "seconds", "Time of a build spent on the network."
    ),
    "context_bytes": Metric("dockwright_build_context_bytes", "bytes", "Bytes of context a build was sent."),
    "steps": Metric("dockwright_build_steps", "", "Steps of a build."),
    "cached_steps": Metric(
        "dockwright_build_cached_steps", "", "Steps of a build that were found in the cache."
    ),
    "image_bytes": Metric(
        "dockwright_image_size_bytes", "bytes", "Unpacked bytes of all layers of an image."
    ),
    "compressed_bytes": Metric(
        "dockwright_image_compressed_bytes", "bytes", "Compressed bytes of all layers of an image."
    ),
    "dead_bytes": Metric(
        "dockwright_image_dead_bytes", "bytes", "Bytes in layers of an image that are not visible."
    ),
    "layers": Metric("dockwright_image_layers", "", "Layers of an image."),
}
AT = Metric(
    "dockwright_measured_timestamp_seconds", "seconds", "When the newest value of a series was measured."
)
RECORDED = Metric("dockwright_recorded_runs", "", "Builds, benches and images in the ledger.")
Sample = tuple[tuple[tuple[str, str], ...], float, float]
"""Labels, value, seconds since 1970."""


def render(runs: Iterable[Run], repository: str, *, history: bool = False) -> str:
    """The text. Runs come in the order of time; those that failed or were cancelled are only counted."""
    series: dict[str, dict[tuple[tuple[str, str], ...], list[tuple[float, float]]]] = {
        name: {} for name in METRICS
    }
    counted: dict[tuple[tuple[str, str], ...], int] = {}
    for run in runs:
        count = (("repository", repository), ("target", run.target), ("outcome", run.outcome))
        counted[count] = counted.get(count, 0) + 1
        for name, value in run.values.items():
            if name in METRICS and run.outcome == "ok":
                labels = _labels(run, repository)
                series[name].setdefault(labels, []).append((run.at.timestamp(), value))
    lines: list[str] = []
    for name, metric in METRICS.items():
        samples = [
            (labels, value, at)
            for labels, points in series[name].items()
            for at, value in (_growing(points) if history else points[-1:])
        ]
        lines += _metric(metric, samples, timed=history)
    if not history:
        newest = [
            ((("value", name), *labels), points[-1][0], 0.0)
            for name in METRICS for labels, points in series[name].items()
        ]  # fmt: skip
        lines += _metric(AT, newest, timed=False)
        lines += _metric(
            RECORDED, [(labels, float(number), 0.0) for labels, number in counted.items()], timed=False
        )
    return "\n".join([*lines, "# EOF", ""])


def _labels(run: Run, repository: str) -> tuple[tuple[str, str], ...]:
    return (
        ("repository", repository),
        ("target", run.target),
        ("kind", run.kind if run.kind == "image" else ""),
        ("scenario", run.scenario),
        ("side", run.side),
        ("platform", run.platform),
        ("machine", str(run.machine)),
    )


def _growing(points: list[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """The points in the order of time, the last of those in one millisecond: that is all Prometheus can tell apart."""
    by_time = {round(at * 1000): value for at, value in points}
    for at in sorted(by_time):
        yield at / 1000, by_time[at]


def _metric(metric: Metric, samples: list[Sample], *, timed: bool) -> Iterator[str]:
    if not samples:
        return
    yield f"# TYPE {metric.name} gauge"
    if metric.unit:
        yield f"# UNIT {metric.name} {metric.unit}"
    yield f"# HELP {metric.name} {metric.help}"
    for labels, value, at in samples:
        shown = ",".join(f'{name}="{_escaped(text)}"' for name, text in labels if text)
        yield f"{metric.name}{{{shown}}} {_number(value)}{f' {at:.3f}' if timed else ''}"


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
