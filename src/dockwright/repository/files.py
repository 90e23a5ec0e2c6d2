"""Finding the files of interest: one pass over the entries of a tree, reading only what a name or a glance suggests."""

import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from dockwright.config import Config
from dockwright.errors import Skipped
from dockwright.repository import contents
from dockwright.repository.model import Standing
from dockwright.repository.names import (
    TEMPLATE_SUFFIXES,
    Kind,
    is_env_file,
    kind_of,
    named_after_containers,
    suffix,
)
from dockwright.repository.standing import place_standing
from dockwright.text import SourceFile
from dockwright.trees.tree import Entry, State, Tree

MAX_BYTES = 8 << 20
"""Files larger than this are not read; no tool reads such Docker files, and it bounds memory."""
MAX_SCRIPT_BYTES = 1 << 20
"""Programs above this size are generated or bundled."""
MAX_TEXT_BYTES = 1 << 20
"""Documentation and configuration above this size is data, not text that people keep up."""
MAX_ODD_BYTES = 64 << 10
MAX_LINES = 20_000
"""Lines of a Dockerfile; BuildKit itself stops at some hundred layers, and each instruction costs memory."""
MAX_LARGE = 20
"""Files left out for their size alone that are named one by one."""

_TOOL = re.compile(
    rb"ocker|DOCKER|odman|ompose|nerdctl|buildah|kaniko|skaffold|testcontainers|gcloud|buildpack|bake|Containerfile"
)


class Candidate(msgspec.Struct, frozen=True):
    """A file that was read and its kind; `why`: name, content or shebang."""

    path: str
    kind: Kind
    source: SourceFile
    why: str = "name"
    state: State = State.TRACKED
    executable: bool = False


class Finder:
    """Walks a tree once and reads the candidates."""

    def __init__(self, tree: Tree, config: Config) -> None:
        self.tree = tree
        self.config = config
        self.skipped: list[Skipped] = []
        self._large: dict[Kind, list[str]] = {}

    def candidates(self) -> Iterator[Candidate]:
        """Every file of interest, in the order of the tree."""
        ignoring = bool(self.config.ignore.files)
        for entry in self.tree.entries():
            if ignoring and self.config.ignores_file(entry.path):
                if kind_of(entry.path) in _LISTED:
                    self.skipped.append(Skipped(entry.path, "left out by `[ignore] files`"))
                continue
            kind = kind_of(entry.path)
            found = self._candidate(entry, kind) if kind is not None else self._odd(entry)
            if found is not None:
                yield found
        self._tell_large()

    def _tell_large(self) -> None:
        """What may have started or named something, and is too large to be looked into; data comes by the thousand."""
        for kind, paths in self._large.items():
            limit = f"larger than {(MAX_SCRIPT_BYTES if kind in _PROGRAMS else MAX_TEXT_BYTES) >> 20} MB"
            self.skipped += [Skipped(path, limit) for path in paths[:MAX_LARGE]]
            if len(paths) > MAX_LARGE:
                self.skipped.append(Skipped(f"{len(paths) - MAX_LARGE} more files ({kind})", limit))

    def read(self, entry: Entry, limit: int = MAX_BYTES) -> bytes | None:
        """The bytes of a file; None when it is too large or cannot be read, which is noted."""
        if entry.size > limit:
            self.skipped.append(Skipped(entry.path, f"larger than {limit >> 20} MB"))
            return None
        try:
            return self.tree.read(entry.path)
        except KeyError:
            self.skipped.append(Skipped(entry.path, _NOWHERE))
        except OSError as error:
            self.skipped.append(Skipped(entry.path, str(error) or "cannot be read"))
        return None

    def _candidate(self, entry: Entry, kind: Kind) -> Candidate | None:
        if kind in _LISTED:
            return self._listed(entry, kind)
        if _foreign(entry.path):
            return None
        if entry.is_link:
            if self.tree.resolve(entry.path) is None:
                self.skipped.append(Skipped(entry.path, _NOWHERE))
            return None  # what it leads to is an entry of its own
        if kind in _PROGRAMS:
            return self._script(entry, kind)
        if kind is Kind.CONFIG:
            return self._config(entry)
        if entry.size > MAX_TEXT_BYTES:
            self._too_large(entry, kind)
            return None
        data = self.read(entry)
        return (
            self._made(entry, kind, data)
            if (data and b"ocker" in data) or (data and _mentions(data))
            else None
        )

    def _listed(self, entry: Entry, kind: Kind) -> Candidate | None:
        """Kinds that are inventoried by their name, unless their content says otherwise."""
        data = self.read(entry)
        if data is None:
            return None
        if reason := contents.unreadable(data):
            self.skipped.append(Skipped(entry.path, reason))
            return None
        if kind is Kind.DOCKERFILE:
            template = suffix(entry.path.rpartition("/")[2]) in TEMPLATE_SUFFIXES
            if not template and contents.cannot_be_dockerfile(data):
                return None
            if len(data) > MAX_LINES and data.count(b"\n") > MAX_LINES:
                self.skipped.append(Skipped(entry.path, f"more than {MAX_LINES} lines"))
                return None
        elif kind is Kind.COMPOSE and contents.is_other_yaml(data):
            kind = Kind.WORKFLOW if contents.looks_like_workflow(data) else Kind.CONFIG
        elif kind in (Kind.WORKFLOW, Kind.PIPELINE, Kind.PLATFORM, Kind.PROCFILE) and not _TOOL.search(data):
            return None
        return self._made(entry, kind, data)

    def _script(self, entry: Entry, kind: Kind) -> Candidate | None:
        named = named_after_containers(entry.path)
        if entry.size > MAX_SCRIPT_BYTES:
            self._too_large(entry, kind)
            return None
        data = self.read(entry)
        if data is None:
            return None
        if entry.path.endswith((".py", ".ts", ".tsx", ".js", ".jsx")):
            # The commonest kinds by far, so the cheapest test.
            told = b"ocker" in data or b"odman" in data or b"testcontainers" in data
        else:
            told = _TOOL.search(data) is not None or (
                kind is Kind.SCRIPT and _calls_scripts(entry.path, data)
            )
        return self._made(entry, kind, data) if told or named else None

    def _config(self, entry: Entry) -> Candidate | None:
        """YAML, JSON, TOML, env files: perhaps something else by content, else read for the names they hold."""
        if entry.size > MAX_TEXT_BYTES:
            self._too_large(entry, Kind.CONFIG)
            return None
        data = self.read(entry)
        if not data:
            return None
        ending = suffix(entry.path.rpartition("/")[2])
        if ending in ("yml", "yaml"):
            if contents.looks_like_workflow(data):
                return self._made(entry, Kind.WORKFLOW, data, "content") if _TOOL.search(data) else None
            if contents.looks_like_cloudbuild(data):
                return self._made(entry, Kind.CLOUDBUILD, data, "content")
            if contents.may_be_compose(data):
                return self._made(entry, Kind.COMPOSE, data, "content")
        elif ending == "hcl" and contents.looks_like_bake(data):
            return self._made(entry, Kind.BAKE, data, "content")
        if is_env_file(entry.path) or _mentions(data):
            return self._made(entry, Kind.CONFIG, data)
        return None

    def _too_large(self, entry: Entry, kind: Kind) -> None:
        self._large.setdefault(kind, []).append(entry.path)

    def _odd(self, entry: Entry) -> Candidate | None:
        """A name that says nothing: a Dockerfile or a script by content, if it is small text without an ending."""
        name = entry.path.rpartition("/")[2]
        if entry.is_link or entry.size > MAX_ODD_BYTES or not entry.size or "." in name.lstrip("."):
            return None
        if _foreign(entry.path):
            return None
        data = self.read(entry)
        if not data or b"\0" in data[:1024]:
            return None
        if contents.looks_like_dockerfile(data):
            return self._made(entry, Kind.DOCKERFILE, data, "content")
        if data.startswith(b"#!") and (_TOOL.search(data) or named_after_containers(entry.path)):
            return self._made(entry, Kind.SCRIPT, data, "shebang")
        return None

    def _made(self, entry: Entry, kind: Kind, data: bytes, why: str = "name") -> Candidate:
        source = SourceFile(entry.path, data)
        return Candidate(entry.path, kind, source, why, self.tree.state(entry.path), entry.is_executable)


_NOWHERE = "a link that leads nowhere or out of the repository"
_PROGRAMS = (Kind.SCRIPT, Kind.CODE)
_LISTED = frozenset(Kind) - {Kind.SCRIPT, Kind.CODE, Kind.DOC, Kind.CONFIG}


_CALLER = re.compile(r"(?:.*/)?(?:(?:gnu)?makefile|\.?justfile|package\.json|[^/]+\.mk)", re.IGNORECASE)


def _calls_scripts(path: str, data: bytes) -> bool:
    """A Makefile (or the like) that may start scripts which start container tools."""
    return _CALLER.fullmatch(path) is not None and (b".sh" in data or b".py" in data)


def _mentions(data: bytes) -> bool:
    return b"ocker" in data or b"ompose" in data or b"ontainerfile" in data or b"DOCKER" in data


@lru_cache(maxsize=4096)
def _foreign_folder(folder: str) -> bool:
    return place_standing(folder + "/x")[0] is Standing.VENDORED


def _foreign(path: str) -> bool:
    """True below folders of vendored code: only Docker files by name are listed from there."""
    return _foreign_folder(path.rpartition("/")[0])
