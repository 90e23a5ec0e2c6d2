"""Asks the scanners that are installed about two images, and says what only one of them has.

dockwright scans nothing itself: it starts `trivy` and `grype` for vulnerabilities and `syft` for packages, as a person
would, and reads their own JSON. Scanners fetch their databases over the network, so they are asked only on request.
Fields read: trivy `Results[].Vulnerabilities[]` (aquasecurity/trivy pkg/types/report.go), grype `matches[]`
(anchore/grype grype/presenter/models/match.go), syft `artifacts[]` (anchore/syft syft/format/syftjson/model/package.go).
"""

import os
from collections.abc import Iterator
from typing import TypeVar

import msgspec

from dockwright.engine.faults import Failed, Kind, fault
from dockwright.engine.process import run
from dockwright.engine.programs import find
from dockwright.image.diff.model import PackageChange

_T = TypeVar("_T")
SCANNERS = ("trivy", "grype", "syft")
WITHIN = 900.0
"""Seconds a scan may take; the first one fetches a database."""
_READ_ANYWAY = frozenset({"deb", "apk", "rpm", "python", "npm"})
"""Syft's types of the packages that `image.packages` reads from the image itself."""


class Finding(msgspec.Struct, frozen=True, order=True):
    """A vulnerability of one package version, as one scanner reports it."""

    scanner: str
    id: str
    package: str
    version: str
    severity: str


class Change(msgspec.Struct, frozen=True):
    """A finding that only the first (`fixed`) or only the second image has (`new`)."""

    change: str
    finding: Finding


class Scanned(msgspec.Struct, frozen=True):
    """What the scanners say of two images."""

    scanners: tuple[str, ...]
    changes: tuple[Change, ...]
    packages: tuple[PackageChange, ...]


class _Vulnerability(msgspec.Struct, rename="pascal"):
    vulnerability_id: str = msgspec.field(default="", name="VulnerabilityID")
    pkg_name: str = ""
    installed_version: str = ""
    severity: str = "UNKNOWN"


class _Result(msgspec.Struct, rename="pascal"):
    vulnerabilities: list[_Vulnerability] | None = None


class _Trivy(msgspec.Struct, rename="pascal"):
    results: list[_Result] | None = None


class _Named(msgspec.Struct):
    id: str = ""
    severity: str = "Unknown"


class _Artifact(msgspec.Struct):
    name: str = ""
    version: str = ""
    type: str = ""


class _Match(msgspec.Struct):
    vulnerability: _Named
    artifact: _Artifact


class _Grype(msgspec.Struct):
    matches: list[_Match] | None = None


class _Syft(msgspec.Struct):
    artifacts: list[_Artifact] | None = None


def installed() -> tuple[str, ...]:
    """The scanners that are on PATH."""
    return tuple(name for name in SCANNERS if find(name) is not None)


async def scanned(before: str, after: str, engine: str) -> Scanned:
    """Both images, asked of every scanner there is. An image is an archive, a layout, or a name that `engine` has.

    Raises Failed when a scanner fails or cannot be understood.
    """
    names = installed()
    changes: list[Change] = []
    packages: list[PackageChange] = []
    for name in names:
        sides = [await _asked(name, image, engine) for image in (before, after)]
        if name == "syft":
            packages += _packages(*(set(_artifacts(data, name)) for data in sides))
            continue
        one, other = (set(_findings(data, name)) for data in sides)
        changes += [Change("new", finding) for finding in sorted(other - one)]
        changes += [Change("fixed", finding) for finding in sorted(one - other)]
    return Scanned(names, tuple(changes), tuple(packages))


def arguments(scanner: str, image: str, engine: str) -> tuple[str, ...]:
    """The command line by which a scanner writes JSON about an image."""
    there = os.path.lexists(image)
    if scanner == "trivy":
        source = ("--input", image) if there else ("--image-src", engine, image)
        return ("trivy", "image", "--quiet", "--format", "json", "--scanners", "vuln", *source)
    kind = "oci-dir" if os.path.isdir(image) else "docker-archive" if there else engine
    return (scanner, f"{kind}:{image}", "--quiet", "--output", "json")


async def _asked(scanner: str, image: str, engine: str) -> bytes:
    argv = arguments(scanner, image, engine)
    done = await run((find(scanner) or scanner, *argv[1:]), within=WITHIN)
    if done.code:
        raise Failed(fault(Kind.OTHER, f"`{scanner}` cannot scan {image}", argv, done.code, done.said))
    return done.out


def _findings(data: bytes, scanner: str) -> Iterator[Finding]:
    """The vulnerabilities in a scanner's JSON. A version belongs to a finding: the same one in another version is new."""
    if scanner == "trivy":
        for result in _decoded(data, _Trivy, scanner).results or ():
            for one in result.vulnerabilities or ():
                yield Finding(
                    scanner, one.vulnerability_id, one.pkg_name, one.installed_version, one.severity.lower()
                )
        return
    for match in _decoded(data, _Grype, scanner).matches or ():
        found, artifact = match.vulnerability, match.artifact
        yield Finding(scanner, found.id, artifact.name, artifact.version, found.severity.lower())


def _artifacts(data: bytes, scanner: str) -> Iterator[tuple[str, str, str]]:
    for one in _decoded(data, _Syft, scanner).artifacts or ():
        if one.type not in _READ_ANYWAY:
            yield one.type, one.name, one.version


def _packages(before: set[tuple[str, str, str]], after: set[tuple[str, str, str]]) -> Iterator[PackageChange]:
    names = sorted({one[:2] for one in before ^ after})
    for kind, name in names:
        versions = [
            tuple(sorted(version for *key, version in side if key == [kind, name]))
            for side in (before, after)
        ]
        yield PackageChange(kind, name, versions[0], versions[1])


def _decoded(data: bytes, kind: type[_T], scanner: str) -> _T:
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Failed(fault(Kind.NOT_UNDERSTOOD, f"`{scanner}` wrote no JSON of its kind: {error}")) from None
