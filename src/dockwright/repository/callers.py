"""Scripts that start scripts: by path on a command line, by import, by `make` and `npm run`."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from dockwright.repository.gather import Calling
from dockwright.repository.layout import Layout, Located, clean, locate, parents
from dockwright.repository.model import Place, Reference, Strength
from dockwright.repository.names import is_test_code
from dockwright.repository.narrow import imports
from dockwright.shell.invocations import Invocation
from dockwright.shell.paths import Base
from dockwright.shell.words import Word
from dockwright.text import SourceFile, Span

_INTERPRETERS = re.compile(
    r"(?:ba|z|k|da)?sh|python[\d.]*|py|node|deno|bun|ts-node|tsx|pwsh|powershell(?:\.exe)?|source|\.|ruby|perl|call|exec|sudo"
)
_SCRIPT = re.compile(r"[\w./{}$-]+\.(?:sh|bash|py|js|mjs|ts|ps1|bat|cmd|rb|pl)|\.{0,2}/[\w./-]+")
CONTAINER_LIBRARIES = frozenset(
    {"docker", "testcontainers", "python_on_whales", "podman", "aiodocker", "compose", "dockerode"}
)


def run_references(calling: Calling, layout: Layout, scripts: frozenset[str]) -> Iterator[Reference]:
    """The scripts of the repository that a file starts; `scripts` are those that are inventoried."""
    strength = Strength.TEST if is_test_code(calling.source.path) else Strength.RUN
    seen: set[str] = set()
    for invocation in calling.runs:
        for word in _named(invocation):
            for located in _located(layout, word, invocation, calling.source.path):
                target = located.target
                if target in scripts and target != calling.source.path and target not in seen:
                    seen.add(target)
                    yield Reference(
                        place=Place(calling.source, word.span), verb="calls", strength=strength,
                        named=word.value or located.resolved, target=target, expects="script",
                        uncertain=located.uncertain, resolved=located.resolved,
                    )  # fmt: skip


def _named(invocation: Invocation) -> Iterator[Word]:
    """Words of a command that may name a script: the program itself, or what an interpreter is given first."""
    argv = invocation.argv
    if not argv:
        return
    first = argv[0].value or argv[0].shown()
    if "/" in first or (len(first) <= MAX_WORD and _SCRIPT.fullmatch(first)):
        yield argv[0]
    name = first.rpartition("/")[2]
    if not _INTERPRETERS.fullmatch(name):
        return
    for word in argv[1:4]:
        shown = word.value or word.shown("x")
        if shown.startswith("-"):
            continue
        if len(shown) <= MAX_WORD and _SCRIPT.search(shown):
            yield word
        return


def _located(layout: Layout, word: Word, invocation: Invocation, holder: str) -> Iterator[Located]:
    for path in word.paths():
        if path.base is Base.CWD and invocation.cwd is not None:
            path = invocation.cwd / path
        if path.exact:
            yield from locate(layout, path, holder)


MAX_LINE = 2000
_ENDING = re.compile(rb"\.(?:sh|bash|py|js|mjs|ts|rb|pl|php)\b")
_WORD_BYTES = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-"
MAX_WORD = 300


def image_references(
    sources: Iterable[tuple[SourceFile, Sequence[str]]], layout: Layout, scripts: Collection[str]
) -> Iterator[Reference]:
    """Scripts that Dockerfiles copy or start, and that compose files start; each source with its build contexts.

    A path in an image is not one in the tree: when it is none of the context, the script of that name is meant, if
    there is only one.
    """
    by_name: dict[str, list[str]] = {}
    for path in scripts:
        by_name.setdefault(path.rpartition("/")[2], []).append(path)
    for source, contexts in sources:
        for start, end in _script_words(source.data):
            text = source.data[start:end].decode("ascii", "replace")
            candidates = by_name.get(text.rpartition("/")[2])
            if not candidates or _is_commented(source, start):
                continue
            places = [clean(root, text.lstrip("/")) for root in contexts]
            exact = [path for path in places if path is not None and path in candidates]
            target = exact[0] if exact else candidates[0] if len(candidates) == 1 else None
            if target is not None and target is not source.path and layout.has(target):
                yield Reference(
                    place=Place(source, Span(start, end)), verb="copies", strength=Strength.BUILD, named=text,
                    target=target, expects="script", resolved=target,
                )  # fmt: skip


def _script_words(data: bytes) -> Iterator[tuple[int, int]]:
    """Spans of words that end as scripts do."""
    for ending in _ENDING.finditer(data):
        before = data[max(0, ending.start() - MAX_WORD) : ending.start()]
        yield ending.start() - (len(before) - len(before.rstrip(_WORD_BYTES))), ending.end()


def _is_commented(source: SourceFile, at: int) -> bool:
    first = max(0, at - MAX_LINE)
    start = max(source.data.rfind(b"\n", first, at) + 1, first)
    return source.data[start:at].lstrip().startswith(b"#")


def managers(calling: Calling, layout: Layout, managing: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Modules a Python file imports that manage containers: (name as imported, path or empty).

    `managing` maps dotted module names of the repository (as importable from some folder) to paths.
    """
    folder = calling.source.path.rpartition("/")[0]
    for name in calling.imports:
        top = name.partition(".")[0]
        if top in CONTAINER_LIBRARIES and not layout.has(top, folder=True):
            yield name, ""
            continue
        path = _module_path(name, folder, layout)
        if path is not None:
            if path in managing:
                yield name, path
        elif _speaks_of_containers(name) and _own_package(top, folder, layout):
            yield name, ""
    for name in imports(calling.source).members:
        path = _module_path(name, folder, layout)
        if path is not None and path in managing:
            yield name, path


def _speaks_of_containers(name: str) -> bool:
    last = name.rpartition(".")[2].lower()
    return "docker" in last or "podman" in last or "compose" in last.split("_")


def _own_package(top: str, folder: str, layout: Layout) -> bool:
    return any(
        found is not None and layout.has(found, folder=True)
        for base in (folder, "")
        for found in (clean(base, top),)
    )


def _module_path(name: str, folder: str, layout: Layout) -> str | None:
    """The file a dotted module is, looked for beside the importer, in the folders above, and at the root."""
    level = len(name) - len(name.lstrip("."))
    tail = name.lstrip(".").replace(".", "/")
    bases = [clean(folder, "../" * (level - 1) + ".") or ""] if level else parents(folder)
    for base in bases:
        for ending in (".py", "/__init__.py"):
            path = clean(base, tail + ending)
            if path is not None and layout.has(path):
                return path
    return None
