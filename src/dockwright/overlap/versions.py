"""Base images and tools that a repository uses in several versions, with every place.

Looked at: what FROM and `--from` name (ARG defaults filled in), `image:` of compose services that are not built,
packages that an install command or a requirements file gives a version, `*_VERSION` of ARG and ENV. A requirements
file counts only for packages that some Dockerfile names (in an install command or as a program): the rest of it is
the application's affair. The caller chooses the files: those that builds copy, no archives.
"""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import combinations

import msgspec

from dockwright.compose.file import ComposeFile
from dockwright.dockerfile.image_reference import ImageReference, parse_reference
from dockwright.overlap.files import NormalFile, Subject
from dockwright.overlap.marked import MARK, shown
from dockwright.overlap.place import Place
from dockwright.text import SourceFile, Span


class Hold(StrEnum):
    """How firmly a version is held."""

    DIGEST = "digest"
    """One content for ever."""
    EXACT = "exact"
    """A full version (`3.11.4`, `==21.2.0`)."""
    SERIES = "series"
    """Moves within a series (`3.11`, `23-alpine`)."""
    RANGE = "range"
    """A bound or range (`>=23.0.0`)."""
    FLOATING = "floating"
    """No version (`latest`, no tag, a package without version)."""


class Skew(StrEnum):
    """How the versions of one thing differ, gravest first."""

    CONFLICT = "conflict"
    """They contradict: 18 and 20, 3.11 and 3.12."""
    PRECISION = "precision"
    """They may be the same today, but are held differently: 23 and 23.8, `latest` and 3.11, `>=23` and `==23.0.0`."""
    FLAVOUR = "flavour"
    """The same version of different makings: 3.11-slim and 3.11-alpine."""


class VersionUse(msgspec.Struct, frozen=True):
    """One place that names a version. `text` is the version as written there: tag, `==21.2.0`, value of a variable.

    `assumed` says that it rests on a default which a build argument or the environment may change.
    """

    text: str
    version: str
    """The numbers alone, empty when there are none."""
    flavour: str
    hold: Hold
    place: Place
    service: str = ""
    assumed: bool = False

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(int(part) for part in self.version.split(".")) if self.version else ()

    @property
    def moving(self) -> bool:
        """True when what is got can change without a change of the file."""
        return self.hold not in (Hold.DIGEST, Hold.EXACT)


class VersionGroup(msgspec.Struct, frozen=True):
    """A base image or tool in several versions. `uses` are by version, then place."""

    kind: str
    """image or package."""
    name: str
    uses: tuple[VersionUse, ...]
    skew: Skew

    @property
    def versions(self) -> tuple[str, ...]:
        """The different texts, in the order of `uses`."""
        return tuple(dict.fromkeys(use.text for use in self.uses))

    @property
    def services(self) -> tuple[str, ...]:
        return tuple(sorted({use.service for use in self.uses} - {""}))


Found = tuple[tuple[str, str], VersionUse]
"""Kind and name of what is used, and the use."""

_LEADING = re.compile(r"v?(\d{1,9}(?:\.\d{1,9}){0,5})(?![\d.])(.*)", re.DOTALL)
_REQUIREMENT = re.compile(
    rb"^[ \t]*([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]\n]*\])?[ \t]*((?:===?|~=|!=|[<>]=?)[^\s;#\\]+)?",
    re.MULTILINE,
)
_ECOSYSTEMS = {"uv": "pip", "pipx": "pip", "pip3": "pip", "yarn": "npm", "pnpm": "npm", "bun": "npm"}
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def version_groups(
    subjects: Sequence[Subject],
    files: Sequence[NormalFile],
    composes: Sequence[ComposeFile],
    requirements: Sequence[SourceFile] = (),
) -> list[VersionGroup]:
    """Everything that is used in more than one version; contradictions first, then by kind and name."""
    groups: dict[tuple[str, str], list[VersionUse]] = {}
    for key, use in _all(subjects, files, composes, requirements):
        groups.setdefault(key, []).append(use)
    found = [_group(key, uses) for key, uses in groups.items() if len({use.text for use in uses}) > 1]
    found.sort(key=lambda group: (list(Skew).index(group.skew), group.kind, group.name))
    return found


def _all(
    subjects: Sequence[Subject],
    files: Sequence[NormalFile],
    composes: Sequence[ComposeFile],
    requirements: Sequence[SourceFile],
) -> Iterator[Found]:
    for subject in subjects:
        yield from _images(subject)
    for file in composes:
        yield from _compose_images(file)
    named: set[str] = set()
    packages = [found for file in files for found in _packages(file, named)]
    yield from packages
    for source in requirements:
        yield from _requirements(source, named)


def _group(key: tuple[str, str], uses: list[VersionUse]) -> VersionGroup:
    uses.sort(key=lambda use: (use.numbers, use.text, use.place.order))
    return VersionGroup(*key, tuple(uses), _skew(uses))


def _skew(uses: list[VersionUse]) -> Skew:
    held = {(use.numbers, use.hold is Hold.RANGE, use.hold is Hold.DIGEST) for use in uses}
    numbers = sorted({use.numbers for use in uses if use.numbers})
    # Sorted, a version that is no refinement of another is next to one that it contradicts or starts.
    for one, other in combinations(numbers[:64], 2):
        if one[: len(other)] != other[: len(one)]:
            return Skew.CONFLICT
    return Skew.PRECISION if len(held) > 1 else Skew.FLAVOUR


def image_use(reference: ImageReference, place: Place, service: str, *, assumed: bool) -> Found:
    """An image reference as a use of a version."""
    tag = reference.tag or ""
    match = _LEADING.fullmatch(tag)
    version, flavour = (match[1], match[2].lstrip("-_.")) if match else ("", "" if tag == "latest" else tag)
    if reference.digest:
        hold = Hold.DIGEST
    elif not version:
        hold = Hold.FLOATING
    else:
        hold = Hold.EXACT if version.count(".") >= 2 else Hold.SERIES
    text = f"{tag}@{reference.digest}" if reference.digest else tag or "latest"
    return ("image", reference.familiar_name), VersionUse(
        text, version, flavour, hold, place, service, assumed
    )


def _images(subject: Subject) -> Iterator[Found]:
    file = subject.tree.file
    in_bases: set[str] = set()
    for stage in subject.tree.stages:
        for source in (stage.base, *stage.sources):
            in_bases.update(source.expansion.used)
            if source.image is not None:
                yield image_use(
                    source.image,
                    Place(file, source.span),
                    subject.service,
                    assumed=bool(source.expansion.used),
                )
    yield from _variables(subject, in_bases)


def _variables(subject: Subject, known: set[str]) -> Iterator[Found]:
    """`NODE_VERSION=20` of ARG and ENV counts as the image or tool `node`, unless an image reference reads it."""
    for node in subject.tree.instructions:
        if node.name not in ("ARG", "ENV"):
            continue
        words = node.arguments
        pairs = [(words[0].value, words[1].value, words[0].span)] if node.legacy and len(words) == 2 else []
        pairs = pairs or [(*word.value.partition("=")[::2], word.span) for word in words]
        for name, value, span in pairs:
            match = _LEADING.fullmatch(value.strip("'\""))
            if name.upper().endswith("_VERSION") and name not in known and match:
                hold = Hold.EXACT if match[1].count(".") >= 2 else Hold.SERIES
                tool = name[: -len("_VERSION")].lower().replace("_", "-")
                place = Place(subject.tree.file, span)
                flavour = match[2].lstrip("-_.")
                yield (
                    ("image", tool),
                    VersionUse(match[0], match[1], flavour, hold, place, subject.service, node.name == "ARG"),
                )


def _compose_images(file: ComposeFile) -> Iterator[Found]:
    for service in file.services.values():
        image = service.image
        if image is None or service.build is not None:
            continue
        resolved = image.resolved()
        reference = parse_reference(resolved.text) if resolved.text else None
        if isinstance(reference, ImageReference):
            place = Place(file.yaml.source, image.span)
            yield image_use(reference, place, service.name, assumed=bool(image.uses))


def _packages(file: NormalFile, named: set[str]) -> Iterator[Found]:
    """Packages of install commands; `named` gathers them, and the programs that RUN, CMD and ENTRYPOINT may start."""
    for atom in file.atoms:
        if atom.kind == "package":
            manager, _, name = shown(atom.name).partition(" ")
            name = name.partition("[")[0]
            named.add(_canonical(name))
            if MARK not in atom.value and "$" not in atom.value:
                yield _package(manager, name, atom.value, file.place(atom.span), file.service)
        elif atom.kind == "command":
            named.add(_canonical(shown(atom.name)))
        elif atom.kind in ("cmd", "entrypoint"):
            named.update(_canonical(word) for word in _WORD.findall(shown(atom.value)[:4000]))


def _requirements(source: SourceFile, named: set[str]) -> Iterator[Found]:
    for match in _REQUIREMENT.finditer(source.data):
        name = match[1].decode("ascii")
        if match[2] and _canonical(name) in named:
            text = match[2].decode("utf-8", "surrogateescape")
            yield _package("pip", name, text, Place(source, Span(match.start(1), match.end(2))), "")


def _package(manager: str, name: str, text: str, place: Place, service: str) -> Found:
    match = _LEADING.fullmatch(text.lstrip("=~^<>!@:"))
    operator = text[: len(text) - len(text.lstrip("=~^<>!@:"))]
    version = match[1] if match else ""
    if not version:
        hold = Hold.FLOATING
    elif operator in ("=", "==", "===", "@", ":"):
        hold = Hold.EXACT
    else:
        hold = Hold.RANGE
    ecosystem = _ECOSYSTEMS.get(manager, manager)
    use = VersionUse(text, version, "", hold, place, service)
    return ("package", f"{_canonical(name)} ({ecosystem})"), use


def _canonical(name: str) -> str:
    """A package name as indexes compare them (PEP 503)."""
    return name.lower().replace("_", "-").replace(".", "-")
