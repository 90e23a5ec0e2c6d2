"""An engine's export read while it comes: whole, failing, cut off, given up."""

import io
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from typing import cast

import anyio
import pytest

from dockwright.engine.faults import Failed, Kind, fault
from dockwright.engine.protocol import Engine
from dockwright.image.limits import ImageError
from dockwright.image.source import images_from
from dockwright.measure.images.saving import images_of_engine
from tests.image import tars
from tests.image.tars import Item

ARCHIVE = tars.old_archive([tars.tar([Item("a", b"1" * 3_000_000), Item("b", b"2")])])


class Saving:
    """An engine that can only export: pieces, then perhaps an error, or nothing for ever."""

    def __init__(self, data: bytes, piece: int = 65_536, then: str = "") -> None:
        self.data, self.piece, self.then = data, piece, then
        self.ended = False

    def save(self, *references: str) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        return self._save()

    @asynccontextmanager
    async def _save(self) -> AsyncGenerator[AsyncIterator[bytes]]:
        async def pieces() -> AsyncGenerator[bytes]:
            for at in range(0, len(self.data), self.piece):
                yield self.data[at : at + self.piece]
                await anyio.lowlevel.checkpoint()
            if self.then == "fail":
                raise Failed(fault(Kind.OTHER, "no such image", ("docker", "save"), 1, "no such image"))
            if self.then == "hang":
                await anyio.sleep_forever()

        try:
            async with aclosing(pieces()) as found:
                yield found
        finally:
            self.ended = True


def engine(saving: Saving) -> Engine:
    return cast("Engine", saving)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@pytest.mark.parametrize("piece", [1000, 65_536, 1 << 22])
def test_it_is_what_a_stream_gives(piece: int, backend: str) -> None:
    async def read() -> None:
        assert await images_of_engine(engine(Saving(ARCHIVE, piece)), "x") == images_from(
            io.BytesIO(ARCHIVE), "x"
        )

    anyio.run(read, backend=backend)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_an_engine_that_fails_is_told_and_not_what_the_reader_makes_of_it(backend: str) -> None:
    async def read() -> None:
        with pytest.raises(Failed, match="no such image"):
            await images_of_engine(engine(Saving(ARCHIVE[:5000], then="fail")), "x")

    anyio.run(read, backend=backend)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_an_export_that_makes_no_sense_ends_it(backend: str) -> None:
    saving = Saving(b"no tar" * 100_000, then="hang")

    async def read() -> None:
        with anyio.fail_after(20), pytest.raises(ImageError, match="is no tar archive"):
            await images_of_engine(engine(saving), "x")

    anyio.run(read, backend=backend)
    assert saving.ended


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_it_can_be_given_up(backend: str) -> None:
    saving = Saving(ARCHIVE[:1_000_000], then="hang")

    async def read() -> bool:
        with anyio.move_on_after(0.05) as scope:
            await images_of_engine(engine(saving), "x")
        return scope.cancelled_caught

    assert anyio.run(read, backend=backend)
    assert saving.ended
