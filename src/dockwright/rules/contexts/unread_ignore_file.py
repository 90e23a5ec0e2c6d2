"""No build reads this ignore file.

Docker reads `.dockerignore` only at the root of a build context, and `<Dockerfile>.dockerignore` only beside the
Dockerfile. An ignore file anywhere else is silently without effect: everything is sent, `.git` and secrets included.
It happens when Docker files are moved into a folder and the ignore file goes with them.

Fix: move it to the root of the context that is built, or beside its Dockerfile as `<Dockerfile>.dockerignore`. The
next build sends less: make sure nothing it hides is copied.

Not reported when a build with an unknown context might read it, also one by hand of a Dockerfile beside it, or when nothing in the repository builds at all.
"""

from collections.abc import Iterator
from posixpath import basename, dirname

from dockwright.figures import Basis, Figure
from dockwright.repository.model import Standing, Strength
from dockwright.repository.repository import Repository
from dockwright.rules.finding import Category, Confidence, Finding, Location, Severity
from dockwright.rules.rule import Bad, Good, Rule


def check(repository: Repository) -> Iterator[Finding]:
    contexts = {build.context for build in repository.builds if build.context is not None}
    if not contexts or any(build.context is None and build.uncertain for build in repository.builds):
        return
    for item in repository.ignores:
        if item.standing is not Standing.OWN or item.read_by:
            continue
        if _may_read(repository, dirname(item.path)):
            continue
        plain = basename(item.path) in (".dockerignore", ".containerignore")
        reader = dirname(item.path) or "."
        message = (
            f"is read by no build: none has the context `{reader}`"
            if plain
            else "is read by no build: no Dockerfile of that name stands beside it"
        )
        root = repository.context("", None)
        bare = plain and "" in contexts and root.ignore_file is None
        yield RULE.finding(
            Location.file(item.path),
            message,
            severity=Severity.HIGH if bare else Severity.LOW,
            figures=[_sent(root.count)] if bare else [],
            evidence=[
                f"builds use the contexts {', '.join(f'`{c or chr(46)}`' for c in sorted(contexts)[:6])}"
            ],
        )


def _may_read(repository: Repository, folder: str) -> bool:
    """True where a Dockerfile beside it is built in a way that is not quite known (`$(1)/Dockerfile $(1)/.`), or may be
    by hand: one with the name that `docker build .` looks for. `docker/api.Dockerfile` is built from the root.
    """
    for item in repository.own_dockerfiles:
        if dirname(item.path) == folder and not item.inline:
            builds = [build for build in item.builds if build.strength > Strength.DOCS]
            by_hand = not builds and basename(item.path) in {"Dockerfile", "Containerfile"}
            if by_hand or any(build.uncertain and build.context_named not in {".", "./"} for build in builds):
                return True
    return False


def _sent(count: int) -> Figure:
    return Figure(
        "sent", count, "files", Basis.DERIVED, "files in the root context, which has no ignore file"
    )


RULE = Rule(
    id="unread-ignore-file",
    summary="no build reads this ignore file",
    category=Category.DANGEROUS,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "deploy/Dockerfile": "FROM scratch\nCOPY . /\n",
                "deploy/.dockerignore": ".git\n",
                "compose.yaml": "services:\n  web:\n    build:\n      context: .\n      dockerfile: deploy/Dockerfile\n",
            },
            at="deploy/.dockerignore",
            says="none has the context `deploy`",
        ),
        Good(
            {
                "deploy/Dockerfile": "FROM scratch\nCOPY . /\n",
                "deploy/Dockerfile.dockerignore": ".git\n",
                "compose.yaml": "services:\n  web:\n    build:\n      context: .\n      dockerfile: deploy/Dockerfile\n",
            },
            why="an ignore file named after its Dockerfile is read wherever the context lies",
        ),
    ),
)
