"""From the reference graph to what can be replayed: every Dockerfile with the context, target and arguments it is built with."""

from collections.abc import Collection, Iterator

from dockwright.replay.subjects import Subject
from dockwright.repository.buildable import ways_of
from dockwright.repository.model import DockerfileItem
from dockwright.repository.repository import Repository


def subjects(repository: Repository, wanted: Collection[str] = ()) -> list[Subject]:
    """The repository's own Dockerfiles (or those at `wanted` paths), one for each context and target they are built with."""
    found: list[Subject] = []
    for item in repository.dockerfiles if wanted else repository.own_dockerfiles:
        if (not wanted or item.path in wanted) and item.tree.template is None:
            found += subjects_of(repository, item)
    return found


def subjects_of(repository: Repository, item: DockerfileItem) -> Iterator[Subject]:
    """The ways to build one Dockerfile; arguments are those of the first build of each context and target."""
    ways = ways_of(item)
    seen: set[tuple[str, str]] = set()
    for way in ways:
        if (way.context, way.target) in seen:
            continue
        seen.add((way.context, way.target))
        yield _subject(item, way.context, way.target, dict(way.args), way.contexts)
    if not ways:
        yield _subject(item, likely_context(repository, item), "", {}, frozenset())


def _subject(
    item: DockerfileItem, context: str, target: str, args: dict[str, str], contexts: frozenset[str]
) -> Subject:
    return Subject(
        path=item.path,
        context=context,
        target=target,
        args=args,
        contexts=contexts,
        dockerfile=item.tree.file.data if item.inline else None,
        status=item.status.value,
    )


def likely_context(repository: Repository, item: DockerfileItem) -> str:
    """Where nobody says: the folder of the file or the top of the repository, whichever has more of its sources."""
    folder = item.path.rpartition("/")[0]
    if not folder or item.inline:
        return ""
    counts = {root: _found(repository, item, root) for root in (folder, "")}
    return folder if counts[folder] > counts[""] else ""


def _found(repository: Repository, item: DockerfileItem, root: str) -> int:
    from dockwright.dockerfile.instructions.types import Copy

    context = repository.context(root, item.path)
    words = [
        word.value
        for stage in item.tree.stages
        for command in stage.commands
        if isinstance(command, Copy) and command.from_ is None
        for word in command.sources
    ]
    return sum(bool(context.select(word).paths) for word in words if word not in (".", "./"))
