"""Can a clean clone build it: our verdict, and builds of the same files reduced to what comes before any command runs.

A reduced Dockerfile keeps all but RUN, with a stand-in for every image; what is copied from a stage becomes the whole of
that stage, so that the same stages are reached.
"""

from pathlib import Path

import pytest

from dockwright.dockerfile import Dockerfile
from dockwright.dockerfile.instructions.types import Add, Command, Copy, Run
from dockwright.dockerfile.remote import Place, place_of
from dockwright.dockerfile.stages import SourceKind, Stage
from dockwright.repository.buildable import Way, ways_of
from dockwright.repository.inventory import build as inventory
from dockwright.repository.model import DockerfileItem
from dockwright.trees.memory import Content, Link, MemoryTree, Program
from dockwright.trees.tree import Entry, Tree
from tests.engine.builds import build, seeded, write
from tests.lab import images
from tests.repository.test_corpus import NETRA, tree

pytestmark = [pytest.mark.engine, pytest.mark.slow]


@pytest.fixture(scope="module")
def base(engine: None) -> str:
    return images.busybox()


def reduced(dockerfile: Dockerfile, base: str) -> bytes:
    """The file without its commands; as it stands where BuildKit does not get through it."""
    if dockerfile.problems:
        return dockerfile.file.data
    lines = [_text(command) for command in dockerfile.global_args]
    for stage in dockerfile.stages:
        own = stage.base.kind is SourceKind.STAGE or stage.base.name == "scratch"
        name = f" AS {stage.name}" if stage.name else ""
        lines.append(f"FROM {stage.base.name if own else base}{name}")
        lines += [_line(stage, command, number) for number, command in enumerate(stage.commands)]
    return "\n".join(["# escape=`" if dockerfile.escape == "`" else "", *lines, ""]).lstrip("\n").encode()


def _text(command: Command) -> str:
    span = command.node.span
    return command.node.file.data[span.start : span.end].decode("utf-8", "surrogateescape")


def _line(stage: Stage, command: Command, number: int) -> str:
    if isinstance(command, Copy) and command.from_:
        source = next(iter(stage.sources_named_by(command)), None)
        other = source is None or source.kind is not SourceKind.STAGE
        return "" if other else f"COPY --from={command.from_.value} / /stage{number}/"
    if isinstance(command, Add) and any(place_of(word.value) is not Place.LOCAL for word in command.sources):
        return ""
    if isinstance(command, Run):
        bound = [
            mount for mount in command.mounts if mount.type == "bind" and not mount.from_ and mount.source
        ]
        return "\n".join(f"COPY {mount.source} /bound{number}/" for mount in bound)
    return _text(command)


def builds(root: Path, item: DockerfileItem, base: str) -> bool:
    """True when some way to build the reduced file goes through."""
    folder = item.path.rpartition("/")[0]
    ways = ways_of(item) or [Way(""), Way(folder)]
    dockerfile = root / item.path
    whole = dockerfile.read_bytes()
    dockerfile.write_bytes(reduced(item.tree, base))
    try:
        return any(_built(root, dockerfile, way) for way in ways)
    finally:
        dockerfile.write_bytes(whole)


def _built(root: Path, dockerfile: Path, way: Way) -> bool:
    options = [option for name, value in way.args for option in ("--build-arg", f"{name}={value}")]
    if way.target:
        options += ["--target", way.target]
    error = build(root / way.context, dockerfile, *options).error
    assert "docker.io" not in error, error  # no image is to be fetched
    return not error


def test_the_sixteen_of_netra(base: str, corpus: Path, tmp_path: Path) -> None:
    """39 Dockerfiles, 16 of which cannot be built: found in the real tree by every COPY that really fails."""
    recorded = tree(corpus, NETRA)
    root = tmp_path / "netra"
    write(root, {entry.path: _content(recorded, entry) for entry in recorded.entries()})
    items = inventory(recorded).dockerfiles
    said = {item.path: item.buildable for item in items}
    assert said == {item.path: builds(root, item, base) for item in items}
    assert (len(said), sum(one is False for one in said.values())) == (39, 16)


def _content(tree: Tree, entry: Entry) -> Content:
    if entry.is_link:
        return Link(tree.link_target(entry.path) or ".")
    data = tree.read(entry.path)
    return Program(data) if entry.is_executable else data


FILES = (
    "app/main.py",
    "app/lib/util.py",
    "docs/guide.md",
    "setup.py",
    "data/x.csv",
    "README.md",
    "web/index.html",
)
COPIES = (
    "COPY app /app", "COPY app/*.py /app/", "COPY setup.py README.md /", "COPY docs/ /docs/", 'COPY ["web", "/web"]', "ADD data /data",
    "COPY ${DIR}/main.py /", "COPY . .", "COPY missing /x", "COPY app/main.pyc /", "COPY App /app", "COPY dist/*.whl /", "COPY app/*.whl /",
    "COPY --chown=1:1 web/index.html /", "COPY --from=tools / /t", "COPY --from=nowhere-at-all:9 / /t", "COPY link /l", "COPY broken /b",
    "COPY ../setup.py /", "COPY data/x.csv data/y.csv /", "COPY [ab]*/main.py /", "COPY <<EOF /h\nhello\nEOF", "COPY docs/guide.md /x || true",
    "RUN --mount=type=bind,source=app,target=/a true", "RUN --mount=type=bind,source=gone,target=/a true", "ADD https://example.org/x /x",
    "WORKDIR /w", "EXPOSE 80", "ENV A=b", "CMD true", "RUN echo", "COPPY a b", "COPY onlyone", "EXPOSE many", "ONBUILD COPY gone /",
)  # fmt: skip
IGNORED = (
    "docs",
    "*.md",
    "**/*.py",
    "!app/main.py",
    "data/*",
    "web",
    "*",
    "!app",
    "link",
    "!setup.py",
    "app/lib",
)


@pytest.mark.parametrize("number", range(40))
def test_small_repositories(base: str, tmp_path: Path, number: int) -> None:
    random = seeded(f"buildable {number}")
    files: dict[str, Content] = {path: path for path in random.sample(FILES, random.randint(4, len(FILES)))}
    files |= {"link": Link(random.choice(("app", "setup.py", "docs"))), "broken": Link("nowhere")}
    usable = [line for line in COPIES if "nowhere-at-all" not in line and "https" not in line]
    lines = ["ARG DIR=app", f"FROM {base} AS tools", random.choice(usable), f"FROM {base}", "ARG DIR"]
    lines += random.sample(COPIES, random.randint(1, 3))
    if random.random() < 0.3:
        lines += ["FROM tools AS last", *random.sample(COPIES, 2)]
    files["Dockerfile"] = "\n".join(lines) + "\n"
    if random.random() < 0.6:
        files[".dockerignore"] = "\n".join(random.sample(IGNORED, random.randint(1, 3)))
    files["compose.yaml"] = "services:\n  web:\n    build: " + random.choice(
        (
            ".",
            "{context: ., target: tools}",
            "{context: ., args: {DIR: docs}}",
            "{context: app, dockerfile: ../Dockerfile}",
        )
    )
    files.setdefault("app/main.py", "")
    write(tmp_path, files)
    item = inventory(MemoryTree(files)).dockerfile("Dockerfile")
    assert item is not None
    assert item.buildable == builds(tmp_path, item, base), (files, item.faults)
