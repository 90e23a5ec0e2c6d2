"""The repository has more than a budget of `dockwright.toml` allows: Docker files, or bytes of a build context.

A budget is a decision somebody took; this says when it no longer holds and what to look at first. Budgets that need an
image or a build (`image`, `compressed`, `dead`, `rebuild`) are checked by `dockwright image --check` and `bench --check`.

Fix: bring it back under the budget (the largest parts are named), or raise the budget on purpose. Counted are the
repository's own files, without texts inside other files; bytes are those a clean checkout sends after its ignore file,
without `.git`. Not reported: a context that cannot be told; a target that no build has is reported once, as a budget that
holds for nothing.
"""

from collections.abc import Iterator

from dockwright.budgets import ALL, Limit, limit_for, limits, line_of
from dockwright.config import FILE_NAMES
from dockwright.figures import Basis, Figure
from dockwright.quantities import show_bytes
from dockwright.repository.model import Build
from dockwright.repository.repository import Repository
from dockwright.rules.finding import Category, Confidence, Finding, Location, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.text import SourceFile, Span
from dockwright.trees.context import BuildContext
from dockwright.trees.tree import Unreadable

SHOWN = 5


def check(repository: Repository) -> Iterator[Finding]:
    found = limits(repository.config.budgets)
    if not found:
        return
    source = _declared_in(repository)
    for limit in found:
        if limit.unit == "files":
            yield from _files(repository, limit, _at(source, limit))
    if any(limit.kind == "context" for limit in found):
        yield from _contexts(repository, found, source)
    yield from _of_nobody(repository, found, source)


def _declared_in(repository: Repository) -> SourceFile | None:
    for name in (*FILE_NAMES, "pyproject.toml"):
        if repository.tree.is_file(name):
            try:
                return SourceFile(name, repository.tree.read(name))
            except (KeyError, Unreadable):
                return None
    return None


def _at(source: SourceFile | None, limit: Limit) -> Location:
    """The line of the budget."""
    route = f"budgets.{'.'.join(limit.key)}"
    if source is None:
        return Location.file(FILE_NAMES[0], route)
    line = line_of(source.data.decode("utf-8", "replace"), limit.key)
    if not line:
        return Location.file(source.path, route)
    row = source.line_span(line)
    text = source.data[row.start : row.end].rstrip()
    return Location.at(source, Span(row.start, row.start + len(text)), route)


def _files(repository: Repository, limit: Limit, place: Location) -> Iterator[Finding]:
    if limit.kind == "dockerfiles":
        paths = [item.path for item in repository.own_dockerfiles if not item.inline]
        word = "Dockerfiles"
    else:
        paths = [item.path for item in repository.own_composes]
        word = "compose files"
    if len(paths) <= limit.amount:
        return
    yield RULE.finding(
        place,
        f"{len(paths)} {word if len(paths) != 1 else word[:-1]}, and the budget is {limit.amount:.0f}",
        evidence=[f"`{path}`" for path in paths[:20]],
        figures=[Figure(word, len(paths), "files", Basis.DERIVED, "the repository's own")],
    )


def _contexts(repository: Repository, found: list[Limit], source: SourceFile | None) -> Iterator[Finding]:
    used: set[tuple[str, ...]] = set()
    over: dict[tuple[tuple[str, ...], str, str], list[str]] = {}
    contexts: dict[tuple[str, str], BuildContext] = {}
    by_key = {limit.key: limit for limit in found}
    for build, names in _builds(repository):
        assert build.context is not None
        context = repository.context(build.context, build.dockerfile)
        own = [
            limit for name in names if (limit := limit_for(found, "context", name)) and limit.target != ALL
        ]
        chosen = own or [limit for limit in (limit_for(found, "context", ALL),) if limit is not None]
        for limit in chosen:
            used.add(limit.key)
            if context.bytes > limit.amount:
                ignore = context.ignore_file.path if context.ignore_file else ""
                contexts[context.root, ignore] = context
                where = over.setdefault((limit.key, context.root, ignore), [])
                where += [names[0]] if names[0] not in where else []
    for (key, root, ignore), targets in over.items():
        yield _over(by_key[key], contexts[root, ignore], targets, _at(source, by_key[key]))
    for limit in found:
        if limit.kind == "context" and limit.target != ALL and limit.key not in used:
            yield RULE.finding(
                _at(source, limit),
                f"a budget for the context of `{limit.target}`, and no build of that name has a context that can be told",
            )


_MEASURED = frozenset({"image", "compressed", "dead", "rebuild"})


def _of_nobody(repository: Repository, found: list[Limit], source: SourceFile | None) -> Iterator[Finding]:
    """Budgets on what is measured, for a name that no build has: they could never be exceeded.

    Not certain: `dockwright image --as NAME` measures under any name.
    """
    asked = [limit for limit in found if limit.kind in _MEASURED and limit.target != ALL]
    if not asked:
        return
    known = {name for build in repository.builds for name in _names(build)}
    known.update(item.path for item in repository.own_dockerfiles)
    for limit in asked:
        if limit.target not in known:
            what = "a rebuild" if limit.kind == "rebuild" else "the image"
            yield RULE.finding(
                _at(source, limit),
                f"a budget for {what} of `{limit.target}`, and the repository builds nothing of that name",
                confidence=Confidence.MEDIUM,
            )


def _names(build: Build) -> list[str]:
    """What a budget may call a build: service or target, `FILE:NAME`, Dockerfile."""
    owned = f"{build.owner or build.place.path}:{build.service}" if build.service else ""
    return [name for name in (build.service, owned, build.dockerfile or "") if name]


def _builds(repository: Repository) -> Iterator[tuple[Build, list[str]]]:
    """Builds with a known context, and what a budget may call them."""
    for build in repository.builds:
        if build.context is not None and not build.uncertain:
            names = _names(build)
            if names:
                yield build, names


def _over(limit: Limit, context: BuildContext, targets: list[str], place: Location) -> Finding:
    largest = context.largest_unused(frozenset(), SHOWN)
    parts = ", ".join(f"`{context.inside(path)}` {show_bytes(size)}" for path, _, size in largest[:3])
    names = ", ".join(f"`{name}`" for name in targets[:3]) + (
        f" and {len(targets) - 3} more" if len(targets) > 3 else ""
    )
    return RULE.finding(
        place,
        f"the context of {names} is {show_bytes(context.bytes)}, and the budget is {show_bytes(limit.amount)};"
        f" the largest parts are {parts}",
        related=[
            Related(Location.file(path), f"{show_bytes(size)} in {files} file{'s' * (files != 1)}")
            for path, files, size in largest
        ],
        figures=[
            Figure(
                "sent",
                context.bytes,
                "bytes",
                Basis.DERIVED,
                "files the ignore file lets through, without `.git`",
            )
        ],
        service=targets[0] if len(targets) == 1 else "",
    )


_COMPOSE = "services:\n  web:\n    build: .\n"
RULE = Rule(
    id="budget-exceeded",
    summary="more files or bytes than a budget of `dockwright.toml` allows",
    category=Category.FAT,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "dockwright.toml": "[budgets]\ndockerfiles = 1\n",
                "Dockerfile": "FROM debian:12\n",
                "dev.Dockerfile": "FROM debian:12\n",
            },
            at="dockerfiles = 1",
            says="2 Dockerfiles, and the budget is 1",
        ),
        Bad(
            {
                "dockwright.toml": '[budgets]\ncontext.web = "1 kB"\n',
                "Dockerfile": "FROM debian:12\nCOPY app /app\n",
                "app/main.py": "print(1)\n",
                "data/large.csv": "1,2,3\n" * 1000,
                "compose.yaml": _COMPOSE,
            },
            at="context.web",
            says="the largest parts are `data` 6.0 kB",
        ),
        Bad(
            {
                "dockwright.toml": '[budgets.context]\nwbe = "1 kB"\n"*" = "1 MB"\n',
                "Dockerfile": "FROM debian:12\n",
                "compose.yaml": _COMPOSE,
            },
            at="wbe",
            says="no build of that name",
        ),
        Bad(
            {
                "dockwright.toml": '[budgets]\nrebuild.wbe = "5 s"\n',
                "Dockerfile": "FROM debian:12\n",
                "compose.yaml": _COMPOSE,
            },
            at="rebuild.wbe",
            says="the repository builds nothing of that name",
        ),
        Good(
            {
                "dockwright.toml": '[budgets]\ndockerfiles = 1\ncompose_files = 1\ncontext.web = "1 kB"\n'
                'image.web = "1 MB"\n',
                "Dockerfile": "FROM debian:12\nCOPY app /app\n",
                ".dockerignore": "data\n",
                "app/main.py": "print(1)\n",
                "data/large.csv": "1,2,3\n" * 1000,
                "compose.yaml": _COMPOSE,
            },
            why="the ignore file leaves the data out; an image is not measured here",
        ),
        Good({"Dockerfile": "FROM debian:12\n"}, why="nothing is declared"),
    ),
)
