"""From the arguments of `dockwright image` to its report: opens archives, asks the engine, finds the Dockerfile."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from dockwright.errors import Skipped, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dockwright.dockerfile.stages import Stage
    from dockwright.engine.protocol import Engine
    from dockwright.image.source import Image
    from dockwright.measure.images.model import Base, ImageReport, SharedReport


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line asks for."""

    images: tuple[str, ...]
    platform: str | None = None
    dockerfile: str | None = None
    target: str | None = None
    arguments: tuple[str, ...] = ()
    root: str | None = None
    base: str | None = None
    engine: str | None = None
    compressed: bool = False
    quiet: bool = False


def answered(asked: Asked) -> "ImageReport | SharedReport":
    """The report on one image, or on several side by side. Raises UsageError, ImageError or EngineError."""
    from dockwright.cli.output import Progress
    from dockwright.knowledge.secrets import redact
    from dockwright.measure.images.model import ImageReport, SharedReport
    from dockwright.measure.images.shared import shared
    from dockwright.report.clean import Cleaner

    if [*asked.images, asked.base].count("-") > 1:
        raise UsageError("`-` is standard input, which can be read once")
    with Progress(quiet=asked.quiet) as progress:
        stages = _stages(asked)
        reader = _Reader(asked)
        reports: list[ImageReport] = []
        for name in asked.images:
            progress(f"reading {name}")
            reports += [_report(image, stages, reader, asked) for image in reader.images(name)]
    clean = Cleaner(redact).data
    if len(reports) == 1:
        return msgspec.convert(clean(msgspec.to_builtins(reports[0])), ImageReport)
    return msgspec.convert(clean(msgspec.to_builtins(shared(reports))), SharedReport)


def _report(image: "Image", stages: "list[Stage]", reader: "_Reader", asked: Asked) -> "ImageReport":
    from dockwright.measure.images.describe import Known, described
    from dockwright.measure.images.lines import best_stage

    named = asked.dockerfile is not None
    stage = stages[0] if named else best_stage(image, stages)
    unfit = () if named or stage is not None or asked.root is None else (Skipped(asked.root, _UNFIT),)
    return described(image, Known(stage, reader.base_of(image, stage), unfit))


_UNFIT = "no Dockerfile in it has the instructions of the image's history, so bytes have no lines"


class _Reader:
    """Reads images from wherever their names say. The engine is asked for those that are no file, and then for bases."""

    def __init__(self, asked: Asked) -> None:
        from dockwright.cli.images import Images

        self._asked = asked
        self._images = Images(asked.platform, asked.engine, asked.root)

    def images(self, name: str) -> "list[Image]":
        from dockwright.image.packages.files import wanted

        return self._images.named(name, wanted, compress=self._asked.compressed)

    def base_of(self, image: "Image", stage: "Stage | None") -> "Base | None":
        """The base image, when its layers can be held against the image's own; a base that was named must fit."""
        from dockwright.measure.images.bases import base_if_below, names_of_base

        own = image.config.rootfs.diff_ids or []
        given = self._asked.base
        if given is not None:
            found = base_if_below(given, self._layers_of(given), own)
            if found is None:
                hint = "the base's layers are not the lowest of the image's"
                raise UsageError(f"{image.name} is not built on {given}", hint)
            return found
        if self._images.engine is None:
            return None
        for name in names_of_base(image, stage):
            found = base_if_below(name, self._known_layers(name), own)
            if found is not None:
                return found
        return None

    def _layers_of(self, name: str) -> "Sequence[str]":
        if name != "-" and not os.path.lexists(name):
            return self._images.with_engine(lambda engine: _layers(engine, name))
        images = self.images(name)
        if len(images) > 1:
            raise UsageError(f"--base {name} holds {len(images)} images")
        return images[0].config.rootfs.diff_ids or ()

    def _known_layers(self, name: str) -> "Sequence[str]":
        """Those of an image the engine has; none for one it does not have."""
        from dockwright.errors import EngineError

        try:
            return self._images.with_engine(lambda engine: _layers(engine, name))
        except EngineError:
            return ()


async def _layers(engine: "Engine", name: str) -> "Sequence[str]":
    return (await engine.image(name)).layers


def _stages(asked: Asked) -> "list[Stage]":
    """The stages an image may have been built from: the one that is named, or all of a repository."""
    if asked.dockerfile is None:
        if asked.target is not None:
            raise UsageError("--target names a stage of a Dockerfile", "give --dockerfile FILE too")
        return _stages_of(asked.root, _arguments(asked)) if asked.root is not None else []
    from dockwright.dockerfile.nodes import Problem
    from dockwright.dockerfile.tree import parse

    try:
        data = Path(asked.dockerfile).read_bytes()
    except OSError as error:
        raise UsageError(f"{asked.dockerfile}: {error.strerror or error}") from error
    target = parse(data, asked.dockerfile).target(asked.target or "", _arguments(asked))
    if isinstance(target, Problem):
        raise UsageError(f"{asked.dockerfile}: {target.message}")
    return [target.stage]


def _arguments(asked: Asked) -> dict[str, str]:
    given: dict[str, str] = {}
    for text in asked.arguments:
        name, equals, value = text.partition("=")
        if not name or not equals:
            raise UsageError(f"--build-arg {text!r} has no value", "for instance --build-arg VERSION=3")
        given[name] = value
    return given


def _stages_of(root: str, arguments: dict[str, str]) -> "list[Stage]":
    from dockwright.cli.source import configuration, directory, opened
    from dockwright.dockerfile.settings import Settings
    from dockwright.repository.inventory import build

    tree = opened(directory(root, "image --root"), None, history=False).tree
    found = build(tree, configuration(tree))
    return [
        stage
        for item in found.own_dockerfiles
        if item.tree is not None
        for stage in item.tree.build(Settings(args=arguments)).stages
    ]
