"""Platform specifiers such as `linux/arm64/v8`. Source: github.com/containerd/platforms: Parse, Format."""

import msgspec

from dockwright.dockerfile.golang import quote
from dockwright.lazy import lazy_regex

_OS = lazy_regex(r"([A-Za-z0-9_-]+)(?:\(([A-Za-z0-9_.%-]*)((?:\+[A-Za-z0-9_.%-]+)*)\))?")
_OS_TEXT = r"^([A-Za-z0-9_-]+)(?:\(([A-Za-z0-9_.%-]*)((?:\+[A-Za-z0-9_.%-]+)*)\))?$"
_PART = lazy_regex(r"[A-Za-z0-9_.-]+")
_PART_TEXT = r"^[A-Za-z0-9_.-]+$"
_KNOWN_OS = frozenset(
    [
        "aix",
        "android",
        "darwin",
        "dragonfly",
        "freebsd",
        "hurd",
        "illumos",
        "ios",
        "js",
        "linux",
        "nacl",
        "netbsd",
        "openbsd",
        "plan9",
        "solaris",
        "windows",
        "zos",
    ]
)
_KNOWN_ARCH = frozenset(
    [
        "386",
        "amd64",
        "amd64p32",
        "arm",
        "armbe",
        "arm64",
        "arm64be",
        "ppc64",
        "ppc64le",
        "loong64",
        "mips",
        "mipsle",
        "mips64",
        "mips64le",
        "mips64p32",
        "mips64p32le",
        "ppc",
        "riscv",
        "riscv64",
        "s390",
        "s390x",
        "sparc",
        "sparc64",
        "wasm",
    ]
)


class Platform(msgspec.Struct, frozen=True):
    """An operating system, an architecture and perhaps a variant of it."""

    os: str
    architecture: str
    variant: str = ""
    os_version: str = ""

    @property
    def text(self) -> str:
        return "/".join(part for part in (self.os, self.architecture, self.variant) if part)


LINUX_AMD64 = Platform("linux", "amd64")


def _normalize(architecture: str, variant: str) -> tuple[str, str]:
    architecture, variant = architecture.lower(), variant.lower()
    if architecture == "i386":
        return "386", ""
    if architecture in ("x86_64", "x86-64", "amd64"):
        return "amd64", "" if variant == "v1" else variant
    if architecture in ("aarch64", "arm64"):
        return "arm64", {"8": "", "v8": "", "v8.0": "", "9": "v9", "9.0": "v9", "v9.0": "v9"}.get(
            variant, variant
        )
    if architecture in ("armhf", "armel"):
        return "arm", "v7" if architecture == "armhf" else "v6"
    if architecture == "arm":
        return "arm", {"": "v7", "7": "v7", "5": "v5", "6": "v6", "8": "v8"}.get(variant, variant)
    return architecture, variant


def parse_platform(text: str, host: Platform = LINUX_AMD64) -> Platform | str:
    """The platform, or the message of the error. `host` fills in what a single word leaves open."""
    if "*" in text:
        return f"{quote(text)}: wildcards not yet supported: invalid argument"
    parts = text.split("/", 3)
    found = _OS.fullmatch(parts[0])
    if not found:
        return (
            f"{quote(parts[0])} is an invalid OS component of {quote(text)}: OSAndVersion specifier component "
            f"must match {quote(_OS_TEXT)}: invalid argument"
        )
    for part in parts[1:]:
        # the last part of four may hold more slashes
        if not _PART.fullmatch(part):
            return (
                f"{quote(part)} is an invalid component of {quote(text)}: platform specifier component must "
                f"match {quote(_PART_TEXT)}: invalid argument"
            )
    os = found.group(1).lower()
    os = "darwin" if os == "macos" else os
    version = found.group(2) or ""
    if len(parts) == 1:
        return _single(text, os, version, host)
    if len(parts) == 2:
        architecture, variant = _normalize(parts[1], "")
        return Platform(
            os, architecture, "" if (architecture, variant) == ("arm", "v7") else variant, version
        )
    if len(parts) == 3:
        architecture, variant = _normalize(parts[1], parts[2])
        return Platform(
            os, architecture, "v8" if architecture == "arm64" and not variant else variant, version
        )
    return f"{quote(text)}: cannot parse platform specifier: invalid argument"


def _single(text: str, os: str, version: str, host: Platform) -> Platform | str:
    if os in _KNOWN_OS:
        return Platform(os, host.architecture, "", version)
    architecture, variant = _normalize(text, "")
    if architecture in _KNOWN_ARCH:
        return Platform(host.os, architecture, "" if (architecture, variant) == ("arm", "v7") else variant)
    return f"{quote(text)}: unknown operating system or architecture: invalid argument"
