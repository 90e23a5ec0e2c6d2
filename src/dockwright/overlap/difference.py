"""In what two Dockerfiles differ, as a table: one row for each setting, the value on either side with its place."""

from collections import Counter
from collections.abc import Iterator

import msgspec

from dockwright.overlap.atoms import KINDS, Atom
from dockwright.overlap.files import NormalFile
from dockwright.overlap.marked import renamed, shown
from dockwright.overlap.place import Place
from dockwright.overlap.similarity import Alignment


class Cell(msgspec.Struct, frozen=True):
    """A value of one file, as text in normal form, and where it stands."""

    text: str
    place: Place


class Row(msgspec.Struct, frozen=True):
    """One setting that differs. An empty side has none of it.

    `aspect` is the kind of setting (`atoms.KINDS`), `name` which one (a variable, `apt curl`, the destination of a
    COPY), empty where a stage has one of the kind. `stage` names the stage in a file of several.
    """

    aspect: str
    name: str
    stage: str
    a: tuple[Cell, ...]
    b: tuple[Cell, ...]


class Difference(msgspec.Struct, frozen=True):
    """What differs between two files. Without rows they say the same, perhaps in another order or grouping."""

    a: str
    b: str
    rows: tuple[Row, ...]

    @property
    def aspects(self) -> tuple[str, ...]:
        """Kinds of setting that differ, in table order."""
        found = {row.aspect for row in self.rows}
        return tuple(kind for kind in KINDS if kind in found)


def difference(a: NormalFile, b: NormalFile, aligned: Alignment, *, flipped: bool = False) -> Difference:
    """The table of a pair. `aligned` is that of `a` and `b`, or with `flipped` that of `b` and `a`."""
    first, second = (b, a) if flipped else (a, b)
    names: tuple[dict[str, str], dict[str, str]] = ({}, aligned.names)
    rows: list[Row] = []
    for stage_a, stage_b in _stages(first, second, aligned):
        sides = (_slots(first, stage_a, names[0]), _slots(second, stage_b, names[1]))
        label = _label(first, stage_a) or _label(second, stage_b)
        rows.extend(_rows((first, second), sides, label))
    if flipped:
        rows = [Row(row.aspect, row.name, row.stage, row.b, row.a) for row in rows]
    return Difference(a.path, b.path, tuple(rows))


Slots = dict[tuple[str, str], list[tuple[str, Atom]]]
"""Atoms by kind and name, each with its value; names and values with the names of the other file."""


def _slots(file: NormalFile, stage: int | None, names: dict[str, str]) -> Slots:
    found: Slots = {}
    for instruction in file.stages.get(stage, ()) if stage is not None else ():
        for atom in instruction.atoms:
            slot = (atom.kind, renamed(atom.name, names))
            found.setdefault(slot, []).append((renamed(atom.value, names), atom))
    return found


def _rows(files: tuple[NormalFile, NormalFile], sides: tuple[Slots, Slots], stage: str) -> Iterator[Row]:
    slots = dict.fromkeys((*sides[0], *sides[1]))
    for kind, name in sorted(slots, key=lambda slot: KINDS.index(slot[0])):
        a, b = (side.get((kind, name), []) for side in sides)
        only_a, only_b = _without(a, b), _without(b, a)
        if only_a or only_b:
            cells = (
                tuple(cell(files[0], atom) for atom in only_a),
                tuple(cell(files[1], atom) for atom in only_b),
            )
            yield Row(kind, shown((only_a or only_b)[0].name), stage, *cells)


def _without(atoms: list[tuple[str, Atom]], others: list[tuple[str, Atom]]) -> list[Atom]:
    """Atoms whose value the others do not have, or have less often."""
    left = Counter(value for value, _ in others)
    found: list[Atom] = []
    for value, atom in atoms:
        if left[value] > 0:
            left[value] -= 1
        else:
            found.append(atom)
    return found


def cell(file: NormalFile, atom: Atom) -> Cell:
    """An atom as a table shows it."""
    if atom.kind == "package":
        text = shown(atom.name).partition(" ")[2] + shown(atom.value)
    else:
        text = shown(atom.value or atom.name)
    return Cell(text, file.place(atom.span))


def _label(file: NormalFile, stage: int | None) -> str:
    """Name or number of a stage, empty for the only stage of a file and for what stands before the first."""
    if stage is None or stage < 0 or len(file.stages.keys() - {-1}) < 2:
        return ""
    head, found, name = file.stages[stage][0].shown.rpartition(" AS ")
    return name if found and head else str(stage)


def _stages(a: NormalFile, b: NormalFile, aligned: Alignment) -> list[tuple[int | None, int | None]]:
    """Stages that play the same part: by instructions in common, then last with last, then in order."""
    stages_a, stages_b = list(a.stages), list(b.stages)
    votes = Counter((a.instructions[i].stage, b.instructions[j].stage) for i, j in aligned.matches)
    wanted = sorted(votes, key=lambda pair: (-votes[pair], pair))
    wanted = [(-1, -1), *wanted]
    if stages_a and stages_b:
        wanted.append((stages_a[-1], stages_b[-1]))
    paired: dict[int, int] = {}
    taken: set[int] = set()
    for one, other in wanted:
        if one in a.stages and other in b.stages and one not in paired and other not in taken:
            paired[one] = other
            taken.add(other)
    rest = [stage for stage in stages_b if stage not in taken and stage >= 0]
    unpaired = [stage for stage in stages_a if stage not in paired and stage >= 0]
    paired.update(zip(unpaired, rest, strict=False))
    taken.update(rest[: len(unpaired)])
    found: list[tuple[int | None, int | None]] = [(stage, paired.get(stage)) for stage in stages_a]
    return [*found, *((None, stage) for stage in stages_b if stage not in taken)]
