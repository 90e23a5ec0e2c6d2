"""Values of variables while a script is read: known constants, choices between constants, and the unknown."""

from collections.abc import Iterable

from dockwright.shell.paths import HERE, SymbolicPath
from dockwright.shell.words import MAX_VALUES, Choice, Hole, HoleKind, Part, Word

MAX_PARTS = 64
"""Most parts a word or value is given; a value that grows beyond is treated as unknown."""


MAX_LENGTH = 64 << 10
"""Longest constant a value may grow to; a longer one is treated as unknown."""


def joined(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Neighbouring constants made one, empty ones dropped; at least one part is left."""
    out: list[Part] = []
    size = 0
    for part in parts:
        if isinstance(part, str):
            if not part:
                continue
            size += len(part)
            if size > MAX_LENGTH:
                return (Hole(HoleKind.OTHER),)
            if out and isinstance(out[-1], str):
                out[-1] += part
                continue
        out.append(part)
    return tuple(out) or ("",)


def constant(parts: tuple[Part, ...]) -> str | None:
    """The value of parts that are one constant."""
    return parts[0] if len(parts) == 1 and isinstance(parts[0], str) else None


def with_parts(word: Word, parts: Iterable[Part], *, assumed: bool = False, splits: bool = False) -> Word:
    """`word` with other parts, standing where it stands."""
    parts = joined(parts)
    if len(parts) > MAX_PARTS:
        parts = (Hole(HoleKind.OTHER, raw=word.raw[:80]),)
    return Word(
        parts, constant(parts), word.source, word.start, word.end, word.quoted, splits, word.glob,
        word.assumed or assumed, word.variables,
    )  # fmt: skip


def _shared_shape(words: list[Word]) -> tuple[Part, ...] | None:
    """Parts that agree in all but one constant, that one as a choice: `$DIR/a` or `$DIR/b` -> `$DIR`, {/a|/b}."""
    first = words[0].parts
    if any(len(word.parts) != len(first) for word in words):
        return None
    out: list[Part] = []
    for column in zip(*(word.parts for word in words), strict=True):
        options = dict.fromkeys(column)
        if len(options) == 1:
            out.append(column[0])
        elif all(isinstance(option, str) for option in options) and len(options) <= MAX_VALUES:
            out.append(Choice("", tuple(option for option in options if isinstance(option, str))))
        else:
            return None
    return tuple(out)


def merged(name: str, words: list[Word | None]) -> Word | None:
    """One variable's value after branches that set it differently; None in `words` means not set there.

    Known constants win: the unknown alternatives only make the result `assumed`.
    """
    present = [word for word in words if word is not None]
    if not present:
        return None
    first = present[0]
    if len(present) == len(words) and all(word is first or word.parts == first.parts for word in present):
        return first
    known = dict.fromkeys(value for word in present for value in word.values)
    unknown = len(present) < len(words) or any(not word.values for word in present)
    if unknown and len(known) == 1 and "" in known:  # empty at first, filled with something unknown
        known = {}
    if not known:
        shape = _shared_shape(present)
        parts: tuple[Part, ...] = shape or (Hole(HoleKind.VARIABLE, name, "$" + name),)
        return with_parts(first, parts, assumed=True)
    values = tuple(known)[:MAX_VALUES]
    if len(values) > 1 and "" in known:  # set to nothing first, and to something on the way
        values, unknown = tuple(value for value in values if value), True
    word = next(word for word in present if word.values)
    assumed = unknown or any(other.assumed for other in present)
    return with_parts(word, (values[0],) if len(values) == 1 else (Choice(name, values),), assumed=assumed)


def merged_arrays(arrays: list[tuple[Word, ...]]) -> tuple[Word, ...]:
    """An array after branches that filled it differently: the common beginning, then every addition as assumed."""
    first = arrays[0]
    if all(array is first for array in arrays):
        return first
    shared = 0
    for column in zip(*arrays, strict=False):
        if any(word is not column[0] for word in column):
            break
        shared += 1
    out = list(first[:shared])
    if all(len(array) == shared for array in arrays):
        return tuple(out)
    for array in arrays:
        out.extend(with_parts(word, word.parts, assumed=True, splits=word.splits) for word in array[shared:])
    return tuple(out[:4096])


class State:
    """What is known at one point of a script: variables, arrays, positional parameters, the working directory.

    A copy shares the dictionaries until one side writes, so that branches without assignments cost nothing. Write only
    through `set`, `drop`, `set_array` and `drop_array`.
    """

    __slots__ = ("_own_arrays", "_own_variables", "arrays", "cwd", "upstream", "variables")

    def __init__(self) -> None:
        self.variables: dict[str, Word] = {}
        self.arrays: dict[str, tuple[Word, ...]] = {}
        self._own_variables = self._own_arrays = True
        self.cwd: SymbolicPath | None = HERE
        self.upstream = ""
        """The text of the pipeline before this command, whose output it reads."""

    def copy(self) -> "State":
        other = State.__new__(State)
        other.variables = self.variables
        other.arrays = self.arrays
        self._own_variables = self._own_arrays = other._own_variables = other._own_arrays = False
        other.cwd = self.cwd
        other.upstream = self.upstream
        return other

    def set(self, name: str, word: Word) -> None:
        if not self._own_variables:
            self.variables = self.variables.copy()
            self._own_variables = True
        self.variables[name] = word

    def drop(self, name: str) -> None:
        if name in self.variables:
            self.set(name, self.variables[name])
            del self.variables[name]

    def set_array(self, name: str, words: tuple[Word, ...]) -> None:
        if not self._own_arrays:
            self.arrays = self.arrays.copy()
            self._own_arrays = True
        self.arrays[name] = words

    def drop_array(self, name: str) -> None:
        if name in self.arrays:
            self.set_array(name, ())
            del self.arrays[name]

    def merge(self, branches: list["State"]) -> None:
        """Become what holds after any one of `branches` was taken."""
        before = self.variables
        names = dict.fromkeys(
            name
            for branch in branches if branch.variables is not before
            for name, word in branch.variables.items() if before.get(name) is not word
        )  # fmt: skip
        for name in names:
            word = merged(name, [branch.variables.get(name) for branch in branches])
            if word is not None:
                self.set(name, word)
        arrays = self.arrays
        changed = dict.fromkeys(
            name
            for branch in branches if branch.arrays is not arrays
            for name, words in branch.arrays.items() if arrays.get(name) is not words
        )  # fmt: skip
        for name in changed:
            self.set_array(name, merged_arrays([branch.arrays.get(name, ()) for branch in branches]))
        first = branches[0].cwd
        self.cwd = first if all(branch.cwd == first for branch in branches) else None
