"""From a build graph to a key plan: what each step is keyed by, and how each input enters.

Sources: moby/buildkit solver/llbsolver/ops/file.go: CacheMap, dedupeSelectors; exec.go: CacheMap, getMountDeps;
opsutils/contenthash.go.
"""

import re
from collections.abc import Mapping

import msgspec

from dockwright.dockerfile.keys.bodies import body_digest
from dockwright.dockerfile.keys.model import Input, InputKind, Plan, Selection, Step
from dockwright.dockerfile.nodes import Problem
from dockwright.dockerfile.operations.build import build_graph
from dockwright.dockerfile.operations.digests import digest_of
from dockwright.dockerfile.operations.engine import NEWEST, Engine, RunOptions
from dockwright.dockerfile.operations.model import (
    NO_INPUT,
    NO_OUTPUT,
    BuildGraph,
    Copy,
    ExecBody,
    ExecMount,
    FileBody,
    MountType,
    Operation,
    SourceBody,
    SourceKind,
)
from dockwright.dockerfile.operations.remotes import CHECKSUM
from dockwright.dockerfile.platforms import Platform
from dockwright.dockerfile.settings import BaseImage, Settings
from dockwright.dockerfile.tree import Dockerfile
from dockwright.trees.globs import has_wildcard

_LOCAL = "local://"
_WITHOUT_INPUT = (MountType.SECRET, MountType.SSH, MountType.TMPFS)
_PINNED = re.compile(r"@sha256:[0-9a-f]{64}$")


class Planner:
    """Makes plans for one engine. `images` gives what is known of base images, by canonical reference."""

    def __init__(self, engine: Engine = NEWEST, images: Mapping[str, BaseImage] | None = None) -> None:
        self._engine = engine
        self._images = images or {}

    def plan(self, graph: BuildGraph) -> Plan:
        """The key plan of a graph."""
        steps: list[Step] = []
        for index, operation in enumerate(graph.operations):
            steps.append(self._step(index, operation, steps))
        digest = digest_of([(one.body, one.fixed, [_shape(i) for i in one.inputs]) for one in steps])
        return Plan(tuple(steps), graph.output, graph.config, digest, graph.unknown_images)

    def _step(self, index: int, operation: Operation, before: list[Step]) -> Step:
        body = operation.body
        if isinstance(body, SourceBody):
            local = body.kind is SourceKind.LOCAL
            fixed = "" if local else self._source(body)
            fetched = body.kind in (SourceKind.HTTP, SourceKind.GIT) and CHECKSUM not in dict(body.attrs)
            digest = body_digest(body)
            return Step(index, digest, (), operation, fixed, counted=False, local=local, fetched=fetched)
        inputs = _Inputs(operation, before, self._engine)
        if isinstance(body, FileBody):
            found = inputs.of_file(body)
        elif isinstance(body, ExecBody):
            found = inputs.of_exec(body)
        else:
            found = tuple(Input(one, InputKind.CHAIN) for one in operation.inputs)
        digest = body_digest(body)
        internal = operation.name.startswith("[internal]")
        # a file made from nothing has a content that is known from its text
        fixed = f"file {digest}" if internal and not operation.inputs else ""
        return Step(index, digest, found, operation, fixed, counted=not internal)

    def _source(self, body: SourceBody) -> str:
        """What stands for an image, URL or repository: the layers where they are known, else its name.

        Source: source/containerimage/pull.go: CacheKey (a tag that moves is not seen), source/http/source.go: CacheKey.
        """
        attrs = dict(body.attrs)
        if body.kind is SourceKind.HTTP and CHECKSUM in attrs:
            return f"file {digest_of(attrs)}"  # the URL itself is not looked at then
        if body.kind is not SourceKind.IMAGE:
            return digest_of([body.kind.value, body.identifier, body.attrs])
        reference = body.identifier.removeprefix("docker-image://")
        image = self._images.get(reference) or self._images.get(_PINNED.sub("", reference))
        if image is not None and image.layers is not None:
            return digest_of(["layers", image.layers])
        platform: Platform | None = body.platform
        return digest_of(["image", reference, platform.text if platform else ""])


class _Inputs:
    """How the inputs of one operation enter its key."""

    def __init__(self, operation: Operation, before: list[Step], engine: Engine) -> None:
        self._operation = operation
        self._before = before
        self._engine = engine

    def _context(self, number: int) -> str:
        """The build context that an input is; "" if it is none."""
        body = self._before[self._operation.inputs[number]].operation.body
        if isinstance(body, SourceBody) and body.kind is SourceKind.LOCAL:
            return body.identifier.removeprefix(_LOCAL)
        return ""

    def _made(self, number: int, selections: tuple[Selection, ...] | None, selector: str) -> Input:
        """An input, by its content if `selections` is not None."""
        step = self._operation.inputs[number]
        if selections is None:
            return Input(step, InputKind.CHAIN, selector=selector)
        kind = InputKind.LOCAL if self._before[step].local else InputKind.RESULT
        return Input(step, kind, selections, selector)

    def of_file(self, body: FileBody) -> tuple[Input, ...]:
        targets = {action.target for action in body.actions}
        wanted: dict[int, list[Selection]] = {}
        for action in body.actions:
            if isinstance(action.what, Copy) and 0 <= action.source < len(self._operation.inputs):
                chosen = self._copied(action.what, self._context(action.source))
                wanted.setdefault(action.source, []).append(chosen)
        found = []
        for number in range(len(self._operation.inputs)):
            chosen_all = wanted.get(number)
            if number in targets or not chosen_all:
                found.append(self._made(number, None, ""))
                continue
            paths = sorted((one.path for one in chosen_all), reverse=True)
            found.append(self._made(number, deduplicated(chosen_all), digest_of(paths)))
        return tuple(found)

    def _copied(self, what: Copy, context: str) -> Selection:
        wildcard = what.wildcard and has_wildcard(what.src)
        return Selection(
            context,
            what.src,
            wildcard=wildcard,
            follow=what.follow,
            include=what.include,
            exclude=what.exclude,
            required=what.required,
            base_names=self._engine.hashes_base_names and (wildcard or bool(what.include or what.exclude)),
        )

    def of_exec(self, body: ExecBody) -> tuple[Input, ...]:
        selectors: dict[int, list[str]] = {}
        by_content: dict[int, bool] = {}
        for mount in body.mounts:
            if mount.input == NO_INPUT:
                continue
            if mount.type in _WITHOUT_INPUT and not self._engine.hashes_secret_roots:
                continue
            selectors.setdefault(mount.input, []).append(mount.selector or "/")
            by_content[mount.input] = _hashed(mount)
        found = []
        for number in range(len(self._operation.inputs)):
            paths = selectors.get(number, [])
            chosen = _mounted(paths, self._context(number)) if by_content.get(number) else None
            found.append(self._made(number, chosen, digest_of(paths)))
        return tuple(found)


def _hashed(mount: ExecMount) -> bool:
    """True if a mount's source counts by its content: its changes are dropped or it is whole, and it is not the root."""
    safe = mount.output == NO_OUTPUT or mount.read_only or mount.selector in ("", "/")
    return safe and mount.dest != "/"


def _mounted(paths: list[str], context: str) -> tuple[Selection, ...]:
    paths = _outermost(paths)
    if "/" in paths:
        return (Selection(context, "/"),)
    return tuple(Selection(context, path, follow=True) for path in paths)


def _outermost(paths: list[str]) -> list[str]:
    """Paths without those that lie below another. Source: exec.go: dedupePaths."""
    if len(paths) < 2:
        return paths
    kept: list[str] = []
    for path in sorted(set(paths), key=lambda one: one.rstrip("/").split("/")):
        if not kept or not path.startswith(kept[-1].rstrip("/") + "/"):
            kept.append(path)
    return sorted(kept)


def deduplicated(selections: list[Selection]) -> tuple[Selection, ...]:
    """Source: file.go: dedupeSelectors. Plain paths below another of the same kind are part of it."""
    found: list[Selection] = []
    for follow in (False, True):
        plain = [one for one in selections if not one.filtered and one.follow == follow]
        by_path = {one.path: one for one in plain}
        found += [by_path[path] for path in _outermost([one.path for one in plain])]
    found += [one for one in selections if one.filtered]
    return tuple(sorted(found, key=lambda one: one.path))


def _shape(input_: Input) -> list[object]:
    return [input_.step, input_.kind.value, input_.selections, input_.selector]


def plan_of(
    tree: Dockerfile,
    settings: Settings | None = None,
    engine: Engine = NEWEST,
    options: RunOptions | None = None,
) -> Plan | Problem:
    """The key plan of a Dockerfile (parsed in the dialect `engine.frontend`), or the first error of its build.

    It depends on nothing but these arguments, so it can be kept by the id of the file's content. What an unknown base
    image would say is kept apart (`Settings.symbolic`).
    """
    settings = msgspec.structs.replace(settings or Settings(), symbolic=True)
    graph = build_graph(tree.build(settings).target(settings.target), engine, options)
    return graph if isinstance(graph, Problem) else Planner(engine, settings.images).plan(graph)
