"""Turning the inventory's build faults into findings: one per instruction and cause."""

import re
from collections.abc import Iterator
from posixpath import basename, normpath

from dockwright.lazy import lazy_regex
from dockwright.repository.buildable import LOCK_FILES
from dockwright.repository.model import BuildFault, FaultKind, ScriptItem, Status, Strength
from dockwright.rules.finding import Confidence, Related, Severity
from dockwright.rules.subjects import DockerfileSubject, related
from dockwright.trees.paths import join, parent


def faults(subject: DockerfileSubject, *kinds: FaultKind) -> Iterator[BuildFault]:
    """The faults of some kinds, each place once."""
    seen: set[tuple[int, int]] = set()
    for fault in subject.item.faults:
        key = (fault.place.span.start, fault.place.span.end)
        if fault.kind in kinds and key not in seen:
            seen.add(key)
            yield fault


def built_otherwise(subject: DockerfileSubject, fault: BuildFault) -> bool:
    """True when another build of the repository makes the image: then it is the build that is wrong, not the file."""
    failing = {id(build) for one in subject.item.faults for build in one.builds}
    targets = {build.target for build in fault.builds}
    return any(
        id(build) not in failing
        and build.strength >= Strength.RUN
        and build.context is not None
        and build.target in targets
        for build in subject.item.builds
    )


def severity(subject: DockerfileSubject, usual: Severity) -> Severity:
    """A Dockerfile nothing builds cannot break anybody today."""
    return usual if subject.item.status is Status.LIVE else min(usual, Severity.MEDIUM)


def confidence(fault: BuildFault) -> Confidence:
    """High when a build of the repository says which context it is; medium when the likely one was tried."""
    return Confidence.HIGH if fault.sure and fault.builds else Confidence.MEDIUM


MAKES = lazy_regex(
    rb"\b(?:cp|mv|mkdir|rsync|tar|unzip|ln|install|wget|curl|touch|gen\w*|path|out\w*|dist|dir)\b|[>]|[ \t]-[od]\b"
)


def made_before(subject: DockerfileSubject, fault: BuildFault) -> str:
    """Why a step before the build may make the source: git ignores it, or a script puts something there."""
    if fault.doubt:
        return fault.doubt
    repository = subject.repository
    path = join(fault.context, fault.source)
    if not path or "*" in path or basename(path) in LOCK_FILES:
        return ""  # a lock file is to be committed, also one that git ignores
    if made := _made_binary(subject, path) or _filled(subject, fault):
        return made
    absent = path
    while (above := parent(absent)) and not repository.tree.is_dir(above):
        absent = above
    word = re.compile(rb"(?<![\w-])" + re.escape(absent.encode("utf-8", "surrogateescape")) + rb"(?![\w-])")
    base = parent(absent)
    if not base:
        return ""  # too short a name to be looked for in texts
    for item in (*repository.scripts, *repository.workflows):
        data = item.source.data
        at = absent.encode("utf-8", "surrogateescape")
        if at in data and any(MAKES.search(_line(data, match.start())) for match in word.finditer(data)):
            return f"`{item.path}` names `{absent}`"
        if base == parent(item.path) and _writes(item, absent[len(base) + 1 :]):
            return f"`{item.path}` makes `{absent}`"
    return ""


def _filled(subject: DockerfileSubject, fault: BuildFault) -> str:
    """A Makefile or script that copies into the context (`cp ./utils/*.sh debian/`)."""
    if not fault.context:
        return ""
    folder = re.escape(fault.context.encode("utf-8", "surrogateescape"))
    copies = re.compile(
        rb"(?m)^[^#\n]*\b(?:cp|mv|rsync|install)[ \t][^\n;&|]{1,300}[ \t](?:\./)?"
        + folder
        + rb"/?[ \t]*(?:$|[;&|])"
    )
    for item in subject.repository.scripts:
        if item.language in ("make", "shell") and copies.search(item.source.data):
            return f"`{item.path}` copies into `{fault.context}`"
    return ""


def _made_binary(subject: DockerfileSubject, path: str) -> str:
    """A Makefile or script that names a file without ending (`NAME=harbor_core`): a compiler makes it."""
    name = basename(path.rstrip("/"))
    if "." in name or len(name) < 5 or not any(sign in name for sign in "_-"):
        return ""
    word = re.compile(rb"(?<![\w./-])" + re.escape(name.encode("utf-8", "surrogateescape")) + rb"(?![\w.-])")
    for item in subject.repository.scripts:
        if item.language in ("make", "shell") and word.search(item.source.data):
            return f"`{item.path}` names `{name}`"
    return ""


def _line(data: bytes, at: int) -> bytes:
    start = data.rfind(b"\n", 0, at) + 1
    end = data.find(b"\n", at)
    return data[start : end if end != -1 else len(data)]


def _writes(item: ScriptItem, name: str) -> bool:
    from dockwright.repository.scripts import written_names

    return name in written_names(item.source.data, item.language)


def outside(source: str) -> bool:
    """True for a path that leads out of the context (`../shared`); BuildKit takes the `..` at the root away."""
    if ".." not in source or "://" in source or source.startswith(("/", "git@", "$")):
        return False
    return normpath(source).startswith("../") or normpath(source) == ".."


def built_by(fault: BuildFault) -> list[Related]:
    """Where the builds that meet the fault are declared: the strongest two."""
    strongest = sorted(fault.builds, key=lambda build: -build.strength)
    return [
        related(build.place, "built here" if build.strength >= Strength.RUN else "named here")
        for build in strongest[:2]
    ]


def context_words(fault: BuildFault) -> str:
    """The context as people call it."""
    return f"context `{fault.context}`" if fault.context else "the context (the repository's root)"
