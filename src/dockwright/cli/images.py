"""Opens images from wherever their names say: an archive, a layout, standard input, or an engine."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from dockwright.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from dockwright.engine.protocol import Engine
    from dockwright.image.layers import Wanted
    from dockwright.image.source import Image

_T = TypeVar("_T")
_PIPE = "for instance: docker save app:1 | dockwright image"

_ARCHIVES = (".tar", ".tar.gz", ".tgz", ".tar.zst")
"""How a file is called that somebody mistyped, rather than an image."""


class Images:
    """Reads images. The engine is chosen when a name is no file, and then kept."""

    def __init__(self, platform: str | None, engine: str | None, root: str | None) -> None:
        """`root` is where the configuration lies that may name the engine."""
        self._platform = platform
        self._option = engine
        self._root = root
        self.engine: Engine | None = None

    def named(self, name: str, wanted: "Wanted", *, compress: bool = False) -> "list[Image]":
        """The images of a name. Raises UsageError, ImageError or EngineError."""
        from dockwright.image.source import images_from, images_in

        platform = self._platform
        if name == "-":
            if sys.stdin is None or sys.stdin.isatty():
                raise UsageError("`-` reads an archive from standard input, and none comes", f"{_PIPE} -")
            stream = sys.stdin.buffer
            return images_from(stream, "standard input", platform=platform, wanted=wanted, compress=compress)
        if os.path.lexists(name):
            return images_in(name, platform=platform, wanted=wanted, compress=compress)
        if name.startswith((".", "/", "~")) or name.endswith(_ARCHIVES):
            raise UsageError(f"{name} does not exist", "an archive, an OCI layout, or the name of an image")
        from dockwright.measure.images.saving import images_of_engine

        async def read(engine: "Engine") -> "list[Image]":
            return await images_of_engine(engine, name, platform=platform, wanted=wanted, compress=compress)

        return self.with_engine(read)

    def with_engine(self, work: "Callable[[Engine], Awaitable[_T]]") -> "_T":
        """Ask the engine something."""
        from dockwright.engine.runner import run_async

        async def all_of_it() -> "_T":
            if self.engine is None:
                self.engine = await self._chosen()
            return await work(self.engine)

        return run_async(all_of_it)

    async def _chosen(self) -> "Engine":
        """The engine that is meant: the option, the environment, the configuration here, or the only one there is."""
        from dockwright.cli.source import configuration, opened
        from dockwright.engine.choose import Choice, choose, wanted

        declared = configuration(opened(Path(self._root or "."), None, history=False).tree).engine
        choice = Choice(
            declared.name, declared.context, declared.builder, "[engine]" if declared.name else ""
        )
        engine, _ = await choose(wanted(self._option, None, choice))
        return engine
