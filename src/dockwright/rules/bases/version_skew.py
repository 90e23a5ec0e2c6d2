"""One base image or tool is used in versions that contradict each other.

Node 18 in the image that ships and 20 in the one that is tested, ClickHouse 23.8 in development and 23 elsewhere: what
was tested is not what runs, and every base image in another version is downloaded, stored and patched once more.

Fix: choose one version, declare it once (a global ARG, a bake variable, `.env`), and let every place read it. A change
of version changes the image: build and test it by itself.

One finding per image or tool, with every place. Reported when the versions contradict (18 and 20; 3.11 and 3.12) or are
held differently (`23` and `23.8`, `>=23` and `==23.0.0`). The same version in another making (`3.11-slim`, `3.11-alpine`)
is reported with low severity. Not reported: files of fixtures, backups and vendored copies, and images whose several
versions are the point (a matrix of one Dockerfile per version, recognised by the version in the path; a variable that
is called `…_ALT`, `…_LEGACY` or `…_VERSION_28`). Medium confidence: the files do not say that two versions are not meant.
"""

import re
from collections.abc import Iterator

from dockwright.dockerfile.image_reference import ImageReference, parse_reference
from dockwright.overlap.files import Subject, normal_files
from dockwright.overlap.versions import Skew, VersionGroup, VersionUse, version_groups
from dockwright.repository.model import Status
from dockwright.repository.repository import Repository
from dockwright.rules.bases._own_images import own_image
from dockwright.rules.finding import Category, Confidence, Finding, Location, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.runs import installs_of
from dockwright.rules.subjects import DockerfileSubject, dockerfile_subjects
from dockwright.text import SourceFile

SEVERITIES = {Skew.CONFLICT: Severity.MEDIUM, Skew.PRECISION: Severity.LOW, Skew.FLAVOUR: Severity.NOTE}
SHOWN = 12
DEFINES = re.compile(rb"(?:(?:ARG|ENV)[ \t]+)?\w+_VERSION\b")
_ON_PURPOSE = re.compile(
    rb"\$\{?\w*?_(?:ALT|OLD|LEGACY|PREVIOUS|PREV|NEXT|MIN|MINIMUM|COMPAT)(?:_\w+)?\b|\$\{?\w+_VERSION_\d+\b"
)
"""`${ENGINE_VERSION_ALT_28}`: the variable says that this is another version beside the usual one."""
MAX_REQUIREMENTS = 200_000


def check(repository: Repository) -> Iterator[Finding]:
    for group in _groups(repository):
        uses = [use for use in group.uses if not _meant(use)]
        if group.kind == "image" and not sum(any(char.isdigit() for char in use.text) for use in uses):
            continue  # `base`, `builder`, `nightly`: names of different images
        if group.kind == "image" and _made_here(repository, group.name):
            continue
        versions = list(dict.fromkeys(use.text for use in uses))
        if len(versions) < 2 or (group.skew is Skew.FLAVOUR and not _separate(uses)):
            continue
        first = _rarest(uses)
        yield RULE.finding(
            Location.at(first.place.source, first.place.span),
            f"{_kind(group, uses)} `{group.name}` is used in {len(versions)} {'makings of one version' if group.skew is Skew.FLAVOUR else 'versions'}: "
            f"{', '.join(f'`{version}`' for version in versions[:6])}{' …' if len(versions) > 6 else ''}",
            related=[
                Related(Location.at(use.place.source, use.place.span), f"`{use.text}` here")
                for use in uses
                if use is not first
            ][:SHOWN],
            severity=SEVERITIES[group.skew],
            evidence=[f"{len(uses)} places in {len({use.place.path for use in uses})} files"],
        )


def _made_here(repository: Repository, name: str) -> bool:
    """True for an image that the repository builds: its tags are names of different images (`base2`, `builder`)."""
    reference = parse_reference(name)
    return isinstance(reference, ImageReference) and own_image(repository, reference)


def _meant(use: VersionUse) -> bool:
    """True when the path or the variable says which version it is for: `18/Dockerfile`, `${ENGINE_VERSION_ALT}`."""
    data = use.place.source.data[use.place.span.start : use.place.span.end]
    if _ON_PURPOSE.search(data):
        return True
    major = use.version.partition(".")[0]
    return use.text in use.place.path or (
        bool(major) and re.search(rf"(?:^|[/_.-])v{major}(?:[/_.-]|$)", use.place.path) is not None
    )


def _kind(group: VersionGroup, uses: list[VersionUse]) -> str:
    """`image`, `package`, or `tool` where only variables (`PNPM_VERSION`) say the version."""
    if group.kind != "image":
        return "package"
    return "tool" if all(map(_by_variable, uses)) else "image"


def _by_variable(use: VersionUse) -> bool:
    """True for `PNPM_VERSION=9` of ARG and ENV."""
    span = use.place.span
    return DEFINES.match(use.place.source.data, span.start, span.end) is not None


def _separate(uses: list[VersionUse]) -> bool:
    """True when no file uses all the flavours: within one file they are a build and a runtime image (devel, slim)."""
    if any(map(_by_variable, uses)):
        return False  # a tool of that version, and an image of it
    flavours = {use.text for use in uses}
    paths = {use.place.path for use in uses}
    return not any({use.text for use in uses if use.place.path == path} == flavours for path in paths)


def _groups(repository: Repository) -> list[VersionGroup]:
    subjects = [
        Subject(item.path, item.tree, item.service)
        for item in repository.own_dockerfiles
        if item.status is not Status.DEAD and not item.tree.template and not item.tree.problems
    ]
    composes = [item.file for item in repository.own_composes if item.status is not Status.DEAD]
    names = {manifest for subject in dockerfile_subjects(repository) for manifest in _manifests(subject)}
    requirements = [
        SourceFile(entry.path, repository.tree.read(entry.path))
        for entry in repository.tree.entries()
        if entry.size < MAX_REQUIREMENTS and entry.path.rpartition("/")[2] in names and not entry.is_link
    ]
    return version_groups(subjects, normal_files(subjects), composes, requirements)


def _manifests(subject: DockerfileSubject) -> Iterator[str]:
    """Names of requirements files that installs of a Dockerfile read."""
    for runs in subject.runs.values():
        for _, install in installs_of(runs):
            for manifest in install.manifests:
                if manifest.path.endswith(".txt"):
                    yield manifest.path.rpartition("/")[2]


def _rarest(uses: list[VersionUse]) -> VersionUse:
    """The first use of the least common version: the one most likely left behind."""
    counts = {use.text: sum(other.text == use.text for other in uses) for use in uses}
    return min(uses, key=lambda use: (counts[use.text], use.place.order))


RULE = Rule(
    id="version-skew",
    summary="one base image or tool is used in versions that contradict each other",
    category=Category.DRIFT,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  api:\n    build: ./api\n  web:\n    build: ./web\n  db:\n    image: postgres:16\n",
                "api/Dockerfile": "FROM node:18-slim\nCOPY a /\n",
                "api/a": "",
                "web/Dockerfile": "FROM node:20-slim\nCOPY a /\n",
                "web/a": "",
            },
            at="FROM node:18-slim",
            says="`node` is used in 2 versions: `18-slim`, `20-slim`",
        ),
        Good(
            {
                "compose.yaml": "services:\n  api:\n    build: ./18\n  web:\n    build: ./20\n",
                "18/Dockerfile": "FROM node:18\nCOPY a /\n",
                "18/a": "",
                "20/Dockerfile": "FROM node:20\nCOPY a /\n",
                "20/a": "",
            },
            why="the paths say that the versions are the point",
        ),
        Good(
            {
                "Dockerfile": "ARG CLI_VERSION=29.1\nARG CLI_VERSION_ALT_28=28.5\nFROM dockereng/cli-bin:$CLI_VERSION AS cli\n"
                "FROM dockereng/cli-bin:$CLI_VERSION_ALT_28 AS cli-alt28\nFROM scratch\nCOPY --from=cli / /a\n"
                "COPY --from=cli-alt28 / /b\n",
            },
            why="the variable says that this is another version on purpose",
        ),
    ),
)
