"""A scenario with random edits, from a seed: a list of states that are built one after the other."""

from collections.abc import Iterator
from random import Random

from tests.engine.cache.edits import EDITS
from tests.engine.cache.scenarios import FILES, Scenario
from tests.engine.cache.state import State


def first(scenario: Scenario) -> State:
    """The state a history begins with."""
    return State(scenario.path, {**FILES, **scenario.files, scenario.path: scenario.dockerfile})


def history(scenario: Scenario, seed: str, edits: int) -> Iterator[State]:
    """The first state, and one more after each edit; now and then an earlier one comes back, or nothing changes."""
    random = Random(f"{seed} {scenario.name}")
    states = [first(scenario)]
    yield states[0]
    while len(states) <= edits:
        state = _next(random, scenario, states)
        if state is not None:
            states.append(state)
            yield state


def _next(random: Random, scenario: Scenario, states: list[State]) -> State | None:
    chance = random.random()
    if chance < 0.04:
        return states[-1]._replace(again="")
    if chance < 0.16:
        return random.choice(states)._replace(again="")
    weights, edits = zip(*EDITS, strict=True)
    state = states[-1]
    for edit in random.choices(edits, weights, k=random.choice((1, 1, 1, 2))):
        state = edit(random, scenario, state) or state
    return None if state == states[-1] else state
