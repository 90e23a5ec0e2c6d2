"""From the arguments of `dockwright image` to its report: opens archives, asks the engine, finds the Dockerfile."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from dockwright.errors import UsageError

if TYPE_CHECKING:
    from dockwright.dockerfile.stages import Stage
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
    quiet: bool = False


def answered(asked: Asked) -> "ImageReport | SharedReport":
    """The report on one image, or on several side by side. Raises UsageError or ImageError."""
    from dockwright.cli.output import Progress
    from dockwright.knowledge.secrets import redact
    from dockwright.measure.images.model import ImageReport, SharedReport
    from dockwright.measure.images.shared import shared
    from dockwright.report.clean import Cleaner

    if asked.images.count("-") > 1:
        raise UsageError("`-` is standard input, which can be read once")
    with Progress(quiet=asked.quiet) as progress:
        stages = _stages(asked)
        reports: list[ImageReport] = []
        for name in asked.images:
            progress(f"reading {name}")
            reports += [_report(image, stages, asked) for image in _images(name, asked)]
    clean = Cleaner(redact).data
    if len(reports) == 1:
        return msgspec.convert(clean(msgspec.to_builtins(reports[0])), ImageReport)
    return msgspec.convert(clean(msgspec.to_builtins(shared(reports))), SharedReport)


def _report(image: "Image", stages: "list[Stage]", asked: Asked) -> "ImageReport":
    from dockwright.measure.images.describe import Known, described
    from dockwright.measure.images.lines import best_stage

    return described(image, Known(best_stage(image, stages), _base(image, asked)))


def _images(name: str, asked: Asked) -> "list[Image]":
    from dockwright.image.packages.files import wanted
    from dockwright.image.source import images_from, images_in

    if name == "-":
        return images_from(sys.stdin.buffer, "standard input", platform=asked.platform, wanted=wanted)
    if os.path.lexists(name):
        return images_in(name, platform=asked.platform, wanted=wanted)
    raise UsageError(
        f"{name} is no file or folder", "`docker save NAME | dockwright image -` reads an engine's image"
    )


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


def _base(image: "Image", asked: Asked) -> "Base | None":
    """The base image that was named, held against the layers: it must be their beginning."""
    if asked.base is None:
        return None
    from dockwright.measure.images.model import Base

    (base, *more) = _images(asked.base, asked)
    own = image.config.rootfs.diff_ids or []
    if more:
        raise UsageError(f"--base {asked.base} holds {len(more) + 1} images")
    below = base.config.rootfs.diff_ids or []
    if not below or own[: len(below)] != below:
        raise UsageError(
            f"{image.name} is not built on {asked.base}",
            "the base's layers are not the lowest of the image's",
        )
    return Base(len(below), base.name, "its layers are the lowest of the image's", sure=True)
