"""An image read straight out of an engine: its export goes piece by piece to the reader, which works in a thread beside it."""

import threading
from collections import deque
from collections.abc import Iterator

import anyio
import anyio.lowlevel
from anyio import to_thread

from dockwright.engine.protocol import Engine
from dockwright.image.layers import Wanted, nothing
from dockwright.image.limits import DEFAULT, Limits
from dockwright.image.source import Image, images_of

_AHEAD = 2 << 20
"""Bytes of the export that wait for the reader before the engine is made to wait."""
_PIECE = 1 << 19


class _Left(Exception):
    """The export was given up."""


class _Handover:
    """A short queue from async code to a thread; either side may leave."""

    def __init__(self) -> None:
        self._pieces: deque[bytes] = deque()
        self._waiting = 0
        self._ended = False
        self._left = False
        self.gone = False
        """The reader has left."""
        self._changed = threading.Condition()

    async def put(self, piece: bytes) -> None:
        while self._waiting > _AHEAD and not self.gone:  # noqa: ASYNC110 - waits for a thread
            await anyio.sleep(0.001)
        with self._changed:
            self._pieces.append(piece)
            self._waiting += len(piece)
            if self._waiting >= _PIECE:
                self._changed.notify()

    def end(self, *, left: bool = False) -> None:
        """No more comes; `left`: because nobody wants it."""
        with self._changed:
            self._ended, self._left = True, left
            self._changed.notify()

    def pieces(self) -> Iterator[bytes]:
        """What has come, put together into larger pieces. In the reader's thread."""
        while True:
            with self._changed:
                while self._waiting < _PIECE and not self._ended:
                    self._changed.wait()
                if self._left:
                    raise _Left
                piece = b"".join(self._pieces)
                self._pieces.clear()
                self._waiting = 0
            if not piece:
                return
            yield piece


async def images_of_engine(
    engine: Engine,
    reference: str,
    *,
    platform: str | None = None,
    wanted: Wanted = nothing,
    limits: Limits = DEFAULT,
    compress: bool = False,
) -> list[Image]:
    """The image of a reference, exported and read in one go. Raises engine.faults.Failed or ImageError.

    Nothing is written to disk by us; the engine may. When cancelled, the export ends first.
    """
    handover = _Handover()
    found: list[Image] = []
    errors: list[Exception] = []

    def read() -> None:
        try:
            found.extend(
                images_of(
                    handover.pieces(),
                    reference,
                    platform=platform,
                    wanted=wanted,
                    limits=limits,
                    compress=compress,
                )
            )
        except _Left:
            pass
        except Exception as error:  # noqa: BLE001 - raised below, in the other thread
            errors.append(error)
        finally:
            handover.gone = True

    async def feed() -> None:
        complete = False
        try:
            async with engine.save(reference) as pieces:
                async for piece in pieces:
                    if handover.gone:
                        break
                    await handover.put(piece)
            complete = True
        finally:
            handover.end(left=not complete)

    failures: list[Exception] = []

    async def fed() -> None:
        try:
            await feed()
        except Exception as error:  # noqa: BLE001 - an engine's failure; told in place of what the reader makes of it
            failures.append(error)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(fed)
        with anyio.CancelScope(shield=True):  # a thread cannot be cancelled: it ends when the feed does
            await to_thread.run_sync(read)
        tasks.cancel_scope.cancel()  # the export has ended, or nobody reads it any more
    await anyio.lowlevel.checkpoint_if_cancelled()
    for error in (*failures, *errors):
        raise error
    return found
