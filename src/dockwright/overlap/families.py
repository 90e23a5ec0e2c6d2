"""Families: Dockerfiles of one shape that differ in values alone, so that one file with parameters could stand for all.

Two files have one shape when their instructions agree in number, order and kind, name the same variables, labels and
ARGs, run the same commands, and take their files in the same way; what is copied, exposed, started and set may
differ. Unlike a cluster, a family may be large though half of every file differs: the differences are parameters.
"""

from collections.abc import Iterator, Sequence

import msgspec

from dockwright.figures import Basis, Figure
from dockwright.overlap.atoms import Atom
from dockwright.overlap.difference import Cell, cell
from dockwright.overlap.files import NormalFile
from dockwright.overlap.marked import MARK, shown, split
from dockwright.overlap.normal import NormalInstruction

FEWEST = 3
"""Files that make a family; of two, their difference says it all."""
CONSTANT = 0.5
"""Share of the instructions that must be the same in all: below it, the shape is all they have in common."""


class Parameter(msgspec.Struct, frozen=True):
    """A value that differs. `values` has one for each file of the family, in order. See `Row` for the rest."""

    aspect: str
    name: str
    values: tuple[Cell, ...]

    @property
    def variety(self) -> int:
        """Number of different values."""
        return len({value.text for value in self.values})


class Family(msgspec.Struct, frozen=True):
    """Files of one shape. `constant` is the share of instructions that are the same in all."""

    paths: tuple[str, ...]
    services: tuple[str, ...]
    constant: Figure
    parameters: tuple[Parameter, ...]
    size: int
    """Instructions of each file."""


def families(files: Sequence[NormalFile]) -> list[Family]:
    """The families among files of different normal form, the largest first, then by path."""
    shapes: dict[tuple[str, ...], list[NormalFile]] = {}
    for file in files:
        shape = tuple(_shape(instruction) for instruction in file.instructions)
        shapes.setdefault(shape, []).append(file)
    found = [family for members in shapes.values() if len(members) >= FEWEST for family in _family(members)]
    found.sort(key=lambda family: (-len(family.paths), family.paths))
    return found


def _shape(instruction: NormalInstruction) -> str:
    """What must agree: the keyword and as much of the instruction as is no value."""
    keyword, atoms = instruction.keyword, instruction.atoms
    if keyword in ("ENV", "LABEL", "ARG"):
        return " ".join([keyword, *(split(atom.name)[0] for atom in atoms)])
    if keyword in ("COPY", "ADD"):
        return f"{keyword} {len(atoms)} {MARK in instruction.text}"
    if keyword == "FROM":
        image = split(atoms[0].value)[0] if atoms else ""
        return f"FROM {image.partition('@')[0].rpartition(':')[0] or image} {' AS ' in instruction.text}"
    if keyword in ("CMD", "ENTRYPOINT"):
        return f"{keyword} {atoms[0].value[:1] == '[' if atoms else ''}"
    if keyword == "HEALTHCHECK":
        return " ".join([keyword, *(atom.name for atom in atoms)])
    if keyword in ("EXPOSE", "VOLUME", "WORKDIR", "USER", "STOPSIGNAL"):
        return f"{keyword} {len(atoms)}"
    return split(instruction.text)[0]


def _family(members: list[NormalFile]) -> Iterator[Family]:
    size = len(members[0].instructions)
    same = [len({file.skeletons[at] for file in members}) == 1 for at in range(size)]
    if (
        size == 0
        or sum(same) / size < CONSTANT
        or not any(
            alike and instruction.significant
            for alike, instruction in zip(same, members[0].instructions, strict=True)
        )
    ):
        return
    parameters = [
        parameter
        for at in range(size)
        if not same[at]
        for column in zip(*(file.instructions[at].atoms for file in members), strict=False)
        for parameter in _parameter(members, column)
    ]
    yield Family(
        tuple(file.path for file in members),
        tuple(sorted({file.service for file in members} - {""})),
        Figure(
            "instructions the same in all", sum(same) / size, "share", Basis.DERIVED, f"{sum(same)} of {size}"
        ),
        tuple(parameters),
        size,
    )


def _parameter(members: list[NormalFile], column: tuple[Atom, ...]) -> Iterator[Parameter]:
    if len({split(f"{atom.name}\n{atom.value}")[0] for atom in column}) > 1:
        names = {atom.name for atom in column}
        name = shown(column[0].name) if len(names) == 1 else ""
        cells = tuple(cell(file, atom) for file, atom in zip(members, column, strict=True))
        yield Parameter(column[0].kind, name, cells)
