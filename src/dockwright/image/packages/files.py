"""Which files of an image are looked into, and their contents as a container would see them."""

import re
from collections.abc import Iterator, Sequence

from dockwright.image.entries import Layer
from dockwright.image.replay import Replay

_ENDS = ("/status", ".list", "/extended_states", "/installed", "/world", "/rpmdb.sqlite", "/METADATA", "/RECORD", "/PKG-INFO",
         "/installed-files.txt", "/package.json", ".egg-info", "/status.d")  # fmt: skip
LISTS = re.compile(
    r"""(?P<dpkg>var/lib/dpkg/status(?:\.d/[^/]+)?) | (?P<files>var/lib/dpkg/info/[^/]+\.list)
    | (?P<states>var/lib/apt/extended_states)
    | (?P<apk>(?:usr/)?lib/apk/db/installed) | (?P<world>etc/apk/world)
    | (?P<rpm>(?:var/lib/rpm|usr/lib/sysimage/rpm)/rpmdb\.sqlite)
    | (?P<pip>(?:.*/)?(?:site|dist)-packages/[^/]+\.dist-info/METADATA)
    | (?P<record>(?:.*/)?(?:site|dist)-packages/[^/]+\.dist-info/RECORD)
    | (?P<egg>(?:.*/)?(?:site|dist)-packages/[^/]+\.egg-info(?:/PKG-INFO)?)
    | (?P<eggfiles>(?:.*/)?(?:site|dist)-packages/[^/]+\.egg-info/installed-files\.txt)
    | (?P<npm>(?:.*/)?node_modules/(?:@[^/]+/)?[^/@][^/]*/package\.json)
    | (?P<asked>(?:.*/)?package\.json)
    """,
    re.VERBOSE,
)
LARGEST = 32 << 20
SMALL = 4 << 20


def wanted(path: str, size: int) -> bool:
    """A `Wanted` for the reader; called for every file, so the end of the name decides first."""
    if not (path.endswith(_ENDS) or "/status.d/" in path) or size > LARGEST:
        return False
    kind = LISTS.fullmatch(path)
    if kind is None or (size > SMALL and kind.lastgroup not in ("dpkg", "apk", "rpm")):
        return False
    return kind.lastgroup != "asked" or path.count("/") <= 4


class Contents:
    """The contents of the wanted files that can be seen at the end, by kind (a group of `LISTS`)."""

    def __init__(self, layers: Sequence[Layer], replay: Replay) -> None:
        self._by_kind: dict[str, list[tuple[str, bytes]]] = {}
        self.missing: list[str] = []
        for layer in layers:
            for path in layer.contents:
                self._take(path, layers, replay)
            self.missing += [path for path in layer.unkept if replay.at(path) is not None]
        self.others = [path for path in ("var/lib/rpm/Packages", "var/lib/rpm/Packages.db", "usr/lib/sysimage/rpm/Packages.db")
                       if replay.at(path) is not None]  # fmt: skip

    def _take(self, path: str, layers: Sequence[Layer], replay: Replay) -> None:
        node = replay.at(path)
        kind = LISTS.fullmatch(path)
        if node is None or node.copy is None or kind is None or kind.lastgroup is None:
            return
        held = self._by_kind.setdefault(kind.lastgroup, [])
        data = layers[node.copy.layer].contents.get(node.copy.entry.path)
        if data is not None:
            held.append((path, data))

    def of(self, kind: str) -> Iterator[tuple[str, str]]:
        """Path and text of each, in the order of paths, each once."""
        for path, data in self.raw(kind):
            yield path, data.decode("utf-8", "replace")

    def raw(self, kind: str) -> Iterator[tuple[str, bytes]]:
        """Path and bytes of each."""
        yield from sorted(dict(self._by_kind.get(kind, ())).items())
