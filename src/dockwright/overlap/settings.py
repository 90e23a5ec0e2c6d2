"""The settings of a service of a resolved project, flattened: a path such as `healthcheck.interval` or
`ports.8000/tcp.published`, and a value as text.

The project is what compose makes of the files (`compose.load`): variables filled in, short forms taken apart, sizes and
durations in one form, what a service extends merged in. Paths and values are made neutral (`roles.Neutral`). The words
of commands and health checks are known by themselves, so that an added flag does not make all that follow differ; a
repeated word counts once. `networks` and `profiles` are left out: they say how a service is grouped, not what it is. As
in compose's own output, `command` and `entrypoint` are always there, `null` where the image's own is used.
"""

import posixpath
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any

import msgspec

from dockwright.compose.leaves import Leaf, Path, leaves
from dockwright.compose.roles import Neutral

SKIPPED = frozenset({"networks", "profiles"})
MAX_SETTINGS = 5_000
"""Settings of one service that are looked at; further ones are left out (aliases can make a small file huge)."""
_COMMANDS = ("command", "entrypoint")
_WORDS = (*_COMMANDS, "healthcheck.test")


Written = Callable[[Path], str | None]


class Setting(msgspec.Struct, frozen=True, gc=False):
    """One leaf: neutral value, the value as it stands, and where it stands in the model."""

    value: str
    shown: str
    route: Path


class Settings:
    """The settings of one service; environment variables and the rest apart. Both are path to value."""

    def __init__(
        self,
        name: str,
        service: Mapping[str, Any],
        neutral: Neutral,
        root: str = "",
        written: Written | None = None,
        *,
        made_up: bool = False,
    ) -> None:
        """`service` is its part of the canonical model; paths lose the `root` of the tree.

        `written` gives the text of a value as it is written, where it holds a variable that nothing sets: that is what
        is shown, and with `made_up` also what is compared, as the variable then has a value of nobody's choice.
        """
        self.leaves: dict[str, Setting] = {}
        self.commands: dict[str, Setting] = {}
        """`command` and `entrypoint` as a whole where the service gives them."""
        self._neutral = neutral
        self._root = root
        self._written = written
        self._made_up = made_up
        kept = {key: value for key, value in service.items() if key not in SKIPPED}
        for path, leaf in islice(leaves(kept, ("services", name)).items(), MAX_SETTINGS):
            if path in _WORDS and isinstance(leaf.value, list):
                self._words(path, leaf)
            else:
                self._put(path, leaf.value, leaf.path)
        for key in _COMMANDS:
            if key not in self.commands:
                self._put(key, None, ("services", name, key))
        self.environment = {
            path: leaf.value for path, leaf in self.leaves.items() if path.startswith("environment.")
        }
        self.rest = {
            path: leaf.value for path, leaf in self.leaves.items() if not path.startswith("environment.")
        }

    def _put(self, path: str, value: object, route: Path) -> None:
        told = self._written(route) if self._written is not None else None
        text = self._relative(_text(value)) if told is None or not self._made_up else told
        if path == "build.dockerfile":
            text = posixpath.normpath(text)  # `./Dockerfile` stays as written in compose's own output
        self.leaves[self._neutral(path)] = Setting(self._neutral(text), told or text, route)

    def _words(self, path: str, leaf: Leaf) -> None:
        words = [_text(word) for word in leaf.value]
        if path in _COMMANDS:
            self.commands[path] = Setting("", " ".join(words), leaf.path)
        for word in dict.fromkeys(words):
            self._put(f"{path}.{word}", word, leaf.path)

    def _relative(self, text: str) -> str:
        """A path of the tree without the made-up root the tree was shown at."""
        if not self._root or not text.startswith(self._root):
            return text
        return "." if text == self._root else text.removeprefix(f"{self._root}/")


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    return msgspec.json.encode(value, order="deterministic").decode()
