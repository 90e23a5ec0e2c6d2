"""The base image of an image: what may name it, and whether its layers are the lowest of the image's."""

from collections.abc import Sequence

from dockwright.dockerfile.stages import SourceKind, Stage
from dockwright.image.source import Image
from dockwright.measure.images.model import Base

BASE_NAME = "org.opencontainers.image.base.name"
BASE_DIGEST = "org.opencontainers.image.base.digest"
"""OCI image-spec annotations.md; builders write them as labels too."""


def noted_base(image: Image) -> str:
    """What the image itself says it is built on."""
    labels = (image.config.config.labels if image.config.config else None) or {}
    noted = {**labels, **image.annotations}
    return noted.get(BASE_NAME, "")


def names_of_base(image: Image, stage: Stage | None) -> list[str]:
    """Names that may be the base's: what FROM says, then what the image says."""
    names = [stage.root.name] if stage is not None and stage.root.kind is SourceKind.IMAGE else []
    return list(dict.fromkeys(name for name in (*names, noted_base(image)) if name))


def base_if_below(name: str, layers: Sequence[str], own: Sequence[str]) -> Base | None:
    """The base when its layers are the beginning of the image's own (`diff_ids`), else None."""
    if not layers or list(own[: len(layers)]) != list(layers):
        return None
    return Base(len(layers), name, "its layers are the lowest of the image's", sure=True)
