"""What both engines do of a build: options they share, the run itself, and what came of it as a value."""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from dockwright.engine.faults import Failed, Fault, Kind, fault, kind_of, redacted
from dockwright.engine.process import stream
from dockwright.engine.protocol import BuildRequest, BuildResult, Warned
from dockwright.engine.vertices import Vertices


class Listener(Protocol):
    """Takes what a builder says."""

    vertices: Vertices

    def out(self, chunk: bytes) -> None: ...
    def err(self, chunk: bytes) -> None: ...
    def close(self) -> None: ...
    @property
    def said(self) -> tuple[str, ...]: ...
    @property
    def warned(self) -> tuple[Warned, ...]: ...


def options(request: BuildRequest) -> Iterator[str]:
    """The options both have under the same names, in the order people write them."""
    if request.dockerfile_text is not None:
        yield "--file=-"
    elif request.dockerfile is not None:
        yield f"--file={request.dockerfile}"
    if request.target:
        yield f"--target={request.target}"
    yield from _repeated("--build-arg", (f"{name}={value}" for name, value in request.args))
    yield from _repeated("--build-context", (f"{name}={value}" for name, value in request.contexts))
    yield from _repeated("--tag", request.tags)
    yield from _repeated("--label", (f"{name}={value}" for name, value in request.labels))
    yield from _repeated("--secret", request.secrets)
    yield from _repeated("--ssh", request.ssh)
    if request.platform:
        yield f"--platform={request.platform}"
    if request.network:
        yield f"--network={request.network}"
    if request.no_cache:
        yield "--no-cache"
    if request.pull:
        yield "--pull"


def _repeated(option: str, values: Iterable[str]) -> Iterator[str]:
    for value in values:
        yield option
        yield value


async def run_build(
    argv: tuple[str, ...],
    shown: tuple[str, ...],
    request: BuildRequest,
    listener: Listener,
    image: Callable[[], str],
    *,
    gently: bool = False,
) -> BuildResult:
    """Run a builder to its end; `image` reads the id of what was made once it is there."""
    started, clock = time.time(), time.monotonic()
    problem: Fault | None = None
    code: int | None = None
    try:
        code = await stream(
            argv,
            listener.out,
            listener.err,
            within=request.timeout,
            stdin=request.dockerfile_text,
            gently=gently,
            settling=listener.vertices.settling,
        )
    except Failed as error:
        problem = error.fault
    seconds = time.monotonic() - clock
    listener.close()
    if code:
        problem = _problem(listener, shown, code)
    return BuildResult(
        argv=redacted(shown),
        code=code,
        started=started,
        seconds=seconds,
        vertices=listener.vertices.values(),
        warnings=listener.warned,
        said=listener.said,
        image=image() if code == 0 else "",
        fault=problem,
    )


def _problem(listener: Listener, argv: tuple[str, ...], code: int) -> Fault:
    said = "\n".join(listener.said)
    failed = [one for one in listener.vertices.values() if one.error]
    errors = [one.error for one in failed]
    kind = kind_of("\n".join([*errors, said]), Kind.BUILD_FAILED, begun=listener.vertices.begun)
    # of what commands print only this is looked at: a refused connection of theirs is none of the engine's
    if kind is Kind.STEP_FAILED and any(
        "no space left on device" in line.lower() for one in failed for line in one.log
    ):
        kind = Kind.DISK_FULL
    if code < 0 and kind is Kind.BUILD_FAILED:
        return fault(Kind.LOST, f"the builder was ended by signal {-code}", argv, code, said)
    return fault(kind, _MESSAGES.get(kind, "the build failed"), argv, code, said)


_MESSAGES = {
    Kind.NOT_INSTALLED: "docker has no buildx",
    Kind.DISK_FULL: "no space is left on the engine's disk, or on what a step wrote to",
    Kind.LOST: "the engine went away during the build",
    Kind.NOT_ANSWERING: "the engine does not answer",
    Kind.REFUSED: "the engine may not be used",
    Kind.NO_SUCH_BUILDER: "there is no such builder",
    Kind.BASE_NOT_FOUND: "an image that the build needs cannot be had",
    Kind.STEP_FAILED: "an instruction failed",
}
