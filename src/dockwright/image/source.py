"""An image from wherever it lies: a `docker save` archive (old or new, also as it is being written), an OCI layout.

    images_in(path)             a tar, an OCI layout as folder or tar, an unpacked archive
    images_from(stream)         a stream that passes once: the pipe of `docker save`
    images_of(pieces)           the same in pieces, from whoever has them

A stream is read in one pass and in constant memory but for one small value per file. Nothing is written to disk.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from dockwright.image.blobs import Blobs, Passed, opened
from dockwright.image.config import Config, Descriptor, Manifest, Saved, decoded
from dockwright.image.entries import Layer
from dockwright.image.layers import Reader, Wanted, nothing
from dockwright.image.limits import DEFAULT, ImageError, Limits
from dockwright.image.streams import of_file

_DIGEST = re.compile(r"([a-z0-9]+(?:[+._-][a-z0-9]+)*):([a-zA-Z0-9=_-]+)")
_REFERENCE_NAMES = ("io.containerd.image.name", "org.opencontainers.image.ref.name")


class Image(msgspec.Struct, frozen=True):
    """One image, read. `layers` are lowest first."""

    name: str
    """The tag or reference the archive gives it; else the archive's own name."""
    tags: tuple[str, ...]
    digest: str
    """Of the configuration: what Docker calls the image's id."""
    config: Config
    raw_config: bytes
    layers: tuple[Layer, ...]
    annotations: dict[str, str] = {}
    """Of the manifest, where there is one."""


class _Found(msgspec.Struct):
    """An image that an archive names: where its parts lie, not read yet."""

    config: str
    layers: tuple[str, ...]
    tags: list[str]
    platform: str = ""
    annotations: dict[str, str] = {}


def images_in(
    path: str,
    *,
    platform: str | None = None,
    wanted: Wanted = nothing,
    limits: Limits = DEFAULT,
    compress: bool = False,
) -> list[Image]:
    """The images of an archive or layout; ImageError when it cannot be read or `platform` must be named.

    `wanted` says which contents to keep, `compress` to count what gzip makes of plain layers.
    """
    try:
        with opened(path, Reader(limits, wanted, compress=compress), limits) as blobs:
            return _images(blobs, platform, limits)
    except OSError as error:
        raise ImageError(f"{path}: {error.strerror or error}") from None


def images_from(
    stream: BinaryIO,
    what: str,
    *,
    platform: str | None = None,
    wanted: Wanted = nothing,
    limits: Limits = DEFAULT,
    compress: bool = False,
) -> list[Image]:
    """The images of an archive that arrives once, in order; `what` names it in messages. Reads to the end."""
    pieces = of_file(stream)
    return images_of(pieces, what, platform=platform, wanted=wanted, limits=limits, compress=compress)


def images_of(
    pieces: Iterator[bytes],
    what: str,
    *,
    platform: str | None = None,
    wanted: Wanted = nothing,
    limits: Limits = DEFAULT,
    compress: bool = False,
) -> list[Image]:
    """As `images_from`, of pieces of any size that come one after the other."""
    reader = Reader(limits, wanted, compress=compress)
    return _images(Passed(pieces, what, reader, limits), platform, limits)


def _images(blobs: Blobs, platform: str | None, limits: Limits) -> list[Image]:
    found = list(_listed(blobs)) or list(_saved(blobs))
    if not found:
        _complete(blobs)
        raise ImageError(
            f"{blobs.what}: holds no image",
            "expected is `index.json` or `manifest.json`: what `docker save` or `docker buildx build --output "
            "type=oci` writes; a plain root file system (`docker export`) has no layers to look at",
        )
    chosen = _of_platform(found, platform, blobs)
    for one in chosen:
        if len(one.layers) > limits.layers:
            raise ImageError(f"{blobs.what}: {len(one.layers)} layers; the limit is {limits.layers}")
    return [_read(one, blobs) for one in chosen]


def _complete(blobs: Blobs) -> None:
    """Raises ImageError when the index names an image whose manifest is missing."""
    data = blobs.document("index.json")
    named = decoded(data, Manifest, f"{blobs.what}: index.json").manifests if data is not None else None
    absent = next((one.digest for one in named or () if _is_image(one)), None)
    if absent is not None:
        raise ImageError(
            f"{blobs.what}: its index names {absent[:100]}, which is not there",
            "it is not whole: save the image again",
        )


def _of_platform(found: list[_Found], platform: str | None, blobs: Blobs) -> list[_Found]:
    """Those of one platform. Several images of one platform may stand in one archive; several platforms may not."""
    for one in found:
        if not one.platform or one.platform == "unknown/unknown":
            one.platform = _config(one, blobs)[0].platform
    names = sorted({one.platform for one in found})
    if platform is None:
        if len(names) > 1:
            raise ImageError(f"{blobs.what}: holds images for {', '.join(names)}", "choose one by --platform")
        return found
    chosen = [one for one in found if _same_platform(one.platform, platform)]
    if not chosen:
        raise ImageError(f"{blobs.what}: holds no image for {platform}", f"there is {', '.join(names)}")
    return chosen


def _same_platform(has: str, asked: str) -> bool:
    """`linux/arm64` means `linux/arm64/v8` too (containerd platforms: Normalize); a lone architecture means Linux."""
    asked = asked if "/" in asked else f"linux/{asked}"
    return has == asked or {has, asked} == {"linux/arm64", "linux/arm64/v8"}


def _saved(blobs: Blobs) -> Iterator[_Found]:
    """The images of `manifest.json`: `docker save`, Podman's docker-archive, Bazel, Kaniko."""
    data = blobs.document("manifest.json")
    if data is None:
        return
    if data.lstrip().startswith(
        b"{"
    ):  # a folder as `skopeo copy … dir:` and `podman save --format docker-dir` write it
        manifest = decoded(data, Manifest, f"{blobs.what}: manifest.json")
        if manifest.config is not None:
            layers = tuple(_file_name(layer.digest) for layer in manifest.layers or ())
            yield _Found(_file_name(manifest.config.digest), layers, [])
        return
    for one in decoded(data, list[Saved], f"{blobs.what}: manifest.json"):
        yield _Found(one.config, tuple(one.layers or ()), list(one.repo_tags or ()))


def _listed(blobs: Blobs) -> Iterator[_Found]:
    """The images of `index.json`, through indexes of indexes; attestations and what was not exported left out."""
    data = blobs.document("index.json")
    if data is None:
        return
    tags = {one.config: one.tags for one in _saved(blobs)}
    waiting = [(Descriptor(), decoded(data, Manifest, f"{blobs.what}: index.json"), 0)]
    seen: set[str] = set()
    while waiting:
        descriptor, manifest, depth = waiting.pop(0)
        if manifest.config is not None:
            yield _of_manifest(descriptor, manifest, tags)
        for one in manifest.manifests or ():
            if depth > 4 or one.digest in seen or not _is_image(one):
                continue
            seen.add(one.digest)
            name = blob_name(one.digest, blobs.what)
            inner = blobs.document(name)
            if inner is not None:
                named = msgspec.structs.replace(
                    one, annotations={**(descriptor.annotations or {}), **(one.annotations or {})}
                )
                waiting.append((named, decoded(inner, Manifest, f"{blobs.what}: {name}"), depth + 1))


def _is_image(descriptor: Descriptor) -> bool:
    kind = (descriptor.annotations or {}).get("vnd.docker.reference.type")
    platform = descriptor.platform.name if descriptor.platform else ""
    return kind != "attestation-manifest" and platform != "unknown/unknown"


def _of_manifest(descriptor: Descriptor, manifest: Manifest, tags: dict[str, list[str]]) -> _Found:
    assert manifest.config is not None
    config = blob_name(manifest.config.digest, "index.json")
    notes = descriptor.annotations or {}
    names = tags.get(config) or [notes[key] for key in _REFERENCE_NAMES if key in notes][:1]
    layers = tuple(blob_name(layer.digest, "index.json") for layer in manifest.layers or ())
    platform = descriptor.platform.name if descriptor.platform else ""
    return _Found(config, layers, names, platform, {**notes, **(manifest.annotations or {})})


def blob_name(digest: str, what: str) -> str:
    """Where an OCI layout keeps the blob of a digest (image-layout.md)."""
    match = _DIGEST.fullmatch(digest)
    if match is None:
        raise ImageError(f"{what}: {digest[:100]!r} is no digest")
    return f"blobs/{match[1]}/{match[2]}"


def _file_name(digest: str) -> str:
    return blob_name(digest, "manifest.json").rpartition("/")[2]


def _config(found: _Found, blobs: Blobs) -> tuple[Config, bytes]:
    data = blobs.document(found.config)
    if data is None:
        raise ImageError(
            f"{blobs.what}: the configuration {found.config[:100]!r} is missing from the archive"
        )
    return decoded(data, Config, f"{blobs.what}: {found.config}"), data


def _read(found: _Found, blobs: Blobs) -> Image:
    config, raw = _config(found, blobs)
    layers = []
    for name in found.layers:
        layer = blobs.layer(name)
        if layer is None:
            raise ImageError(f"{blobs.what}: the layer {name[:100]!r} is missing from the archive")
        layers.append(layer)
    diff_ids = config.rootfs.diff_ids or []
    if diff_ids and len(diff_ids) != len(layers):
        raise ImageError(f"{blobs.what}: {len(layers)} layers, and the configuration lists {len(diff_ids)}")
    name = found.tags[0] if found.tags else blobs.what
    return Image(
        name, tuple(found.tags), _digest(found.config), config, raw, tuple(layers), found.annotations
    )


def _digest(name: str) -> str:
    """The digest in a blob's name: `blobs/sha256/X` now, `X.json` before Docker 25."""
    parts = name.removesuffix(".json").split("/")
    return f"{parts[-2]}:{parts[-1]}" if len(parts) > 2 else f"sha256:{parts[-1]}"
