"""Decisions that status alone makes: files that nothing, or only tests and documentation, know."""

from dockwright.audit.model import Action, Decision, Risk
from dockwright.audit.proposal.evidence import Evidence, places
from dockwright.audit.proposal.likeness import Alike
from dockwright.repository.model import ComposeItem, DockerfileItem, Item, Status, Strength
from dockwright.rules._shared.by_hand import by_hand


def unused(item: Item, kind: str, evidence: Evidence, near: Alike | None = None) -> Decision | None:
    """What becomes of a file that nothing live uses; None for live files and for what tests really build or run.

    `near` is the live file most like it, for the reasons.
    """
    if item.status in {Status.DEAD, Status.DOCS} and (outside := _outside(item, evidence)):
        return Decision(
            path=item.path,
            kind=kind,
            action=Action.DECIDE,
            by="person",
            risk=Risk.MEDIUM,
            reasons=(
                outside if outside.startswith("`") else f"{evidence.use(item)}, but {outside}",
                *_state(item, near),
            ),
            callers=places(evidence.callers(item.path)),
        )
    if item.status is Status.DEAD:
        return _removed(item, kind, evidence, [_dead(item, evidence)], near)
    if item.status is Status.DOCS:
        return _documented(item, kind, evidence, near)
    if item.status is Status.TESTS and not _tests_act(item, evidence):
        use = evidence.use(item)
        return Decision(
            path=item.path,
            kind=kind,
            action=Action.DECIDE,
            by="person",
            risk=Risk.LOW,
            reasons=(f"only tests name it, and none builds or runs it: {use}", *_state(item, near)),
            callers=places(evidence.callers(item.path)),
        )
    return None


def _dead(item: Item, evidence: Evidence) -> str:
    """Why it is dead: nothing names it, or nothing but what is dead itself."""
    if not evidence.callers(item.path):
        return "nothing in the repository names it"
    return f"only what nothing uses itself names it: {evidence.use(item)}"


def _outside(item: Item, evidence: Evidence) -> str:
    """Why it may be used by what is not in the repository; empty where nothing says so."""
    if item.environment in {"production", "staging"} and isinstance(item, (DockerfileItem, ComposeItem)):
        return f"it is made for {item.environment}, and what deploys may stand outside of the repository"
    base = _base_of(item, evidence) if isinstance(item, ComposeItem) else None
    if base is not None:
        return f"it only works together with `{base}`, beside which it lies: people may load both by hand"
    if item.status is Status.DOCS and evidence.told(item) is not None:
        return ""  # the command that documentation shows is the better reason
    if isinstance(item, (DockerfileItem, ComposeItem)):
        return by_hand(evidence.repository, item)
    return ""


def _base_of(item: ComposeItem, evidence: Evidence) -> str | None:
    """The compose file beside or above it whose networks, volumes or services it uses without defining them."""
    lacks = {
        name
        for service in item.file.services.values()
        for name in (
            *(network.name.raw for network in service.networks),
            *(one.service.raw for one in service.depends_on),
        )
        if name != "default" and name not in item.file.networks and name not in item.file.services
    }
    if not lacks:
        return None
    folder = item.path.rpartition("/")[0]
    for other in evidence.repository.own_composes:
        above = other.path.rpartition("/")[0]
        near = not above or folder == above or folder.startswith(f"{above}/")
        defines = {*other.file.networks, *other.file.services}
        if other is not item and other.status is Status.LIVE and near and lacks <= defines:
            return other.path
    return None


def _documented(item: Item, kind: str, evidence: Evidence, near: Alike | None) -> Decision:
    told = evidence.told(item)
    if told is None or told.strength is Strength.NAME_LIST:
        number = len(evidence.callers(item.path))
        words = (
            "documentation and lists of names mention it" if number else "nothing in the repository names it"
        )
        return _removed(item, kind, evidence, [f"only {words}: {evidence.use(item)}"], near)
    return Decision(
        path=item.path,
        kind=kind,
        action=Action.DECIDE,
        by="person",
        risk=Risk.LOW,
        reasons=(
            f"nothing but documentation uses it, and that tells people to: `{told.place.path}:{told.place.line}`",
            *_state(item, near),
        ),
        callers=places(evidence.callers(item.path)),
    )


COPY = 0.95
"""Share of a live file from which one that nothing names is taken for a copy left behind; less is a variant of it."""


def _removed(item: Item, kind: str, evidence: Evidence, reasons: list[str], near: Alike | None) -> Decision:
    """Removal, where a second thing speaks for it; else a question, since nobody sees from here what people type."""
    broken = (isinstance(item, DockerfileItem) and item.buildable is False) or (
        isinstance(item, ComposeItem) and bool(item.file.problems)
    )
    if isinstance(item, (DockerfileItem, ComposeItem)) and not broken and (near is None or near.share < COPY):
        return Decision(
            path=item.path,
            kind=kind,
            action=Action.DECIDE,
            by="person",
            risk=Risk.LOW,
            reasons=(*reasons, "people may use it by hand", *_state(item, near)),
            callers=places(evidence.callers(item.path)),
        )
    return Decision(
        path=item.path,
        kind=kind,
        action=Action.REMOVE,
        risk=Risk.LOW,
        reasons=(*reasons, *_state(item, near)),
        callers=places(evidence.callers(item.path)),
    )


def _state(item: Item, near: Alike | None) -> list[str]:
    """Further facts that speak for it or against it."""
    facts: list[str] = []
    if isinstance(item, DockerfileItem) and item.buildable is False:
        facts.append("it cannot be built")
    if item.last_change:
        facts.append(f"last changed {item.last_change[:10]}")
    if near is not None:
        other = near.b if near.a == item.path else near.a
        facts.append(f"{near.share:.0%} of what it says also stands in `{other}`")
    return facts


def _tests_act(item: Item, evidence: Evidence) -> bool:
    if isinstance(item, DockerfileItem) and item.builds:
        return True
    return evidence.told(item) is not None
