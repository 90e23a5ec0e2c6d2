"""The normal form of a Dockerfile: what is left when layout, order that means nothing, and free names are taken out.

Not told apart: white space and continuation lines, comments, case of keywords, order of flags, of packages in an
install command, of the pairs of one ENV or LABEL, of the ports of one EXPOSE; quotes around a whole value; the names
of stages and of free ARGs (see `names`). Kept apart: JSON and shell form, the number of instructions, everything
else. Two files of one normal form look the same to a reader who does not care for names; that they build the same
image is for a proof to show.
"""

from collections.abc import Sequence
from hashlib import blake2b

import msgspec

from dockwright.dockerfile.syntax import Instruction
from dockwright.overlap.atoms import Atom
from dockwright.overlap.keywords import FORMS, Context
from dockwright.overlap.marked import Symbols, shown, split
from dockwright.overlap.names import Names
from dockwright.text import Span

LIGHT = frozenset({"FROM", "ARG", "WORKDIR", "EXPOSE", "USER", "VOLUME", "SHELL", "STOPSIGNAL", "MAINTAINER"})
"""Instructions that say little by themselves: a repeated block needs others too."""


class NormalInstruction(msgspec.Struct, frozen=True, gc=False):
    """One instruction in normal form. `stage` counts from 0, -1 before the first FROM; `lines` are those it fills."""

    keyword: str
    text: str
    """Marked text; `shown` for people."""
    stage: int
    span: Span
    lines: int
    atoms: tuple[Atom, ...]

    @property
    def key(self) -> tuple[str, Symbols]:
        """What two instructions must share to be the same: skeleton and names."""
        return split(self.text)

    @property
    def shown(self) -> str:
        return shown(self.text)

    @property
    def significant(self) -> bool:
        return self.keyword not in LIGHT


def normalise(instructions: Sequence[Instruction]) -> tuple[NormalInstruction, ...]:
    """The instructions of a Dockerfile in normal form, in order."""
    context = Context(Names(instructions))
    found: list[NormalInstruction] = []
    stage = -1
    for node in instructions:
        if node.name == "FROM":
            stage += 1
            context.shell = ("/bin/sh", "-c")
        text, atoms = FORMS.get(node.name, FORMS[""])(node, context)
        lines = node.last_line - node.first_line + 1
        found.append(NormalInstruction(node.name, text, stage, node.span, lines, tuple(atoms)))
    return tuple(found)


def digest(instructions: Sequence[NormalInstruction]) -> str:
    """Identity of a normal form: equal for two files exactly when they are the same up to a renaming of names."""
    numbers: dict[str, int] = {}
    state = blake2b(digest_size=16)
    for instruction in instructions:
        skeleton, symbols = instruction.key
        state.update(skeleton.encode("utf-8", "surrogatepass"))
        for symbol in symbols:
            state.update(f"\0{symbol[0]}{numbers.setdefault(symbol, len(numbers))}".encode())
        state.update(b"\0\n")
    return state.hexdigest()
