"""The numbers at the head of a report. All are derived: counted in the files, nothing else."""

from collections import Counter
from collections.abc import Iterator, Sequence

from dockwright.audit.model import Accepted, Cause
from dockwright.figures import Basis, Figure
from dockwright.repository.model import Item, Standing, Status
from dockwright.repository.repository import Repository
from dockwright.rules.finding import Finding, Severity


def figures(
    repository: Repository, findings: Sequence[Finding], causes: Sequence[Cause], accepted: Sequence[Accepted]
) -> list[Figure]:
    """Counts of files, of what is wrong with them, and of findings."""
    return [
        *_dockerfiles(repository),
        *_composes(repository),
        *_rest(repository),
        *_findings(findings, causes, accepted),
    ]


def count(name: str, number: int, how: str, unit: str = "files") -> Figure:
    """A derived count."""
    return Figure(name, number, unit, Basis.DERIVED, how)


def _dockerfiles(repository: Repository) -> Iterator[Figure]:
    own = [item for item in repository.own_dockerfiles if not item.inline]
    inline = len(repository.own_dockerfiles) - len(own)
    yield count("Dockerfiles", len(own), "the repository's own, found by name and by content")
    if inline:
        yield count(
            "Dockerfiles inside other files",
            inline,
            "texts in scripts, programs and compose files; not counted above",
        )
    yield from _by_status("Dockerfiles", own)
    broken = sum(item.buildable is False for item in own)
    unknown = sum(item.buildable is None for item in own)
    yield count(
        "Dockerfiles that cannot be built",
        broken,
        "a clean clone lacks what they need before any command runs",
    )
    if unknown:
        yield count(
            "Dockerfiles of which it cannot be told",
            unknown,
            "a variable, an unknown context or what git ignores decides",
        )
    equal = sum(number - 1 for number in Counter(item.content for item in own if item.content).values())
    if equal:
        yield count("Dockerfiles that are byte for byte copies", equal, "beyond the first of each")


def _composes(repository: Repository) -> Iterator[Figure]:
    own = repository.own_composes
    yield count("compose files", len(own), "the repository's own, found by name and by content")
    yield from _by_status("compose files", own)
    if own:
        names = Counter(name for item in own for name in item.file.services)
        yield count("services in compose files", names.total(), "each definition counted", "services")
        yield count("different service names", len(names), "over all compose files", "names")


def _by_status(name: str, items: Sequence[Item]) -> Iterator[Figure]:
    words = {
        Status.LIVE: ("live", "something that is no test builds, runs or calls them"),
        Status.TESTS: ("known to tests only", "nothing but tests names them"),
        Status.DOCS: ("known to documentation only", "nothing but documentation and lists names them"),
        Status.DEAD: ("dead", "nothing in the repository names them"),
    }
    number = Counter(item.status for item in items)
    for status, (word, how) in words.items():
        if number[status]:
            yield count(f"{name}, {word}", number[status], how)


def _rest(repository: Repository) -> Iterator[Figure]:
    own = [item for item in repository.scripts if item.standing is Standing.OWN]
    starting = [item for item in own if item.invocations]
    yield count("bake files", _own(repository.bakes), "found by name and by content")
    yield count("ignore files", _own(repository.ignores), "found by name")
    unread = sum(item.standing is Standing.OWN and not item.read_by for item in repository.ignores)
    if unread:
        yield count(
            "ignore files that no build reads", unread, "no context that is built has them at its root"
        )
    yield count(
        "scripts and programs that start containers",
        len(starting),
        "a call of a container tool stands in them",
    )
    if starting:
        tests = sum(item.test for item in starting)
        yield count("of these not tests", len(starting) - tests, "by place and name")
    yield count("workflows that build or run containers", _own(repository.workflows), "CI of any kind")
    apart = sum(item.standing is not Standing.OWN for item in repository.items())
    if apart:
        yield count(
            "files kept apart", apart, "backups, vendored, ignored, templates, test data: listed, not judged"
        )


def _own(items: Sequence[Item]) -> int:
    return sum(item.standing is Standing.OWN for item in items)


def _findings(
    findings: Sequence[Finding], causes: Sequence[Cause], accepted: Sequence[Accepted]
) -> Iterator[Figure]:
    yield count("findings", len(findings), "of all rules that ran", "findings")
    weights = Counter(finding.severity for finding in findings)
    for severity in sorted(Severity, reverse=True):
        if weights[severity]:
            yield count(f"findings, {severity.name.lower()}", weights[severity], "by severity", "findings")
    yield count("causes", len(causes), "findings that one repair settles are one cause", "causes")
    if accepted:
        yield count(
            "findings accepted", len(accepted), "by a comment or the configuration, with a reason", "findings"
        )
