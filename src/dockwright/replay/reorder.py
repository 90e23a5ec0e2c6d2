"""A shape with the steps of one chain in another order: what the cache would make of a rewritten stage."""

from collections.abc import Sequence

import msgspec

from dockwright.replay.shape import Shape


def reordered(shape: Shape, places: Sequence[int], order: Sequence[int]) -> Shape:
    """`shape` with the steps at `places` (one standing on the other) in `order`; each still selects what it did.

    Other inputs of a step (stages it copies from) come before all of the chain or stay where they are, so steps are
    sorted anew: nothing comes before what it takes from.
    """
    chains = {place: list(step.chain) for place, step in enumerate(shape.steps)}
    bottom = list(shape.steps[places[0]].chain)
    previous = bottom
    inside = set(places)
    for place in order:
        step = shape.steps[place]
        chains[place] = [*previous, *(one for one in step.chain if one not in inside and one not in bottom)]
        previous = [place]
    last = places[-1]
    for place in range(len(shape.steps)):
        if place not in inside:
            chains[place] = [order[-1] if one == last else one for one in chains[place]]
    results = {
        place: tuple(order[-1] if one == last else one for one in step.results)
        for place, step in enumerate(shape.steps)
    }
    sequence = _sorted(len(shape.steps), {p: {*chains[p], *results[p]} for p in chains})
    number = {old: new for new, old in enumerate(sequence)}
    other = Shape.__new__(Shape)
    other.plan = shape.plan
    other.external = shape.external
    other.selections = shape.selections
    other.steps = tuple(
        msgspec.structs.replace(
            shape.steps[old],
            chain=tuple(number[one] for one in chains[old]),
            results=tuple(number[one] for one in results[old]),
        )
        for old in sequence
    )
    other.finish()
    return other


def _sorted(count: int, before: dict[int, set[int]]) -> list[int]:
    """Places with everything a step needs before it, otherwise in their order."""
    done: set[int] = set()
    order: list[int] = []
    for start in range(count):
        waiting = [start]
        while waiting:
            place = waiting[-1]
            missing = [one for one in sorted(before[place], reverse=True) if one not in done]
            if missing:
                waiting += missing
                continue
            waiting.pop()
            if place not in done:
                done.add(place)
                order.append(place)
    return order
