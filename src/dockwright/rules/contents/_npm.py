"""What a stage knows of its node project: the manifest it copies, where its node_modules come from, its scripts."""

from collections.abc import Iterator
from posixpath import basename

from dockwright.dockerfile.instructions.types import Copy
from dockwright.dockerfile.stages import Stage
from dockwright.rules.subjects import StageSubject
from dockwright.shell.parse import parse_shell
from dockwright.shell.script import Dialect
from dockwright.text import MappedText

MAX_DEPTH = 5
"""Scripts that call scripts are followed this deep."""


def node_modules_from(stage: Stage) -> Stage | None:
    """The stage a `COPY --from=… node_modules` takes its packages from."""
    for command in stage.commands:
        if not isinstance(command, Copy) or command.from_ is None:
            continue
        if any("node_modules" in word.value for word in command.sources):
            for source in stage.sources:
                if source.command is command:
                    return source.stage
    return None


def copied_manifests(subject: StageSubject) -> list[tuple[str, bytes]]:
    """The package.json files (path, content) that the stage or its ancestors copy from the context."""
    tree = subject.repository.tree
    roots = {build.context for build in subject.item.builds if build.context is not None} or {""}
    found: dict[str, bytes] = {}
    for stage in (subject.stage, *subject.stage.ancestors):
        for command in stage.commands:
            if not isinstance(command, Copy) or command.from_ is not None:
                continue
            for word in command.sources:
                for root in roots:
                    path = _manifest_path(root, word.value)
                    if path is not None and tree.is_file(path):
                        found[path] = tree.read(path)
    return sorted(found.items())


def _manifest_path(root: str, source: str) -> str | None:
    source = source.removeprefix("./").rstrip("/")
    base = f"{root}/{source}".strip("/") if source not in ("", ".") else root
    if basename(source) in ("package*.json", "package.json"):
        base = base[: -len(basename(source))].rstrip("/")
    elif "*" in source or "." in basename(source).strip("."):
        return None
    return f"{base}/package.json".lstrip("/")


def script_programs(scripts: dict[str, object], name: str, depth: int = 0) -> Iterator[str]:
    """The programs a package.json script starts, scripts it calls included."""
    text = scripts.get(name)
    if not isinstance(text, str) or depth > MAX_DEPTH:
        return
    data = text.encode("utf-8", "surrogateescape")
    for command in parse_shell(MappedText(data, [(0, 0)], len(data)), Dialect.SH).commands:
        words = [word.value or "" for word in command.words]
        if command.name in ("npm", "yarn", "pnpm") and len(words) > 1:
            called = words[2] if words[1] in ("run", "run-script") and len(words) > 2 else words[1]
            yield from script_programs(scripts, called, depth + 1)
            continue
        for word in words[:1]:
            if word:
                yield basename(word)
        if command.name and command.name not in words[:1]:
            yield command.name
