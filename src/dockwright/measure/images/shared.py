"""Several images side by side: what a registry stores of them, and which layers they have in common."""

from collections.abc import Sequence

from dockwright.measure.images.model import ImageReport, SharedLayer, SharedReport

SCHEMA = "dockwright.images/1"


def shared(images: Sequence[ImageReport]) -> SharedReport:
    """Layers are the same when their contents' ids (`diff_ids`) are; their bytes are the files' contents."""
    sizes: dict[str, int] = {}
    owners: dict[str, list[str]] = {}
    total = 0
    for image in images:
        total += image.shipped
        for layer in image.layers:
            sizes[layer.digest] = layer.shipped
            owners.setdefault(layer.digest, []).append(image.image)
    unique = sum(sizes.values())
    common = [
        SharedLayer(digest, sizes[digest], tuple(dict.fromkeys(names)))
        for digest, names in owners.items()
        if len(set(names)) > 1
    ]
    common.sort(key=lambda one: (-one.bytes, one.digest))
    return SharedReport(
        SCHEMA, tuple(images), total, unique, 1 - unique / total if total else 0.0, tuple(common)
    )
