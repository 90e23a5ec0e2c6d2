"""A tolerant, line-based reader for cmd.exe batch files and PowerShell.

It finds commands with their words and positions; it follows no control flow beyond `&&`, `||`, `|`, `;` and `&`.
Sources: `help cmd` (quotes, `^`, `%VAR%`, `!VAR!`), about_Parsing and about_Quoting_Rules of PowerShell 7.
"""

import re

import msgspec

from dockwright.shell.effects import moved
from dockwright.shell.parse import parse_shell
from dockwright.shell.paths import HERE, SymbolicPath
from dockwright.shell.recognise import command_string
from dockwright.shell.script import Command, Dialect, Link, Nest, Scope, Script
from dockwright.shell.texts import shell_text
from dockwright.shell.values import constant, joined
from dockwright.shell.words import Hole, HoleKind, Part, Word
from dockwright.shell.wrappers import CONTAINER_TOOLS, unwrapped
from dockwright.text import MappedText

MAX_COMMANDS = 100_000
_LINKS = {"&&": Link.AND, "||": Link.OR, "|": Link.PIPE, ";": Link.SEQUENCE, "&": Link.SEQUENCE}

_CMD_TOKEN = re.compile(
    r"(?P<blank>[ \t,]+|\^\r?\n)|(?P<newline>\r?\n)|(?P<link>&&|\|\||[|&])|(?P<paren>[()])"
    r"|(?P<redirect>\d?>>?(?:&\d)?|<)|(?P<word>(?:\"[^\"\n]*\"?|\^.|[^\s,&|()<>\"^])+)|(?P<odd>.)",
    re.DOTALL,
)
_PS_TOKEN = re.compile(
    r"(?P<blank>[ \t]+|`\r?\n|<#(?:.*?#>|.*+)|#[^\n]*)|(?P<newline>\r?\n)|(?P<link>&&|\|\||[|;])|(?P<paren>[(){}]|&)"
    r"|(?P<redirect>[\d*]?>>?(?:&\d)?|<)"
    r"|(?P<word>(?:\"(?:[^\"`]|`.|\"\")*\"?|'[^']*'?|\$\([^)\n]{0,2000}+\)|\$\{[^}\n]{0,2000}+\}|`.|[^\s|;(){}<>\"'`&])+)|(?P<odd>.)",
    re.DOTALL,
)
_COMMENT = re.compile(r"(?i)@?rem$|:")
_CMD_VARIABLE = re.compile(
    r"%~?(?:\*|\d|[A-Za-z_][\w.()]*(?::[^%\n]*)?%|~?[a-z]*\d)|%%~?[A-Za-z]|![A-Za-z_]\w*!"
)
_PS_VARIABLE = re.compile(
    r"\$\([^)\n]{0,2000}+\)|\$\{[^}\n]{0,2000}+\}|\$(?:env:)?[A-Za-z_]\w*(?:\.\w+)*|`(.)", re.DOTALL
)
_CMD_SET = re.compile(r"(?i)^set\s++(?:/p\s++)?\"?([A-Za-z_]\w*+)=(.*?)\"?$")
_PS_SET = re.compile(r"^\$([A-Za-z_]\w*)\s*=\s*(?:\"([^\"$`]*+)\"|'([^']*+)')\s*+;?+\s*+$")


class _Lines:
    """Words and commands collected so far."""

    def __init__(self, text: MappedText, dialect: Dialect) -> None:
        self.text = text
        self.dialect = dialect
        self.known: dict[str, str] = {}
        self.commands: list[Command] = []
        self.words: list[Word] = []
        self.link = Link.NONE
        self.skip = False
        """The next word is the target of a redirection."""

    def end(self, after: Link) -> None:
        """Finish the command under construction."""
        if self.words and len(self.commands) < MAX_COMMANDS:
            words = tuple(self.words)
            first = words[0]
            if first.value is not None and first.value.startswith("@") and len(first.value) > 1:
                first = Word((first.value[1:],), first.value[1:], first.source, first.start + 1, first.end)
                words = (first, *words[1:])
            argv, wrappers, assignments = unwrapped(words)
            self.commands.append(
                Command(
                    words,
                    argv,
                    self.text,
                    words[0].start,
                    words[-1].end,
                    assignments,
                    (),
                    wrappers,
                    self.link,
                    after,
                )
            )
        if self.words or after is not Link.SEQUENCE:
            self.link = after
        self.words = []
        self.skip = False

    def word(self, raw: str, start: int, end: int) -> None:
        if self.skip:
            self.skip = False
            return
        parts = joined(self.parts(raw))
        self.words.append(
            Word(parts, constant(parts), self.text, start, end, raw[:1] in "\"'", splits=not constant(parts))
        )

    def parts(self, raw: str) -> list[Part]:
        if self.dialect is Dialect.POWERSHELL and raw.startswith("'"):
            return [raw.strip("'")]
        pattern = _CMD_VARIABLE if self.dialect is Dialect.CMD else _PS_VARIABLE
        plain = raw.replace('"', "") if self.dialect is Dialect.CMD or raw.startswith('"') else raw
        plain = plain.replace("^", "") if self.dialect is Dialect.CMD else plain
        out: list[Part] = []
        position = 0
        for match in pattern.finditer(plain):
            out.append(plain[position : match.start()])
            out.append(self.variable(match))
            position = match.end()
        out.append(plain[position:])
        return out

    def variable(self, match: re.Match[str]) -> Part:
        raw = match.group(0)
        if raw.startswith("`"):
            return match.group(1)
        name = raw.strip("%!${}~")
        if raw.lower().startswith("%~dp0") or name in ("PSScriptRoot", "~dp0"):
            return Hole(HoleKind.SCRIPT_DIR, "", raw)
        if name.lower() in ("cd", "pwd", "pwd.path"):
            return Hole(HoleKind.WORKING_DIR, "", raw)
        if name in self.known:
            return self.known[name]
        kind = HoleKind.COMMAND if raw.startswith("$(") else HoleKind.VARIABLE
        return Hole(HoleKind.ARGUMENTS if name == "*" else kind, name, raw)


def parse_windows(text: MappedText, dialect: Dialect) -> Script:
    """Read a batch file or PowerShell text as far as its commands go."""
    lines = _Lines(text, dialect)
    decoded = text.data.decode("latin-1")  # one character a byte, so that offsets stay
    pattern = _CMD_TOKEN if dialect is Dialect.CMD else _PS_TOKEN
    line_start = 0
    for match in pattern.finditer(decoded):
        kind = match.lastgroup
        if kind == "newline":
            _learn(lines, decoded[line_start : match.start()])
            line_start = match.end()
            lines.end(Link.SEQUENCE)
        elif kind == "link":
            lines.end(_LINKS[match.group()])
        elif kind == "paren":
            if match.group() != "&":
                lines.end(Link.SEQUENCE)
        elif kind == "redirect":
            lines.skip = "&" not in match.group()
        elif kind == "word":
            raw = match.group().encode("latin-1").decode("utf-8", "surrogateescape")
            lines.word(raw, match.start(), match.end())
    lines.end(Link.NONE)
    return Script(tuple(_with_nested(_placed(_without_comments(lines.commands)))), dialect, text)


_MOVES = frozenset(("cd", "chdir", "set-location", "sl", "pushd", "push-location"))
_BACK = frozenset(("popd", "pop-location"))


def _slashed(word: Word) -> Word:
    """A path with `/` where Windows has `\\`."""
    parts = tuple(part.replace("\\", "/") if isinstance(part, str) else part for part in word.parts)
    value = word.value.replace("\\", "/") if word.value is not None else None
    return msgspec.structs.replace(word, parts=parts, value=value)


def _placed(commands: list[Command]) -> list[Command]:
    """The commands with the directory each runs in, read from top to bottom."""
    cwd: SymbolicPath | None = HERE
    before: list[SymbolicPath | None] = []
    out: list[Command] = []
    for command in commands:
        name = (command.words[0].value or "").lower()
        targets = [word for word in command.words[1:] if not (word.value or "").startswith(("/", "-"))]
        if name in _BACK:
            cwd = before.pop() if before else None
        elif name in _MOVES and targets:
            before.append(cwd)
            cwd = moved(cwd, _slashed(targets[0]))
        out.append(msgspec.structs.replace(command, cwd=cwd) if cwd is not HERE else command)
    return out


_QUIET = frozenset(
    ("write-host", "write-output", "write-error", "write-warning", "write-verbose", "echo", "echo.", "throw")
)


def _with_nested(commands: list[Command]) -> list[Command]:
    """The commands, and those in strings handed to a function or to `Invoke-Expression`."""
    out: list[Command] = []
    for command in commands:
        out.append(command)
        if command.name.lower() in _QUIET or command.argv[0].program in CONTAINER_TOOLS:
            continue
        for word in command.args:
            if word.quoted and command_string(word):
                found = shell_text(word)
                if found is not None:
                    scope = Scope(Nest.SHELL, command.name, command.start)
                    inner = parse_shell(found[0], Dialect.SH, found[1]).commands
                    out.extend(msgspec.structs.replace(item, place=(*command.place, scope)) for item in inner)
    return out


def _learn(lines: _Lines, line: str) -> None:
    """Remember constants: `set NAME=value`, `$name = "value"`."""
    if "=" not in line or len(line) > 4096:
        return
    if lines.dialect is Dialect.CMD:
        match = _CMD_SET.match(line.strip().lstrip("@"))
        if match and "%" not in match[2] and "!" not in match[2] and "/p" not in line.lower():
            lines.known[match[1]] = match[2]
    else:
        match = _PS_SET.match(line.strip())
        if match:
            lines.known[match[1]] = match[2] if match[2] is not None else match[3]


def _without_comments(commands: list[Command]) -> list[Command]:
    return [command for command in commands if not _COMMENT.match(command.words[0].value or "")]
