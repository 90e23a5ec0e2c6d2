"""Where operations come from in the file."""

from dockwright.dockerfile.instructions.types import Command
from dockwright.dockerfile.operations.model import Origin
from dockwright.dockerfile.stages import Stage

MAX_TEXT = 120


def origin_of(stage: Stage, command: Command, *, trigger: bool = False) -> Origin:
    """The place of an instruction that makes an operation in a stage."""
    node = command.node
    return Origin(
        path=node.file.path,
        stage=stage.label,
        stage_index=stage.index,
        instruction=command.name,
        text=_shortened(node.original.strip()),
        lines=(node.first_line, node.last_line),
        span=command.span,
        stage_line=stage.from_.node.first_line,
        trigger=trigger,
    )


def _shortened(text: str) -> str:
    words = " ".join(text[: 4 * MAX_TEXT].split())
    return words if len(words) <= MAX_TEXT else words[: MAX_TEXT - 1] + "…"
