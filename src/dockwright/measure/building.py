"""One measured build: prepare, predict, build, record."""

from collections.abc import Callable

from dockwright.engine.faults import Failed, Kind
from dockwright.engine.protocol import BuildResult, HistoryRow, ImageDetail, Watch
from dockwright.measure.keys import Known
from dockwright.measure.model import BuildRecord
from dockwright.measure.origin import Origin
from dockwright.measure.prepare import Prepared, Setting, prepare
from dockwright.measure.recording import record
from dockwright.measure.target import Target

_NOT_BEGUN = (Kind.NOT_INSTALLED, Kind.NOT_ANSWERING, Kind.NO_SUCH_BUILDER, Kind.REFUSED)
"""Faults of the engine, not of the build: there is nothing to record."""


async def build(
    setting: Setting,
    target: Target,
    known: Callable[[Prepared], Known] | None = None,
    origin: Origin | None = None,
    watch: Watch | None = None,
) -> BuildRecord:
    """Build a target and measure it. A build that fails is a record too. Raises UsageError, Failed for the rest.

    `known` says what is in the cache as far as was recorded; it is asked once the build is made ready.
    """
    request = target.request()
    prepared = await prepare(setting, target)
    found = known(prepared) if known is not None else Known()
    result = await setting.engine.build(request, watch)
    if result.fault is not None and result.fault.kind in _NOT_BEGUN:
        raise Failed(result.fault)
    image, rows = await _made(setting, prepared, result)
    return record(setting, prepared, result, found, origin or Origin(), image, rows)


async def _made(
    setting: Setting, prepared: Prepared, result: BuildResult
) -> tuple[ImageDetail | None, tuple[HistoryRow, ...]]:
    """The image that was made, as far as the engine at hand has it."""
    names = prepared.target.options.tags[:1] or ((result.image,) if result.image else ())
    if result.fault is not None or not prepared.target.options.keep or not names:
        return None, ()
    try:
        return await setting.engine.image(names[0]), await setting.engine.history(names[0])
    except Failed:
        return None, ()
