"""What each step added to the image, from the image's history.

The rows of an image made by BuildKit are, from the newest, its own instructions; those that make a layer are RUN, COPY,
ADD and WORKDIR (moby/buildkit frontend/dockerfile/dockerfile2llb/convert.go: commitToHistory). The chain of steps below
the result has the same ones in the same order; where the words do not fit any more, nothing is said.
"""

from collections.abc import Iterator, Sequence

from dockwright.dockerfile.keys.model import InputKind, Plan, Step
from dockwright.engine.protocol import HistoryRow

_LAYERS = ("RUN", "COPY", "ADD", "WORKDIR")


def step_bytes(plan: Plan, rows: Sequence[HistoryRow]) -> dict[int, int]:
    """Bytes by the index of the step; only of steps that are in the image."""
    found: dict[int, int] = {}
    made = (row for row in rows if row.created_by.partition(" ")[0] in _LAYERS)
    for step, row in zip(_chain(plan), made, strict=False):
        origin = step.origin
        if origin is None or origin.instruction.upper() != row.created_by.partition(" ")[0]:
            break
        found[step.index] = row.size
    return found


def _chain(plan: Plan) -> Iterator[Step]:
    """The counted steps from the result down to the base image."""
    at = plan.output
    while at is not None:
        step = plan.steps[at]
        if step.counted and step.origin is not None:
            yield step
        at = next((one.step for one in step.inputs if one.kind is InputKind.CHAIN), None)
