"""The stream of an exported image: pieces as they come, the program ended when nobody wants more of them.

The pipe is read by itself and not through the event loop's streams: those copy every byte twice more, in pieces of 64 KiB,
which is half of what reading a gigabyte costs (measured).
"""

import os
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager
from io import FileIO

import anyio

from dockwright.engine.faults import Failed, fault, kind_of
from dockwright.engine.process import Tail, end, hand_on, only, started

_PIPE = 1 << 20
"""Bytes the pipe holds where the system lets us say (Linux)."""


@asynccontextmanager
async def exported(argv: tuple[str, ...]) -> AsyncIterator[AsyncIterator[bytes]]:
    """What a program writes to standard output. It has nothing to clear up: docker would not end before its pipe is read.

    Reading to the end raises Failed if the program does.
    """
    words = Tail()
    try:
        with _pipe() as (source, sink, size):
            async with (
                started(argv, grace=0, stdout=sink.fileno()) as process,
                anyio.create_task_group() as tasks,
            ):
                sink.close()
                assert process.stderr is not None
                tasks.start_soon(hand_on, process.stderr, words)

                async def pieces() -> AsyncGenerator[bytes, None]:
                    async with aclosing(_read(source, size)) as chunks:
                        async for chunk in chunks:
                            yield chunk
                    code = await process.wait()
                    if code:
                        await anyio.sleep(0.05)  # its last words
                        said = words.data.decode("utf-8", "replace")
                        raise Failed(fault(kind_of(said), f"`{argv[0]}` cannot export", argv, code, said))

                async with aclosing(pieces()) as found:
                    yield found
                if process.returncode is None:
                    with anyio.CancelScope(shield=True):
                        await end(process, grace=0)
                tasks.cancel_scope.cancel()
    except BaseExceptionGroup as group:
        raise only(group) from None


async def _read(source: FileIO, size: int) -> AsyncGenerator[bytes, None]:
    while True:
        await anyio.wait_readable(source.fileno())
        chunk = source.read(size)
        if chunk is None:  # somebody else was told too
            continue
        if not chunk:
            return
        yield chunk
        if len(chunk) < size // 2:
            await anyio.sleep(
                _FILLING
            )  # woken for every few bytes, the reading would cost more than what is done with them


_FILLING = 0.0005
"""Seconds in which a pipe fills again when its writer is quick."""


@contextmanager
def _pipe() -> Iterator[tuple[FileIO, FileIO, int]]:
    """Both ends of a pipe, and how much of it is best read at once."""
    reading, writing = os.pipe()
    with FileIO(reading, "rb") as source, FileIO(writing, "wb") as sink:
        os.set_blocking(reading, False)
        yield source, sink, _enlarged(reading) // 2


def _enlarged(pipe: int) -> int:
    try:
        import fcntl

        return int(fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE))
    except (ImportError, AttributeError, OSError):
        return 1 << 17
