"""The stream of an exported image: pieces as they come, the program ended when nobody wants more of them."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager

import anyio

from dockwright.engine.faults import Failed, fault, kind_of
from dockwright.engine.process import Tail, end, hand_on, only, started


@asynccontextmanager
async def exported(argv: tuple[str, ...]) -> AsyncIterator[AsyncIterator[bytes]]:
    """What a program writes to standard output. It has nothing to clear up: docker would not end before its pipe is read.

    Reading to the end raises Failed if the program does.
    """
    words = Tail()
    try:
        async with started(argv, grace=0) as process, anyio.create_task_group() as tasks:
            assert process.stdout is not None
            assert process.stderr is not None
            tasks.start_soon(hand_on, process.stderr, words)

            async def pieces() -> AsyncGenerator[bytes, None]:
                assert process.stdout is not None
                async for chunk in process.stdout:
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
