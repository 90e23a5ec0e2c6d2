"""Images of any size are compared in the same memory: what is read is hashed as it passes."""

import subprocess
import sys

import pytest

# an archive whose one layer holds one file of so many bytes, made while it is read; differs in its last byte
SCRIPT = """
import resource, sys, tarfile
from dockwright.image.diff import noise
from dockwright.image.diff.compare import compared
from dockwright.image.source import images_from
from tests.image import tars

class Made:
    def __init__(self, size, last):
        info = tarfile.TarInfo("srv/large"); info.size = size
        outer = tarfile.TarInfo("l/layer.tar"); outer.size = 512 + size + 1024
        document = tars.config([b""]); names = tars.Item("c.json", document), tars.Item(
            "manifest.json", b'[{"Config": "c.json", "RepoTags": ["a:1"], "Layers": ["l/layer.tar"]}]')
        self.parts = self.all(outer.tobuf() + info.tobuf(), size, last, tars.tar(names))
    def all(self, head, size, last, tail):
        yield head
        piece = bytes(1 << 20)
        for _ in range(size // len(piece) - 1):
            yield piece
        yield piece[:-1] + last + bytes(1024) + tail
    def read(self, size=-1):
        return next(self.parts, b"")

size = int(sys.argv[1]) << 20
sides = [images_from(Made(size, last), "made", wanted=noise.wanted)[0] for last in (b"a", b"b")]
found = compared(*sides)
assert [(one.path, one.details[0].what) for one in found.files] == [("srv/large", "content")], found.files
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def peak(megabytes: int) -> int:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(megabytes)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


@pytest.mark.slow
def test_memory_does_not_grow_with_the_image() -> None:
    assert peak(256) < peak(16) + 16 * 1024  # kilobytes
