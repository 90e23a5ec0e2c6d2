"""Is a network, volume, secret or config of a compose file used by any service it may be loaded with?"""

from collections.abc import Iterator

from dockwright.compose.model import Resource, Service
from dockwright.repository.model import ComposeItem
from dockwright.rules._shared.loading import companions, extended_files, ways
from dockwright.rules.finding import Confidence, Finding
from dockwright.rules.rule import Rule
from dockwright.rules.subjects import ComposeSubject
from dockwright.rules.wiring._undefined import unreliable

MOST = 200
"""With more files that it may be loaded with, nothing can be called unused."""


def used_names(service: Service, kind: str) -> Iterator[str]:
    """The names of one kind a service uses, defaults of variables filled in; as written where a variable is the name."""
    if kind == "networks":
        texts = [network.name for network in service.networks]
    elif kind == "volumes":
        texts = [volume.source for volume in service.volumes if volume.source is not None]
    else:
        refs = [*(service.secrets if kind == "secrets" else service.configs)]
        if kind == "secrets" and service.build is not None:
            refs += service.build.secrets
        texts = [ref.source for ref in refs if ref.source is not None]
    for text in texts:
        filled = text.resolved().filled
        yield text.raw if text.raw.startswith("$") and not filled.startswith((".", "/", "~")) else filled


def _uses(item: ComposeItem, kind: str) -> set[str]:
    return {name for service in item.file.services.values() for name in used_names(service, kind)}


def unused(rule: Rule, subject: ComposeSubject, kind: str) -> Iterator[Finding]:
    """A finding for each entry under `kind` that no service uses.

    Not judged: files without services (they bring definitions to others), files that could not be read to the end,
    files whose services get their uses from a variable, and what is external.
    """
    file = subject.file
    resources: dict[str, Resource] = getattr(file, kind)
    if not resources or not file.services or unreliable(file):
        return
    others = companions(subject.repository, subject.item)
    if len(others) > MOST:
        return
    if any(not way.complete for way in ways(subject.repository, subject.item)):
        return
    if subject.path in extended_files(subject.repository):
        return
    used = _uses(subject.item, kind).union(*(_uses(other, kind) for other in others))
    if any("$" in name for name in used) or _passes_variables(subject, kind):
        return
    for name, resource in resources.items():
        if name in used or name == "default" or resource.external or name.startswith("x-"):
            continue
        yield rule.finding(
            subject.at(resource.span, f"{kind}.{name}"),
            f"{resource.kind} `{name}` is defined, and no service uses it",
            confidence=Confidence.MEDIUM if subject.item.fragment else rule.confidence,
            environment=subject.item.environment,
        )


def _passes_variables(subject: ComposeSubject, kind: str) -> bool:
    """True when some use is a variable without default: it may name any of them."""
    if kind != "volumes":
        return any(
            not name for service in subject.file.services.values() for name in used_names(service, kind)
        )
    return any(
        volume.type is None for service in subject.file.services.values() for volume in service.volumes
    )
