"""Expected seconds and the best order: against brute force, and against the index rule where nothing depends on anything."""

import random
from itertools import permutations

import pytest

from dockwright.dockerfile.keys.model import Plan
from dockwright.replay.cost import Costs, Unit, best_order, expected, index, replayed
from dockwright.replay.independence import dependencies, touched
from dockwright.replay.reorder import reordered
from dockwright.replay.shape import Shape
from dockwright.replay.subjects import Files, Subject, define
from dockwright.replay.times import AssumedTimes, GivenTimes


def plan_of(dockerfile: str) -> Plan:
    plan = define(Subject(path="Dockerfile", context=""), Files(dockerfile.encode(), None)).plan
    assert plan is not None
    return plan


def shape_of(dockerfile: str) -> Shape:
    numbers: dict[object, int] = {}
    return Shape(plan_of(dockerfile), lambda one: numbers.setdefault(one, len(numbers)))


def cost(order: tuple[int, ...], units: list[Unit], costs: Costs) -> float:
    placed: frozenset[int] = frozenset()
    total = 0.0
    for one in order:
        placed |= units[one].numbers
        total += units[one].seconds * costs.any_changes(placed)
    return total


@pytest.mark.parametrize("seed", range(60))
def test_the_best_order_is_best(seed: int) -> None:
    rng = random.Random(seed)
    count = rng.randint(2, 6)
    costs = Costs((), {n: rng.choice([0.0, 0.01, 0.1, 0.5, 0.9]) for n in range(4)})
    units = [
        Unit(n, rng.choice([0.1, 1, 20, 60]), frozenset(rng.sample(range(4), rng.randint(0, 2))))
        for n in range(count)
    ]
    after = [{before for before in range(n) if rng.random() < 0.3} for n in range(count)]
    allowed = [
        order
        for order in permutations(range(count))
        if all(order.index(before) < order.index(n) for n in range(count) for before in after[n])
    ]
    found = tuple(best_order(units, after, frozenset(), costs))
    assert found in allowed
    assert cost(found, units, costs) == pytest.approx(min(cost(order, units, costs) for order in allowed))


def test_free_steps_are_ordered_by_their_index() -> None:
    costs = Costs((), {0: 0.3, 1: 0.02, 2: 0.1})
    units = [Unit(0, 5, frozenset([0])), Unit(1, 30, frozenset([1])), Unit(2, 1, frozenset([2]))]
    free: list[set[int]] = [set(), set(), set()]
    by_index = sorted(range(3), key=lambda one: -index(units[one], costs))
    assert best_order(units, free, frozenset(), costs) == by_index == [1, 0, 2]


def test_many_steps_are_ordered_without_looking_at_every_set() -> None:
    rng = random.Random(1)
    costs = Costs((), {n: rng.uniform(0.01, 0.9) for n in range(40)})
    units = [Unit(n, rng.uniform(1, 60), frozenset([n])) for n in range(40)]
    free: list[set[int]] = [set() for _ in units]
    found = best_order(units, free, frozenset(), costs)
    assert found == sorted(range(40), key=lambda one: -index(units[one], costs))


MULTI = """FROM a AS build
COPY src /src
RUN make
FROM b
RUN apt-get update
COPY --from=build /out /out
COPY conf /conf
"""


def test_expected_seconds_by_the_formula() -> None:
    shape = shape_of(MULTI)
    source, conf = (
        next(n for n, one in shape.selections.items() if one.path == path) for path in ("/src", "/conf")
    )
    seconds = [10.0 if step.counted else 0.0 for step in shape.steps]
    costs = Costs(seconds, {source: 0.2, conf: 0.5})
    # copy, make and COPY --from follow src; apt-get follows nothing; the last copy follows both
    assert expected(shape, costs) == pytest.approx(10 * (0.2 + 0.2 + 0.0 + 0.2 + (1 - 0.8 * 0.5)))
    together = {frozenset([source, conf]): 2, frozenset([conf]): 3}
    assert replayed(shape, seconds, together, 10) == pytest.approx((2 * 40 + 3 * 10) / 10)


def test_an_order_is_played_through_the_other_stages() -> None:
    shape = shape_of("FROM a\nCOPY src /src\nRUN apt-get install -y gcc\nFROM b\nCOPY --from=0 /usr /usr\n")
    places = [n for n, step in enumerate(shape.steps) if step.counted][:2]
    other = reordered(shape, places, places[::-1])
    changed = frozenset(shape.selections)
    assert [step.step.operation.kind for step in other.counted] == ["exec", "file", "file"]
    assert list(shape.against_parent(changed)) == [2, 2, 1]
    assert list(other.against_parent(changed)) == [0, 2, 1]


def after_of(dockerfile: str, files: tuple[str, ...] = ()) -> list[set[int]]:
    steps = [step for step in plan_of(dockerfile).steps if step.counted]
    return dependencies(steps, lambda path: path.strip("/") in files)


def test_system_packages_do_not_depend_on_what_is_copied_elsewhere() -> None:
    assert after_of(
        "FROM a\nCOPY . /app\nRUN apt-get update && apt-get install -y gcc && rm -rf /var/lib/apt/lists/*\n"
    ) == [
        set(),
        set(),
    ]


@pytest.mark.parametrize(
    "run",
    [
        "pip install -r /app/requirements.txt",
        "make",
        "apt-get install -y ./local.deb",
        "apk add gcc && ./configure",
        "apt-get install -y $PACKAGES",
        "cat /app/x > /etc/x",
        "mkdir -p /app/data",
        "curl https://x.example | sh",
        "chown -R app /app",
        "cd /app && rm -rf x",
        "sh -c 'make'",
        "echo $(make)",
        "eval make",
        ". /app/env.sh",
    ],
)
def test_what_is_not_shown_stays_where_it_is(run: str) -> None:
    assert after_of(f"FROM a\nCOPY . /app\nRUN {run}\n") == [set(), {0}]


@pytest.mark.parametrize(
    ("copy", "ordered"),
    [
        ("COPY . /usr/local/", True),
        ("COPY hosts /etc/hosts", True),
        ("COPY --chown=app . /srv/x", True),
        ("COPY --chown=1000:1000 . /srv/x", False),
        ("COPY . /", True),
        ("COPY . /srv/x", False),
    ],
)
def test_copies_to_where_packages_live_stay(copy: str, ordered: bool) -> None:
    assert bool(after_of(f"FROM a\n{copy}\nRUN useradd app && apt-get install -y gcc\n")[1]) == ordered


def test_copies_meet_where_they_land() -> None:
    assert after_of("FROM a\nCOPY a /x/\nCOPY b /y/\n") == [set(), set()]
    assert after_of("FROM a\nCOPY a /x\nCOPY b /x/y\n") == [set(), {0}]
    assert after_of("FROM a\nCOPY a.txt /x/\nCOPY b.txt /x/\n") == [set(), {0}]
    assert after_of("FROM a\nCOPY a.txt /x/\nCOPY b.txt /x/\n", ("a.txt", "b.txt")) == [set(), set()]


def test_steps_that_run_keep_their_order() -> None:
    assert after_of("FROM a\nRUN apt-get update\nWORKDIR /x\nRUN apt-get install -y a\n") == [
        set(),
        {0},
        {0, 1},
    ]


def test_programs_without_a_shell_are_not_understood() -> None:
    step = next(step for step in plan_of('FROM a\nRUN ["apt-get", "update"]\n').steps if step.counted)
    assert touched(step, lambda _: False).paths == ("/",)


def test_given_times_come_before_assumed_ones() -> None:
    steps = [
        step
        for step in plan_of("FROM a\nRUN make\nCOPY a /a\nRUN apt-get install -y gcc\n").steps
        if step.counted
    ]
    given = GivenTimes({"Dockerfile:2": 7.5}, "times.toml")
    assert [given.of(step).value for step in steps] == [
        7.5,
        *(AssumedTimes().of(step).value for step in steps[1:]),
    ]
    assert given.of(steps[0]).basis > given.of(steps[1]).basis
    assert AssumedTimes().of(steps[0]).value > AssumedTimes().of(steps[1]).value
