"""What we say of the same states: every step a hit, a miss, or unknown."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from dockwright.dockerfile import parse
from dockwright.dockerfile.keys.contents import TreeDigests
from dockwright.dockerfile.keys.model import InputKind
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


class Given(NamedTuple):
    """One build: the Dockerfile's text and path, the context, arguments, target."""

    text: str
    path: str
    context: BuildContext
    args: Mapping[str, str] = {}
    target: str = ""


def given(state: State) -> Given:
    """The build of a state."""
    text = named(state.dockerfile)
    context = BuildContext(MemoryTree({**state.files, state.path: text}), "", state.path)
    return Given(text, state.path, context, state.args, state.target)


def named(text: str) -> str:
    """A Dockerfile with names that stay the same in place of those of one run."""
    return text.replace("{base}", BASE).replace("{salt}", "salt")


def compare(builds: Iterable[tuple[Given, Mapping[str, bool]]], *, feedback: bool) -> list[Told]:
    """Predict each build and hold it against what was built; with `feedback` what was unknown is learned from that."""
    cache = CacheState()
    told: list[Told] = []
    for number, (one, actual) in enumerate(builds):
        tree = parse(one.text.encode(), path=one.path, dialect=DOCKER_26_1.frontend)
        plan = plan_of(tree, Settings(args=one.args, target=one.target, images=IMAGES), DOCKER_26_1)
        assert not isinstance(plan, Problem), (plan, one.text)
        found = cache.predict(plan, TreeDigests.of(one.context))
        steps = {name.replace("--from=base ", f"--from={BASE} "): hit for name, hit in actual.items()}
        real = matched(found.steps, steps)
        taken = any(input_.kind is InputKind.RESULT for step in plan.steps for input_ in step.inputs)
        told += [
            Told(number, step.step.operation.name, step.verdict, real[step.step.index], taken)
            for step in found.steps
        ]
        cache.record(found, real if feedback else None)
    return told


def matched(steps: Iterable[StepOutcome], actual: Mapping[str, bool]) -> dict[int, bool]:
    """What the engine said, by the index of our step: by name, or (for equal steps of stages) by another of its names."""
    left = dict(actual)
    found: dict[int, bool] = {}
    rest: list[StepOutcome] = []
    for one in steps:
        if one.step.operation.name in left:
            found[one.step.index] = left.pop(one.step.operation.name)
        else:
            rest.append(one)
    for one in rest:
        name = next(
            iter(sorted(_others(one, left), key=lambda name: not name.endswith(f"] {_said(one)}"))), None
        )
        assert name is not None, (one.step.operation.name, actual)
        found[one.step.index] = left.pop(name)
    assert not left, (left, [one.step.operation.name for one in steps])
    return found


def _said(one: StepOutcome) -> str:
    return one.step.operation.name.partition("] ")[2]


def _others(one: StepOutcome, names: Iterable[str]) -> Iterator[str]:
    """Names of steps that may be this one: of equal steps of several stages any may give the name."""
    wanted = {
        (origin.stage or f"stage-{origin.stage_index}", origin.instruction)
        for origin in one.step.operation.origins
    }
    for name in names:
        stage, _, text = name.lstrip("[").partition(" ")
        if (stage, text.partition("] ")[2].partition(" ")[0]) in wanted:
            yield name
