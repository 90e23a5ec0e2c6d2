"""Builds started on a command line: `docker build`, `buildx build`, `podman build`, kaniko, `gcloud builds submit`."""

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from itertools import product

from dockwright.repository.builds.pairing import (
    DOCKER_DEFAULTS,
    PODMAN_DEFAULTS,
    Pair,
    is_remote,
    pair,
)
from dockwright.repository.layout import Layout, clean
from dockwright.repository.model import Argument, Build, Place, Strength
from dockwright.repository.sites import Site, paths_of
from dockwright.shell.calls import BuildCall
from dockwright.shell.calls import Pair as Given
from dockwright.shell.paths import Base, SymbolicPath
from dockwright.shell.words import Choice, Word

MAX_BUILDS = 64
"""Most builds one command is taken to stand for (a loop over services, a matrix)."""


def builds_of(site: Site, layout: Layout) -> Iterator[Build]:
    """The builds a command stands for: one for each value its context and Dockerfile can have.

    Where both have the same number of values, they are arguments of one function or columns of one matrix, and the first
    goes with the first.
    """
    call = site.call
    assert isinstance(call, BuildCall)
    contexts = _options(call.context, default=".")
    files = _options(call.files[-1] if call.files else None, default="")
    chosen = len(contexts) > 1 and (
        _conditional(call.context) or _conditional(call.files[-1] if call.files else None)
    )
    together = len(contexts) == len(files) > 1 and not chosen
    pairs: Iterable[tuple[_Option, _Option]] = (
        zip(contexts, files, strict=True) if together else product(contexts, files)
    )
    if chosen:
        pairs = _enclosed(contexts, files)
    for index, ((context, context_path), (named, file_path)) in enumerate(pairs):
        if index >= MAX_BUILDS:
            return
        yield from _builds(site, layout, call, context=(context, context_path), dockerfile=(named, file_path))


def _conditional(word: Word | None) -> bool:
    """True for `${{ inputs.image == 'a' && 'x' || 'y' }}`: which value it has depends on another."""
    parts = word.parts if word is not None else ()
    return any(isinstance(part, Choice) and ("&&" in part.name or "||" in part.name) for part in parts)


_Option = tuple[str, SymbolicPath | None]


def _enclosed(contexts: list[_Option], files: list[_Option]) -> Iterator[tuple[_Option, _Option]]:
    """Each Dockerfile with the deepest of the contexts it lies in: a condition says which goes with which."""
    for file in files:
        if not file[0]:
            yield from ((context, file) for context in contexts)
            continue
        around = [
            one for one in contexts if one[0] in ("", ".") or file[0].startswith(f"{one[0].rstrip('/')}/")
        ]
        if around:
            yield max(around, key=lambda one: len(one[0])), file


def _options(word: Word | None, default: str) -> list[tuple[str, SymbolicPath | None]]:
    """The text and path of every value a word can have."""
    if word is None:
        return [(default, SymbolicPath(Base.CWD, default) if default else None)]
    values = word.values
    paths = paths_of(word)
    if values and len(values) == len(paths):
        return list(zip(values, paths, strict=True))
    return [(word.shown(), path) for path in paths] or [(word.shown(), None)]


def _builds(
    site: Site,
    layout: Layout,
    call: BuildCall,
    *,
    context: tuple[str, SymbolicPath | None],
    dockerfile: tuple[str, SymbolicPath | None],
) -> Iterator[Build]:
    context_named, context_path = context
    dockerfile_named, dockerfile_path = dockerfile
    uncertain = ""
    pairs = [Pair(None, None)]
    if context_named == "-" or dockerfile_named == "-":
        uncertain = "it is read from standard input"
    elif not is_remote(context_named):
        pairs, uncertain = _found(site, layout, call, context_path, dockerfile_path)
    for found in pairs:
        if "dockerfile" in found.missing and site.writes(dockerfile_named or "Dockerfile"):
            found, uncertain = Pair(found.context, None), "the script writes the Dockerfile itself"
        if "context" in found.missing and site.writes(context_named):
            found, uncertain = Pair(None, None), "the script makes the directory itself"
        if found.missing and _checked(site, found, context_named, dockerfile_named):
            uncertain = uncertain or "it runs only where the files exist"
        if found.missing and site.several:
            uncertain = uncertain or "it is one of several ways that are tried in turn"
        yield _made(site, call, found, context_named, dockerfile_named, uncertain=uncertain)


def _checked(site: Site, found: Pair, context: str, dockerfile: str) -> bool:
    name = context if "context" in found.missing else dockerfile or "Dockerfile"
    return site.checks(name)


def _made(
    site: Site, call: BuildCall, found: Pair, context_named: str, dockerfile_named: str, *, uncertain: str
) -> Build:
    target = call.target
    return Build(
        place=site.place,
        kind=site.kind,
        strength=min(site.strength, Strength.BUILD),
        context=found.context,
        dockerfile=found.dockerfile,
        context_named=context_named,
        dockerfile_named=dockerfile_named,
        target=(target.value or "") if target is not None else "",
        target_place=_place(site, target),
        dockerfile_place=_place(site, call.files[-1] if call.files else None),
        context_place=_place(site, call.context),
        arguments=arguments(site, call.build_args),
        named_contexts={given.name: given.value.shown() for given in call.build_contexts if given.value},
        tags=[word.shown() for word in call.tags],
        platforms=[word.shown() for word in call.platforms],
        owner=site.source.path,
        uncertain=uncertain
        or ("its target is a variable" if target is not None and target.value is None else ""),
        missing=() if uncertain else found.missing,
    )


def _place(site: Site, word: Word | None) -> Place | None:
    return Place(site.source, word.span) if word is not None else None


def arguments(site: Site, given: Sequence[Given]) -> list[Argument]:
    """Build arguments with their places; a value with unknown pieces keeps them as `…`."""
    return [
        Argument(
            one.name, one.value.shown() if one.value is not None else None, Place(site.source, one.word.span)
        )
        for one in given
    ]


def _found(
    site: Site, layout: Layout, call: BuildCall, context: SymbolicPath | None, dockerfile: SymbolicPath | None
) -> tuple[list[Pair], str]:
    """Context and Dockerfile, and why they are not certain."""
    if context is None or (dockerfile is None and call.files):
        return [Pair(None, None)], "its context or Dockerfile is a variable"
    bases = _bases(site, context)
    if bases is None:
        return [Pair(None, None)], "its context lies outside the repository"
    podman = call.engine in ("podman", "buildah")
    relative = call.engine == "kaniko"
    if not context.exact or (dockerfile is not None and not dockerfile.exact):
        return _unknown(site, layout, context, dockerfile)
    if dockerfile is not None and dockerfile.base is not context.base and not relative:
        apart, uncertain = _apart(site, layout, context, dockerfile)
        return [apart], uncertain
    found = pair(
        layout,
        bases,
        context.path,
        dockerfile.path if dockerfile is not None else "",
        defaults=PODMAN_DEFAULTS if podman else DOCKER_DEFAULTS,
        in_context=relative,
        either=podman,
    )
    if site.kind == "workflow" and context.base is Base.UNKNOWN and context.path in ("", "."):
        return [found], "its context is an expression"
    doubtful = context.base is Base.UNKNOWN or (bool(site.somewhere) and context.base is Base.CWD)
    if found.missing and doubtful:
        return [found], site.somewhere or "the directory it builds in is a variable"
    return [found], ""


def _bases(site: Site, path: SymbolicPath) -> list[str] | None:
    """The folders a path may be relative to; None when it lies outside."""
    if path.base is Base.SCRIPT:
        return [site.folder]
    if path.base is Base.REPOSITORY:
        return list(dict.fromkeys((site.root, "")))
    if path.base is Base.CWD:
        return site.starts() or None
    if path.base is Base.UNKNOWN:
        from dockwright.repository.layout import parents

        return list(parents(site.folder))
    return None


def _apart(site: Site, layout: Layout, context: SymbolicPath, dockerfile: SymbolicPath) -> tuple[Pair, str]:
    """Context and Dockerfile given relative to different things (`-f "$DIR/Dockerfile" .`)."""
    roots = [
        root
        for base in _bases(site, context) or ()
        if (root := clean(base, context.path)) is not None and layout.has(root, folder=True)
    ]
    paths = [clean(base, dockerfile.path) for base in _bases(site, dockerfile) or ()]
    file = next((path for path in paths if path is not None and layout.has(path)), None)
    root = _enclosing(roots, file)
    if file is not None and root is not None:
        return Pair(root, file), ""
    if root is None:
        return Pair(None, file), "its context cannot be told"
    known = dockerfile.base in (Base.SCRIPT, Base.REPOSITORY) or (
        dockerfile.base is Base.CWD and not site.somewhere
    )
    reason = "" if known and paths else "the directory of its Dockerfile is a variable"
    return Pair(root, None, ("dockerfile",)), reason


def _enclosing(roots: list[str], file: str | None) -> str | None:
    """Of the folders a context may be, the one that holds the Dockerfile; else the farthest."""
    for root in roots:
        if file is not None and (not root or file.startswith(root + "/")):
            return root
    return roots[-1] if roots else None


MAX_MATCHES = 64


def _unknown(
    site: Site, layout: Layout, context: SymbolicPath, dockerfile: SymbolicPath | None
) -> tuple[list[Pair], str]:
    """Paths with an unknown piece: every file they can mean, where the piece is a folder (a loop over services).

    An unknown file name (`docker/$NAME.Dockerfile`) tells too little: it is any of them, and mostly not this one.
    """
    uncertain = "part of its context or Dockerfile is a variable"
    pattern = dockerfile if dockerfile is not None else context / SymbolicPath(Base.CWD, "Dockerfile")
    for base in _bases(site, pattern) or ():
        path = clean(base, pattern.path)
        if path is None or not path.strip("*/"):
            continue
        if "*" in path.rpartition("/")[2] and len(layout.matching(path)) != 1:
            continue
        matches = layout.matching(path) if not pattern.exact else [path] if layout.has(path) else []
        if matches:
            return [
                Pair(_root_of(match, site, layout, context), match) for match in matches[:MAX_MATCHES]
            ], uncertain
    return [Pair(_root_of(None, site, layout, context), None)], uncertain


def _root_of(match: str | None, site: Site, layout: Layout, context: SymbolicPath) -> str | None:
    """The context that goes with a Dockerfile: the one given, or the part of its path that the unknown piece covers."""
    for base in _bases(site, context) or ():
        path = clean(base, context.path)
        if path is None:
            continue
        if context.exact:
            if layout.has(path, folder=True) and (match is None or not path or match.startswith(path + "/")):
                return path
        elif match is not None:
            root = "/".join(match.split("/")[: path.count("/") + 1])
            if path.strip("*/") and fnmatchcase(root, path):
                return root
    return None
