"""Expected seconds of rebuilding per commit, and the order of steps that makes them fewest.

E = sum over steps of t * (1 - product over what can change at or above the step of (1 - p)): t the seconds of the step,
p the share of commits that change one of its inputs. The product runs over the step's ancestors in the build graph, so
that other stages count too, and an input that several steps take counts once. It takes inputs to change independently of
each other; `replayed` does without that, as it counts what the history's own commits changed together.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from dockwright.replay.shape import Shape, ShapeStep

MAX_SETS = 4096
"""Sets of steps that are looked at for the best order of a stage; beyond, steps are taken by their index."""


class Costs(msgspec.Struct, frozen=True):
    """Seconds of each step and chances of each input (by number), which all sums are made of."""

    seconds: Sequence[float]
    chances: Mapping[int, float]

    def any_changes(self, numbers: Iterable[int]) -> float:
        """The chance that a commit changes one of these inputs at least."""
        none = 1.0
        for number in numbers:
            none *= 1 - self.chances.get(number, 0.0)
        return 1 - none


def ancestry(shape: Shape) -> list[frozenset[int]]:
    """For each step the inputs at or above it, by number."""
    found: list[frozenset[int]] = []
    for step in shape.steps:
        found.append(frozenset(step.numbers).union(*(found[one] for one in (*step.chain, *step.results))))
    return found


def expected(shape: Shape, costs: Costs) -> float:
    """E of a build as it stands."""
    return sum(
        costs.seconds[place] * costs.any_changes(numbers)
        for place, numbers in enumerate(ancestry(shape))
        if shape.steps[place].counted
    )


def replayed(
    shape: Shape, seconds: Sequence[float], changed: Mapping[frozenset[int], int], commits: int
) -> float:
    """Seconds per commit when each commit changes what it did change; what may hit counts as a miss."""
    if not commits:
        return 0.0
    above = ancestry(shape)
    total = 0.0
    for numbers, times in changed.items():
        total += times * sum(
            seconds[place]
            for place, step in enumerate(shape.steps)
            if step.counted and not numbers.isdisjoint(above[place])
        )
    return total / commits


class Unit(msgspec.Struct, frozen=True):
    """One step of a stage that is to be put in order: its place in the plan, seconds, and the inputs it adds."""

    place: int
    seconds: float
    numbers: frozenset[int]


def index(unit: Unit, costs: Costs) -> float:
    """T * (1 - p) / p: what is dear and seldom changes goes first."""
    chance = costs.any_changes(unit.numbers)
    return float("inf") if chance == 0 else unit.seconds * (1 - chance) / chance


def best_order(
    units: Sequence[Unit], after: Sequence[set[int]], base: frozenset[int], costs: Costs
) -> list[int]:
    """Places in `units` in the best order; `after` has for each those that must come before it.

    Exact for stages of the usual size: every set of steps that can come first is looked at once. Beyond `MAX_SETS` such
    sets the step with the largest index that may come next is taken, which is best where nothing depends on anything.
    Equal orders are decided for what stands first in the file.
    """
    found = _exact(units, after, base, costs)
    return found if found is not None else _greedy(units, after, costs)


def _greedy(units: Sequence[Unit], after: Sequence[set[int]], costs: Costs) -> list[int]:
    waiting = list(range(len(units)))
    done: set[int] = set()
    order: list[int] = []
    while waiting:
        ready = [one for one in waiting if after[one] <= done]
        chosen = max(ready, key=lambda one: (index(units[one], costs), -one))
        waiting.remove(chosen)
        done.add(chosen)
        order.append(chosen)
    return order


def _exact(
    units: Sequence[Unit], after: Sequence[set[int]], base: frozenset[int], costs: Costs
) -> list[int] | None:
    """Over sets that are closed under dependencies, the cheapest way to build each up."""
    needed = [sum(1 << one for one in before) for before in after]
    level: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    looked = 0
    for _ in units:
        following: dict[int, tuple[float, tuple[int, ...]]] = {}
        for placed, (cost, order) in level.items():
            inputs = base.union(*(units[one].numbers for one in order))
            for one, unit in enumerate(units):
                bit = 1 << one
                if placed & bit or needed[one] & ~placed:
                    continue
                looked += 1
                if looked > MAX_SETS * 4:
                    return None
                total = cost + unit.seconds * costs.any_changes(inputs | unit.numbers)
                candidate = (round(total, 9), (*order, one))
                known = following.get(placed | bit)
                if known is None or candidate < known:
                    following[placed | bit] = candidate
        level = following
    return list(next(iter(level.values()))[1])


def stage_units(shape: Shape, costs: Costs, places: Sequence[int]) -> list[Unit]:
    """The steps of a stage as units: what each adds to what can change, other stages it takes from included."""
    above = ancestry(shape)
    return [Unit(place, costs.seconds[place], _own(shape.steps[place], above)) for place in places]


def _own(step: ShapeStep, above: Sequence[frozenset[int]]) -> frozenset[int]:
    return frozenset(step.numbers).union(*(above[one] for one in step.results))
