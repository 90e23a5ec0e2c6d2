"""Program calls by their look, for languages that are not parsed: JavaScript, TypeScript, Python 2, Ruby, Go …

Finds calls such as `exec("docker ps")` and `spawn("docker", ["ps"])` with literal arguments. Comments are skipped; names
and concatenations are holes.
"""

import re

from dockwright.shell.invocations import Invocation, of_command
from dockwright.shell.parse import parse_shell
from dockwright.shell.quoting import ansi_c
from dockwright.shell.script import Dialect
from dockwright.shell.texts import shell_text
from dockwright.shell.values import constant, joined
from dockwright.shell.words import Hole, HoleKind, Part, Word
from dockwright.shell.wrappers import unwrapped
from dockwright.text import MappedText, SourceFile, Span

MAX_CALLS = 2_000
_CALL = re.compile(
    rb"(?<!\w)(?P<name>(?:child_process\.|cp\.|os\.|subprocess\.|shell\.|shelljs\.|Bun\.|Deno\.|zx\.|exec\.|Open3\.|IO\.)?"
    rb"(?:execSync|execFileSync|execFile|execa(?:Command)?(?:Sync)?|exec|spawnSync|spawn|system|popen|run|call|check_call|"
    rb"check_output|Popen|Command|CommandContext|sh|bat|capture2e|capture3|backtick|\$))\s*(?:\(\s*(?:script:\s*)?|(?=[`'\"]))"
    rb"(?:ctx\s*,\s*|context\.\w+\(\)\s*,\s*)?(?=[\"'`\[])"
)
_TOKEN = re.compile(
    rb"(?P<string>\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)|(?P<comma>,)|(?P<open>[\[({])"
    rb"|(?P<close>[\])}])|(?P<blank>\s+)|(?P<other>[^\s\"'`,\[\](){}]+)",
    re.DOTALL,
)
_TEMPLATE = re.compile(r"\$\{([^{}]*)\}")
_LINE_COMMENT = re.compile(rb"^[ \t]*(?://|#|\*)")
_TAKES_LIST = frozenset(("spawn", "spawnSync", "execFile", "execFileSync", "execa", "execaSync"))
"""Calls whose second argument is the list of words; what follows are options."""
_ENDS = frozenset((b"{", b"=>", b"function", b"async", b"do", b"func"))
"""Options and callbacks: nothing behind them is part of the command line, and a callback may hold calls of its own."""
MAX_ARGUMENTS = 20_000
"""Most bytes of one call's arguments that are read."""


def scan_calls(source: SourceFile) -> tuple[Invocation, ...]:
    """The program calls of a source file, in order."""
    text = MappedText.plain(source, Span(0, len(source.data)))
    out: list[Invocation] = []
    read_to = 0
    for match in _CALL.finditer(source.data):
        if len(out) >= MAX_CALLS:
            break
        if match.start() >= read_to and not _in_comment(source.data, match.start()):
            found, read_to = _call(text, match)
            out.extend(found)
    return tuple(out)


def _in_comment(data: bytes, at: int) -> bool:
    start = data.rfind(b"\n", max(0, at - 400), at) + 1
    return _LINE_COMMENT.match(data, start, at + 1) is not None


def _call(text: MappedText, match: re.Match[bytes]) -> tuple[list[Invocation], int]:
    """The programs one call starts, and how far its arguments were read."""
    name = match["name"].decode("ascii", "replace")
    arguments, end = _arguments(text, match.end())
    if not arguments:
        return [], end
    span = text.span(match.start(), end)
    first = arguments[0]
    if len(first) == 1 and (len(arguments) == 1 or " " in first[0].shown()):
        return _shell(first[0], name), end
    if len(first) > 1:
        words = tuple(first)
    elif name.rpartition(".")[2] in _TAKES_LIST:
        words = (first[0], *arguments[1])
    else:
        words = (first[0], *(word for group in arguments[1:] for word in group))
    argv, _, env = unwrapped(words)
    return ([Invocation(argv, span, name, env=env)] if argv else []), end


def _shell(word: Word, via: str) -> list[Invocation]:
    """A single string is a command line for the shell."""
    found = shell_text(word)
    if found is None:
        return []
    commands = parse_shell(found[0], Dialect.SH, found[1]).commands
    return [of_command(command, via) for command in commands if command.argv]


def _arguments(text: MappedText, start: int) -> tuple[list[list[Word]], int]:
    """The arguments of a call: each a list of the strings in it (several for an array)."""
    data = text.data
    limit = min(len(data), start + MAX_ARGUMENTS)
    groups: list[list[Word]] = [[]]
    depth = 0
    glued = False
    position = start
    while position < limit:
        token = _TOKEN.match(data, position, limit)
        if token is None:
            break
        position = token.end()
        kind = token.lastgroup
        if token.group() in _ENDS:
            break
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth -= 1
            if depth < 0:
                break
        elif kind == "comma":
            glued = False
            if depth == 0:
                groups.append([])
        elif kind == "string":
            word = _string(text, token.start(), token.end())
            groups[-1].append(word)
        elif kind == "other":
            glued = token.group().startswith(b"+") or glued
            if not glued and token.group()[:1].isalpha() and depth < 2:
                groups[-1].append(_name(text, token))
        if (
            data[token.start() : token.start() + 1] == b"`"
            and len(groups) == 1
            and data[start - 1 : start] != b"("
        ):
            break
    return [group for group in groups if group], position


def _name(text: MappedText, token: re.Match[bytes]) -> Word:
    name = token.group().decode("utf-8", "replace")
    hole = Hole(HoleKind.ARGUMENTS if name.startswith("...") else HoleKind.VARIABLE, name.lstrip("."), name)
    return Word((hole,), None, text, token.start(), token.end(), variables=(name,))


def _string(text: MappedText, start: int, end: int) -> Word:
    width = 3 if text.data[start : start + 3] in (b'"""', b"'''") and end - start >= 6 else 1
    content = text.data[start + width : end - width].decode("utf-8", "surrogateescape")
    parts: list[Part] = []
    if text.data[start : start + 1] == b"`":
        position = 0
        for match in _TEMPLATE.finditer(content):
            parts.append(ansi_c(content[position : match.start()]))
            parts.append(Hole(HoleKind.VARIABLE, match[1].strip(), match[0]))
            position = match.end()
        parts.append(ansi_c(content[position:]))
    else:
        parts.append(ansi_c(content))
    final = joined(parts)
    return Word(final, constant(final), text, start, end, quoted=True)
