"""Instruction blocks that are repeated: over files, and over the stages of one file."""

from collections.abc import Sequence
from itertools import accumulate, pairwise

import msgspec

from dockwright.errors import Skipped
from dockwright.figures import Basis, Figure
from dockwright.overlap.files import NormalFile
from dockwright.overlap.place import Place
from dockwright.overlap.runs import Run, repeated_runs
from dockwright.text import Span

LONG = 5
"""Lines from which a single instruction counts as a block."""
MAX_INSTRUCTIONS = 5_000
"""Files with more instructions are left out, and said to be."""
MAX_TOTAL = 400_000
"""Instructions looked at over the whole repository."""


class Block(msgspec.Struct, frozen=True):
    """A run of instructions, each the same in normal form at every place.

    `places` are all of them, by path. `saves` counts the lines that would go if the block were written once, places
    inside a larger block reported before it left out.
    """

    instructions: tuple[str, ...]
    keywords: tuple[str, ...]
    places: tuple[Place, ...]
    services: tuple[str, ...]
    lines: int
    saves: Figure

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(place.path for place in self.places))


class _Stage(msgspec.Struct):
    """The instructions of one stage, as a sequence of tokens."""

    file: NormalFile
    first: int
    tokens: list[int]
    lines: list[int]
    """Running sum of the lines of the instructions, from 0."""
    weighty: list[int]
    """Running count of significant instructions, from 0."""

    def span(self, start: int, length: int) -> Span:
        instructions = self.file.instructions
        return Span(
            instructions[self.first + start].span.start,
            instructions[self.first + start + length - 1].span.end,
        )


def blocks(files: Sequence[NormalFile]) -> tuple[list[Block], list[Skipped]]:
    """Blocks by the lines they would save, descending. `files` have different normal forms.

    A block lies inside one stage (it may begin with its FROM) and has two significant instructions or more, or is
    one instruction of at least `LONG` lines. Blocks are chosen greedily by what they save; one that lies wholly
    inside chosen ones is not reported again.
    """
    stages, skipped = _stages(files)

    def worth(sequence: int, start: int, length: int) -> float:
        stage = stages[sequence]
        lines = stage.lines[start + length] - stage.lines[start]
        weighty = stage.weighty[start + length] - stage.weighty[start]
        return lines if weighty >= 2 or (length == 1 and weighty and lines >= LONG) else 0

    def gain(run: Run) -> float:
        return len(run.places) - 1

    found = [
        _block(stages, run, fresh)
        for run, fresh in repeated_runs([stage.tokens for stage in stages], gain, worth)
    ]
    found.sort(key=lambda block: (-block.saves.value, block.places[0].order))
    return found, skipped


def _stages(files: Sequence[NormalFile]) -> tuple[list[_Stage], list[Skipped]]:
    stages: list[_Stage] = []
    skipped: list[Skipped] = []
    total = 0
    for file in files:
        count = len(file.instructions)
        total += count
        if count > MAX_INSTRUCTIONS or total > MAX_TOTAL:
            skipped.append(
                Skipped(f"repeated blocks of {file.path}", f"{count} instructions are too many to compare")
            )
            total -= count
            continue
        starts = [0, *(at for at in range(1, count) if file.instructions[at].keyword == "FROM"), count]
        for first, end in pairwise(starts):
            part = file.instructions[first:end]
            lines = [0, *accumulate(instruction.lines for instruction in part)]
            weighty = [0, *accumulate(int(instruction.significant) for instruction in part)]
            stages.append(_Stage(file, first, file.tokens[first:end], lines, weighty))
    return stages, skipped


def _block(stages: list[_Stage], run: Run, fresh: int) -> Block:
    places: list[Place] = []
    for sequence, start in run.places:
        places.append(stages[sequence].file.place(stages[sequence].span(start, run.length)))
    places.sort(key=lambda place: place.order)
    sequence, start = run.places[0]
    stage = stages[sequence]
    part = stage.file.instructions[stage.first + start : stage.first + start + run.length]
    lines = sum(instruction.lines for instruction in part)
    return Block(
        tuple(instruction.shown for instruction in part),
        tuple(instruction.keyword for instruction in part),
        tuple(places),
        tuple(sorted({stages[number].file.service for number, _ in run.places} - {""})),
        lines,
        Figure(
            "lines saved",
            lines * (fresh - 1),
            "lines",
            Basis.DERIVED,
            f"{lines} lines x ({fresh} places - 1)",
        ),
    )
