"""Docker files that a script means without naming them: by a pattern, a name with a hole in it, a raw address.

`for f in docker/*; do docker build -f "$f" .; done`, `find . -name '*.Dockerfile'`, `stack/compose.%(target)s.yml`,
`https://raw.githubusercontent.com/owner/project/main/compose.$KIND.yml`. Each file that fits is used as far as can be
told: the references say that a pattern names it. A program that starts no container only walks over the files (to check
them, to list them): that is no use, and gives none.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from dockwright.repository.layout import Layout, clean, parents
from dockwright.repository.model import Place, Reference, Strength
from dockwright.repository.names import is_compose_name, is_dockerfile_name
from dockwright.repository.narrow import occurrences
from dockwright.text import SourceFile, Span

MAX_FOUND = 24
"""A pattern that fits more files says nothing about any one of them (`**/*.yml`)."""
MAX_MATCHES = 400
"""Most matches of one pattern in a file; of names with a hole, those among the first words of a file."""
_FIND = re.compile(rb"\bfind[ \t]+([\w./-]*)[^\n|;]{0,200}?-i?name[ \t]+[\"']?([\w.*?-]{1,80})")
_GLOB = re.compile(rb"\b(r?glob|ls-files|globSync|Glob)\b[( \t]+[\"']?([\w./*?-]{1,100})")
_LOOP = re.compile(rb"\bfor[ \t]+\w+[ \t]+in[ \t]+([^\n;]{1,200})")
_STARRED = re.compile(rb"(?<![\w$/.*-])[\w./-]*\*[\w./*-]*")
_HOLE = rb"(?:%\(\w{1,40}\)s|%s|\$\{\{[^{}\n]{1,80}\}\}|\$\{\w{1,40}\}|\$\(\w{1,40}\)|\$\w{1,40}|#?\{[\w.]{0,40}\})"
_HOLED = re.compile(rb"(?<![\w/.:-])(?:[\w./-]++|" + _HOLE + rb")++")
_RAW = re.compile(
    rb"https://(?:raw\.githubusercontent\.com/[\w.-]+/[\w.-]+/(?:refs/heads/)?|github\.com/[\w.-]+/[\w.-]+/(?:raw|blob)/)"
    rb"[\w.${}-]+/((?:[\w./-]++|" + _HOLE + rb")++)"
)
_FLAG = re.compile(rb"(?:-f|--file)[ =][\"']?\Z")
"""A file given to a command, also in a program that no command could be read in."""
_CORES = (b"compose", b"dockerfile", b"containerfile")
_CORE = re.compile(rb"(?i)" + rb"|".join(_CORES))
_OPENS = re.compile(rb"[%${]")
"""One of them opens every hole."""


def patterns(
    source: SourceFile,
    layout: Layout,
    strength: Strength,
    *,
    builds: bool,
    runs: bool,
    known: frozenset[int] = frozenset(),
) -> Iterator[Reference]:
    """The references, leaving out names on lines (by number) that commands were already found on. `builds` and `runs`: the file builds images, runs compose; without either a pattern is no use."""
    data = source.data
    if b"*" in data and (builds or runs):
        yield from _walked(source, layout, strength, builds=builds, runs=runs)
    cores = cores_of(source)
    if cores:
        if b"%" in data or b"$" in data or b"{" in data:
            yield from _holed(source, layout, strength, known, cores)
        if b"githubusercontent" in data or b"github.com" in data:
            yield from _raw(source, layout, strength)


def _walked(
    source: SourceFile, layout: Layout, strength: Strength, *, builds: bool, runs: bool
) -> Iterator[Reference]:
    """Files that `find`, `glob` and loops over folders come by."""
    folder = source.path.rpartition("/")[0]
    data = source.data  # words are looked for first: few programs hold them, and finding that out is cheap
    for match in _some(_FIND, data) if b"-name" in data or b"-iname" in data else ():
        below = match[1].decode().strip("./") if match[1] else ""
        names = layout.matching(f"**/{match[2].decode()}")
        yield from _made(source, match, 2, _below(names, below), strength, builds=builds, runs=runs)
    for match in _some(_GLOB, data) if b"glob" in data or b"Glob" in data or b"ls-files" in data else ():
        pattern = match[2].decode()
        deep = match[1] in (b"rglob", b"ls-files") or pattern.startswith("**/")
        text = f"**/{pattern.removeprefix('**/').removeprefix('./')}" if deep else pattern
        found = layout.matching(text) if deep else _matching(layout, folder, text)
        yield from _made(source, match, 2, found, strength, builds=builds, runs=runs)
    for match in _some(_LOOP, data):
        for word in _STARRED.findall(match[1]):
            text = word.decode().removeprefix("./").rstrip("/")
            found = _matching(layout, folder, text)
            found += [
                path
                for name in ("Dockerfile", "Containerfile")
                for path in _matching(layout, folder, f"{text}/{name}")
            ]
            yield from _made(source, match, 1, found, strength, builds=builds, runs=runs)


def cores_of(source: SourceFile) -> list[int]:
    """Where the words stand that the name of a Docker file holds, found once per file; a pattern takes ten times as long."""
    found: list[int] | None = source.__dict__.get(_KEPT)
    if found is None:
        small = source.data.lower()
        found = sorted(at for word in _CORES for at in occurrences(small, word))
        source.__dict__[_KEPT] = found
    return found


_KEPT = "patterns.cores"


def _words_around(data: bytes, cores: Iterable[int]) -> Iterator[re.Match[bytes]]:
    """The words with holes on the lines on which the name of a Docker file may stand."""
    done = 0
    for at in cores:
        if at >= done:
            line = data.rfind(b"\n", done, at) + 1 or done
            end = data.find(b"\n", at)
            done = end + 1 if end >= 0 else len(data)
            if _OPENS.search(data, line, done):
                yield from _HOLED.finditer(data, line, done)


def _holed(
    source: SourceFile, layout: Layout, strength: Strength, known: frozenset[int], cores: Iterable[int]
) -> Iterator[Reference]:
    """Names with a variable inside: every file that fits."""
    folder = source.path.rpartition("/")[0]
    hole = re.compile(_HOLE)
    last = -1
    for match in _words_around(source.data, cores):
        text = match[0]
        if not _CORE.search(text) or not hole.search(text) or text.startswith(b"/"):
            continue
        if last < 0:  # counted only where there is something to count for
            last = max(word.start() for word in _some(_HOLED, source.data))
        if match.start() > last:
            return
        pattern = _starred(text)
        if pattern is not None and source.line_of(match.start()) not in known:
            given = _FLAG.search(source.data, max(match.start() - 10, 0), match.start())
            weight = max(strength, Strength.SCRIPT) if given else strength
            yield from _made(
                source, match, 0, _matching(layout, folder, pattern), weight, builds=True, runs=True
            )


def _raw(source: SourceFile, layout: Layout, strength: Strength) -> Iterator[Reference]:
    """Addresses of files in a repository of which this tree has a file at that very path."""
    for match in _some(_RAW, source.data):
        pattern = _starred(match[1])
        if pattern is None:
            pattern = match[1].decode()
        found = layout.matching(pattern) if "*" in pattern else [pattern] if layout.has(pattern) else []
        yield from _made(source, match, 1, found, max(strength, Strength.SCRIPT), builds=True, runs=True)


def _some(pattern: re.Pattern[bytes], data: bytes) -> Iterator[re.Match[bytes]]:
    for count, match in enumerate(pattern.finditer(data)):
        if count >= MAX_MATCHES:
            return
        yield match


def _starred(text: bytes) -> str | None:
    """The name with `*` for each hole; None where nothing but holes and an ending stands in its last part."""
    plain = (
        re.sub(rb"\*{2,}", b"*", re.sub(_HOLE, b"*", text))
        .decode("utf-8", "surrogateescape")
        .removeprefix("./")
    )
    while plain.startswith("*/"):
        plain = plain[2:]  # `$ROOT/docker/…`
    name = plain.rpartition("/")[2]
    said = name.replace("*", "").lower()
    if "*" not in plain or not any(word in said for word in ("compose", "dockerfile", "containerfile")):
        return None
    return plain


def _below(paths: list[str], folder: str) -> list[str]:
    return [path for path in paths if not folder or path.startswith(f"{folder}/") or f"/{folder}/" in path]


def _matching(layout: Layout, folder: str, pattern: str) -> list[str]:
    """What a pattern means, seen from the file's folder or one above it; the nearest with any counts."""
    for base in parents(folder):
        cleaned = clean(base, pattern)
        found = layout.matching(cleaned) if cleaned else []
        if found:
            return list(found)
    return []


def _made(
    source: SourceFile,
    match: re.Match[bytes],
    group: int,
    paths: list[str],
    strength: Strength,
    *,
    builds: bool,
    runs: bool,
) -> Iterator[Reference]:
    """References to those of the paths that are Dockerfiles or compose files."""
    kinds: list[tuple[Callable[[str], bool], str, bool]] = [
        (is_dockerfile_name, "dockerfile", builds),
        (is_compose_name, "compose", runs),
    ]
    if strength <= Strength.NAME_LIST:
        return
    place = Place(source, Span(*match.span(group)))
    for is_kind, expects, used in kinds:
        named = [path for path in paths if path != source.path and is_kind(path.rpartition("/")[2])]
        if not used or not 0 < len(named) <= MAX_FOUND:
            continue
        for path in named:
            yield Reference(
                place=place, verb="reads", strength=strength, named=match[group].decode("utf-8", "replace"), target=path,
                expects=expects, uncertain="a pattern names it", resolved=path,
            )  # fmt: skip
