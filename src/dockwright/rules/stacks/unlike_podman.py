"""A stack made for Podman uses what podman-compose ignores or refuses.

The compose file is there for Podman, and podman-compose reads over a part of it, or stops at it: what the part asks for
is then not so, without a word. What podman-compose does is known from its source, of the version the finding names.

Fix: say it in a way that podman-compose knows, or start the stack with `podman compose` and Docker Compose behind it where
that does it. Looked at are stacks whose files are named after Podman; nothing is said of the others. One finding for
each construct of a stack.
"""

from collections.abc import Iterator

from dockwright.repository.classify import compose_words
from dockwright.repository.repository import Repository
from dockwright.rules.finding import Category, Confidence, Finding, Location, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.text import SourceFile

SHOWN = 6


def check(repository: Repository) -> Iterator[Finding]:
    if not any(_named(item.path) for item in repository.own_composes):
        return
    from dockwright.repository.stacks import known, whole  # the loader, where there is something to load

    seen: set[Location] = set()
    for environment in known(repository):
        attempt = whole(repository, environment)
        if attempt.project is None or not any(map(_named, environment.files)):
            continue
        from dockwright.compose.load.values import plain
        from dockwright.compose.parity import Use, uses
        from dockwright.knowledge.podman import tools

        model = plain(attempt.project.model)
        groups: dict[str, list[Use]] = {}
        for use in uses(model if isinstance(model, dict) else {}):
            if use.what.podman_compose in ("ignored", "refused"):
                groups.setdefault(use.construct, []).append(use)
        for construct, found in groups.items():
            places = []
            for use in found:
                origin = attempt.place(use.path)
                if origin is not None:
                    source = SourceFile(origin.path, repository.source_data(origin.path))
                    places.append(Location.at(source, origin.span))
            if places and places[0] not in seen:
                seen.add(places[0])
                what = found[0].what
                yield RULE.finding(
                    places[0],
                    f"`{construct.strip('/')}` is {what.podman_compose} by podman-compose {tools()['podman_compose'].version}",
                    related=[Related(place, "here too") for place in places[1:SHOWN]],
                    evidence=[what.note] if what.note else [],
                    environment=environment.kind,
                )


def _named(path: str) -> bool:
    name = path.rpartition("/")[2]
    return "podman" in name.lower() or any(word.lower() == "podman" for word in compose_words(name))


RULE = Rule(
    id="unlike-podman",
    summary="a stack made for Podman uses what podman-compose ignores or refuses",
    category=Category.BROKEN,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    check=check,
    examples=(
        Bad(
            {"compose.podman.yaml": "services:\n  web:\n    image: web:1\n    cgroup: host\n"},
            at="cgroup: host",
            says="by podman-compose",
        ),
        Good(
            {"compose.yaml": "services:\n  web:\n    image: web:1\n    cgroup: host\n"},
            why="nothing says that this is for Podman",
        ),
    ),
)
