"""An engine in memory that keeps the promises of `protocol.py`: for tests, of ours and of others.

It knows as much of building as the contract needs: COPY counts the file's bytes, RUN its text, `exit N` fails and
`sleep N` takes as long; every step is kept in its cache. `faults` are met by the next calls, one each.
"""

import hashlib
import io
import re
import tarfile
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from pathlib import Path

import anyio
import anyio.lowlevel
import msgspec

from dockwright.engine.building import options
from dockwright.engine.faults import Failed, Fault, Kind, fault, redacted
from dockwright.engine.protocol import (
    BuildRequest,
    BuildResult,
    HistoryRow,
    Image,
    ImageDetail,
    Info,
    Versions,
    Watch,
)
from dockwright.engine.vertices import Growing, Vertices

_STEP = re.compile(r"^(RUN|COPY|ADD|WORKDIR)\s+(.*)$", re.IGNORECASE | re.MULTILINE)
_SLEEP = re.compile(r"\bsleep (\d+(?:\.\d+)?)")
_EXIT = re.compile(r"\bexit (\d+)")
_ECHO = re.compile(r"\becho (\S+)")


class FakeEngine:
    """An engine without a machine behind it. `running` counts builds and exports that have not ended."""

    name = "fake"
    builder = ""

    def __init__(self, base: str = "base:1") -> None:
        self.faults: list[Fault] = []
        self.running = 0
        self.requests: list[BuildRequest] = []
        self._cache: set[str] = set()
        self._images: dict[str, ImageDetail] = {}
        self._history: dict[str, tuple[HistoryRow, ...]] = {}
        self._add("base", (base,), (("ADD root.tar /", 100),))

    def _add(self, seed: str, names: tuple[str, ...], made: tuple[tuple[str, int], ...]) -> str:
        id_ = f"sha256:{hashlib.sha256(seed.encode()).hexdigest()}"
        for other, one in list(self._images.items()):
            left = tuple(name for name in one.names if name not in names)
            self._images[other] = msgspec.structs.replace(one, names=left)
        known = self._images[id_].names if id_ in self._images else ()
        layers = tuple(f"sha256:{hashlib.sha256(text.encode()).hexdigest()}" for text, _ in made)
        self._images[id_] = ImageDetail(
            id=id_, names=(*known, *names), size=sum(size for _, size in made), created=time.time(),
            layers=layers, os="linux", architecture="amd64",
        )  # fmt: skip
        self._history[id_] = tuple(HistoryRow(text, size, time.time()) for text, size in reversed(made))
        return id_

    async def _called(self, *words: str) -> None:
        await anyio.lowlevel.checkpoint()
        if self.faults:
            raise Failed(msgspec.structs.replace(self.faults.pop(0), argv=("fake", *words)))

    def _find(self, reference: str) -> str:
        name = reference if ":" in reference.rpartition("/")[2] else f"{reference}:latest"
        for id_, one in self._images.items():
            if reference == id_ or name in one.names:
                return id_
        said = f"No such image: {reference}"
        raise Failed(fault(Kind.NO_SUCH_IMAGE, "`fake image inspect` failed", ("fake", "inspect"), 1, said))

    async def versions(self) -> Versions:
        await self._called("version")
        return Versions("1.0", "1.0", "1.0", "0.13")

    async def info(self) -> Info:
        await self._called("info")
        return Info(name="fake", os="linux", architecture="x86_64", cpus=2, memory=8 << 30, storage="memory")

    async def images(self) -> tuple[Image, ...]:
        await self._called("images")
        found = self._images.values()
        return tuple(Image(id=one.id, names=one.names, size=one.size, created=one.created) for one in found)

    async def image(self, reference: str) -> ImageDetail:
        await self._called("inspect", reference)
        return self._images[self._find(reference)]

    async def history(self, reference: str) -> tuple[HistoryRow, ...]:
        await self._called("history", reference)
        return self._history[self._find(reference)]

    def save(self, *references: str) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        return self._saved(references)

    @asynccontextmanager
    async def _saved(self, references: tuple[str, ...]) -> AsyncIterator[AsyncIterator[bytes]]:
        self.running += 1

        async def pieces() -> AsyncGenerator[bytes, None]:
            data = io.BytesIO()
            with tarfile.open(fileobj=data, mode="w") as archive:
                found = [self._images[self._find(one)] for one in references]
                manifest = msgspec.json.encode([{"Config": one.id, "RepoTags": one.names} for one in found])
                member = tarfile.TarInfo("manifest.json")
                member.size = len(manifest)
                archive.addfile(member, io.BytesIO(manifest))
            for start in range(0, len(data.getvalue()), 512):
                yield data.getvalue()[start : start + 512]
                await anyio.lowlevel.checkpoint()

        try:
            async with aclosing(pieces()) as found:
                yield found
        finally:
            self.running -= 1

    def command(self, request: BuildRequest) -> tuple[str, ...]:
        return ("fake", "build", *options(request), request.context)

    async def build(self, request: BuildRequest, watch: Watch | None = None) -> BuildResult:
        self.requests.append(request)
        self.running += 1
        vertices, started, clock = Vertices(watch), time.time(), time.monotonic()
        problem: Fault | None = None
        image = ""
        try:
            with anyio.fail_after(request.timeout):
                await self._called("build")
                image = await self._build(request, vertices)
        except Failed as error:
            problem = error.fault
        except TimeoutError:
            problem = fault(Kind.TIMED_OUT, f"it did not end within {request.timeout:g} s")
        finally:
            self.running -= 1
        return BuildResult(
            argv=redacted(self.command(request)),
            code=0 if problem is None else problem.code,
            started=started,
            seconds=time.monotonic() - clock,
            vertices=vertices.values(),
            said=tuple(problem.said.splitlines()) if problem is not None else (),
            image=image if request.keep and problem is None else "",
            fault=problem,
        )

    async def _build(self, request: BuildRequest, vertices: Vertices) -> str:
        text = self._text(request)
        key, made = "", [("ADD root.tar /", 100)]
        steps = list(_STEP.finditer(text))
        for number, step in enumerate(steps, 2):
            key = hashlib.sha256(f"{key} {step[0]} {self._content(request, step)}".encode()).hexdigest()
            one = vertices.get(key)
            one.name = f"[{number}/{len(steps) + 1}] {step[1].upper()} {step[2]}"
            await self._step(one, step[2], vertices, cached=key in self._cache and not request.no_cache)
            self._cache.add(key)
            made.append((f"{step[1].upper()} {step[2]}", len(step[2])))
        if not request.keep:
            return ""
        names = tuple(name if ":" in name else f"{name}:latest" for name in request.tags)
        return self._add(f"{key} {text}", names, tuple(made))

    def _text(self, request: BuildRequest) -> str:
        if request.dockerfile_text is not None:
            return request.dockerfile_text.decode()
        try:
            return Path(request.dockerfile or Path(request.context, "Dockerfile")).read_text("utf-8")
        except OSError as error:
            said = f"failed to read dockerfile: {error.strerror}"
            raise Failed(fault(Kind.BUILD_FAILED, "the build failed", ("fake", "build"), 1, said)) from error

    def _content(self, request: BuildRequest, step: re.Match[str]) -> str:
        if step[1].upper() not in ("COPY", "ADD"):
            return ""
        source = Path(request.context, step[2].split()[0])
        files = sorted(source.rglob("*")) if source.is_dir() else [source]
        try:
            return " ".join(f"{file.name}={file.read_bytes().hex()}" for file in files if not file.is_dir())
        except OSError as error:
            said = f'"{step[2].split()[0]}": not found'
            raise Failed(fault(Kind.BUILD_FAILED, "the build failed", ("fake", "build"), 1, said)) from error

    async def _step(self, one: Growing, text: str, vertices: Vertices, *, cached: bool) -> None:
        begun = time.time()
        one.intervals[begun] = None
        one.cached = cached
        vertices.changed(one)
        if not cached:
            sleeping, failing = _SLEEP.search(text), _EXIT.search(text)
            one.add_output("".join(f"{word}\n" for word in _ECHO.findall(text)))
            await anyio.sleep(float(sleeping[1]) if sleeping else 0)
            if failing:
                one.error = f"process {text!r} did not complete successfully: exit code: {failing[1]}"
        one.intervals[begun] = time.time()
        vertices.changed(one)
        if one.error:
            raise Failed(fault(Kind.STEP_FAILED, "an instruction failed", ("fake", "build"), 1, one.error))

    async def untag(self, name: str) -> None:
        await self._called("untag", name)
        id_ = self._find(name)
        full = name if ":" in name.rpartition("/")[2] else f"{name}:latest"
        left = tuple(one for one in self._images[id_].names if one != full)
        if left:
            self._images[id_] = msgspec.structs.replace(self._images[id_], names=left)
        else:
            del self._images[id_], self._history[id_]
