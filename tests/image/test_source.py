"""Archives in every form that engines write, from disk and from a pipe that cannot be read twice."""

import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zstandard

from dockwright.image.limits import ImageError
from dockwright.image.source import Image, images_from, images_in
from dockwright.image.streams import Pieces
from tests.image import tars
from tests.image.tars import Item

LAYERS = [
    tars.tar([Item("a", b"one"), Item("b", b"22")]),
    tars.tar([Item(".wh.a"), Item("c", b"three")]),
    bytes(1024),
]


class Pipe(io.RawIOBase):
    """Gives a few bytes at a time and cannot be sought."""

    def __init__(self, data: bytes, piece: int = 700) -> None:
        self._data, self._at, self._piece = data, 0, piece

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        part = self._data[self._at : self._at + min(len(buffer), self._piece)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)


def both(data: bytes, tmp_path: Path, **options: Any) -> list[Image]:
    """What is read of an archive on disk, which is also what is read of it as a pipe."""
    (tmp_path / "image.tar").write_bytes(data)
    on_disk = images_in(str(tmp_path / "image.tar"), **options)
    piped = images_from(Pipe(data), str(tmp_path / "image.tar"), **options)  # type: ignore[arg-type]
    assert on_disk == piped
    return on_disk


def sizes(image: Image) -> list[list[tuple[str, int]]]:
    return [[(entry.path, entry.size) for entry in layer.entries] for layer in image.layers]


EXPECTED = [[("a", 3), ("b", 2)], [(".wh.a", 0), ("c", 5)], []]


@pytest.mark.parametrize("last", [True, False])
def test_an_old_docker_archive(last: bool, tmp_path: Path) -> None:
    (image,) = both(tars.old_archive(LAYERS, last=last), tmp_path)
    assert image.name == "app:1"
    assert sizes(image) == EXPECTED
    assert image.digest == f"sha256:{tars.sha(tars.config(LAYERS))}"
    assert [layer.packed_size for layer in image.layers] == [None, None, None]


@pytest.mark.parametrize(
    "pack", [gzip.compress, zstandard.ZstdCompressor().compress, bytes], ids=["gzip", "zstd", "plain"]
)
def test_an_oci_layout_as_tar_and_as_folder(pack: Any, tmp_path: Path) -> None:
    files = tars.oci_files({"linux/amd64": LAYERS}, pack)
    (image,) = both(tars.oci_tar(files), tmp_path)
    assert sizes(image) == EXPECTED
    assert image.name == "app:1"
    assert [layer.packed_size for layer in image.layers] == [
        None if pack is bytes else len(pack(layer)) for layer in LAYERS
    ]
    for name, data in files.items():
        (tmp_path / "oci" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "oci" / name).write_bytes(data)
    (folder,) = images_in(str(tmp_path / "oci"))
    assert folder == image


def test_an_archive_that_is_compressed_as_a_whole(tmp_path: Path) -> None:
    (image,) = both(gzip.compress(tars.old_archive(LAYERS)), tmp_path)
    assert sizes(image) == EXPECTED


def test_several_platforms_must_be_chosen_from(tmp_path: Path) -> None:
    other = [tars.tar([Item("arm", b"x")])]
    data = tars.oci_tar(tars.oci_files({"linux/amd64": LAYERS, "linux/arm64/v8": other}))
    with pytest.raises(ImageError, match="linux/amd64, linux/arm64/v8"):
        both(data, tmp_path)
    (image,) = both(data, tmp_path, platform="linux/arm64")
    assert sizes(image) == [[("arm", 1)]]
    with pytest.raises(ImageError, match="holds no image for linux/s390x"):
        both(data, tmp_path, platform="linux/s390x")


def test_several_images_share_a_layer_that_is_stored_once_behind_a_link(tmp_path: Path) -> None:
    """What Docker before 25 does when two saved images have a layer in common."""
    first, second = tars.config(LAYERS[:1], author="1"), tars.config(LAYERS[:1], author="2")
    manifest = [
        {"Config": f"{tars.sha(first)}.json", "RepoTags": ["a:1"], "Layers": ["x/layer.tar"]},
        {"Config": f"{tars.sha(second)}.json", "RepoTags": None, "Layers": ["y/layer.tar"]},
    ]
    data = tars.tar([
        Item("x/layer.tar", LAYERS[0]), Item("y/layer.tar", kind="symlink", link="../x/layer.tar"),
        Item(f"{tars.sha(first)}.json", first), Item(f"{tars.sha(second)}.json", second),
        Item("manifest.json", json.dumps(manifest).encode()),
    ])  # fmt: skip
    one, two = both(data, tmp_path)
    assert one.layers == two.layers
    assert (one.name, two.tags) == ("a:1", ())


def test_attestations_are_no_images(tmp_path: Path) -> None:
    files = tars.oci_files({"linux/amd64": LAYERS})
    index = json.loads(files["index.json"])
    (inner,) = (name for name in files if name.endswith(index["manifests"][0]["digest"].partition(":")[2]))
    listed = json.loads(files[inner])
    listed["manifests"].append(
        {**listed["manifests"][0], "platform": {"os": "unknown", "architecture": "unknown"}}
    )
    data = json.dumps(listed).encode()
    index["manifests"][0]["digest"] = f"sha256:{tars.sha(data)}"
    files[f"blobs/sha256/{tars.sha(data)}"] = data
    files["index.json"] = json.dumps(index).encode()
    assert len(both(tars.oci_tar(files), tmp_path)) == 1


def test_contents_are_kept_where_they_are_asked_for(tmp_path: Path) -> None:
    (image,) = both(tars.old_archive(LAYERS), tmp_path, wanted=lambda path, size: path == "c" and size < 100)
    assert [layer.contents for layer in image.layers] == [{}, {"c": b"three"}, {}]


@pytest.mark.parametrize("size", [1, 511, 512, 513, 4096, 1 << 20])
def test_pieces_of_any_size_give_the_same(size: int) -> None:
    data = tars.old_archive(LAYERS)
    (image,) = images_from(Pipe(data, size), "pipe")  # type: ignore[arg-type]
    assert sizes(image) == EXPECTED


def test_taking_peeking_and_skipping() -> None:
    def pieces() -> Iterator[bytes]:
        yield from (b"", b"ab", b"c", b"", b"defgh")

    source = Pieces(pieces())
    assert (source.peek(4), source.position) == (b"abcd"[:4] if source.data[:4] else b"", 0)
    assert (source.take(1), source.position) == (b"a", 1)
    assert (source.peek(3), source.position) == (b"bcd", 1)
    assert (source.skip(2), source.position) == (2, 3)
    assert source.take(100) == b"defgh"
    assert (source.take(1), source.peek(1), source.skip(1), source.position) == (b"", b"", 0, 8)


def test_a_document_that_is_too_large_is_said_to_be(tmp_path: Path) -> None:
    data = tars.old_archive(LAYERS, author="x" * 20_000_000)
    (tmp_path / "image.tar").write_bytes(data)
    for read in (
        lambda: images_in(str(tmp_path / "image.tar")),
        lambda: images_from(io.BytesIO(data), "pipe"),
    ):
        with pytest.raises(ImageError, match=r"a document of 2\d+ bytes; the limit is"):
            read()


def test_an_image_without_layers(tmp_path: Path) -> None:
    (image,) = both(tars.old_archive([]), tmp_path)
    assert image.layers == ()


def test_a_folder_with_a_manifest_and_blobs_by_digest(tmp_path: Path) -> None:
    """`podman save --format docker-dir`, `skopeo copy … dir:`."""
    document = tars.config(LAYERS)
    packed = [gzip.compress(data) for data in LAYERS]
    manifest = {"config": tars.blob(document, ""), "layers": [tars.blob(data, "") for data in packed]}
    for data in (document, *packed):
        (tmp_path / tars.sha(data)).write_bytes(data)
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    (image,) = images_in(str(tmp_path))
    assert sizes(image) == EXPECTED
    assert image.digest == f"sha256:{tars.sha(document)}"
