"""What the facts say about one file: who uses it, whether production does, and in which words to say so."""

import re
from collections.abc import Sequence

from dockwright.audit.model import Action, Decision, Risk
from dockwright.repository.model import Item, Reference, ScriptItem, Standing, Status, Strength
from dockwright.repository.repository import Repository
from dockwright.rules.finding import Location

_DEPLOY = re.compile(r"(?:^|[/._\-])(?:deploy|release|prod|production|staging|gcp|cloudbuild)", re.IGNORECASE)
_EARLY = re.compile(r"(?:^|[/._\-])(?:dev|development|local|wsl|tests?|e2e|ci)(?=$|[/._\-])", re.IGNORECASE)
_LATE = frozenset({"production", "staging"})
_ACTS = frozenset({"builds", "runs", "calls", "extends", "includes", "overrides"})


class Evidence:
    """Look-ups over one repository that all decisions share."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository

    def callers(self, path: str) -> list[Reference]:
        """Everything that names the file, strongest first."""
        return list(self.repository.references_to.get(path, ()))

    def production(self, item: Item) -> bool:
        """True when production or staging is built or run with it: by its own name, or by who uses it."""
        return item.environment in _LATE or any(
            reference.strength >= Strength.SCRIPT and self._late(reference.place.path)
            for reference in self.callers(item.path)
        )

    def _late(self, path: str) -> bool:
        user = self.repository.item(path)
        if user is None or user.status in {Status.TESTS, Status.DEAD}:
            return False
        if user.environment or _EARLY.search(path):
            return user.environment in _LATE
        return (isinstance(user, ScriptItem) and user.category == "deploy") or bool(_DEPLOY.search(path))

    def risk(self, item: Item) -> Risk:
        """What can go wrong when it is changed."""
        if self.production(item):
            return Risk.HIGH
        return Risk.LOW if item.status in {Status.DEAD, Status.DOCS} else Risk.MEDIUM

    def use(self, item: Item) -> str:
        """Who uses it, in words, by the strongest evidence."""
        callers = self.callers(item.path)
        if not callers:
            return (
                "found by its default name"
                if item.status is Status.LIVE
                else "nothing in the repository names it"
            )
        first = callers[0]
        others = len(callers) - 1
        rest = f", {others} more {'place names' if others == 1 else 'places name'} it" if others else ""
        return f"`{first.place.path}:{first.place.line}` {first.verb} it{rest}"

    def told(self, item: Item) -> Reference | None:
        """The documentation that tells people to build, run or call it."""
        return next((one for one in self.callers(item.path) if one.verb in _ACTS), None)


def places(references: Sequence[Reference], limit: int = 0) -> list[Location]:
    """References as locations, in order, each file and line once."""
    seen: dict[tuple[str, int], Location] = {}
    for one in references:
        seen.setdefault((one.place.path, one.place.line), Location.at(one.place.source, one.place.span))
    found = list(seen.values())
    return found[:limit] if limit else found


def left_alone(item: Item, kind: str) -> Decision | None:
    """The decision for files that are not ours to touch; None for the repository's own."""
    if item.standing is not Standing.OWN:
        reason = item.standing_because or _STANDINGS[item.standing]
        return Decision(path=item.path, kind=kind, action=Action.LEAVE, reasons=(reason,))
    if item.generated:
        reason = (
            f"generated (“{item.generated.strip()[:80]}”): what generates it is to be changed, not this file"
        )
        return Decision(path=item.path, kind=kind, action=Action.LEAVE, reasons=(reason,))
    return None


_STANDINGS = {
    Standing.IGNORED: "git ignores it",
    Standing.BACKUP: "a copy kept aside; git history holds earlier states, so whether it is needed is a decision",
    Standing.VENDORED: "somebody else's code",
    Standing.FIXTURE: "test data",
    Standing.TEMPLATE: "a template: it becomes a Docker file only after a generator has filled it in",
}
