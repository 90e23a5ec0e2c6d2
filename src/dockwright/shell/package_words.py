"""Words that name packages: name, version and kind in each manager's spelling.

Sources: PEP 508 (pip, uv, pdm, pipenv), npm package specs (docs.npmjs.com/cli/v11/using-npm/package-spec), apt-get(8),
apk-add(8), dnf(8) (NEVRA), go.dev/ref/mod (version queries), doc.rust-lang.org/cargo/commands/cargo-install.html.
"""

import re
from collections.abc import Callable

from dockwright.lazy import lazy_regex
from dockwright.shell.package_types import Package
from dockwright.shell.words import Word

_URL = lazy_regex(r"(?:https?|ftp|file|ssh|git(?:\+\w+)?|git@[\w.-]+):|git\+")
_PEP508 = lazy_regex(
    r"\s*+(?P<name>[A-Za-z0-9][\w.-]*+|…)\s*+(?:\[(?P<extras>[^\]]*+)\]\s*+)?(?P<spec>(?P<operator>===|==|~=|!=|<=|>=|<|>)\s*"
    r"(?P<version>[^\s,;]+)?.*|@\s*\S.*|;.*)?$",
    re.DOTALL,
)
_EXACT = lazy_regex(r"v?\d+(?:\.\d+){1,3}(?:[-+.][\w.+-]*)?$|v?\d+\.\d+\.\d+")
_NEVRA = lazy_regex(r"(?P<name>.+?)-(?P<version>(?:\d+:)?[\d…][\w.~^+:…]*(?:-[\w.~^+]+)?(?:\.\w+)?)$")
_FILES = (
    ".whl",
    ".tar.gz",
    ".zip",
    ".deb",
    ".rpm",
    ".apk",
    ".tgz",
    ".gem",
    ".tar.bz2",
    ".pkg.tar.zst",
    ".nupkg",
)


def _shown(word: Word) -> str:
    return word.value if word.value is not None else word.shown("…")


def _local(text: str) -> str:
    """`path`, `file` or `url` for what is not looked up in a registry; empty for what is."""
    if _URL.match(text):
        return "git" if text.startswith("git") or text.endswith(".git") else "url"
    if text.startswith(("./", "../", "/", "~/", ".\\", "file:")) or text in (".", ".."):
        return "file" if text.endswith(_FILES) else "path"
    if text.startswith(".["):
        return "path"
    return "file" if text.endswith(_FILES) else ""


def _pip(word: Word, text: str) -> Package:
    kind = _local(text)
    if kind:
        name, _, extras = text.partition("[")
        return Package(name, word, kind=kind, extras=_extras(extras.rstrip("]")))
    match = _PEP508.match(text)
    if match is None:
        return Package(text, word, kind="unknown")
    operator, version = match["operator"] or "", match["version"] or ""
    spec = (match["spec"] or "").strip()
    if spec.startswith("@"):
        return Package(
            match["name"], word, kind=_local(spec[1:].strip()) or "url", extras=_extras(match["extras"] or "")
        )
    if version.endswith("*"):
        operator = "~="
    return Package(match["name"], word, version, operator, extras=_extras(match["extras"] or ""))


def _extras(text: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in text.split(",") if item.strip())


def _apt(word: Word, text: str) -> Package:
    kind = _local(text)
    if kind:
        return Package(text, word, kind=kind)
    name, equals, version = text.partition("=")
    if not equals:
        name, slash, version = text.partition("/")
        return Package(name.partition(":")[0].rstrip("+"), word, version, slash)
    exact = "*" not in version
    return Package(name.partition(":")[0], word, version, "=" if exact else "=*")


_APK = lazy_regex(
    r"(?P<name>[^<>=~@]+)(?:@(?P<tag>[\w-]+))?(?P<operator>=~|~=|>=|<=|=|~|<|>)?(?P<version>.*)$", re.DOTALL
)


def _apk(word: Word, text: str) -> Package:
    kind = _local(text)
    if kind:
        return Package(text, word, kind=kind)
    match = _APK.match(text)
    if text.startswith("!"):
        return Package(text[1:], word, kind="conflict")
    if match is None:
        return Package(text, word, kind="unknown")
    return Package(match["name"], word, match["version"] or "", match["operator"] or "")


def _rpm(word: Word, text: str) -> Package:
    kind = _local(text)
    if kind:
        return Package(text, word, kind=kind)
    if text.startswith("@"):
        return Package(text[1:], word, kind="group")
    name, equals, version = text.partition("=")
    if equals:
        return Package(name.strip(), word, version.strip(), "=")
    match = _NEVRA.match(text)
    if match is not None and "*" not in text:
        return Package(match["name"], word, match["version"], "-")
    return Package(text, word)


def _npm(word: Word, text: str) -> Package:
    kind = _local(text)
    if kind:
        return Package(text, word, kind=kind)
    at = text.rfind("@")
    if at <= 0:
        return Package(
            text, word, kind="git" if text.count("/") == 1 and not text.startswith("@") else "registry"
        )
    name, version = text[:at], text[at + 1 :]
    other = _local(version)
    if other or version.startswith("npm:"):
        return Package(name, word, kind=other or "registry", version=version.removeprefix("npm:"))
    return Package(name, word, version, "@" if _EXACT.match(version) or "…" in version else "@~")


def _go(word: Word, text: str) -> Package:
    if (
        text.startswith(".")
        or text in ("all", "std")
        or ("..." in text.split("@", maxsplit=1)[0] and "." not in text)
    ):
        return Package(text, word, kind="path")
    name, at, version = text.partition("@")
    moving = version in ("latest", "upgrade", "patch", "main", "master") or not version
    return Package(name, word, version, "@~" if at and moving else at)


def _at(word: Word, text: str) -> Package:
    kind = _local(text)
    if kind:
        return Package(text, word, kind=kind)
    name, at, version = text.rpartition("@") if "@" in text[1:] else (text, "", "")
    return Package(name, word, version, "@" if at and version not in ("latest", "stable") else at and "@~")


def _colon(word: Word, text: str) -> Package:
    kind = _local(text)
    if kind:
        return Package(text, word, kind=kind)
    name, colon, version = text.partition(":")
    return Package(name, word, version, ":" if colon and _EXACT.match(version) else ":~" if colon else "")


def _conda(word: Word, text: str) -> Package:
    text = text.rpartition("::")[2]
    match = re.match(
        r"(?P<name>[\w.-]+|…)\s*(?P<operator>==|=|>=|<=|!=|<|>|~=)?\s*(?P<version>.*)$", text, re.DOTALL
    )
    if match is None:
        return Package(text, word, kind="unknown")
    return Package(match["name"], word, match["version"], match["operator"] or "")


def _plain(word: Word, text: str) -> Package:
    kind = _local(text)
    return Package(text, word, kind=kind or "registry")


PARSERS: dict[str, Callable[[Word, str], Package]] = {
    "apt": _apt, "apk": _apk, "dnf": _rpm, "yum": _rpm, "microdnf": _rpm, "tdnf": _rpm, "zypper": _rpm, "pacman": _conda,
    "pip": _pip, "uv": _pip, "uvx": _at, "poetry": _at, "pipenv": _pip, "pdm": _pip, "conda": _conda,
    "npm": _npm, "yarn": _npm, "pnpm": _npm, "bun": _npm, "npx": _npm, "corepack": _npm,
    "gem": _colon, "composer": _colon, "maven": _colon, "cargo": _at, "go": _go, "dotnet": _at, "cpan": _at, "r": _at,
    "rustup": _plain,
}  # fmt: skip


def package(manager: str, word: Word) -> Package:
    """The package a word names for `manager`. Unknown pieces of it show as `…`."""
    text = _shown(word)
    if word.value is None and not text.strip("…"):
        return Package("", word, kind="unknown")
    return PARSERS.get(manager, _plain)(word, text)
