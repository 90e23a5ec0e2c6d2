"""Twenty images built for real: every byte of their layers attributed, what is seen held against `docker export`."""

import hashlib
import io
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from dockwright.dockerfile.nodes import Problem
from dockwright.dockerfile.stages import Stage
from dockwright.dockerfile.tree import parse
from dockwright.image.entries import Kind
from dockwright.image.packages.files import wanted
from dockwright.image.replay import replayed
from dockwright.image.source import Image, images_from
from dockwright.measure.images.describe import Known, described
from dockwright.trees.memory import Content
from tests.engine.builds import write
from tests.lab import images
from tests.lab.engine import docker

pytestmark = [pytest.mark.engine, pytest.mark.slow]
BASE = images.BUSYBOX
TAG = "dockwright-test-account"


def big(path: str, thousand: int = 50) -> str:
    """A shell command that makes a file of other contents than any other."""
    return f"mkdir -p $(dirname {path}) && yes {path} | head -c {thousand}000 > {path}"


CASES: dict[str, tuple[str, dict[str, int] | None]] = {
    "nothing dead": (f"RUN {big('/a/x')}", {}),
    "a file deleted": (f"RUN {big('/a/x')}\nRUN rm /a/x", {"deleted_file": 50_000}),
    "a directory deleted": (f"RUN {big('/a/x')} && {big('/a/b/y')}\nRUN rm -rf /a", {"deleted_directory": 100_000}),
    "deleted where it was made": (f"RUN {big('/a/x')} && rm -rf /a", {}),
    "chown": (f"RUN {big('/a/x')}\nRUN chown -R 1000:1000 /a", {"chown": 50_000}),
    "chmod": (f"RUN {big('/a/x')}\nRUN chmod 600 /a/x", {"chmod": 50_000}),
    "touch": (f"RUN {big('/a/x')}\nRUN touch -d 2001-02-03 /a/x", {"touched": 50_000}),
    "edit": (f"RUN {big('/a/x')}\nRUN echo more >> /a/x", {"edited": 50_000}),
    "moved": (f"RUN {big('/a/x')}\nRUN mv /a /b", {"moved": 50_000}),
    "moved file": (f"RUN {big('/a/x')}\nRUN mv /a/x /a/y", {"moved": 50_000}),
    "copied": (f"RUN {big('/a/x')}\nRUN cp -r /a /b", {}),
    "file becomes a link": (f"RUN {big('/a/x')}\nRUN ln -sf /etc /a/x", {"replaced": 50_000}),
    "directory made anew": (f"RUN {big('/a/x')}\nRUN rm -rf /a && {big('/a/y', 20)}", {"deleted_directory": 50_000}),
    "directory becomes a file": (f"RUN {big('/a/x')}\nRUN rm -rf /a && echo hi > /a", {"replaced": 50_000}),
    "hard links": (f"RUN {big('/a/x')} && ln /a/x /a/y && ln /a/x /z", {}),
    "one of two links deleted": (f"RUN {big('/a/x')} && ln /a/x /a/y\nRUN rm /a/x", {}),
    "both links deleted": (f"RUN {big('/a/x')} && ln /a/x /a/y\nRUN rm /a/x\nRUN rm /a/y", {"deleted_file": 50_000}),
    "copied twice": ("COPY src /app\nCOPY . /app", {"touched": 0}),
    "copied, then owned": ("COPY src /app\nRUN chown -R 7 /app", {"chown": 9_000}),
    "of the base": ("RUN rm /etc/passwd", {"deleted_file": 58}),
    "chain of many": ("\n".join(f"RUN {big('/a/x', n)}" for n in range(1, 12)), {"edited": 66_000 - 11_000}),
    "odd names": (f"RUN {big('/a/' + 'n' * 180 + '/é')} && mkfifo /a/p && echo x > '/a/ b'\nRUN rm -rf /a", None),
    "with workdir and stages": (
        f"WORKDIR /w\nENV A=b\nCOPY --from=other /made ./\nUSER 5\nUSER 0\nRUN {big('/tmp/x')}\nRUN rm /tmp/x", {"deleted_file": 50_000},
    ),
}  # fmt: skip
FILES: dict[str, Content] = {
    "src/a": "1" * 4_000,
    "src/sub/b": "2" * 5_000,
    "Dockerfile.dockerignore": "Dockerfile*\n",
}


@pytest.fixture(scope="module")
def context(engine: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    images.busybox()
    root = tmp_path_factory.mktemp("account")
    write(root, FILES)
    yield root
    names = docker("image", "ls", "--quiet", "--filter", f"label={TAG}").stdout.split()
    if names:
        docker("rmi", "--force", *dict.fromkeys(names), check=False)


def built(name: str, context: Path) -> tuple[bytes, Stage, str]:
    """The saved image, the stage it was built from, its id."""
    text = f"FROM {BASE} AS other\nRUN {big('/made', 3)}\nFROM {BASE}\nLABEL {TAG}={len(name)}\n{CASES[name][0]}\n"
    write(context, {"Dockerfile": text})
    made = docker("build", "--quiet", str(context)).stdout.strip()
    target = parse(text.encode()).target()
    assert not isinstance(target, Problem)
    saved = subprocess.run(["docker", "save", made], capture_output=True, check=True).stdout
    return saved, target.stage, made


def regular_bytes(saved: bytes) -> int:
    """All regular entries of all layers, as `tarfile` counts them."""
    total = 0
    with tarfile.open(fileobj=io.BytesIO(saved)) as outer:
        for member in outer:
            file = outer.extractfile(member) if member.isreg() and member.name.startswith("blobs/") else None
            data = file.read() if file else b""
            if data[257:262] == b"ustar" or (data and not data.strip(b"\0")):
                with tarfile.open(fileobj=io.BytesIO(data)) as layer:
                    total += sum(one.size for one in layer if one.isreg())
    return total


MADE_BY_THE_ENGINE = (
    ".dockerenv",
    "dev",
    "proc",
    "sys",
    "etc/hostname",
    "etc/hosts",
    "etc/resolv.conf",
    "etc/mtab",
)


def exported(identity: str) -> dict[str, tuple[object, ...]]:
    """The file system of a container that was created and never started, as the engine itself puts it together."""
    container = docker("create", identity, "sh").stdout.strip()
    try:
        data = subprocess.run(["docker", "export", container], capture_output=True, check=True).stdout
    finally:
        docker("rm", container)
    found: dict[str, tuple[object, ...]] = {}
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for one in archive:
            name = one.name.rstrip("/")
            if not name.startswith(MADE_BY_THE_ENGINE) and name != "etc":
                target = archive.getmember(one.linkname) if one.islnk() else one
                file = archive.extractfile(target) if target.isreg() else None
                content = hashlib.sha256(file.read()).digest() if file else b""
                link = one.linkname if one.issym() else ""
                mode = 0o777 if one.issym() else one.mode  # links have none
                found[name] = (mode, one.uid, one.gid, target.size if file else 0, link, content)
    return found


def seen(image: Image) -> dict[str, tuple[object, ...]]:
    found: dict[str, tuple[object, ...]] = {}
    for one in replayed(image.layers).visible():
        entry, copy = one.entry, one.copy
        if entry is None or one.path.startswith(MADE_BY_THE_ENGINE) or one.path == "etc":
            continue
        content, size = (copy.entry.digest, copy.entry.size) if copy else (b"", 0)
        link = entry.link if not copy else ""
        mode = 0o777 if entry.kind == Kind.SYMLINK else entry.mode
        found[one.path] = (mode, entry.uid, entry.gid, size, link, content)
    return found


@pytest.mark.parametrize("name", CASES)
def test_every_byte_has_its_place(name: str, context: Path) -> None:
    saved, stage, identity = built(name, context)
    (image,) = images_from(io.BytesIO(saved), "saved", wanted=wanted)
    report = described(image, Known(stage))
    assert seen(image) == exported(identity)
    assert report.shipped == regular_bytes(saved) == sum(row.shipped for row in report.instructions)
    assert (
        sum(win.bytes for win in report.wins if win.kind == "dead")
        == report.dead
        == report.shipped - report.live
    )
    assert (report.base.layers, report.base.sure) == (1, True)
    unplaced = [row.instruction for row in report.instructions if row.place is None and not row.base]
    assert unplaced == []
    assert all(row.place.sure for row in report.instructions if row.place)
    causes = CASES[name][1]
    if causes is not None:
        assert {cause: size for cause, size in report.dead_by_cause.items() if size} == {
            cause: size for cause, size in causes.items() if size
        }
