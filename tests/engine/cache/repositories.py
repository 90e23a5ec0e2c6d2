"""Commits of real repositories, built one after the other from a Dockerfile with the same COPY lines and trivial commands."""

import contextlib
import hashlib
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from dockwright.dockerfile import Dockerfile, parse
from dockwright.dockerfile.dialect import Dialect
from dockwright.dockerfile.instructions.types import Add, Arg, Command, Copy, Env, Run, Workdir
from dockwright.dockerfile.remote import Place, place_of
from dockwright.dockerfile.stages import SourceKind, Stage
from dockwright.trees.context import BuildContext
from dockwright.trees.git import GitTree
from dockwright.trees.memory import Content, Link, Program
from dockwright.trees.tree import EXECUTABLE, Unreadable
from tests.engine.builds import write
from tests.engine.cache.builder import Base
from tests.engine.cache.predict import Given, named

_OWNER = re.compile(r"--chown=\S+")


class Chosen(NamedTuple):
    """A repository, the last of the commits, a Dockerfile in it, and its context."""

    repository: Path
    revision: str
    dockerfile: str
    context: str

    @classmethod
    def read(cls, text: str) -> "Chosen":
        """`REPOSITORY,REVISION,DOCKERFILE,CONTEXT`; the context may be missing."""
        repository, revision, dockerfile, context = (*text.split(","), "")[:4]
        return cls(Path(repository), revision, dockerfile, context.strip("./"))


def built(below: Path, chosen: Chosen, commits: int) -> Iterator[tuple[Given, dict[str, bool]]]:
    """What each commit is built from, and what the engine found in its cache."""
    command = ["git", f"--git-dir={chosen.repository}", "rev-list", "--first-parent", "--reverse"]
    listed = subprocess.run(
        [*command, f"--max-count={commits}", chosen.revision], capture_output=True, text=True, check=True
    )
    base = Base(below, "commits")
    written: dict[str, tuple[int, str]] = {}
    try:
        for commit in listed.stdout.split():
            tree = GitTree(chosen.repository, commit)
            _write(tree, base.folder, written)
            yield _build(base, tree, chosen)
    finally:
        base.close()


def _build(base: Base, tree: GitTree, chosen: Chosen) -> tuple[Given, dict[str, bool]]:
    text = trivial(parse(tree.read(chosen.dockerfile), chosen.dockerfile, Dialect.V0_13))
    outside = base.folder.with_suffix(".d")
    outside.mkdir(exist_ok=True)
    (outside / "Dockerfile").write_text(base.salted(text), "utf-8")
    own = outside / "Dockerfile.dockerignore"
    own.unlink(missing_ok=True)
    if tree.is_file(f"{chosen.dockerfile}.dockerignore"):
        own.write_bytes(tree.read(f"{chosen.dockerfile}.dockerignore"))
    steps = base.build(base.folder / chosen.context, outside / "Dockerfile")
    return Given(named(text), chosen.dockerfile, BuildContext(tree, chosen.context, chosen.dockerfile)), steps


def _write(tree: GitTree, folder: Path, written: dict[str, tuple[int, str]]) -> None:
    """Have the files of a commit on disk; only those that differ are written, as git would.

    A file that the repository does not hold (a partial clone) is left out: predicting a step that it counts for raises.
    """
    now = {
        one.path: (one.mode, tree.link_target(one.path) or tree.content_id(one.path))
        for one in tree.entries()
    }
    changed = {path for path, state in now.items() if written.get(path) != state}
    for path in (written.keys() - now.keys()) | (changed & written.keys()):
        (folder / path).unlink(missing_ok=True)
        above = (folder / path).parent
        while above != folder and above.is_dir() and not any(above.iterdir()):
            above.rmdir()
            above = above.parent
    contents: dict[str, Content] = {}
    for path in changed:
        target = tree.link_target(path)
        with contextlib.suppress(Unreadable, KeyError):
            data = tree.read(path) if target is None else b""
            program = now[path][0] == EXECUTABLE
            contents[path] = Link(target) if target is not None else Program(data) if program else data
    write(folder, contents)
    written.clear()
    written.update(now)


def trivial(dockerfile: Dockerfile) -> str:
    """The file with the same sources and variables; every RUN only says which one it is."""
    lines = [_text(command) for command in dockerfile.global_args]
    for stage in dockerfile.stages:
        name = f" AS {stage.name}" if stage.name else ""
        lines.append(f"FROM {stage.base.name if stage.base.kind is SourceKind.STAGE else '{base}'}{name}")
        lines += [line for number, one in enumerate(stage.commands) if (line := _line(stage, one, number))]
    return "\n".join(["# escape=`" if dockerfile.escape == "`" else "", *lines, ""]).lstrip("\n")


def _text(command: Command) -> str:
    span = command.node.span
    return command.node.file.data[span.start : span.end].decode("utf-8", "surrogateescape")


def _line(stage: Stage, command: Command, number: int) -> str:
    if isinstance(command, Copy) and command.from_:
        source = next(iter(stage.sources_named_by(command)), None)
        known = source is not None and source.kind is SourceKind.STAGE
        return f"COPY --from={command.from_.value} /etc/passwd /from{number}/" if known else ""
    if isinstance(command, Add) and any(place_of(word.value) is not Place.LOCAL for word in command.sources):
        return ""
    if isinstance(command, Copy | Add):
        return _OWNER.sub("--chown=1000:1000", _text(command))
    if isinstance(command, Run):
        bound = [mount for mount in command.mounts if mount.type == "bind" and not mount.from_]
        data = command.node.file.data
        flags = [data[mount.flag.span.start : mount.flag.span.end].decode() for mount in bound]
        said = hashlib.sha256(_text(command).encode("utf-8", "surrogateescape")).hexdigest()[:8]
        return " ".join(["RUN", *flags, "true", said])
    return _text(command) if isinstance(command, Arg | Env | Workdir) else ""
