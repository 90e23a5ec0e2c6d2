"""Parameter expansion, as far as constants and well-known idioms reach (POSIX 2.6.2, bash 3.5.3)."""

import re
from functools import lru_cache

from dockwright.shell.values import State, constant, joined
from dockwright.shell.words import Choice, Hole, HoleKind, Part, Word

PARAMETER = re.compile(
    r"\$\{(?P<sigil>[#!]?)(?P<name>[A-Za-z_]\w*|\d+|[@*#?$!_-])(?:\[(?P<index>[^\]]*)\])?"
    r"(?P<operator>:?[-=+?]|##?|%%?|//?|\^\^?|,,?|:|@)?",
)
SELF = "/$0"
"""Stands for the script's own file name below its directory, so that `dirname` takes it off."""

_SPECIAL = {
    "PWD": HoleKind.WORKING_DIR,
    "HOME": HoleKind.HOME,
    "GITHUB_WORKSPACE": HoleKind.REPOSITORY,
    "CI_PROJECT_DIR": HoleKind.REPOSITORY,
    "BITBUCKET_CLONE_DIR": HoleKind.REPOSITORY,
    "BUILD_SOURCESDIRECTORY": HoleKind.REPOSITORY,
    "WORKSPACE": HoleKind.REPOSITORY,
    "CIRCLE_WORKING_DIRECTORY": HoleKind.REPOSITORY,
    "TRAVIS_BUILD_DIR": HoleKind.REPOSITORY,
}


def own_file(raw: str) -> tuple[Part, ...]:
    """`$0`, `${BASH_SOURCE[0]}`: the script's directory, and its own name below it."""
    return (Hole(HoleKind.SCRIPT_DIR, "", raw), SELF)


def dirname(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The directory of a path given as parts."""
    last = parts[-1]
    if isinstance(last, str) and "/" in last:
        return joined((*parts[:-1], last.rpartition("/")[0]))
    if isinstance(last, Hole) and last.kind is not HoleKind.VARIABLE:
        return (*parts, "/..")
    if constant(parts) is not None:
        return (".",)
    return (*parts, "/..") if len(parts) == 1 else (Hole(HoleKind.OTHER),)


@lru_cache(maxsize=256)
def _pattern(pattern: str, operator: str) -> re.Pattern[str] | None:
    """A shell pattern with at most two `*` and no brackets as a regular expression; None for anything harder."""
    if "[" in pattern or "\\" in pattern or pattern.count("*") > 2:
        return None
    star = ".*?" if operator in ("#", "%") else ".*"
    core = "".join(star if c == "*" else "." if c == "?" else re.escape(c) for c in pattern)
    if operator[0] == "#":
        return re.compile(rf"\A(?s:{core})")
    return re.compile(rf"(?s:(?P<kept>{'.*' if operator == '%' else '.*?'})(?:{core}))\Z")


def trimmed(value: str, operator: str, pattern: str) -> str:
    """`${value#pattern}` and its three sisters."""
    compiled = _pattern(pattern, operator)
    if compiled is None or len(value) > 4096:
        return value
    match = compiled.match(value)
    if match is None:
        return value
    return value[match.end() :] if operator[0] == "#" else match.group("kept")


def replaced(value: str, operator: str, rest: str) -> str | None:
    """`${value/from/to}` where `from` is plain text; None where it is a pattern."""
    old, _, new = rest.partition("/")
    if not old or any(character in old for character in "*?[\\#%"):
        return None
    return value.replace(old, new, 1 if operator == "/" else -1)


class Value:
    """What a parameter expansion gives: its parts, and whether they rest on a default."""

    __slots__ = ("assumed", "known", "parts")

    def __init__(self, parts: tuple[Part, ...], *, assumed: bool = False, known: bool = True) -> None:
        self.parts = parts
        self.assumed = assumed
        self.known = known


def lookup(state: State, name: str, raw: str) -> Value:
    """The value of a variable or special parameter."""
    word = state.variables.get(name)
    if word is not None:
        return Value(word.parts, assumed=word.assumed)
    if name in ("0", "BASH_SOURCE"):
        return Value(own_file(raw))
    kind = _SPECIAL.get(name)
    if kind is HoleKind.WORKING_DIR and state.cwd is not None and str(state.cwd) != ".":
        return Value(_from_cwd(state, raw))
    if kind is not None:
        return Value((Hole(kind, name, raw),))
    if name in ("@", "*"):
        return Value((Hole(HoleKind.ARGUMENTS, name, raw),), known=False)
    return Value((Hole(HoleKind.VARIABLE, name, raw),), known=False)


def _from_cwd(state: State, raw: str) -> tuple[Part, ...]:
    from dockwright.shell.paths import Base

    assert state.cwd is not None, "asked only where the working directory is known"
    if state.cwd.base is Base.ABSOLUTE:
        return (state.cwd.path,)
    kinds = {
        Base.CWD: HoleKind.WORKING_DIR, Base.SCRIPT: HoleKind.SCRIPT_DIR, Base.REPOSITORY: HoleKind.REPOSITORY,
        Base.HOME: HoleKind.HOME,
    }  # fmt: skip
    kind = kinds.get(state.cwd.base, HoleKind.OTHER)
    tail = "" if state.cwd.path == "." else "/" + state.cwd.path
    return joined((Hole(kind, "PWD", raw), tail))


def working_directory(state: State, raw: str) -> tuple[Part, ...]:
    """What `pwd` prints."""
    if state.cwd is None:
        return (Hole(HoleKind.OTHER, "", raw),)
    return _from_cwd(state, raw)


def modified(value: Value, operator: str, operand: tuple[Part, ...], raw: str, name: str) -> Value:
    """The value after an expansion operator whose operand is already expanded."""
    if operator in (":-", "-", ":=", "="):
        if not value.known or (operator[0] == ":" and value.parts == ("",)):
            return Value(operand, assumed=True)
        return value
    if operator in (":+", "+"):
        return Value(operand, assumed=not value.known) if value.parts != ("",) else Value(("",))
    if operator in (":?", "?"):
        return value
    text, argument = constant(value.parts), constant(operand)
    if operator in ("#", "##", "%", "%%") and argument is not None:
        if argument == "/*" and operator == "%":
            return Value(dirname(value.parts), assumed=value.assumed)
        if text is not None:
            return Value((trimmed(text, operator, argument),), assumed=value.assumed)
        if isinstance(value.parts[0], Choice) and len(value.parts) == 1:
            choice = value.parts[0]
            values = tuple(trimmed(option, operator, argument) for option in choice.values)
            return Value((Choice(choice.name, values),), assumed=value.assumed)
    if operator in ("/", "//") and text is not None and argument is not None:
        new = replaced(text, operator, argument)
        if new is not None:
            return Value((new,), assumed=value.assumed)
    if operator in ("^^", "^", ",,", ",") and text is not None:
        change = {"^^": str.upper, ",,": str.lower, "^": str.capitalize}.get(operator, str)
        return Value((change(text),), assumed=value.assumed)
    return Value((Hole(HoleKind.VARIABLE, name, raw),), known=False)


def value_word(value: Value, word: Word) -> Word:
    """`value` as a word that stands where `word` stands."""
    return Word(value.parts, constant(value.parts), word.source, word.start, word.end, assumed=value.assumed)
