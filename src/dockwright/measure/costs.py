"""From what is known (the ledger, the replayed history, what the user declares) to what each target costs in a month."""

from collections.abc import Iterable, Sequence

from dockwright.business import Usage
from dockwright.business import prices as declared_prices
from dockwright.business import usage as declared_usage
from dockwright.config import Config
from dockwright.cost.monthly import GB, Cost, Counts, Missing, monthly, own, saving
from dockwright.cost.prices import Price, prices
from dockwright.cost.ranges import Range, exact
from dockwright.cost.summary import Business, Saving
from dockwright.figures import Basis, Figure
from dockwright.ledger.model import COMPRESSED_BYTES, COMPRESSED_HERE, Run
from dockwright.measure.recorded import Known
from dockwright.measure.trends.rule import median
from dockwright.replay.result import DockerfileResult, ReplayResult

MONTH = 365.25 / 12 * 86_400


def business(config: Config, recorded: Iterable[Known], replay: ReplayResult | None = None) -> Business:
    """Costs and savings of all targets that are recorded or were replayed."""
    found = prices(declared_prices(config.prices))
    usage = declared_usage(config.usage)
    by_target = {one.target: one for one in recorded}
    replayed = (
        {one.path: one for one in reversed(replay.dockerfiles) if not one.label} if replay is not None else {}
    )
    per_month = _commits_per_month(replay)
    costs: list[Cost] = []
    missing: list[Missing] = []
    savings: list[Saving] = []
    for target in sorted({*by_target, *replayed}):
        history = replayed.get(target)
        counts = _counts(target, by_target.get(target), history, per_month, usage)
        for one in monthly(counts, found):
            (costs if isinstance(one, Cost) else missing).append(one)  # type: ignore[arg-type]
        if history is not None and counts.builds is not None:
            savings += _savings(history, counts.builds, found["ci_minute"])
    costs.sort(key=lambda cost: (-(cost.figure.high or 0), cost.target, cost.kind))
    return Business(costs, savings, missing, list(_notes(found, costs, per_month)))


def _counts(
    target: str,
    recorded: Known | None,
    history: DockerfileResult | None,
    per_month: float | None,
    usage: Usage,
) -> Counts:
    image = recorded.image if recorded is not None else None
    return Counts(
        target=target,
        builds=own(usage.of("builds_per_month", target), "builds_per_month") or _builds(history, per_month),
        seconds=_seconds(recorded.seconds if recorded is not None else (), history),
        cache_bytes=_cache(usage.of("cache_gb", target)),
        image_bytes=_compressed(image) if image is not None else None,
        versions=own(usage.of("kept_versions", target), "kept_versions"),
        pulls=own(usage.of("pulls_per_month", target), "pulls_per_month"),
        cpu=own(usage.of("cpu", target), "cpu"),
        memory_gib=own(usage.of("memory_gib", target), "memory_gib"),
        hours=own(usage.of("running_hours_per_month", target), "running_hours_per_month"),
    )


def _compressed(image: Run) -> Range:
    tried = image.source == COMPRESSED_HERE
    how = f"image of {image.at:%Y-%m-%d}{', compressed with gzip to see' if tried else ''}"
    return exact(image.values[COMPRESSED_BYTES], Basis.ESTIMATED if tried else Basis.MEASURED, how)


def _cache(given: float | None) -> Range | None:
    return None if given is None else exact(given * GB, Basis.DERIVED, "`[usage] cache_gb`")


def _commits_per_month(replay: ReplayResult | None) -> float | None:
    """Commits in a month, on the average of the replayed history; None where it is shorter than a day.

    Between the begins of the first and the last of n parts lie about (n - 1) / n of the commits.
    """
    if replay is None or len(replay.begins) < 2:
        return None
    parts = len(replay.begins)
    span = replay.begins[-1] - replay.begins[0]
    return replay.commits * (parts - 1) / parts / span * MONTH if span >= 86_400 else None


def _builds(history: DockerfileResult | None, per_month: float | None) -> Range | None:
    """From one for every commit that needs a rebuild to one for every commit."""
    if history is None or per_month is None or not history.commits:
        return None
    rebuilt = (history.commits - history.untouched) / history.commits
    how = f"{per_month:,.0f} commits a month, of which {rebuilt:.0%} need a rebuild"
    return Range(per_month * rebuilt, per_month, Basis.ESTIMATED, how)


def _seconds(measured: Sequence[float], history: DockerfileResult | None) -> Range | None:
    """The middle half of measured builds; else what the replay expects of a commit (times then are assumed)."""
    if measured:
        low, high = _quarters(measured)
        number = len(measured)
        return Range(
            low, high, Basis.MEASURED, f"middle half of {number} recorded build{'s' * (number != 1)}"
        )
    figure = history.replayed_seconds if history is not None else None
    return None if figure is None or figure.basis is Basis.ASSUMED else _of(figure)


def _of(figure: Figure) -> Range:
    low = figure.value if figure.low is None else figure.low
    return Range(low, figure.value if figure.high is None else figure.high, figure.basis, figure.how)


def _quarters(values: Sequence[float]) -> tuple[float, float]:
    """Medians of the lower and the upper half, the middle value in both (Tukey's hinges)."""
    ordered = sorted(values)
    half = (len(ordered) + 1) // 2
    return median(ordered[:half]), median(ordered[-half:])


def _savings(history: DockerfileResult, builds: Range, price: Price) -> list[Saving]:
    """What better orders of steps save; only where their seconds are measured or of a model over measured ones."""
    found = []
    for order in history.orders:
        before, after = order.replayed_before, order.replayed_after
        if min(before.basis, after.basis) is Basis.ASSUMED:
            continue
        stage = f" of stage {order.stage}" if order.stage else ""
        change = f"lines {', '.join(map(str, order.moved))}{stage} earlier or later"
        # One commit is one build here: the seconds are already an average over all commits.
        all_builds = exact(builds.high, builds.basis, builds.how)
        found.append(Saving(history.path, change, saving(_of(before), _of(after), all_builds, price)))
    return found


def _notes(found: dict[str, Price], costs: Sequence[Cost], per_month: float | None) -> Iterable[str]:
    listed = [price.key for price in found.values() if not price.own and price.key != "cache_included_gb"]
    if costs and listed:
        yield (
            f"prices not set in `[prices]` are list prices without discounts and free tiers: {', '.join(listed)}; "
            "they are assumed"
        )
    if costs and per_month is not None:
        yield "builds are counted from the history as one for each commit; a push of several commits is fewer"
