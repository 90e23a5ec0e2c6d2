"""The Dockerfiles that are compared: each in normal form, with its tokens."""

from collections import Counter
from collections.abc import Hashable, Sequence
from functools import cached_property
from hashlib import blake2b

import msgspec

from dockwright.dockerfile.tree import Dockerfile
from dockwright.overlap.atoms import Atom
from dockwright.overlap.marked import Symbols
from dockwright.overlap.normal import NormalInstruction, digest, normalise
from dockwright.overlap.place import Place
from dockwright.text import SourceFile, Span


class Subject(msgspec.Struct, frozen=True):
    """A Dockerfile to compare. `service` groups those that make the same thing; empty when unknown."""

    path: str
    tree: Dockerfile
    service: str = ""


class Vocabulary:
    """Small numbers for keys, given in the order in which the keys are first seen."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}

    def number(self, key: Hashable) -> int:
        return self._numbers.setdefault(key, len(self._numbers))

    def __len__(self) -> int:
        return len(self._numbers)


class NormalFile:
    """A Dockerfile in normal form. Tokens are numbers of one vocabulary: equal numbers, equal instructions."""

    def __init__(self, subject: Subject, vocabulary: Vocabulary) -> None:
        self.path = subject.path
        self.service = subject.service
        self.source: SourceFile = subject.tree.file
        self.instructions: tuple[NormalInstruction, ...] = normalise(subject.tree.instructions)
        self._vocabulary = vocabulary

    def __repr__(self) -> str:
        return f"NormalFile({self.path!r}, {len(self.instructions)} instructions)"

    def place(self, span: Span) -> Place:
        return Place(self.source, span)

    @cached_property
    def content(self) -> bytes:
        """Identity of the bytes."""
        return blake2b(self.source.data, digest_size=16).digest()

    @cached_property
    def digest(self) -> str:
        """Identity of the normal form."""
        return digest(self.instructions)

    @cached_property
    def stages(self) -> dict[int, list[NormalInstruction]]:
        """Instructions by stage, -1 for those before the first FROM."""
        found: dict[int, list[NormalInstruction]] = {}
        for instruction in self.instructions:
            found.setdefault(instruction.stage, []).append(instruction)
        return found

    @cached_property
    def atoms(self) -> tuple[Atom, ...]:
        return tuple(atom for instruction in self.instructions for atom in instruction.atoms)

    @cached_property
    def keys(self) -> tuple[tuple[str, Symbols], ...]:
        return tuple(instruction.key for instruction in self.instructions)

    @cached_property
    def tokens(self) -> list[int]:
        """One per instruction, names as they are."""
        return [self._vocabulary.number(key) for key in self.keys]

    @cached_property
    def skeletons(self) -> list[int]:
        """One per instruction, names left out."""
        return [self._vocabulary.number(skeleton) for skeleton, _ in self.keys]

    @cached_property
    def bag(self) -> Counter[int]:
        """How often each skeleton stands in the file."""
        return Counter(self.skeletons)

    @cached_property
    def atom_bag(self) -> Counter[int]:
        return Counter(self._vocabulary.number(atom.key) for atom in self.atoms)

    @cached_property
    def named(self) -> bool:
        """True if the file has names that may differ from another's."""
        return any(symbols for _, symbols in self.keys)

    def renamed_tokens(self, names: dict[str, str]) -> list[int]:
        """`tokens` with the names replaced."""
        return [self._renamed(key, names) for key in self.keys]

    def renamed_atom_bag(self, names: dict[str, str]) -> Counter[int]:
        return Counter(self._renamed(atom.key, names) for atom in self.atoms)

    def _renamed(self, key: tuple[str, Symbols], names: dict[str, str]) -> int:
        skeleton, symbols = key
        return self._vocabulary.number((skeleton, tuple(names.get(symbol, symbol) for symbol in symbols)))


def normal_files(subjects: Sequence[Subject]) -> list[NormalFile]:
    """The subjects in normal form, sorted by path."""
    vocabulary = Vocabulary()
    return [NormalFile(subject, vocabulary) for subject in sorted(subjects, key=lambda subject: subject.path)]
