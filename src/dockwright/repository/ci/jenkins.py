"""Jenkinsfiles: `sh` steps, `docker.build(...)` and `agent { dockerfile … }`, read by pattern.

Groovy is a whole language; what is not written as a plain string is not seen.
"""

import re
from collections.abc import Iterator

from dockwright.repository.ci.steps import Step
from dockwright.shell.paths import Base, SymbolicPath
from dockwright.shell.script import Dialect
from dockwright.shell.words import Word, literal
from dockwright.text import MappedText, SourceFile, Span

_ROOT = SymbolicPath(Base.REPOSITORY, ".")
_STRING = (
    rb"(\"\"\"(?:[^\"\\]++|\\.|\"(?!\"\")){0,20000}+\"\"\"|'''(?:[^'\\]++|\\.|'(?!'')){0,20000}+'''"
    rb"|\"(?:[^\"\\\n]++|\\.){0,2000}+\"|'(?:[^'\\\n]++|\\.){0,2000}+')"
)
_SH = re.compile(rb"\b(sh|bat|powershell|pwsh)\b[ \t]*+\(?+[ \t]*+(?:script[ \t]*+:[ \t]*+)?" + _STRING)
_BUILD = re.compile(rb"\bdocker\.build[ \t]*+\([ \t]*+" + _STRING + rb"(?:[ \t]*+,[ \t]*+" + _STRING + rb")?")
_AGENT = re.compile(rb"\bdockerfile[ \t]*(?:\{([^{}]*)\}|true)")
_SETTING = re.compile(rb"\b(\w++)[ \t]++" + _STRING)
_DIALECTS = {b"bat": Dialect.CMD, b"powershell": Dialect.POWERSHELL, b"pwsh": Dialect.POWERSHELL}


def steps(source: SourceFile) -> Iterator[Step]:
    """Every shell step and every Docker step."""
    data = source.data
    for found in _SH.finditer(data):
        yield Step(
            span=Span(*found.span()),
            within="",
            script=_inner(source, found, 2),
            dialect=_DIALECTS.get(found[1], Dialect.BASH),
            cwd=_ROOT,
        )
    for found in _BUILD.finditer(data):
        words = {"image": _word(source, found, 1)}
        if found[2]:
            words["arguments"] = _word(source, found, 2)
        yield Step(span=Span(*found.span()), within="", uses="docker.build", inputs=words, cwd=_ROOT)
    for found in _AGENT.finditer(data):
        start = found.start(1) if found[1] is not None else 0
        words = {
            setting[1].decode(): _word(source, setting, 2, start)
            for setting in _SETTING.finditer(found[1] or b"")
        }
        yield Step(span=Span(*found.span()), within="", uses="agent.dockerfile", inputs=words, cwd=_ROOT)


def _bounds(found: re.Match[bytes], group: int) -> tuple[int, int]:
    start, end = found.span(group)
    quotes = 3 if found[group].startswith((b'"""', b"'''")) else 1
    return start + quotes, end - quotes


def _inner(source: SourceFile, found: re.Match[bytes], group: int) -> MappedText:
    return MappedText.plain(source, Span(*_bounds(found, group)))


def _word(source: SourceFile, found: re.Match[bytes], group: int, base: int = 0) -> Word:
    start, end = _bounds(found, group)
    text = MappedText.plain(source, Span(base + start, base + end))
    return literal(text.text, text, 0, len(text.data))
