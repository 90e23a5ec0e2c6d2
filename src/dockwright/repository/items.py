"""Candidates made into items of the inventory: parsed, with their standing and what the file itself says."""

from dockwright.bake.file import BakeFile
from dockwright.compose.file import ComposeFile
from dockwright.compose.yaml import YamlFile, parse
from dockwright.repository import contents
from dockwright.repository.contents import looks_like_dockerfile
from dockwright.repository.files import Candidate
from dockwright.repository.inline import masked
from dockwright.repository.model import (
    BakeItem,
    ComposeItem,
    DockerfileItem,
    IgnoreItem,
    Item,
    OtherItem,
    Standing,
)
from dockwright.repository.names import Kind, is_test_code
from dockwright.repository.standing import place_standing, standing_of
from dockwright.text import SourceFile, Span
from dockwright.trees.tree import State, blob_id


def settle(item: Item, candidate: Candidate, *, yaml: bool = False) -> None:
    """Fill in what every item has; placeholders make templates of Docker files only."""
    item.standing, item.standing_because = standing_of(
        candidate.path, candidate.source.data, yaml=yaml, ignored=candidate.state is State.IGNORED
    )
    describe(item, candidate)


def settle_by_place(item: Item, candidate: Candidate) -> None:
    """As `settle`, for files in which placeholders are ordinary (scripts, CI)."""
    if candidate.state is State.IGNORED:
        item.standing, item.standing_because = Standing.IGNORED, "ignored by git"
    else:
        item.standing, item.standing_because = place_standing(candidate.path)
    describe(item, candidate)


def describe(item: Item, candidate: Candidate) -> None:
    """What the file itself says."""
    item.generated = contents.generated_by(candidate.source.data)
    item.why = candidate.why


def measure(item: Item) -> None:
    """Lines and content id; left to the end, since most scripts that are read become no item."""
    if not item.content:
        item.lines = item.source.line_count
        item.content = blob_id(item.source.data)


def dockerfile_item(candidate: Candidate) -> DockerfileItem:
    """A Dockerfile, parsed."""
    from dockwright.dockerfile.tree import parse as parse_dockerfile

    item = DockerfileItem(
        path=candidate.path,
        source=candidate.source,
        tree=parse_dockerfile(candidate.source.data, candidate.path),
    )
    settle(item, candidate)
    if item.standing is Standing.OWN and item.tree.template is not None:
        item.standing, item.standing_because = Standing.TEMPLATE, f"written in {item.tree.template}"
    return item


def inline_item(
    source: SourceFile, span: Span, name: str, host: Item | None, *, text: str = ""
) -> DockerfileItem:
    """A Dockerfile that stands in another file, its tree parsed so that places are those of the host.

    `text` is given where it is not what stands in the file (quoted or folded); places are then those of the text.
    """
    from dockwright.dockerfile.tree import parse as parse_dockerfile

    data = source.data[span.start : span.end]
    if data[:1] in (b"|", b">") or data.startswith(
        b"<<"
    ):  # the header of a YAML block scalar or of a heredoc
        end = span.start + data.rstrip().rfind(b"\n") + 1 if data.startswith(b"<<") else span.end
        span = Span(span.start + data.find(b"\n") + 1, end)
        data = source.data[span.start : span.end]
    plain = not text or looks_like_dockerfile(data)
    if not plain:
        data = text.encode("utf-8", "surrogateescape")
    item = DockerfileItem(
        path=f"{source.path}#{name}",
        source=source if plain else SourceFile(source.path, data),
        tree=parse_dockerfile(masked(source, span) if plain else data, source.path),
        inline=True,
        why="inline",
        lines=len(data.strip().splitlines()),
        content=blob_id(data),
    )
    if host is not None and host.standing is not Standing.OWN:
        item.standing, item.standing_because = host.standing, host.standing_because
    elif is_test_code(source.path):
        item.standing, item.standing_because = Standing.FIXTURE, "stands in test code"
    return item


def compose_item(candidate: Candidate) -> ComposeItem | None:
    """A compose file, read; None when its content (not its name) suggested one and it is none."""
    from dockwright.compose import looks_like_compose, read_yaml

    yaml: YamlFile = parse(candidate.source.data, candidate.path)
    if candidate.why != "name" and not looks_like_compose(yaml):
        return None
    file: ComposeFile = read_yaml(yaml)
    item = ComposeItem(path=candidate.path, source=yaml.source, file=file)
    settle(item, candidate, yaml=True)
    return item


def bake_item(candidate: Candidate) -> BakeItem:
    """A bake file, read."""
    from dockwright.bake import read

    file: BakeFile = read(candidate.source.data, candidate.path)
    item = BakeItem(path=candidate.path, source=candidate.source, file=file)
    settle_by_place(item, candidate)
    if item.standing is Standing.OWN and contents.MUSTACHE.search(candidate.source.data):
        item.standing, item.standing_because = Standing.TEMPLATE, "placeholders in its values"
    return item


def ignore_item(candidate: Candidate) -> IgnoreItem:
    item = IgnoreItem(path=candidate.path, source=candidate.source)
    settle_by_place(item, candidate)
    return item


_KIND_NAMES = {Kind.PLATFORM: "platform", Kind.PROCFILE: "procfile"}


def other_item(candidate: Candidate) -> OtherItem:
    """captain-definition, devcontainer, Skaffold, Tilt, Cloud Build, hosting platforms."""
    kind = _KIND_NAMES.get(candidate.kind, str(candidate.kind))
    item = OtherItem(path=candidate.path, source=candidate.source, kind=kind)
    settle_by_place(item, candidate)
    return item
