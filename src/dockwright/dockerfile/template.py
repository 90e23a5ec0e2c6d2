"""Is a file the template of a Dockerfile, and in which language?

A template is not broken because BuildKit cannot read it: something else reads it first. Marks are taken as evidence
only where a Dockerfile could not have them: `{{.Dir}}` inside a RUN is an argument of `go list`, `@A@B@` one of
`sed`, so RUN, CMD, ENTRYPOINT, HEALTHCHECK and LABEL prove nothing for those two.
"""

import re
from collections.abc import Sequence

import msgspec

from dockwright.dockerfile.arguments import KEYWORDS
from dockwright.dockerfile.nodes import Comment
from dockwright.dockerfile.reader import Node
from dockwright.dockerfile.syntax import Instruction
from dockwright.lazy import lazy_regex
from dockwright.text import Span


class Template(msgspec.Struct, frozen=True):
    """A template language, and what gives it away: `evidence` stands at `span`, None if it is in the path."""

    language: str
    evidence: str
    span: Span | None = None


_SUFFIXES = {
    "j2": "jinja", "jinja": "jinja", "jinja2": "jinja", "tmpl": "go", "gotmpl": "go", "tpl": "go", "erb": "erb",
    "ejs": "ejs", "m4": "m4", "mustache": "mustache", "hbs": "mustache", "mako": "mako", "in": "autoconf",
}  # fmt: skip
_ANYWHERE = (
    (b"{%", "jinja", re.compile(
        rb"\{%-?\s*(?:if|for|set|block|extends|include|macro|import|from|raw|endif|endfor|else)\b[^%\n]*%\}"
    )),
    (b"%>", "erb", re.compile(rb"<%[-=]?\s[^\n]{0,500}?%>")),
    (b"%%", "percent", re.compile(rb"%%[A-Z][A-Z0-9_]*%%")),
)  # fmt: skip
"""Marks no Dockerfile has outside heredocs: a quick test, the language, the mark itself."""
_M4 = lazy_regex(rb"(?:m4_[a-z_]+\(|changequote\(|dnl\b|(?:include|sinclude|define|ifdef|ifelse)\()")
_CPP = lazy_regex(rb"#(?:include\s*\"|ifdef\s|ifndef\s|if\s+defined)")
_BRACES = lazy_regex(rb"\{\{(?:[^\n]{0,500}?\}\}|[^\n]*+)")
_AT = lazy_regex(rb"@[A-Z][A-Z0-9_]*@")
_FREE_TEXT = frozenset(
    {"RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK", "LABEL", "ENV", "ARG", "SHELL", "MAINTAINER", "ONBUILD"}
)
_KNOWN = frozenset(KEYWORDS)
_GO = lazy_regex(rb"\{\{-?\s*(?:\.|\$|if |range |end\b|with |template |define |block |else\b)")
_JQ = lazy_regex(rb"\{\{-?\s*(?:if .{0,200} then \(|env\.|\) else|include \")")
_MUSTACHE = lazy_regex(rb"\{\{[#/^&{]?[A-Za-z_][\w.]*\}\}")


def detect(path: str, data: bytes, nodes: Sequence[Node]) -> Template | None:
    """The template language of a file, None if it is a plain Dockerfile."""
    found = _in_text(data, nodes)
    if found is not None:
        return found
    name = path.rpartition("/")[2]
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    if suffix in _SUFFIXES:
        return Template(_SUFFIXES[suffix], name)
    if "{{" in path:
        return Template("jinja", path)
    return None


def _in_text(data: bytes, nodes: Sequence[Node]) -> Template | None:
    instructions = [node for node in nodes if isinstance(node, Instruction)]
    for quick, language, pattern in _ANYWHERE:
        if quick not in data:
            continue
        bodies = [heredoc.body_span for node in instructions for heredoc in node.heredocs]
        for match in pattern.finditer(data):
            if not any(match.start() in body for body in bodies):
                return _made(language, match, 0)
    return _in_comments(data, nodes) or _in_instructions(data, instructions)


def _in_comments(data: bytes, nodes: Sequence[Node]) -> Template | None:
    """Directives of the C preprocessor, which are comments to Docker."""
    if b"#if" not in data and b"#include" not in data:
        return None
    for node in nodes:
        if isinstance(node, Comment) and (match := _CPP.match(data, node.span.start, node.span.end)):
            return _made("cpp", match, 0)
    return None


def _in_instructions(data: bytes, instructions: list[Instruction]) -> Template | None:
    braces, at_signs = b"{{" in data, b"@" in data
    if not (braces or at_signs):
        instructions = [node for node in instructions if node.name not in _KNOWN]
    for node in instructions:
        known = node.name in _KNOWN
        if known and (node.name in _FREE_TEXT or not (braces or at_signs)):
            continue
        span = node.line_span
        text = data[span.start : span.end]
        if match := (_BRACES.search(text) if braces else None):
            return _made(_braces_language(match.group(), data), match, span.start)
        if match := (_AT.search(text) if at_signs else None):
            return _made("autoconf", match, span.start)
        if not known and (match := _M4.match(text)):
            return _made("m4", match, span.start)
    return None


def _made(language: str, match: re.Match[bytes], offset: int) -> Template:
    span = Span(match.start() + offset, match.end() + offset)
    return Template(language, match.group().decode("utf-8", "replace")[:80], span)


def _braces_language(text: bytes, data: bytes) -> str:
    """Which of the languages with double braces: bashbrew's jq, Go's text/template, mustache or Jinja."""
    if _JQ.search(data):
        return "jq"
    if _GO.match(text):
        return "go"
    return "mustache" if _MUSTACHE.fullmatch(text) and b"." not in text else "jinja"
