"""Names of Docker files in program code, configuration and documentation, found as words, not by parsing.

A word counts when it is the name of a Dockerfile, compose or bake file with its folders, bounded by what cannot be part
of a path, so that `docker/backend.Dockerfile` is never found in `docker/xbackend.Dockerfile`. How strong the evidence
is depends on where the word stands: a comment, doc string or message to people is documentation; an entry of a list in
a program that starts no container tool is a list of names; anything else in code or configuration is use.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator

from dockwright.repository.layout import Layout, clean, parents
from dockwright.repository.model import Place, Reference, Strength
from dockwright.repository.names import Kind, is_compose_name, is_dockerfile_name, kind_of, suffix
from dockwright.repository.narrow import long_strings
from dockwright.text import SourceFile, Span

_CORES = (b"ocker", b"ompose", b"ontainerfile", b"aptain-definition")
_DOCKER = (b"file", b"File", b"-bake")
"""What must follow `ocker`."""
_WORD_BYTES = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.@%+~$*{}/\\-"
_URL = re.compile(rb"\w+:/*$")
MAX_WORDS = 1000
"""Most words looked at in one file; generated data repeats itself."""
MAX_LINE = 400
"""Bytes of a line, before and after a word, that are looked at to weigh it."""
MAX_WORD = 300


def words(source: SourceFile) -> list[tuple[str, Span]]:
    """Words of a file that are the names of Docker files, with their spans, in order; found once per file."""
    found: list[tuple[str, Span]] | None = source.__dict__.get(_KEPT)
    if found is None:
        found = source.__dict__[_KEPT] = list(_words(source.data))
    return found


_KEPT = "mentions.words"


def _words(data: bytes) -> Iterator[tuple[str, Span]]:
    done = 0
    for at in sorted({at for core in _CORES for at in _all(data, core)}):
        if at < done:
            continue
        before = data[max(0, at - MAX_WORD) : at]
        start = at - (len(before) - len(before.rstrip(_WORD_BYTES)))
        after = data[at : at + MAX_WORD]
        end = at + len(after) - len(after.lstrip(_WORD_BYTES))
        done = max(end, at + 1)
        word = data[start:end].rstrip(b".")
        text = word.decode("utf-8", "surrogateescape").replace("\\", "/")
        if _is_name(text) and not _URL.search(data[max(0, start - 12) : start]):
            yield text, Span(start, start + len(word))


def _all(data: bytes, core: bytes) -> Iterator[int]:
    at = data.find(core)
    count = 0
    docker = core == b"ocker"
    while at != -1 and count < MAX_WORDS:
        if not docker or data.startswith(_DOCKER, at + 5):
            yield at
            count += 1
        at = data.find(core, at + 1)


def _is_name(text: str) -> bool:
    name = text.rpartition("/")[2]
    if text.startswith(("/", "~")) or not name:
        return False
    if is_dockerfile_name(name):
        return name.lower() not in ("dockerfile", "containerfile") or "/" in text
    return kind_of(text) in (Kind.BAKE, Kind.CAPTAIN) or (
        is_compose_name(name) and suffix(name) in ("yml", "yaml")
    )


def expects(name: str) -> str:
    """What kind of file a name is that of."""
    last = name.rpartition("/")[2]
    if is_dockerfile_name(last):
        return "dockerfile"
    return "compose" if is_compose_name(last) else "bake" if kind_of(name) is Kind.BAKE else "file"


class Mentions:
    """Makes references of the words of one file."""

    def __init__(
        self,
        source: SourceFile,
        layout: Layout,
        language: str,
        strength: Strength,
        written: frozenset[str] = frozenset(),
    ) -> None:
        """`written` are names of files that the program makes itself."""
        self.written = written
        self.source = source
        self.layout = layout
        self.language = language
        self.strength = strength
        self._strings: list[tuple[int, int]] = long_strings(source) if language == "python" else []

    def references(self, known: frozenset[int] = frozenset()) -> Iterator[Reference]:
        """The references, leaving out words on lines (by number) that commands were already found on."""
        source = self.source
        line, at = 1, 0
        for text, span in words(source):
            # Counted here, since most files hold few words and need no list of their lines.
            line += source.data.count(b"\n", at, span.start)
            at = span.start
            if line in known or (self.language in _CODE and not self._quoted(span)):
                continue
            strength, verb = self._weight(span)
            yield from self._references(text, span, strength, verb)

    def _references(self, text: str, span: Span, strength: Strength, verb: str) -> Iterator[Reference]:
        place = Place(self.source, span)
        found, uncertain = self._targets(text)
        for target in found:
            if target != self.source.path:
                yield Reference(
                    place=place, verb=verb, strength=strength, named=text, target=target, expects=expects(text),
                    uncertain=uncertain, resolved=target,
                )  # fmt: skip
        if not found and not uncertain and not _IDENTIFIER.fullmatch(text):
            yield Reference(
                place=place, verb=verb, strength=strength, named=text, target=None, expects=expects(text),
                uncertain=self._doubt(text, span), resolved=text.removeprefix("./"),
            )  # fmt: skip

    def _targets(self, text: str) -> tuple[list[str], str]:
        """The files a word means, and why that is not certain."""
        if any(sign in text for sign in "${}%"):
            tail = re.split(r"[}%]|\$\w+", text)[-1].lstrip("/")
            same = self.layout.ending_in(tail) if tail and "*" not in tail and "$" not in tail else []
            return (same if len(same) == 1 else []), "part of it is a variable"
        if "*" in text:
            for folder in parents(self.source.path.rpartition("/")[0]):
                pattern = clean(folder, text)
                matches = self.layout.matching(pattern) if pattern else []
                if matches:
                    return matches, "a pattern names it"
            return [], "a pattern names it"
        for folder in parents(self.source.path.rpartition("/")[0]):
            path = clean(folder, text)
            if path is not None and self.layout.has(path):
                return [path], ""
        same = self.layout.ending_in(text.lstrip("./"))
        if len(same) == 1:
            return same, ""
        return [], "several files have that name" if same else ""

    def _weight(self, span: Span) -> tuple[Strength, str]:
        """How strong a word is as evidence, by the line it stands on."""
        if self.strength <= Strength.DOCS:
            return self.strength, "mentions"
        before, text = self._line(span)
        if self._in_doc_string(span.start) or is_comment(before, self.language):
            return Strength.DOCS, "mentions"
        if _SAYING.match(before) or _MESSAGE.search(before):
            return Strength.DOCS, "mentions"
        listed = _ENTRY.fullmatch(text.strip()) is not None
        if listed and self.strength is Strength.NAME_LIST:
            return Strength.NAME_LIST, "mentions"
        return (Strength.SCRIPT if self.strength is Strength.NAME_LIST else self.strength), "reads"

    def _quoted(self, span: Span) -> bool:
        """True for a word of program code that stands in a string or a comment, not a name of the program's own."""
        before, _ = self._line(span)
        if before.count(b'"') % 2 or before.count(b"'") % 2 or before.count(b"`") % 2:
            return True
        return self._in_doc_string(span.start) or is_comment(before, self.language)

    def _line(self, span: Span) -> tuple[bytes, bytes]:
        """What stands before a word on its line, and the whole line (both cut where they are long)."""
        data = self.source.data
        first = max(0, span.start - MAX_LINE)
        start = max(data.rfind(b"\n", first, span.start) + 1, first)
        end = data.find(b"\n", span.end, span.end + MAX_LINE)
        return data[start : span.start], data[start : end if end != -1 else span.end + MAX_LINE]

    def _in_doc_string(self, at: int) -> bool:
        index = bisect_right(self._strings, (at, at)) - 1
        return index >= 0 and self._strings[index][0] <= at < self._strings[index][1]

    def _doubt(self, text: str, span: Span) -> str:
        """Why a name that is nowhere may still not be missing."""
        name = text.rpartition("/")[2]
        if "override" in name:
            return "an override need not be there"
        stem, _, ending = name.rpartition(".")
        if (
            ending in ("yml", "yaml")
            and f"{stem}.{'yaml' if ending == 'yml' else 'yml'}" in self.layout.by_name
        ):
            return "it is there with the other ending"
        _, around = self._line(span)
        if _CHECKED.search(around):
            return "its existence is checked first"
        if _WRITTEN.search(around) or name in self.written or text.removeprefix("./") in self.written:
            return "the program writes it"
        return ""


_IDENTIFIER = re.compile(
    r"(?!Dockerfile|Containerfile)\w+(?:\.\w+)*\.dockerfile|(?!Dockerfile|Containerfile)\w+|docker/dockerfile.*"
)
"""`dockerfile_path`, `inputs.dockerfile`: names of the program's own unless such a file exists; the image of a frontend."""
_MESSAGE = re.compile(
    rb"(?:\b(?:print\w*|echo|log\w*\.\w+|logger\.\w+|console\.\w+|warn\w*|raise\b.*|error|info|help|description|message|msg|hint|"
    rb"Write-\w+|printf|fail|skip\w*|recommend\w*|suggest\w*|reason|title|fix|solution|steps?|command|assert\b.*)\b[\s(=:\"'\[f]*"
    rb"|[\"'`][^\"'`]*\b(?:run|start|using|use|try|see|with|via|command):?\s[^\"'`]*|\b(?:docker|podman)[ -]compose[ \w.-]*\s)$",
    re.IGNORECASE,
)
_SAYING = re.compile(
    rb"\s*(?:@?echo(?:\.|\b)|print\(|printf\b|(?:self\.)?(?:logger|logging|log|console|warnings)\.\w+\(|raise\b|click\.echo|"
    rb"Write-(?:Host|Output|Error|Warning)|(?:self\.)?print_?\w*\(|pytest\.(?:skip|fail)\()",
    re.IGNORECASE,
)
"""A line that only says something to people."""
_ENTRY = re.compile(
    rb"[\[({]?\s*(?:[\w.]+\s*/\s*)*(?:\"[^\"]*\"|'[^']*')\s*(?::\s*(?:\"[^\"]*\"|'[^']*'|[^,]*))?\s*[\])}]*\s*,?\s*(?:#.*)?"
)
_CHECKED = re.compile(
    rb"exists\(|is_file\(|isfile\(|existsSync|\[ -[ef] |test -[ef]|Test-Path|if exist", re.IGNORECASE
)
_WRITTEN = re.compile(rb"write_text|[\"'][wax]b?[\"']\)|writeFile|>\s*[\"']?[\w./]*$")
_CODE = frozenset(
    {
        "python",
        "javascript",
        "typescript",
        "go",
        "java",
        "kotlin",
        "rust",
        "csharp",
        "groovy",
        "scala",
        "ruby",
        "php",
    }
)
_HASH = frozenset(
    {"python", "shell", "yaml", "make", "powershell", "toml", "ruby", "npm", "just", "env", "perl", "r"}
)
_SLASH = frozenset(
    {
        "javascript",
        "typescript",
        "go",
        "java",
        "kotlin",
        "rust",
        "csharp",
        "groovy",
        "scala",
        "swift",
        "php",
        "json",
    }
)


def is_comment(before: bytes, language: str) -> bool:
    """True when what stands before a word on its line opens a comment."""
    stripped = before.lstrip()
    if language in _HASH:
        return stripped.startswith(b"#") or re.search(rb"\s#\s[^\"']*$", before) is not None
    if language in _SLASH:
        return (
            stripped.startswith((b"//", b"*", b"/*")) or re.search(rb"(?<!:)//[^\"']*$", before) is not None
        )
    return language == "batch" and stripped[:4].lower() in (b"rem ", b":: ", b"::")
