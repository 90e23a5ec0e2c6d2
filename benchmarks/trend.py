"""How often the rule of `dockwright trend` is wrong, and how soon it is right: series made from seeds.

    python -m benchmarks.trend [--series 400]

Printed: for several kinds of noise the share of series without any change in which one is told, at one look and at any
of 100 looks (after each new build); for steps the share that is found after 3, 5 and 10 builds, 30 builds before them.
"""

import argparse
import random
from collections.abc import Callable

from dockwright.measure.trends.rule import changes

NOISE: dict[str, Callable[[random.Random], float]] = {
    "normal, 5 %": lambda draw: 1 + 0.05 * draw.gauss(0, 1),
    "normal, 20 %": lambda draw: 1 + 0.2 * draw.gauss(0, 1),
    "lognormal, 30 %": lambda draw: draw.lognormvariate(0, 0.3),
    "5 %, one in 20 five times as long": lambda draw: (
        (1 + 0.05 * draw.gauss(0, 1)) * (5 if draw.random() < 0.05 else 1)
    ),
    "two modes (cached or not)": lambda draw: (
        (0.2 if draw.random() < 0.6 else 1.5) * (1 + 0.05 * draw.gauss(0, 1))
    ),
    "whole seconds": lambda draw: round(12 + draw.gauss(0, 1)) / 12,
}


def series(kind: str, seed: object, length: int, level: float = 60.0) -> list[float]:
    """Independent values of one kind of noise around a level."""
    draw = random.Random(f"{kind} {seed}")
    return [level * NOISE[kind](draw) for _ in range(length)]


def false_alarms(kind: str, number: int, length: int = 40) -> float:
    """Share of series without a change in which one is told."""
    return sum(bool(changes(series(kind, seed, length), "s")) for seed in range(number)) / number


def false_alarms_while_watching(kind: str, number: int, looks: int = 100) -> float:
    """Share of series in which a change is told at any look, one after each build from the 10th on."""
    wrong = 0
    for seed in range(number):
        values = series(kind, f"watched {seed}", looks + 10)
        wrong += any(changes(values[:end], "s") for end in range(10, looks + 10))
    return wrong / number


def found(kind: str, step: float, after: int, number: int) -> float:
    """Share of steps told within two builds of where they are."""
    right = 0
    for seed in range(number):
        values = [*series(kind, seed, 30), *series(kind, f"after {seed}", after, 60.0 * (1 + step))]
        right += any(abs(one.index - 30) <= 2 and one.after > one.before for one in changes(values, "s"))
    return right / number


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=int, default=400)
    number = parser.parse_args().series
    print("false alarms: one look at 40 builds; any of 100 looks")
    for kind in NOISE:
        print(
            f"  {kind:36} {false_alarms(kind, number):7.2%} {false_alarms_while_watching(kind, number // 4):7.2%}"
        )
    print("found after 3, 5, 10 builds")
    for kind in ("normal, 5 %", "normal, 20 %", "5 %, one in 20 five times as long"):
        for step in (0.1, 0.2, 0.5, 1.0):
            shares = "".join(f"{found(kind, step, after, number // 2):6.0%}" for after in (3, 5, 10))
            print(f"  {kind:36} +{step:<5.0%}{shares}")


if __name__ == "__main__":
    main()
