"""A real builder: writes one state after the other to one folder, builds it, and reads which steps were CACHED."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from uuid import uuid4

from dockwright.trees.memory import Content, Link
from tests.engine.builds import write
from tests.engine.cache.state import State
from tests.lab import images
from tests.lab.engine import docker, plugin

_STEP = re.compile(r"^\[(?!internal|auth|context)[^\]]*\d+/\d+\] (?!FROM )")
_SALTED = "FROM {0}\nCOPY <<EOF /.salt\n{1}\nEOF\n"


class BuildFailed(RuntimeError):
    """A state that was meant to be buildable is not."""


class Base:
    """A base image and a folder for contexts that nothing else uses.

    Fresh names matter: the daemon keeps what was sent by the name of the context's folder and sends a file again only when
    its size, time, mode or link changed, so every file that is written needs a time of its own.
    """

    def __init__(self, below: Path, name: str) -> None:
        self.salt = uuid4().hex[:12]
        self.image = f"dwtest-engine-{name}:{self.salt}"
        self.folder = below / f"{name}-{self.salt}"
        self.folder.mkdir()
        text = _SALTED.format(images.busybox(), self.salt).encode()
        docker("build", "--quiet", "--tag", self.image, "-", stdin=text)

    def close(self) -> None:
        """Remove the image; what was built on it stays in the engine's cache, which collects its own garbage."""
        docker("image", "rm", "--force", self.image, check=False)
        shutil.rmtree(self.folder)

    def salted(self, text: str) -> str:
        """A Dockerfile with the names of this run filled in."""
        return text.replace("{base}", self.image).replace("{salt}", self.salt)

    def build(self, context: Path, dockerfile: Path, *options: str) -> dict[str, bool]:
        """Steps by the name BuildKit gives them, with whether they were found in the cache."""
        command = [*plugin("buildx"), "build", "--progress=rawjson", "--output=type=cacheonly", *options]
        if "--network" not in dockerfile.read_text("utf-8", "surrogateescape"):
            command.append("--network=none")  # not needed here, and making one is a third of the work
        done = subprocess.run(
            [*command, "-f", str(dockerfile), str(context)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise BuildFailed(f"{self.folder.name}: {done.stderr[-1500:]}\n{dockerfile.read_text('utf-8')}")
        name = self.image.replace(self.salt, "salt")
        return {
            shown.replace(self.salt, "salt").replace(name, "base"): hit
            for shown, hit in steps(done.stderr).items()
        }


class Builder:
    """Builds the states of one scenario."""

    def __init__(self, below: Path, name: str) -> None:
        self.base = Base(below, name)
        self.folder = self.base.folder
        self._clock = 1_600_000_000
        self._written: dict[str, Content] = {}

    def close(self) -> None:
        self.base.close()

    def build(self, state: State) -> dict[str, bool]:
        """Write a state and build it."""
        self._write(state)
        options = [part for name, value in state.args.items() for part in ("--build-arg", f"{name}={value}")]
        return self.base.build(self.folder, self.folder / state.path, "--target", state.target, *options)

    def _write(self, state: State) -> None:
        files = {
            path: self.base.salted(one) if path == state.path and isinstance(one, str) else one
            for path, one in state.files.items()
        }
        for path in self._written.keys() - files.keys():
            self._remove(path)
        changed = {
            path: one for path, one in files.items() if self._written.get(path) != one or path == state.again
        }
        for path in changed.keys() & self._written.keys():
            if not path.endswith("/"):
                (self.folder / path).unlink()
        write(self.folder, {**{path: "" for path in files if path.endswith("/")}, **changed})
        for path, one in changed.items():
            self._clock += 7
            if not isinstance(one, Link) and not path.endswith("/"):
                os.utime(self.folder / path, (self._clock, self._clock))
        self._written = files

    def _remove(self, path: str) -> None:
        """Remove a file, and the folders that are empty without it: git and trees know none of them."""
        full = self.folder / path
        if path.endswith("/"):
            if full.is_dir() and not any(full.iterdir()):
                full.rmdir()
        else:
            full.unlink()
        above = full.parent
        while above != self.folder and above.is_dir() and not any(above.iterdir()):
            above.rmdir()
            above = above.parent


def steps(text: str) -> dict[str, bool]:
    """What `--progress=rawjson` says of steps: cached or executed; those that never began are left out.

    0.13 prints objects over many lines and a vertex as often as its state changes; `cached` counts if it was ever true.
    """
    names: dict[str, str] = {}
    cached: dict[str, bool] = {}
    for vertex in _vertexes(text):
        if not _STEP.match(vertex["name"]):
            continue
        names[vertex["digest"]] = vertex["name"]
        if vertex.get("started"):
            cached[vertex["digest"]] = cached.get(vertex["digest"], False) or bool(vertex.get("cached"))
    return {names[digest]: hit for digest, hit in cached.items()}


def _vertexes(text: str) -> Iterator[Mapping[str, str]]:
    decoder = json.JSONDecoder()
    at = 0
    while (at := text.find("{", at)) >= 0:
        try:
            found, at = decoder.raw_decode(text, at)
        except json.JSONDecodeError:
            return
        yield from found.get("vertexes", ())
