"""What we say of the same states: every step a hit, a miss, or unknown."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from dockwright.dockerfile import parse
from dockwright.dockerfile.keys.contents import TreeDigests
from dockwright.dockerfile.keys.outcome import StepOutcome, Verdict
from dockwright.dockerfile.keys.plan import plan_of
from dockwright.dockerfile.keys.state import CacheState
from dockwright.dockerfile.nodes import Problem
from dockwright.dockerfile.operations.engine import DOCKER_26_1
from dockwright.dockerfile.settings import BaseImage, Settings
from dockwright.trees.context import BuildContext
from dockwright.trees.memory import MemoryTree
from tests.engine.cache.state import State

BASE = "example.test/base:1"
IMAGES = {BASE: BaseImage(layers=("sha256:busybox", "sha256:salt"))}


class Told(NamedTuple):
    """One step of one state: its name, what we say, what the engine said."""

    state: int
    name: str
    verdict: Verdict
    hit: bool
    from_stage: bool
    """Some step of the Dockerfile takes files from a stage or image."""

    @property
    def wrong(self) -> bool:
        return (
            self.verdict is not (Verdict.HIT if self.hit else Verdict.MISS)
            and self.verdict is not Verdict.UNKNOWN
        )


def compare(states: Iterable[tuple[State, Mapping[str, bool]]], *, feedback: bool) -> list[Told]:
    """Predict each state and hold it against what was built; with `feedback` what was unknown is learned from that."""
    cache = CacheState()
    told: list[Told] = []
    for number, (state, actual) in enumerate(states):
        text = state.dockerfile.replace("{base}", BASE).replace("{salt}", "salt")
        tree = parse(text.encode(), path=state.path, dialect=DOCKER_26_1.frontend)
        plan = plan_of(tree, Settings(args=state.args, target=state.target, images=IMAGES), DOCKER_26_1)
        assert not isinstance(plan, Problem), (plan, text)
        files = MemoryTree({**state.files, state.path: text})
        named = {name.replace("--from=base ", f"--from={BASE} "): hit for name, hit in actual.items()}
        found = cache.predict(plan, TreeDigests.of(BuildContext(files, "", state.path)))
        real = _matched(found.steps, named)
        taken = any(
            one.step.inputs and any(i.kind.value == "result" for i in one.step.inputs) for one in found.steps
        )
        told += [
            Told(number, one.step.operation.name, one.verdict, real[one.step.index], taken)
            for one in found.steps
        ]
        cache.record(found, real if feedback else None)
    return told


def _matched(steps: Iterable[StepOutcome], actual: Mapping[str, bool]) -> dict[int, bool]:
    """What the engine said, by the index of our step: by name, or (for equal steps of two stages) by text."""
    left = dict(actual)
    found: dict[int, bool] = {}
    rest: list[StepOutcome] = []
    for one in steps:
        if one.step.operation.name in left:
            found[one.step.index] = left.pop(one.step.operation.name)
        else:
            rest.append(one)
    for one in rest:
        text = one.step.operation.name.partition("] ")[2]
        name = next((name for name in left if name.partition("] ")[2] == text), None)
        assert name is not None, (one.step.operation.name, actual)
        found[one.step.index] = left.pop(name)
    assert not left, (left, [one.step.operation.name for one in steps])
    return found
