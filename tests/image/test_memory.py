"""What is held while an archive is read does not depend on how large the files in it are."""

import json
import tarfile
import tracemalloc
from collections.abc import Iterator

import pytest

from dockwright.image.source import images_of
from tests.image import tars


def head(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size = size
    return info.tobuf(tarfile.GNU_FORMAT)


def archive(size: int) -> Iterator[bytes]:
    """An archive with one file of `size` bytes in its only layer, made while it is read."""
    inner = 512 + size + 1024
    yield head("x/layer.tar", inner) + head("big", size)
    for _ in range(size >> 16):
        yield bytes(1 << 16)
    yield bytes(1024) + bytes(-inner % 512)
    document = tars.config([b""])
    manifest = json.dumps([{"Config": "c.json", "RepoTags": ["a:1"], "Layers": ["x/layer.tar"]}]).encode()
    for name, data in (("c.json", document), ("manifest.json", manifest)):
        yield head(name, len(data)) + data + bytes(-len(data) % 512)
    yield bytes(1024)


def held(size: int) -> int:
    tracemalloc.start()
    try:
        (image,) = images_of(archive(size), "stream")
        assert image.layers[0].size == size
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.slow
def test_memory_does_not_grow_with_files() -> None:
    assert held(256 << 20) < held(1 << 20) + (2 << 20)
