"""Commands in documentation: fenced and indented shell blocks of Markdown, reStructuredText and AsciiDoc.

Each block is read as a script of its own, at the strength of documentation. Prompts (`$ `, `> `) are taken off by
their own columns, so that every word keeps its place.
"""

import re
from collections.abc import Iterator
from itertools import islice

from dockwright.text import MappedText, SourceFile, Span

_FENCE = re.compile(
    rb"^[ \t>]*(```++|~~~++)[ \t]*+\{?+\.?+([\w+#.-]*+)[^\n]*+\n(.*?)(?:^[ \t>]*\1[`~]*[ \t]*\r?$|\Z)",
    re.MULTILINE | re.DOTALL,
)
_RST = re.compile(
    rb"^\.\. (?:code-block|code|sourcecode)::[ \t]*+(\w*+)[^\n]*+\n((?:[ \t]*+:[^\n]*+\n)*(?:[ \t]*+\n|[ \t]++[^\n]*+\n?+)++)",
    re.MULTILINE,
)
_SHELLS = frozenset((b"", b"sh", b"bash", b"shell", b"console", b"zsh", b"terminal", b"shell-session", b"shellsession", b"cmd",
                     b"powershell", b"ps1", b"text", b"bat", b"batch", b"commandline"))  # fmt: skip
_PROMPT = re.compile(rb"^[ \t>]*(?:[\w@:~/.-]*[$#%>]|PS [^>\n]*>)[ \t]+", re.MULTILINE)
TOOLS = re.compile(rb"\b(?:docker|podman|nerdctl|buildah|docker-compose|skaffold|tilt)\b")
BUILDS = re.compile(rb"\b(?:docker|podman|buildah|nerdctl)\b[^\n]*\b(?:build|bake|bud)\b")
MAX_BLOCKS = 2000


def shell_blocks(source: SourceFile) -> Iterator[MappedText]:
    """The shell blocks of a document that name a container tool."""
    for found in islice(_FENCE.finditer(source.data), MAX_BLOCKS):
        if found[2].lower() in _SHELLS and TOOLS.search(found[3]):
            yield without_prompts(source, Span(*found.span(3)))
    if source.path.lower().endswith((".rst", ".txt")):
        for found in _RST.finditer(source.data):
            if found[1].lower() in _SHELLS and TOOLS.search(found[2]):
                yield without_prompts(source, Span(*found.span(2)))


def without_prompts(source: SourceFile, span: Span) -> MappedText:
    """A block without the prompts its lines begin with; in a block with prompts other lines are output."""
    data = source.data[span.start : span.end]
    prompts = list(_PROMPT.finditer(data))
    if not prompts or b"$ " not in data:
        return MappedText.plain(source, span)
    out = bytearray()
    pieces: list[tuple[int, int]] = []
    for prompt in prompts:
        end = data.find(b"\n", prompt.end())
        while end != -1 and data[:end].rstrip(b"\r").endswith(b"\\"):
            end = data.find(b"\n", end + 1)
        end = len(data) if end == -1 else end + 1
        pieces.append((len(out), span.start + prompt.end()))
        out += data[prompt.end() : end]
    return MappedText(bytes(out), pieces, span.end)
