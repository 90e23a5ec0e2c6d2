"""An override gives settings to a service that no base of it has.

The service has neither image nor build here, so it lives on what a base says of a service of that name. No base has
one: compose stops with `service "worker" has neither an image nor a build context specified`. Usually a service was
renamed in the base, or the name has a typing error.

Fix: use the name the base has, or give the service an image or a build here.

Reported with high confidence when a command loads exactly these files; with medium confidence when no command is known
and no compose file around has the service. Not reported: services that `extends` brings from elsewhere.
"""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from dockwright.compose.model import Service
from dockwright.repository.model import ComposeItem, Place
from dockwright.rules._shared.loading import Loaded, companions, ways
from dockwright.rules.finding import Category, Confidence, Finding, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ComposeSubject, at

SHOWN = 6


def check(subject: ComposeSubject) -> Iterator[Finding]:
    loadings = ways(subject.repository, subject.item)
    if subject.file.yaml.broken or any(not way.complete for way in loadings):
        return
    known = [way for way in loadings if way.known and len(way.items) > 1]
    others = companions(subject.repository, subject.item)
    if not known and not any(other.file.services for other in others):
        return  # a piece whose base lies elsewhere
    orphans = [service for service in subject.file.services.values() if _orphan(service, loadings, others)]
    if not orphans:
        return
    names = ", ".join(f"`{service.name}`" for service in orphans[:SHOWN])
    more = f" and {len(orphans) - SHOWN} more" if len(orphans) > SHOWN else ""
    what = f"service {names} has" if len(orphans) == 1 else f"services {names}{more} have"
    yield RULE.finding(
        subject.at(orphans[0].span, f"services.{orphans[0].name}"),
        f"{what} neither image nor build, here or in {_files(subject, known)}",
        related=_near(subject, orphans[0].name, known)
        + [subject.related(service.span, "and this one") for service in orphans[1:SHOWN]],
        confidence=RULE.confidence if known else Confidence.MEDIUM,
        service=orphans[0].name if len(orphans) == 1 else "",
        environment=subject.item.environment,
    )


def _orphan(service: Service, loadings: Sequence[Loaded], others: Sequence[ComposeItem]) -> bool:
    if _complete(service) or service.node.is_null or service.node.get("provider") is not None:
        return False
    if any(_complete(other) for way in loadings for _, other in way.services(service.name)):
        return False
    return not any(service.name in other.file.services for other in others)


def _complete(service: Service) -> bool:
    return service.image is not None or service.build is not None or service.extends is not None


def _files(subject: ComposeSubject, known: list[Loaded]) -> str:
    if not known:
        return "any compose file near it"
    paths = dict.fromkeys(item.path for way in known for item in way.items if item is not subject.item)
    return " or ".join(f"`{path}`" for path in list(paths)[:4])


def _near(subject: ComposeSubject, name: str, known: list[Loaded]) -> list[Related]:
    items = [item for way in known for item in way.items] or companions(subject.repository, subject.item)
    for item in items:
        names = [other for other, service in item.file.services.items() if _complete(service)]
        close = get_close_matches(name, names, n=1, cutoff=0.6)
        close = close or [other for other in names if other.endswith((f"-{name}", f"_{name}"))]
        if close:
            return [Related(at(Place(item.source, item.file.services[close[0]].span)), "similar name")]
    return []


RULE = Rule(
    id="orphan-override",
    summary="an override gives settings to a service that no base of it has",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  worker-mail:\n    image: api:1\n",
                "compose.override.yaml": "services:\n  worker-mial:\n    environment:\n      DEBUG: '1'\n",
            },
            at="worker-mial:",
            says="`worker-mial` has neither image nor build, here or in `compose.yaml`",
        ),
        Good(
            {
                "compose.yaml": "services:\n  worker:\n    image: api:1\n",
                "compose.override.yaml": "services:\n  worker:\n    environment:\n      DEBUG: '1'\n",
                "debug/compose.debug.yaml": "services:\n  worker:\n    init: true\n",
            },
            why="the base has it, also for a file in a folder below",
        ),
    ),
)
