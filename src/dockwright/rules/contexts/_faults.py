"""Turning the inventory's build faults into findings: one per instruction and cause."""

from collections.abc import Iterator

from dockwright.repository.model import BuildFault, FaultKind, Status, Strength
from dockwright.rules.finding import Confidence, Related, Severity
from dockwright.rules.subjects import DockerfileSubject, related


def faults(subject: DockerfileSubject, *kinds: FaultKind) -> Iterator[BuildFault]:
    """The faults of some kinds, each place once."""
    seen: set[tuple[int, int]] = set()
    for fault in subject.item.faults:
        key = (fault.place.span.start, fault.place.span.end)
        if fault.kind in kinds and key not in seen:
            seen.add(key)
            yield fault


def severity(subject: DockerfileSubject, usual: Severity) -> Severity:
    """A Dockerfile nothing builds cannot break anybody today."""
    return usual if subject.item.status is Status.LIVE else min(usual, Severity.MEDIUM)


def confidence(fault: BuildFault) -> Confidence:
    """High when a build of the repository says which context it is; medium when the likely one was tried."""
    return Confidence.HIGH if fault.sure and fault.builds else Confidence.MEDIUM


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
