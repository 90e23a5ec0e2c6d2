"""Processes that cannot outlive us.

Each is started in a session and group of its own. When its time is over, or whoever waits for it is cancelled, the group
is asked to end, then made to, with everything it has started; what it says is read as it comes and kept within bounds.
A terminal's Ctrl-C does not reach such a group by itself: `runner.py` turns it into a cancellation.
"""

import os
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from subprocess import DEVNULL, PIPE

import anyio
import msgspec
from anyio.abc import ByteReceiveStream, Process

from dockwright.engine.descendants import descendants, outside_group
from dockwright.engine.faults import Failed, Kind, fault

GRACE = 5.0
"""Seconds a group has to end by itself before it is made to."""
DRAIN = 1.0
"""Seconds the output of a process that has ended is still waited for; whoever holds it open then is ended."""
MAX_ANSWER = 64 << 20
"""Bytes of an answer that are read; a longer one is an error."""
KEPT_WORDS = 64 << 10
"""Bytes of what a process says on standard error that are kept: the last ones."""
TIMEOUT = 60.0
"""Seconds a question to an engine may take."""

Chunk = Callable[[bytes], None]
"""What is given the output of a process, as it comes."""


class Done(msgspec.Struct, frozen=True):
    """A process that has ended: its exit code (negative: a signal) and what it said."""

    argv: tuple[str, ...]
    code: int
    out: bytes
    err: bytes

    @property
    def said(self) -> str:
        return self.err.decode("utf-8", "replace").strip()


class Tail:
    """Keeps the last bytes of what it is given."""

    def __init__(self, limit: int = KEPT_WORDS) -> None:
        self._limit = limit
        self._kept = bytearray()

    def __call__(self, chunk: bytes) -> None:
        self._kept += chunk
        if len(self._kept) > 2 * self._limit:
            del self._kept[: -self._limit]

    @property
    def data(self) -> bytes:
        return bytes(self._kept[-self._limit :])


class _Answer:
    """Keeps everything, up to a limit."""

    def __init__(self, argv: tuple[str, ...], limit: int) -> None:
        self._argv, self._limit = argv, limit
        self.data = bytearray()

    def __call__(self, chunk: bytes) -> None:
        self.data += chunk
        if len(self.data) > self._limit:
            message = f"{self._argv[0]} said more than {self._limit >> 20} MiB"
            raise Failed(fault(Kind.TOO_MUCH, message, self._argv))


async def run(
    argv: tuple[str, ...],
    *,
    within: float = TIMEOUT,
    stdin: bytes | None = None,
    env: Mapping[str, str] | None = None,
    limit: int = MAX_ANSWER,
) -> Done:
    """Run a program to its end. Raises Failed when it cannot be started, takes too long or says too much."""
    answer, words = _Answer(argv, limit), Tail()
    code = await stream(argv, answer, words, within=within, stdin=stdin, env=env)
    return Done(argv, code, bytes(answer.data), words.data)


async def stream(
    argv: tuple[str, ...],
    out: Chunk,
    err: Chunk,
    *,
    within: float | None = None,
    stdin: bytes | None = None,
    env: Mapping[str, str] | None = None,
    cwd: str | None = None,
    gently: bool = False,
    settling: Callable[[], float] | None = None,
) -> int:
    """Run a program, hand on what it says as it comes, and return its exit code. `gently`, `settling`: see `started`.

    Raises Failed when it cannot be started or takes longer than `within` seconds.
    """
    with anyio.move_on_after(within):
        async with started(
            argv, stdin=stdin is not None, env=env, cwd=cwd, gently=gently, settling=settling
        ) as process:
            return await _to_the_end(process, out, err, stdin)
    raise Failed(fault(Kind.TIMED_OUT, f"`{shown(argv)}` did not end within {within:g} s", argv))


async def _to_the_end(process: Process, out: Chunk, err: Chunk, stdin: bytes | None) -> int:
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        async with anyio.create_task_group() as tasks:
            if stdin is not None:
                tasks.start_soon(_feed, process, stdin)
            tasks.start_soon(hand_on, process.stdout, out)
            tasks.start_soon(hand_on, process.stderr, err)
            code = await process.wait()
            tasks.cancel_scope.deadline = anyio.current_time() + DRAIN
    except BaseExceptionGroup as group:
        raise only(group) from None
    if tasks.cancel_scope.cancelled_caught:  # somebody it started holds its output open
        _signal_group(process.pid, _KILL)
    return code


def only(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first error that is behind a group of them."""
    first: BaseException = group
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    return first


async def _feed(process: Process, data: bytes) -> None:
    assert process.stdin is not None
    with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
        await process.stdin.send(data)
        await process.stdin.aclose()


async def hand_on(source: ByteReceiveStream, to: Chunk) -> None:
    """Give everything a stream holds to `to`."""
    with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
        async for chunk in source:
            to(chunk)


@asynccontextmanager
async def started(
    argv: tuple[str, ...],
    *,
    stdin: bool = False,
    env: Mapping[str, str] | None = None,
    cwd: str | None = None,
    gently: bool = False,
    grace: float = GRACE,
    stdout: int = PIPE,
    settling: Callable[[], float] | None = None,
) -> AsyncIterator[Process]:
    """A running program that is not there any more when the block is left by an error or a cancellation.

    `gently`: what it has put into containers is ended first, and it is given time to notice and to clear up: Podman
    leaves containers behind when it is itself told to end (seen with 4.3.1). `grace`: seconds it has otherwise. `stdout`: a
    descriptor it writes to instead of a stream of ours. `settling`: seconds in which it had better not be ended yet, asked
    when it is to be. Raises Failed when it cannot be started.
    """
    try:
        process = await anyio.open_process(
            argv, stdin=PIPE if stdin else DEVNULL, stdout=stdout, stderr=PIPE, env=env, cwd=cwd,
            start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        message = f"`{argv[0]}` cannot be started: {error.strerror}"
        raise Failed(fault(Kind.NOT_INSTALLED, message, argv)) from error
    try:
        yield process
    except BaseException:
        with anyio.CancelScope(shield=True):
            if settling is not None:
                with anyio.move_on_after(settling()):
                    await process.wait()
            await end(process, gently=gently, grace=grace)
        raise
    finally:
        with anyio.CancelScope(shield=True):
            await process.aclose()


async def end(process: Process, *, gently: bool = False, grace: float = GRACE) -> None:
    """End a process and everything it has started; takes no longer than the grace periods."""
    below = descendants(process.pid)
    if gently:
        with anyio.move_on_after(2 * GRACE):
            while process.returncode is None:
                for one in outside_group(descendants(process.pid), process.pid):
                    one.kill()
                await anyio.sleep(0.1)
    if process.returncode is None:
        _signal_group(process.pid, signal.SIGTERM)
        with anyio.move_on_after(grace):
            await process.wait()
    _signal_group(process.pid, _KILL)
    for one in below:
        one.kill()
    await process.wait()


_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)


def _signal_group(group: int, number: int) -> None:
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, number)


def shown(argv: tuple[str, ...]) -> str:
    """The beginning of a command line, for messages."""
    words = " ".join(argv[:3])
    return f"{words} …" if len(argv) > 3 else words
