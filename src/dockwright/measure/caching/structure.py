"""What of a build is in its result's own layers, and what only feeds them: the difference between `min` and `max`.

`min` exports the layers of the result and what leads to it, `max` every step (moby/buildkit solver/types.go:
CacheExportModeMin, CacheExportModeMax; README, "Export cache"). No mode exports cache mounts (buildkit#1512).
"""

import msgspec

from dockwright.dockerfile.instructions.types import Run
from dockwright.dockerfile.keys.model import InputKind, Plan
from dockwright.dockerfile.tree import Dockerfile


class CachedStep(msgspec.Struct, frozen=True):
    """A step as the cache sees it. `path` and `line` are of its instruction; `kept` tells that `min` exports it.

    `through`: places in `Structure.steps` of the last steps of other stages that lead from this one into the result's
    own layers. Under `min` the step runs again whenever one of them does, as nothing before it is there to begin from.
    """

    stage: str
    path: str
    line: int
    text: str
    kept: bool
    through: tuple[int, ...] = ()


class Structure(msgspec.Struct, frozen=True):
    """All steps of a target, each after what it takes from, and lines of RUN with cache mounts."""

    steps: tuple[CachedStep, ...]
    cache_mounts: tuple[int, ...] = ()

    @property
    def lost(self) -> tuple[CachedStep, ...]:
        """Steps that `min` does not export."""
        return tuple(step for step in self.steps if not step.kept)


def structure(plan: Plan, dockerfile: Dockerfile | None = None) -> Structure:
    """The steps of a plan, by whether they are in the layers of its result."""
    chain = _chain(plan)
    counted = {step.index: number for number, step in enumerate(plan.counted)}
    through: list[set[int]] = [set() for _ in plan.steps]
    for step in reversed(plan.steps):
        for one in step.inputs:
            if one.kind is InputKind.LOCAL:
                continue
            if step.index in chain:
                if one.step not in chain and one.step in counted:
                    through[one.step].add(counted[one.step])
            else:
                through[one.step] |= through[step.index]
    steps = []
    for step in plan.counted:
        origin = step.origin
        kept = step.index in chain
        steps.append(
            CachedStep(
                stage=origin.stage if origin is not None else "",
                path=origin.path if origin is not None else "",
                line=origin.lines[0] if origin is not None else 0,
                text=origin.text if origin is not None else step.operation.name,
                kept=kept,
                through=() if kept else tuple(sorted(through[step.index])),
            )
        )
    lines = {step.line for step in steps}
    mounts = (
        tuple(line for line in _cache_mounts(dockerfile) if line in lines) if dockerfile is not None else ()
    )
    return Structure(tuple(steps), mounts)


def _chain(plan: Plan) -> set[int]:
    """Steps whose layers are those of the result: back from the output by the inputs a step is built upon."""
    found: set[int] = set()
    at = plan.output
    while at is not None and at not in found:
        found.add(at)
        inputs = plan.steps[at].inputs
        at = next((one.step for one in inputs if one.kind is InputKind.CHAIN), None)
    return found


def _cache_mounts(dockerfile: Dockerfile) -> list[int]:
    return [
        command.node.first_line
        for stage in dockerfile.stages
        for command in stage.instructions
        if isinstance(command, Run) and any(mount.type == "cache" for mount in command.mounts)
    ]
