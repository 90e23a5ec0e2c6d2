"""Two images to compare, made of layers in memory."""

import io
from typing import Any

from dockwright.image.diff import noise
from dockwright.image.diff.compare import compared
from dockwright.image.diff.model import Comparison
from dockwright.image.source import Image, images_from
from tests.image import tars
from tests.image.tars import Item


def image(*layers: list[Item], **more: Any) -> Image:
    """An image as it is read of what `docker save` writes."""
    data = tars.old_archive([tars.tar(items) for items in layers], **more)
    (made,) = images_from(io.BytesIO(data), "test", wanted=noise.wanted)
    return made


def comparison(before: Image | list[Item], after: Image | list[Item], **more: Any) -> Comparison:
    one = before if isinstance(before, Image) else image(before)
    other = after if isinstance(after, Image) else image(after)
    return compared(one, other, **more)


def counted(found: Comparison) -> list[tuple[str, list[str]]]:
    """The paths that count, with what differs about each."""
    return [(one.path, [str(d.what) for d in one.details]) for one in found.files if one.counts]


def passed_over(found: Comparison) -> dict[str, str]:
    """The paths that a rule passes over, with its name."""
    return {one.path: one.noise for one in found.files if one.noise}
