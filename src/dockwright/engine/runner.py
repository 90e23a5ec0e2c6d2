"""From the command line into async code and back: Ctrl-C and its like become a cancellation, so that nothing is left behind."""

import signal
import threading
from collections.abc import Awaitable, Callable
from typing import TypeVar

import anyio

Result = TypeVar("Result")
_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


def run_async(function: Callable[[], Awaitable[Result]], backend: str = "asyncio") -> Result:
    """Run an async function to its end.

    A signal that asks us to stop cancels it; what it was doing is cleared up, and KeyboardInterrupt is raised.
    """
    return anyio.run(_supervised, function, backend=backend)


async def _supervised(function: Callable[[], Awaitable[Result]]) -> Result:
    results: list[Result] = []
    errors: list[Exception] = []
    caught: list[int] = []
    async with anyio.create_task_group() as tasks:
        if threading.current_thread() is threading.main_thread():
            tasks.start_soon(_watch, tasks.cancel_scope, caught)
        try:
            results.append(await function())
        except Exception as error:  # noqa: BLE001 - raised below, out of the group
            errors.append(error)
        tasks.cancel_scope.cancel()
    if caught:
        raise KeyboardInterrupt
    if errors:
        raise errors[0]
    return results[0]


async def _watch(scope: anyio.CancelScope, caught: list[int]) -> None:
    with anyio.open_signal_receiver(*_SIGNALS) as signals:
        async for number in signals:
            caught.append(number)
            scope.cancel()
