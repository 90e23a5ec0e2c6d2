"""Recipes of Makefiles and justfiles as shell commands, variables put in.

Source: GNU make manual 4.4, "Writing Recipes", "How to Use Variables"; just.systems/man. Conditionals are not
evaluated: both branches are read. `$(shell ...)` becomes a command substitution, other functions are unknown.
"""

import re

from dockwright.shell.invocations import Invocation, of_script
from dockwright.shell.parse import parse_shell
from dockwright.shell.script import Assignment, Dialect, Nest, Scope
from dockwright.shell.words import Hole, HoleKind, Word
from dockwright.text import MappedText, SourceFile, Span

MAX_EXPANDED = 16 << 10
"""Longest text a recipe line may grow to by its variables."""
MAX_STEPS = 2_000
"""Most references followed for one recipe line."""
MAX_RECIPES = 5_000
_VARIABLE = re.compile(
    rb"^[ ]*(?:export[ \t]+|override[ \t]+)*([A-Za-z_][\w.-]*+)[ \t]*+(\?=|::?:?=|\+=|!=|=)[ \t]*+(.*)$"
)
_TARGET = re.compile(rb"^([^\s#:=][^#:=\t]*+)[ \t]*+::?(?![=:])[ \t]*+([^=;]*+)(?:;[ \t]*+(.*))?$")
_OF_TARGET = re.compile(
    rb"^([^\s#:=][^#:=\t]*+)[ \t]*+::?[ \t]++((?:export[ \t]++|override[ \t]++)*+[A-Za-z_].*)$"
)
"""`dev: FILES = -f a.yml`: a variable for one target alone (GNU make manual, "Target-specific Variable Values")."""
_REFERENCE = re.compile(rb"\$(?:\$|\(|\{|([@<^?*+|%]|[A-Za-z_]))")
_PREFIX = re.compile(rb"[ \t]*[@+-]*[ \t]*")
_PLAIN = re.compile(r"[\w./:@%+,=~ -]*")


class Makefile:
    """The variables of a Makefile, and its recipe lines with the target they belong to."""

    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self.variables: dict[str, tuple[bytes, int, bool]] = {}
        """Name -> value, where it stands, and whether the caller may change it (`?=`)."""
        self.of_target: dict[str, dict[str, tuple[bytes, int, bool]]] = {}
        """The same for variables of one target alone, by target."""
        self.recipes: list[tuple[str, str, int, int]] = []
        """Target, its prerequisites, and the extent of a logical recipe line."""

    def read(self) -> None:
        """Split the file into variables and recipes."""
        targets, needs = "", ""
        data = self.source.data
        for start, end in _logical_lines(self.source):
            line = data[start:end]
            if line.startswith(b"\t"):
                if targets and len(self.recipes) < MAX_RECIPES:
                    self.recipes.append((targets, needs, start, end))
                continue
            stripped = line.rstrip(b"\r\n")
            variable = _VARIABLE.match(stripped)
            if variable is not None:
                self.set(variable, start)
                continue
            special = _OF_TARGET.match(stripped)
            variable = _VARIABLE.match(special[2]) if special is not None else None
            if special is not None and variable is not None:
                for name in special[1].decode("utf-8", "replace").split():
                    self.set(variable, start + special.start(2), self.of_target.setdefault(name, {}))
                continue
            target = _TARGET.match(stripped)
            if target is not None:
                targets = target[1].decode("utf-8", "replace").strip()
                needs = (target[2] or b"").decode("utf-8", "replace").strip()
                if target[3]:
                    self.recipes.append((targets, needs, start + target.start(3), end))

    def set(
        self, match: re.Match[bytes], start: int, of_target: dict[str, tuple[bytes, int, bool]] | None = None
    ) -> None:
        """Take in an assignment, of the whole file or of one target."""
        variables = self.variables if of_target is None else of_target
        name = match[1].decode("ascii", "replace")
        operator, value = match[2], match[3].split(b" #", 1)[0].rstrip()
        at = start + match.start(3)
        if operator == b"!=":
            value = b"$(shell " + value + b")"
        before = variables.get(name) or self.variables.get(name)
        if operator == b"+=" and before is not None:
            variables[name] = (before[0] + b" " + value, before[1], before[2])
        elif operator != b"?=" or before is None:
            variables[name] = (value, at, operator == b"?=")

    def text(
        self, target: str, needs: str, start: int, end: int
    ) -> tuple[MappedText, tuple[Assignment, ...]]:
        """A recipe line as the shell gets it, and the variables that stay variables in it."""
        expansion = _Expansion(self, target, needs)
        prefix = _PREFIX.match(self.source.data, start, end)
        expansion.add(self.source.data, prefix.end() if prefix else start, end, None, 0)
        return expansion.finish(end)


class _Expansion:
    """Builds one recipe line, piece by piece."""

    def __init__(self, makefile: Makefile, target: str, needs: str) -> None:
        self.makefile = makefile
        self.automatic = {
            b"@": target,
            b"<": needs.split(" ", maxsplit=1)[0],
            b"^": needs,
            b"+": needs,
            b"?": needs,
        }
        self.own = {
            key: value for name in target.split() for key, value in makefile.of_target.get(name, {}).items()
        }
        self.out: list[bytes] = []
        self.pieces: list[tuple[int, int]] = []
        self.size = self.steps = 0
        self.opened: list[str] = []
        """Variables whose value is being put in: one that names itself means the caller's environment."""
        self.unknown: dict[str, Assignment] = {}

    def put(self, text: bytes, at: int, *, literal: bool) -> None:
        """Add text that stands at `at` in the file, or (not literal) was put in there."""
        text = text[: max(MAX_EXPANDED - self.size, 0)]
        if not text:
            return
        if literal:
            self.pieces.append((self.size, at))
        else:
            self.pieces.extend((self.size + index, at) for index in range(len(text)))
        self.out.append(text)
        self.size += len(text)

    def add(self, data: bytes, start: int, end: int, place: int | None, depth: int) -> None:
        """Add `data[start:end]`, expanding references; `place` is where they are used if not here."""
        position = start
        for match in _REFERENCE.finditer(data, start, end):
            if match.start() < position:
                continue
            if self.steps > MAX_STEPS:
                break
            at = match.start() if place is None else place
            self.put(data[position : match.start()], position if place is None else at, literal=place is None)
            position = self.reference(data, match, end, at, depth)
        self.put(data[position:end], position if place is None else place, literal=place is None)

    def reference(self, data: bytes, match: re.Match[bytes], end: int, at: int, depth: int) -> int:
        token = match.group()
        if token == b"$$":
            self.put(b"$", at, literal=False)
            return match.end()
        if match[1] is not None:
            self.named(match[1], at, depth)
            return match.end()
        close = _closing(data, match.end() - 1, end)
        inner = data[match.end() : close]
        if inner.startswith(b"shell ") and token == b"$(":
            self.put(b"$(", at, literal=False)
            self.add(inner, len(b"shell "), len(inner), at, depth + 1)
            self.put(b")", at, literal=False)
        else:
            self.named(inner.strip(), at, depth)
        return close + 1

    def named(self, name: bytes, at: int, depth: int) -> None:
        """Put in the value of a variable, or leave it to the shell as an unknown one."""
        if name in self.automatic:
            self.put(self.automatic[name].encode("utf-8", "replace"), at, literal=False)
            return
        if name in (b"MAKE", b"MAKECMDGOALS"):
            self.put(b"make" if name == b"MAKE" else b"${MAKECMDGOALS}", at, literal=False)
            return
        text = name.decode("utf-8", "replace")
        self.steps += 1
        if self.steps > MAX_STEPS or self.size >= MAX_EXPANDED:
            return
        known = self.own.get(text) or self.makefile.variables.get(text)
        if text in self.opened or depth >= 20:
            known = None
        if known is not None and not (known[2] and _PLAIN.fullmatch(known[0].decode("latin-1"))):
            self.opened.append(text)
            self.add(known[0], 0, len(known[0]), at, depth + 1)
            self.opened.pop()
            return
        self.variable(text, known, at)

    def variable(self, text: str, known: tuple[bytes, int, bool] | None, at: int) -> None:
        identifier = re.sub(r"\W", "_", text)[:60] or "make"
        source = MappedText.plain(self.makefile.source, Span(at, at))
        if known is not None:
            value = known[0].decode("utf-8", "replace")
            word = Word((value,), value, source, 0, 0, assumed=True, variables=(text,))
        else:
            kind = HoleKind.WORKING_DIR if text in ("CURDIR", "PWD") else HoleKind.VARIABLE
            hole = Hole(kind, text[:80], f"$({text[:80]})")
            word = Word((hole,), None, source, 0, 0, variables=(text[:80],))
        self.unknown[identifier] = Assignment(identifier, word)
        self.put(b"${" + identifier.encode("ascii", "replace") + b"}", at, literal=False)

    def finish(self, end: int) -> tuple[MappedText, tuple[Assignment, ...]]:
        return MappedText(b"".join(self.out), self.pieces, end), tuple(self.unknown.values())


def _closing(data: bytes, opening: int, end: int) -> int:
    """The bracket that closes the one at `opening`; the end when there is none."""
    pair = (b"(", b")") if data[opening : opening + 1] == b"(" else (b"{", b"}")
    depth, position = 0, opening
    while position < end:
        character = data[position : position + 1]
        if character == pair[0]:
            depth += 1
        elif character == pair[1]:
            depth -= 1
            if not depth:
                return position
        position += 1
    return end


_CONTINUED = re.compile(rb"(?:[^\\\n]+|\\(?:\r\n|.|\n))*\n?")


def _logical_lines(source: SourceFile) -> list[tuple[int, int]]:
    """Extents of lines, those that end in a backslash joined with the next."""
    out: list[tuple[int, int]] = []
    position, size = 0, len(source.data)
    while position < size:
        match = _CONTINUED.match(source.data, position)
        end = match.end() if match else size
        out.append((position, end))
        position = max(end, position + 1)
    return out


def read_makefile(source: SourceFile) -> tuple[Invocation, ...]:
    """The program calls of all recipes, each inside its target."""
    makefile = Makefile(source)
    makefile.read()
    out: list[Invocation] = []
    for target, needs, start, end in makefile.recipes:
        text, variables = makefile.text(target, needs, start, end)
        place = (Scope(Nest.TARGET, target, start),)
        out.extend(of_script(parse_shell(text, Dialect.SH, variables), "make", place))
    return tuple(out)


_JUST_RECIPE = re.compile(rb"^@?([A-Za-z_][\w-]*)((?:[ \t][^:\n]*+)?):(?!=)[ \t]*+([^\n]*+)$")
_JUST_VARIABLE = re.compile(
    rb"^(?:export[ \t]+)?([A-Za-z_][\w-]*)[ \t]*:=[ \t]*(?:\"([^\"\n]*)\"|'([^'\n]*)')"
)
_JUST_REFERENCE = re.compile(rb"\{\{([^{}\n]*+)\}\}")


def read_justfile(source: SourceFile) -> tuple[Invocation, ...]:
    """The program calls of a justfile's recipes."""
    out: list[Invocation] = []
    variables: dict[bytes, bytes] = {}
    recipe, place = b"", 0
    for start, end in _logical_lines(source):
        line = source.data[start:end].rstrip(b"\r\n")
        if line[:1] in (b" ", b"\t") and recipe:
            prefix = _PREFIX.match(source.data, start, end)
            text = _just_text(source, prefix.end() if prefix else start, end, variables)
            scope = Scope(Nest.TARGET, recipe.decode("utf-8", "replace"), place)
            out.extend(of_script(parse_shell(text, Dialect.SH), "just", (scope,)))
            continue
        variable = _JUST_VARIABLE.match(line)
        if variable is not None:
            variables[variable[1]] = variable[2] if variable[2] is not None else variable[3]
            continue
        match = _JUST_RECIPE.match(line)
        if match is not None:
            recipe, place = match[1], start
    return tuple(out)


def _just_text(source: SourceFile, start: int, end: int, variables: dict[bytes, bytes]) -> MappedText:
    data = source.data
    out: list[bytes] = []
    pieces: list[tuple[int, int]] = []
    size, position = 0, start
    for match in _JUST_REFERENCE.finditer(data, start, end):
        pieces.append((size, position))
        out.append(data[position : match.start()])
        size += match.start() - position
        said = match[1].strip(b" \t")
        name = re.sub(rb"\W", b"_", said)[:60]
        text = variables.get(said, b"${" + name + b"}")
        pieces.extend((size + index, match.start()) for index in range(len(text)))
        out.append(text)
        size += len(text)
        position = match.end()
    pieces.append((size, position))
    out.append(data[position:end])
    return MappedText(b"".join(out), pieces, end)
