"""Relative paths of a model, made absolute (or moved to another directory), by path.

Sources: compose-go paths/ (resolve.go, context.go, unix.go, windows_path.go, home.go), utils/pathutils.go. Not resolved:
`build.dockerfile`, which stays relative to its context.
"""

from __future__ import annotations

from collections.abc import Callable

from dockwright.compose.load.files import Files
from dockwright.compose.load.gopath import is_absolute, join
from dockwright.compose.load.problems import Problems
from dockwright.compose.load.values import Mapping, Scalar, Sequence, Value
from dockwright.compose.load.versions import Semantics
from dockwright.lazy import lazy_regex

_REMOTE = ("https://", "http://", "git://", "ssh://", "github.com/", "git@")
_WINDOWS = lazy_regex(r"[\\/]{2}|[\x00-\x7f]:[\\/]")
_OLD_WINDOWS = lazy_regex(r"[a-zA-Z]:[\\/]|[\\/]{2}[^\\/.][^\\/]*[\\/][^\\/.][^\\/]*[\\/]")

Change = Callable[[str], str]


class Rebase:
    """Resolves the paths of a model against one directory. `home` is where `~` points; None leaves it."""

    def __init__(
        self, directory: str, files: Files, semantics: Semantics, problems: Problems, home: str | None
    ) -> None:
        self.directory = directory
        self.files = files
        self.semantics = semantics
        self.problems = problems
        self.home = home

    def run(self, model: Mapping) -> None:
        """Resolve all paths in place."""
        for service in model.mapping("services").entries.values():
            if isinstance(service, Mapping):
                self._service(service)
        for kind in ("configs", "secrets"):
            for found in model.mapping(kind).entries.values():
                if isinstance(found, Mapping):
                    self._set(found, "file", self.unix)
        for volume in model.mapping("volumes").entries.values():
            if isinstance(volume, Mapping) and volume.plain("driver") == "local":
                options = volume.mapping("driver_opts")
                if options.plain("o") == "bind":
                    self._set(options, "device", self.unix)

    def _service(self, service: Mapping) -> None:
        build = service.mapping("build")
        self._set(build, "context", self.context)
        contexts = build.get("additional_contexts")
        if isinstance(contexts, Mapping):
            for name in contexts.entries:
                self._set(contexts, name, self.context)
        ssh = build.get("ssh")
        if isinstance(ssh, Mapping):
            for name in ssh.entries:
                self._set(ssh, name, self.unix)
        for env_file in service.sequence("env_file").items:
            if isinstance(env_file, Mapping):
                self._set(env_file, "path", self.absolute)
        labels = service.get("label_file")
        if isinstance(labels, Sequence):
            labels.items = [self._changed(item, self.absolute) for item in labels.items]
        self._set(service.mapping("extends"), "file", self.absolute)
        for watch in service.mapping("develop").sequence("watch").items:
            if isinstance(watch, Mapping):
                self._set(watch, "path", lambda path: self.files.real(self.absolute(path)))
        for volume in service.sequence("volumes").items:
            if isinstance(volume, Mapping) and volume.plain("type") == "bind":
                if "source" not in volume.entries:
                    self.problems.fail(
                        "paths",
                        'invalid mount config for type "bind": field Source must not be empty',
                        volume.place,
                    )
                self._set(volume, "source", self.unix)

    def _set(self, mapping: Mapping, key: str, change: Change) -> None:
        value = mapping.entries.get(key)
        if value is not None:
            mapping.entries[key] = self._changed(value, change)

    @staticmethod
    def _changed(value: Value, change: Change) -> Value:
        if isinstance(value, Scalar) and isinstance(value.value, str):
            found = change(value.value)
            if found != value.value:
                return value.like(found)
        return value

    def expand(self, path: str) -> str:
        """`~` as the home directory, where that is known."""
        return join(self.home, path[1:]) if path.startswith("~") and self.home else path

    def absolute(self, path: str) -> str:
        """absPath: `~` expanded, relative ones joined, empty ones left."""
        path = self.expand(path)
        return path if is_absolute(path) or not path else join(self.directory, path)

    def context(self, path: str) -> str:
        """absContextPath: what is a URL, a Git reference or `service:` is no path."""
        if "://" in path or path.startswith(("service:", *_REMOTE)):
            return path
        return self.absolute(path)

    def unix(self, path: str) -> str:
        """maybeUnixPath: absolute paths of Unix and Windows stay."""
        path = self.expand(path)
        if is_absolute(path) or is_windows_absolute(path, self.semantics):
            return path
        return join(self.directory, path)


def is_windows_absolute(path: str, semantics: Semantics) -> bool:
    r"""IsWindowsAbs: `C:\x`, `\\host\share`; before 2.6.2 only letters, and no device paths (`\\.\pipe`)."""
    if semantics.since(2, 6, 2):
        return _WINDOWS.match(path) is not None
    return _OLD_WINDOWS.match(path) is not None
