"""A key plan with its selections as numbers: what thousands of commits are played through.

What a step comes to against the build before it is one of three: the SAME; of the same CLASS, which means that it
differs only in what it takes from another stage, image or URL, whose content only building shows; or NEW.
"""

from collections.abc import Callable, Sequence

import msgspec

from dockwright.dockerfile.keys.model import InputKind, Plan, Selection, Step
from dockwright.dockerfile.operations.model import Origin

MAIN = "context"
HIT, UNKNOWN, MISS = 0, 1, 2
"""The verdicts, as numbers; worse is larger."""
Codes = bytes
"""The verdict on each counted step, in order."""


class ShapeStep(msgspec.Struct, frozen=True):
    """One step: digest of what it is, inputs by kind, and the numbers of what it selects of contexts.

    `chain` are steps that count by their key, `results` steps that count by content where that is known.
    """

    body: int
    chain: tuple[int, ...]
    results: tuple[int, ...]
    numbers: tuple[int, ...]
    counted: bool
    step: Step

    @property
    def origin(self) -> Origin | None:
        return self.step.origin


class Shape:
    """The steps of one definition. `numbers` are all its selections.

    `external` are named contexts, which no history shows: they count as never changing.
    """

    def __init__(self, plan: Plan, number: Callable[[Selection], int]) -> None:
        self.plan = plan
        self.external: dict[str, None] = {}
        self.selections: dict[int, Selection] = {}
        self.steps = tuple(self._step(step, number) for step in plan.steps)
        self.finish()

    def finish(self) -> None:
        """Work out what follows from the steps."""
        self.counted = tuple(step for step in self.steps if step.counted)
        self.numbers = tuple(dict.fromkeys(n for step in self.steps for n in step.numbers))
        self._known: dict[frozenset[int], Codes] = {}

    def _step(self, step: Step, number: Callable[[Selection], int]) -> ShapeStep:
        chain: list[int] = []
        results: list[int] = []
        numbers: list[int] = []
        for one in step.inputs:
            if one.kind is InputKind.CHAIN:
                chain.append(one.step)
            elif one.kind is InputKind.RESULT:
                results.append(one.step)
            for selection in one.selections if one.kind is InputKind.LOCAL else ():
                if selection.context == MAIN:
                    numbers.append(number(selection))
                    self.selections[numbers[-1]] = selection
                else:
                    self.external[selection.context] = None
        selectors = tuple(one.selector for one in step.inputs)
        body = hash_of((step.body, step.fixed, *selectors))
        return ShapeStep(
            body, tuple(chain), tuple(results), tuple(dict.fromkeys(numbers)), step.counted, step
        )

    def against_parent(self, changed: frozenset[int]) -> Codes:
        """The verdicts when only these selections changed since the build before, and nothing else was ever built."""
        found = self._known.get(changed)
        if found is None:
            found = self._known[changed] = self._against_parent(changed)
        return found

    def _against_parent(self, changed: frozenset[int]) -> Codes:
        came_to: list[int] = []
        for step in self.steps:
            worst = MISS if not changed.isdisjoint(step.numbers) else HIT
            for parent in step.chain:
                worst = max(worst, came_to[parent])
            if any(came_to[parent] != HIT for parent in step.results):
                worst = max(worst, UNKNOWN)
            came_to.append(worst)
        return bytes(code for code, step in zip(came_to, self.steps, strict=True) if step.counted)

    def keys(self, sums: Sequence[int]) -> list[tuple[int, int]]:
        """Key and class of every step with these contents: equal keys hit, equal classes may."""
        found: list[tuple[int, int]] = []
        for step in self.steps:
            own = tuple(sums[number] for number in step.numbers)
            chain = [found[parent] for parent in step.chain]
            exact = hash(
                (step.body, own, *[one[0] for one in chain], *[found[parent][0] for parent in step.results])
            )
            loose = hash((step.body, own, *[one[1] for one in chain]))
            found.append((exact, loose))
        return found


def hash_of(texts: tuple[str, ...]) -> int:
    """A number for texts that is the same in every process."""
    from hashlib import blake2b

    return int.from_bytes(blake2b("\0".join(texts).encode(), digest_size=8).digest(), "big")
