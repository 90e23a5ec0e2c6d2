"""Running builds: files written to a folder, `docker buildx build` on it, and what comes out of it."""

import io
import os
import subprocess
import tarfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import NamedTuple, TypeVar

from dockwright.trees.memory import Content, Link, Program
from tests.lab.engine import plugin

AT_ONCE = int(os.environ.get("DOCKWRIGHT_ENGINE_AT_ONCE", "2"))
"""How many builds one process of tests has running; most of a small build is waiting."""
FAILED = "ERROR: failed to solve: "
CANCELED = b"Canceled: context canceled"
"""What a builder that is busy now and then says in place of the error that made it stop: it is asked again."""


One = TypeVar("One")
Made = TypeVar("Made")


class Built(NamedTuple):
    """What a build gave: its error ("" if it went through) and, where asked for, the files of its result."""

    error: str
    tar: bytes = b""

    def members(self) -> list[tarfile.TarInfo]:
        """The files of the result. A name that is not UTF-8 has surrogates in it."""
        with tarfile.open(
            fileobj=io.BytesIO(self.tar), encoding="utf-8", errors="surrogateescape"
        ) as archive:
            return archive.getmembers()

    def contents(self) -> dict[str, bytes]:
        """Regular files of the result with their bytes."""
        with tarfile.open(
            fileobj=io.BytesIO(self.tar), encoding="utf-8", errors="surrogateescape"
        ) as archive:
            found = {}
            for member in archive.getmembers():
                file = archive.extractfile(member) if member.isreg() else None
                if file is not None:
                    found[member.name] = file.read()
            return found


def seeded(name: str) -> Random:
    """The source of randomness of one test: the same in every run, unless `DOCKWRIGHT_ENGINE_SEED` says otherwise."""
    return Random(f"{name} {os.environ.get('DOCKWRIGHT_ENGINE_SEED', '1')}")


def side_by_side(function: Callable[[One], Made], items: Iterable[One]) -> Iterator[Made]:
    """`map`, some at a time. Builds that run together need context folders of different names."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from pool.map(function, items)


def write(root: Path, files: Mapping[str, Content]) -> None:
    """Put files on disk; a path that ends in `/` is an empty folder."""
    for name, content in files.items():
        path = root / name
        if name.endswith("/"):
            path.mkdir(parents=True, exist_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, Link):
            path.symlink_to(content.target)
            continue
        text = content.text if isinstance(content, Program) else content
        path.write_bytes(text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text)
        path.chmod(0o755 if isinstance(content, Program) else 0o644)


def build(context: Path, dockerfile: Path, *options: str, export: bool = False) -> Built:
    """Build; with `export` the files of the result are read, else it is thrown away."""
    output = "type=tar,dest=-" if export else "type=cacheonly"
    command = [*plugin("buildx"), "build", "--progress=plain", f"--output={output}", "-f", str(dockerfile)]
    for _ in range(4):
        done = subprocess.run([*command, *options, str(context)], capture_output=True, check=False)
        if CANCELED not in done.stderr:
            break
    if done.returncode == 0:
        return Built("", done.stdout)
    text = done.stderr.decode("utf-8", "surrogateescape")
    return Built(text.rpartition(FAILED)[2].strip() or f"exit code {done.returncode}")
