"""The normal form of shell text: RUN bodies, shell-form CMD, ENTRYPOINT and HEALTHCHECK.

White space outside quotes and the layout of lines do not count, nor do comments, nor the order of the packages and
lone flags of an install command. Everything else does: this is a form to compare by, no proof of equal effect.
Install commands inside `sh -c "..."` keep their order.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

import msgspec

from dockwright.knowledge.packages import by_program
from dockwright.overlap.marked import clean
from dockwright.shell.packages import Action, Install, Package, read_install
from dockwright.shell.run_body import parse_run
from dockwright.shell.words import Word
from dockwright.text import MappedText

MAX_BYTES = 1 << 18
"""A longer text is compared as it stands, white space aside."""

_PIECE = re.compile(
    rb"""(?P<newline>[ \t\r\f\v]*\n\s*)
    | (?P<space>[ \t\r\f\v]+)
    | (?P<comment>(?<![^\s;])\#[^\n]*(?=\n))
    | (?P<operator>&&|\|\||;;|[;|]|&(?![>&0-9]))
    | (?P<word>(?:[^\s'"\\;&|]|'[^']*+'|"(?:[^"\\]|\\.)*+"|\\.|(?<=>)&|&(?=[>0-9])|['"\\])+)""",
    re.VERBOSE | re.DOTALL,
)

_SEPARATORS = ("&&", ";")


class Piece(msgspec.Struct, frozen=True, gc=False):
    """A word or operator of a script with its offsets in the script."""

    text: str
    start: int
    end: int
    operator: bool = False


_END = Piece(";", 0, 0, operator=True)


class PackageUse(msgspec.Struct, frozen=True, gc=False):
    """A package named by an install command; `version` is operator and version as written, perhaps empty."""

    manager: str
    name: str
    version: str
    start: int
    end: int


class _Ordered(msgspec.Struct, frozen=True):
    """An install command: `moved` are the offsets of the words that are put behind its last word, at `end`."""

    end: int
    moved: tuple[int, ...]
    flags: tuple[Piece, ...]
    packages: tuple[PackageUse, ...]


class Command(msgspec.Struct, frozen=True):
    """What stands between two `&&`, `;` or newlines: its text without the packages it installs, and those."""

    text: str
    start: int
    end: int
    packages: tuple[PackageUse, ...] = ()


class ScriptForm(msgspec.Struct, frozen=True):
    """A script in normal form: its whole text, and its commands with offsets into the script."""

    text: str
    commands: tuple[Command, ...]


def script_form(script: MappedText, shell: tuple[str, ...] = ("/bin/sh", "-c")) -> ScriptForm:
    """The normal form of a shell text."""
    data = script.data
    if len(data) > MAX_BYTES:
        text = clean(b" ".join(data.split()))
        return ScriptForm(text, (Command(text, 0, len(data)),))
    pieces = list(_pieces(data))
    installs = _installs(script, shell, pieces) if _managers().search(data) else []
    whole: list[str] = []
    commands: list[Command] = []
    words: list[Piece] = []
    packages: list[PackageUse] = []
    for piece in (*_rearranged(pieces, installs), _END):
        if not isinstance(piece, Piece):
            packages.extend(piece)
            whole.extend(use.name + use.version for use in piece)
            continue
        if piece.operator and piece.text in _SEPARATORS:
            if words:
                text = " ".join(word.text for word in words)
                commands.append(Command(text, words[0].start, words[-1].end, tuple(packages)))
            words, packages = [], []
        else:
            words.append(piece)
        whole.append(piece.text)
    return ScriptForm(" ".join(whole[:-1]), tuple(commands))


def _rearranged(pieces: list[Piece], installs: list[_Ordered]) -> Iterator[Piece | tuple[PackageUse, ...]]:
    """The pieces with lone flags and packages of install commands put behind their last word, in order."""
    moved = {start for install in installs for start in install.moved}
    ends = {install.end: install for install in installs}
    for piece in pieces:
        if piece.start not in moved:
            yield piece
        install = ends.get(piece.end)
        if install is not None:
            yield from install.flags
            yield install.packages


def _pieces(data: bytes) -> Iterator[Piece]:
    """Words and operators in order; line ends become `;`."""
    operator = True
    for match in _PIECE.finditer(data):
        kind = match.lastgroup
        if kind in ("space", "comment") or (kind == "newline" and operator):
            continue
        operator = kind != "word"
        text = ";" if kind == "newline" else clean(match[0])
        yield Piece(text, match.start(), match.end(), operator)


def _installs(script: MappedText, shell: tuple[str, ...], pieces: list[Piece]) -> list[_Ordered]:
    """The install commands whose every word is a piece of the script itself."""
    ends = {piece.start: piece.end for piece in pieces}
    found: list[_Ordered] = []
    for command in parse_run(script, shell).commands:
        if not command.words or any(
            word.source.data is not script.data or ends.get(word.start) != word.end for word in command.words
        ):
            continue
        install = read_install(command)
        if install is not None and install.action is Action.INSTALL:
            packages = [package for package in install.packages if package.kind != "virtual"]
            if packages and all((package.word.value or "").startswith(package.name) for package in packages):
                found.append(_ordered(install, packages))
    return found


def _ordered(install: Install, packages: Sequence[Package]) -> _Ordered:
    words = install.command.words
    uses: list[PackageUse] = []
    for package in packages:
        word = package.word
        extras = f"[{','.join(sorted(package.extras))}]" if package.extras else ""
        version = f"{package.operator}{package.version}" if package.version else ""
        uses.append(PackageUse(install.manager, package.name + extras, version, word.start, word.end))
    uses.sort(key=lambda use: (use.name, use.version, use.start))
    places = {use.start for use in uses}
    flags = {word.start: word for word in install.flags}
    lone = [
        word
        for word, follower in zip(words, (*words[1:], None), strict=True)
        if word.start in flags and (follower is None or follower.start in flags or follower.start in places)
    ]
    return _Ordered(
        end=max(word.end for word in words),
        moved=(*places, *(word.start for word in lone)),
        flags=tuple(sorted((_piece(word) for word in lone), key=lambda piece: piece.text)),
        packages=tuple(uses),
    )


def _piece(word: Word) -> Piece:
    return Piece(clean(word.source.data[word.start : word.end]), word.start, word.end)


@cache
def _managers() -> re.Pattern[bytes]:
    """Finds the name of a package manager: without one, a script need not be taken apart."""
    names = sorted(by_program(), key=lambda name: (-len(name), name))
    return re.compile(
        rb"(?<![\w-])(?:" + b"|".join(re.escape(name).encode() for name in names) + rb")(?![\w-])"
    )
