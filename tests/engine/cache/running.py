"""All scenarios through the engine, two at a time, and the verdict on what was said of them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from dockwright.dockerfile.keys.outcome import Verdict
from tests.engine.builds import side_by_side
from tests.engine.cache.builder import Builder
from tests.engine.cache.history import history
from tests.engine.cache.predict import Told, compare, given
from tests.engine.cache.scenarios import SCENARIOS, Scenario
from tests.engine.cache.vectors import Built
from tests.lab import images


def build_all(
    below: Path, seed: str, edits: int, scenarios: Sequence[Scenario] = SCENARIOS
) -> list[tuple[str, Built]]:
    """Every scenario with `edits` edits, really built."""
    images.busybox()
    return list(side_by_side(lambda one: (one.name, _build(below, one, seed, edits)), scenarios))


def _build(below: Path, scenario: Scenario, seed: str, edits: int) -> Built:
    builder = Builder(below, scenario.name)
    try:
        return [(state, builder.build(state)) for state in history(scenario, seed, edits)]
    finally:
        builder.close()


class Summary(NamedTuple):
    """Predictions held against builds: how many, and those that break what is promised."""

    verdicts: Counter[str]
    wrong: list[str]
    unknown_without_stage: list[str]

    @property
    def outcomes(self) -> int:
        return self.verdicts.total()

    @property
    def unknown(self) -> float:
        """Share of outcomes that are said to be unknown."""
        return self.verdicts[Verdict.UNKNOWN.value] / max(1, self.outcomes)

    @property
    def text(self) -> str:
        counts = ", ".join(f"{count} {verdict}" for verdict, count in sorted(self.verdicts.items()))
        return f"{self.outcomes} outcomes: {counts}; {len(self.wrong)} wrong"


def judge(histories: Iterable[tuple[str, Built]], *, feedback: bool) -> Summary:
    """Predict every history."""
    return summary(
        (name, compare([(given(state), steps) for state, steps in built], feedback=feedback))
        for name, built in histories
    )


def summary(histories: Iterable[tuple[str, list[Told]]]) -> Summary:
    """Count what was told of every step."""
    verdicts: Counter[str] = Counter()
    wrong: list[str] = []
    idle: list[str] = []
    for name, told in histories:
        for one in told:
            verdicts[one.verdict.value] += 1
            was = "hit" if one.hit else "miss"
            shown = f"{name}, state {one.state}, {one.name}: said {one.verdict.value}, was {was}"
            if one.wrong:
                wrong.append(shown)
            elif one.verdict is Verdict.UNKNOWN and not one.from_stage:
                idle.append(shown)
    return Summary(verdicts, wrong, idle)
