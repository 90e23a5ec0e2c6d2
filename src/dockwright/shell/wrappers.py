"""Programs that run another program: how to find the command they run.

Sources: manual pages of sudo 1.9, coreutils 9 (env, nice, nohup, stdbuf, timeout), findutils 4.9 (xargs), util-linux
2.40 (chroot, flock, setsid, ionice), bash 5.2 (builtins), tini, dumb-init, gosu, su-exec, cross-env, dotenv-cli.
"""

import msgspec

from dockwright.lazy import lazy_regex
from dockwright.shell.script import Assignment
from dockwright.shell.values import State, constant
from dockwright.shell.words import Hole, HoleKind, Word

ASSIGNMENT = lazy_regex(r"([A-Za-z_]\w*)=")


class Wrapper(msgspec.Struct, frozen=True):
    """Which flags of a wrapper take a value, how many operands stand before the command, and what it adds."""

    valued: frozenset[str] = frozenset()
    operands: int = 0
    assignments: bool = False
    stdin: bool = False
    """Adds words read from its input (`xargs`)."""
    unless: frozenset[str] = frozenset()
    """Flags with which it runs nothing (`command -v`)."""


def _wrapper(valued: str = "", operands: int = 0, *, assignments: bool = False, stdin: bool = False,
             unless: str = "") -> Wrapper:  # fmt: skip
    return Wrapper(frozenset(valued.split()), operands, assignments, stdin, frozenset(unless.split()))


WRAPPERS: dict[str, Wrapper] = {
    "sudo": _wrapper(
        "-u -g -h -p -C -r -t -T -D -R -U --user --group --host --prompt --close-from --role --type --chdir --chroot",
        assignments=True, unless="-l -v -k -K --list --validate",
    ),
    "doas": _wrapper("-u -C"),
    "env": _wrapper("-u -C --unset --chdir", assignments=True),
    "cross-env": _wrapper(assignments=True),
    "cross-env-shell": _wrapper(assignments=True),
    "exec": _wrapper("-a"),
    "command": _wrapper(unless="-v -V"),
    "builtin": _wrapper(),
    "time": _wrapper("-f -o --format --output"),
    "nohup": _wrapper(),
    "nice": _wrapper("-n --adjustment"),
    "ionice": _wrapper("-c -n --class --classdata", unless="-p -P -u"),
    "timeout": _wrapper("-s -k --signal --kill-after", 1),
    "gtimeout": _wrapper("-s -k --signal --kill-after", 1),
    "stdbuf": _wrapper("-i -o -e --input --output --error"),
    "setsid": _wrapper(),
    "unbuffer": _wrapper(),
    "xargs": _wrapper(
        "-n -P -I -L -d -a -E -s --max-args --max-procs --max-lines --delimiter --arg-file --replace --max-chars",
        stdin=True,
    ),
    "chroot": _wrapper("", 1),
    "gosu": _wrapper("", 1),
    "su-exec": _wrapper("", 1),
    "setpriv": _wrapper("--reuid --regid --groups --inh-caps --ambient-caps --bounding-set"),
    "tini": _wrapper("-p -e"),
    "dumb-init": _wrapper("-r --rewrite"),
    "catchsegv": _wrapper(),
    "fakeroot": _wrapper("-l -s -i -u -b"),
    "eatmydata": _wrapper(),
    "faketime": _wrapper("-f", 1),
    "flock": _wrapper("-w -E --timeout --conflict-exit-code", 1, unless="-c --command"),
    "winpty": _wrapper(),
    "wsl": _wrapper("-d -u --distribution --user --cd"),
    "wsl.exe": _wrapper("-d -u --distribution --user --cd"),
    "dotenv": _wrapper("-e -v -p -f --file"),
    "busybox": _wrapper(unless="--list --install --help"),
    "coproc": _wrapper(),
    "start": _wrapper(),
    "call": _wrapper(),
}  # fmt: skip

CONTAINER_TOOLS = frozenset(
    (
        "docker",
        "docker-compose",
        "podman",
        "podman-compose",
        "buildah",
        "nerdctl",
        "skopeo",
        "kaniko",
        "buildctl",
    )
)
SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh", "ksh", "mksh", "busybox-sh"})
_SHELL_C = lazy_regex(r"-[a-zA-Z]*c[a-zA-Z]*")
_OPTION = lazy_regex(r"[-+][a-z]*[oO]")
_SSH_VALUED = frozenset("-b -c -D -E -e -F -I -i -J -L -l -m -O -o -p -Q -R -S -W -w -B".split())  # noqa: SIM905


def unwrapped(words: tuple[Word, ...]) -> tuple[tuple[Word, ...], tuple[str, ...], tuple[Assignment, ...]]:
    """The command really run, the wrappers looked through, and variables they set for it."""
    seen: list[str] = []
    variables: list[Assignment] = []
    while words and len(seen) < 16:
        name = words[0].program
        wrapper = WRAPPERS.get(name)
        if wrapper is None:
            break
        inner = _inside(words, wrapper, variables)
        if inner is None:
            break
        seen.append(name)
        words = inner
    return words, tuple(seen), tuple(variables)


def chosen(words: list[Word], state: State) -> tuple[Word, ...]:
    """The words with an alias put in, and of a command that is one of several (`$COMPOSE`) the first."""
    first = words[0]
    if first.value is not None:
        alias = state.arrays.get("alias " + first.value) if state.arrays else None
        return (*alias, *words[1:]) if alias else tuple(words)
    values = first.values
    if not values:
        return tuple(words)
    heads = (
        Word(
            (text,),
            text,
            first.source,
            first.start,
            first.end,
            first.quoted,
            assumed=True,
            variables=first.variables,
        )
        for text in (values[0].split() if first.splits else values[:1])
    )
    return (*heads, *words[1:])


def from_container_tool(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """The part of a command line that begins with a container tool; all of it when none is named."""
    for index in range(1, len(words)):
        if words[index].program in CONTAINER_TOOLS:
            return words[index:]
    return words


def _inside(
    words: tuple[Word, ...], wrapper: Wrapper, variables: list[Assignment]
) -> tuple[Word, ...] | None:
    index, operands = 1, wrapper.operands
    while index < len(words):
        value = words[index].value
        text = value if value is not None else ""
        if text in wrapper.unless and text:
            return None
        if text == "--":
            index += 1
        elif text.startswith("-") and len(text) > 1:
            index += 2 if text in wrapper.valued else 1
        elif wrapper.assignments and (match := _assignment(words[index])):
            variables.append(match)
            index += 1
        elif operands:
            operands -= 1
            index += 1
        else:
            break
    if index >= len(words):
        return None
    inner = words[index:]
    if wrapper.stdin:
        last = words[-1]
        hole = Hole(HoleKind.ARGUMENTS, "stdin")
        inner = (*inner, Word((hole,), None, last.source, last.end, last.end, splits=True))
    return inner


def _assignment(word: Word) -> Assignment | None:
    first = word.parts[0]
    if not isinstance(first, str) or not (match := ASSIGNMENT.match(first)):
        return None
    rest = (
        (first[match.end() :], *word.parts[1:])
        if first[match.end() :] or len(word.parts) == 1
        else word.parts[1:]
    )
    value = Word(rest, constant(rest), word.source, word.start, word.end, word.quoted, assumed=word.assumed,
                 variables=word.variables)  # fmt: skip
    return Assignment(match.group(1), value)


class Nested(msgspec.Struct, frozen=True):
    """Words that are themselves shell text: `name` is the program that reads them."""

    name: str
    words: tuple[Word, ...]
    join: bool = False
    """Read as one text, joined by blanks (`eval`, `ssh`)."""


def nested_shells(argv: tuple[Word, ...]) -> Nested | None:
    """The shell text in the arguments of `sh -c`, `su -c`, `eval`, `ssh`, `trap`, `watch`, `concurrently`."""
    name = argv[0].program if argv else ""
    if name in SHELLS or name in ("su", "runuser", "flock", "script"):
        return _after_c(name, argv)
    if name == "eval" and len(argv) > 1:
        return Nested(name, argv[1:], join=True)
    if name == "trap" and len(argv) > 2 and argv[1].value not in ("-", "-p", "-l", ""):
        return Nested(name, argv[1:2])
    if name == "ssh":
        return _ssh(argv)
    if name in ("watch", "concurrently"):
        texts = tuple(word for word in argv[1:] if " " in (word.value or ""))
        return Nested(name, texts) if texts else None
    return None


def _after_c(name: str, argv: tuple[Word, ...]) -> Nested | None:
    for index, word in enumerate(argv[1:], 1):
        value = word.value
        if value is None:
            return None
        if _SHELL_C.fullmatch(value) or value == "--command":
            rest = argv[index + 1 :]
            while rest and (rest[0].value or "").startswith("-"):
                rest = rest[2:] if rest[0].value == "-o" else rest[1:]
            return Nested(name, rest[:1]) if rest else None
        if (
            name in SHELLS
            and not value.startswith(("-", "+"))
            and not _OPTION.fullmatch(argv[index - 1].value or "")
        ):
            return None
    return None


def _ssh(argv: tuple[Word, ...]) -> Nested | None:
    index = 1
    while index < len(argv):
        value = argv[index].value or ""
        if not value.startswith("-"):
            break
        index += 2 if value in _SSH_VALUED else 1
    rest = argv[index + 1 :]
    return Nested("ssh", rest, join=True) if rest else None
