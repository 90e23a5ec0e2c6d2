"""Differences that two builds of the same thing have anyway, each by a rule with a name.

A rule says of one path why its difference means nothing. It looks at the path, at what differs, and, where the form of
a file is known, at what both files say (`normal`). Content that no rule knows always counts.
"""

import re
from collections.abc import Callable

import msgspec

from dockwright.image.diff import normal
from dockwright.image.diff.model import Detail, What
from dockwright.image.diff.state import FileSystem

KEPT = 8 << 20
"""Bytes up to which a file is kept to be read for what it says; a larger one is compared byte by byte."""

_CONTENT = frozenset({What.CONTENT, What.MODIFIED})
_PRESENCE = frozenset({What.ADDED, What.REMOVED})
_READ = re.compile(
    r".*\.dist-info/RECORD|var/lib/dpkg/status|var/lib/apt/extended_states|etc/shadow-?|etc/ld\.so\.cache"
)


def wanted(path: str, size: int) -> bool:
    """Whether the contents of a path must be kept for the rules."""
    return size <= KEPT and _READ.fullmatch(path) is not None


class Question(msgspec.Struct, frozen=True):
    """One path that differs, and both file systems."""

    path: str
    what: frozenset[What]
    before: FileSystem
    after: FileSystem

    def same(self, path: str) -> bool:
        """Whether both sides have the same file under `path`."""
        one, other = self.before.seen.get(path), self.after.seen.get(path)
        return one is not None and other is not None and one.digest == other.digest and one.size == other.size

    def says_the_same(self, reader: Callable[[bytes], object]) -> bool:
        """Whether the files of both sides are equal as `reader` reads them."""
        one, other = self.before.content(self.path), self.after.content(self.path)
        if one is None or other is None:
            return False
        try:
            return reader(one) == reader(other)
        except ValueError:
            return False


class Rule(msgspec.Struct, frozen=True):
    """A name, what it passes over and why, and whether it does so here."""

    name: str
    says: str
    holds: Callable[[Question], bool]


def _modified(asked: Question) -> bool:
    return asked.what == {What.MODIFIED}


def _linked(asked: Question) -> bool:
    return asked.what <= {What.LINKED, What.MODIFIED}


_COMPILED = re.compile(r"(.*?)__pycache__/([^/]+?)\.[a-z]+-?\d+(?:\.opt-\d)?\.pyc")


def _bytecode(asked: Question) -> bool:
    if not asked.what <= _CONTENT | _PRESENCE | {What.LINKED}:
        return False
    if asked.path.endswith("/__pycache__"):
        return asked.what <= _PRESENCE
    match = _COMPILED.fullmatch(asked.path)
    return match is not None and asked.same(f"{match[1]}{match[2]}.py")


def _of_paths(pattern: str, *, presence: bool) -> Callable[[Question], bool]:
    compiled = re.compile(pattern)
    allowed = _CONTENT | _PRESENCE if presence else _CONTENT

    def holds(asked: Question) -> bool:
        return asked.what <= allowed and compiled.fullmatch(asked.path) is not None

    return holds


def _read_as(pattern: str, reader: Callable[[bytes], object]) -> Callable[[Question], bool]:
    compiled = re.compile(pattern)

    def holds(asked: Question) -> bool:
        return (
            asked.what <= _CONTENT
            and compiled.fullmatch(asked.path) is not None
            and asked.says_the_same(reader)
        )

    return holds


def _either(*rules: Callable[[Question], bool]) -> Callable[[Question], bool]:
    return lambda asked: any(rule(asked) for rule in rules)


_LEFT_BY_ENGINES = re.compile(
    r"etc/(hostname|hosts|resolv\.conf)|\.dockerenv|run|run/(\.containerenv|secrets)|dev|proc|sys"
    r"|dev/(console|pts|shm|mqueue)"
)


def _left_by_engine(asked: Question) -> bool:
    """Mount points, empty in the image, that some engines leave behind and others clear away."""
    if not asked.what <= _PRESENCE | {What.MODIFIED} or not _LEFT_BY_ENGINES.fullmatch(asked.path):
        return False
    sides = (asked.before.seen.get(asked.path), asked.after.seen.get(asked.path))
    return all(one is None or not one.size for one in sides)


RULES = (
    Rule("modified-time", "only the time of the last change differs", _modified),
    Rule("hard-links", "the same contents, once as one file with several names", _linked),
    Rule(
        "python-bytecode",
        "compiled Python of a source that both have alike (the header holds the source's time)",
        _bytecode,
    ),
    Rule(
        "library-cache",
        "ld.so.cache lists the same libraries in another order; aux-cache holds inodes and times",
        _either(
            _read_as(r"etc/ld\.so\.cache", normal.library_cache),
            _of_paths(r"var/cache/ldconfig/aux-cache", presence=True),
        ),
    ),
    Rule(
        "package-log",
        "logs of apt, dpkg, dnf, yum, zypper and apk: when what was installed",
        _of_paths(
            r"var/log/(apt(/.*)?|dpkg\.log|alternatives\.log|bootstrap\.log|fontconfig\.log|apk\.log"
            r"|dnf[^/]*\.log|yum\.log|hawkey\.log|zypp(er)?(\.log|/.*))",
            presence=True,
        ),
    ),
    Rule(
        "package-cache",
        "caches apt and debconf make again, and the state dpkg had before its last change",
        _of_paths(
            r"var/cache/apt/(src)?pkgcache\.bin|var/cache/debconf/[^/]+-old|var/lib/dpkg/(status|available|diversions"
            r"|statoverride)-old|var/lib/dpkg/(lock|lock-frontend|triggers/Lock)",
            presence=True,
        ),
    ),
    Rule(
        "package-state-order",
        "dpkg's status and apt's extended_states say the same in another order",
        _read_as(r"var/lib/dpkg/status|var/lib/apt/extended_states", normal.paragraphs),
    ),
    Rule(
        "package-index",
        "package lists as they were when each side was built",
        _of_paths(
            r"var/lib/apt/lists/[^/]+|var/cache/apk/APKINDEX[^/]*|lib/apk/db/scripts\.tar", presence=False
        ),
    ),
    Rule(
        "pip-record",
        "RECORD lists the same files in another order",
        _read_as(r".*\.dist-info/RECORD", normal.record),
    ),
    Rule(
        "pip-installer",
        "which program installed a Python package",
        _of_paths(r".*\.dist-info/(INSTALLER|REQUESTED)", presence=True),
    ),
    Rule("account-date", "the day a password was last set", _read_as(r"etc/shadow-?", normal.shadow)),
    Rule(
        "account-backup",
        "accounts as they were before the last change",
        _of_paths(r"etc/(passwd|group|shadow|gshadow|subuid|subgid)-", presence=True),
    ),
    Rule(
        "machine-id",
        "a random identity made at install",
        _of_paths(r"etc/machine-id|var/lib/dbus/machine-id", presence=False),
    ),
    Rule("engine-files", "empty mount points that some engines leave in the image", _left_by_engine),
    Rule(
        "tool-log",
        "logs and update notes of npm and yarn",
        _of_paths(r"(root|home/[^/]+)/\.npm/(_logs(/.*)?|_update-notifier-last-checked)", presence=True),
    ),
    Rule(
        "tool-cache",
        "download caches that both have; their entries hold times",
        _of_paths(
            r"(root|home/[^/]+)/(\.cache/(pip|uv|yarn|go-build|node|composer)|\.npm/_cacache|\.m2|\.gradle/caches)/.*",
            presence=False,
        ),
    ),
    Rule(
        "font-cache", "caches of fontconfig hold times", _of_paths(r"var/cache/fontconfig/.*", presence=False)
    ),
)

SETTING_RULES = {
    "build-time": "when the image was built",
    "builder-label": "which version of Buildah built it",
}
"""Rules that concern settings; `settings` applies them."""

NAMES = (*(rule.name for rule in RULES), *SETTING_RULES)


def noise_of(
    path: str, details: tuple[Detail, ...], before: FileSystem, after: FileSystem, off: frozenset[str]
) -> str:
    """The name of the first rule, of those not switched off, that passes over this difference; empty when none does."""
    asked = Question(path, frozenset(one.what for one in details), before, after)
    return next((rule.name for rule in RULES if rule.name not in off and rule.holds(asked)), "")
