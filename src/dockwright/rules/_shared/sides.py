"""The stacks of a folder that somebody may start side by side, with all that each takes of the machine.

What is taken, and where two takings meet, is said by the one collision model (`compose.collisions`), over what the files come
to: variables with their values, `extends` and `include` applied. Rules on container names, subnets, volumes and image tags ask here.
"""

import posixpath
from collections.abc import Iterator
from typing import Any

import msgspec

from dockwright.compose.collisions.claims import claims
from dockwright.compose.collisions.meet import meetings
from dockwright.compose.collisions.model import Claim, Collision, Kind
from dockwright.compose.load.project import Route
from dockwright.compose.standin import Attempt
from dockwright.repository.model import ComposeItem
from dockwright.repository.repository import Repository
from dockwright.repository.stacks import alone, known, whole
from dockwright.repository.vocabulary import PRODUCTION
from dockwright.rules._shared.projects import project_of, together
from dockwright.rules.finding import Location
from dockwright.text import SourceFile

MOST = 60
"""So many stacks of one folder are compared with each other; more are a collection of examples."""


class Side(msgspec.Struct, frozen=True, eq=False):
    """A compose file that is a stack by itself, what it comes to, and what it claims."""

    item: ComposeItem
    attempt: Attempt
    model: dict[str, Any]
    claims: tuple[Claim, ...]

    def of_kind(self, kind: Kind) -> list[Claim]:
        """Its claims of one kind."""
        return [claim for claim in self.claims if claim.kind is kind]

    def location(self, repository: Repository, route: Route) -> Location:
        """Where the value at a route was written."""
        origin = self.attempt.place(route)
        name = ".".join(str(part) for part in route if isinstance(part, str))
        if origin is None:
            return Location.file(self.item.path, name)
        return Location.at(SourceFile(origin.path, repository.source_data(origin.path)), origin.span, name)


def side(repository: Repository, item: ComposeItem) -> Side | None:
    """The stack that a file makes alone; None where it comes to nothing."""
    return repository.memo(f"sides {item.path}", lambda: _side(repository, item))


def _side(repository: Repository, item: ComposeItem) -> Side | None:
    from dockwright.compose.load.render import Unrenderable, data

    attempt = alone(repository, item.path)
    if attempt.project is None:  # loaded from another folder, its paths may be right
        attempt = next(
            (whole(repository, one) for one in known(repository) if one.files == (item.path,)), attempt
        )
    if attempt.project is None:
        return None
    try:
        model = data(attempt.project)
    except Unrenderable:
        return None
    return Side(item, attempt, model, tuple(claims(model)))


def neighbours(repository: Repository) -> Iterator[tuple[Side, Side]]:
    """Every two stacks of one folder that may run at the same time, the earlier file second.

    Not: production beside others (it runs on another machine), files that something loads together.
    """
    folders: dict[str, list[Side]] = {}
    for item in repository.own_composes:
        if item.environment != PRODUCTION and project_of(repository, item) is not None:
            found = folders.setdefault(posixpath.dirname(item.path), [])
            one = side(repository, item) if len(found) < MOST else None
            if one is not None:
                found.append(one)
    for sides in folders.values():
        for index, one in enumerate(sides):
            for other in sides[:index]:
                if not together(repository, one.item, other.item):
                    yield one, other


def meeting(repository: Repository, kind: Kind) -> list[tuple[Side, Side, list[Collision]]]:
    """Where neighbours meet in one kind of claim."""
    found = []
    for one, other in neighbours(repository):
        met = meetings(one.of_kind(kind), other.of_kind(kind))
        if met:
            found.append((one, other, met))
    return found


def one_project(one: Side, other: Side) -> bool:
    """True when both make the same project: a service of the second takes the place of the first one's."""
    return one.model.get("name") == other.model.get("name")


def unsettled(claim: Claim, one: Side) -> bool:
    """True when the value hangs on a variable that nothing sets: what it will be is not known."""
    project = one.attempt.project
    value = project.at(*claim.path) if project is not None else None
    return value is not None and one.attempt.stood_in(value)
