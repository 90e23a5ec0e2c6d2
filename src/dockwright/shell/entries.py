"""Files whose entries are single shell commands: package.json and composer.json scripts, Procfiles, plain text."""

import re

from dockwright.shell.invocations import Invocation, of_script
from dockwright.shell.parse import parse_shell
from dockwright.shell.recognise import starts_container_tool
from dockwright.shell.script import Dialect, Nest, Scope
from dockwright.shell.texts import json_text
from dockwright.shell.wrappers import CONTAINER_TOOLS
from dockwright.text import MappedText, SourceFile, Span

_SCRIPTS = re.compile(rb"\"scripts\"\s*:\s*\{")
_ENTRY = re.compile(
    rb"\s*+,?+\s*+\"((?:[^\"\\]++|\\.)*+)\"\s*+:\s*+(?:\"((?:[^\"\\]++|\\.)*+)\"|\[([^\]]*+)\]|\{|([^,}\s]++))",
    re.DOTALL,
)
_ITEM = re.compile(rb"\"((?:[^\"\\]|\\.)*)\"", re.DOTALL)
MAX_ENTRIES = 2_000


def read_json_scripts(source: SourceFile) -> tuple[Invocation, ...]:
    """The commands under `scripts` of a package.json or composer.json."""
    out: list[Invocation] = []
    match = _SCRIPTS.search(source.data)
    position = match.end() if match else len(source.data)
    for _ in range(MAX_ENTRIES):
        entry = _ENTRY.match(source.data, position)
        if entry is None:
            break
        position = entry.end()
        scope = Scope(Nest.TARGET, entry[1].decode("utf-8", "replace"), entry.start(1))
        if entry[2] is not None:
            out.extend(_entry(source, entry.start(2), entry.end(2), scope))
        elif entry[3] is not None:
            for item in _ITEM.finditer(source.data, entry.start(3), entry.end(3)):
                out.extend(_entry(source, item.start(1), item.end(1), scope))
        elif source.data[position - 1 : position] == b"{":
            break
    return tuple(out)


def _entry(source: SourceFile, start: int, end: int, scope: Scope) -> tuple[Invocation, ...]:
    return of_script(parse_shell(json_text(source, start, end), Dialect.SH), "npm", (scope,))


_PROCESS = re.compile(rb"^([A-Za-z0-9_-]+):[ \t]*(\S[^\r\n]*)", re.MULTILINE)


def read_procfile(source: SourceFile) -> tuple[Invocation, ...]:
    """The commands of a Procfile."""
    out: list[Invocation] = []
    for match in _PROCESS.finditer(source.data):
        text = MappedText.plain(source, Span(*match.span(2)))
        scope = Scope(Nest.TARGET, match[1].decode("ascii", "replace"), match.start())
        out.extend(of_script(parse_shell(text, Dialect.SH), "procfile", (scope,)))
        if len(out) > MAX_ENTRIES:
            break
    return tuple(out)


_COMMAND_LINE = re.compile(
    rb"^[ \t>]*(?:[-*][ \t]+)?(?:\d+\.[ \t]+)?(?:run:[ \t]*|cmd:[ \t]*|command:[ \t]*|script:[ \t]*)?[\"'`]?(?:\$[ \t]+|PS>[ \t]*|C:\\>[ \t]*)?"
    rb"((?:(?:sudo|time|exec|!)[ \t]+|[A-Z_][A-Z0-9_]*=[^\s`]*[ \t]+|cd[ \t]+[^\s;&|`]+[ \t]*&&[ \t]*)*"
    rb"(?:"
    + b"|".join(sorted((name.encode() for name in CONTAINER_TOOLS), reverse=True))
    + rb")[ \t]+(?:[^\\\r\n]+|\\(?:\r?\n|[^\r\n]))*)",
    re.MULTILINE,
)
_INLINE = re.compile(
    rb"`((?:sudo[ \t]+)?(?:"
    + b"|".join(sorted((n.encode() for n in CONTAINER_TOOLS), reverse=True))
    + rb")[ \t]+[^`\r\n]{1,400})`"
)


def read_command_lines(source: SourceFile) -> tuple[Invocation, ...]:
    """Lines of any text (documentation, YAML, INI) that are command lines of a container tool."""
    out: list[Invocation] = []
    seen: set[int] = set()
    for pattern in (_COMMAND_LINE, _INLINE):
        for match in pattern.finditer(source.data):
            start, end = match.span(1)
            if any(start <= at < end for at in (*seen,)) if len(seen) < 200 else start in seen:
                continue
            seen.add(start)
            body = source.data[start:end].rstrip(b"`\"' \t\r")
            text = MappedText.plain(source, Span(start, start + len(body)))
            found = of_script(parse_shell(text, Dialect.SH), "text")
            out.extend(item for item in found if starts_container_tool(item.argv))
            if len(out) > MAX_ENTRIES:
                return tuple(out)
    return tuple(sorted(out, key=lambda item: item.span))
