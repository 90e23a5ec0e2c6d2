"""Is a name that a service uses defined somewhere it is loaded with?"""

from collections.abc import Iterator

from dockwright.compose.file import ComposeFile
from dockwright.compose.model import Resource, Service
from dockwright.compose.value import Text
from dockwright.repository.model import Standing
from dockwright.repository.repository import Repository
from dockwright.rules._shared.loading import companions, is_default, is_override_name, ways
from dockwright.rules.finding import Confidence, Finding, Related, Severity
from dockwright.rules.rule import Rule
from dockwright.rules.subjects import ServiceSubject


def certain_name(text: Text | None) -> str | None:
    """The name when it depends on no variable."""
    return text.literal if text is not None else None


def is_undefined(subject: ServiceSubject, kind: str, name: str) -> bool:
    """True when no way of loading the file that we know, or would guess, defines `name`.

    `kind` is services, networks, volumes, secrets or configs. A fragment that nothing is known to load is not judged:
    its base may be anywhere.
    """
    repository: Repository = subject.repository
    if name in getattr(subject.file, kind):
        return False
    loadings = ways(repository, subject.item)
    if any(not way.complete or way.defines(kind, name) for way in loadings):
        return False
    if not any(way.known for way in loadings) and (subject.item.fragment or is_override_name(subject.path)):
        return False
    if unreliable(subject.file):
        return False
    if subject.item.fragment and any(name in getattr(other.file, kind) for other in repository.own_composes):
        return False  # a program loads the pieces together
    return not any(name in getattr(other.file, kind) for other in companions(repository, subject.item))


def unreliable(file: ComposeFile) -> bool:
    """True when a part of the file is not seen: it is no YAML, or a key stands twice and one of the values is lost."""
    return file.yaml.broken or any(problem.kind == "duplicate-key" for problem in file.problems)


def undefined_findings(
    rule: Rule, subject: ServiceSubject, kind: str, uses: Iterator[tuple[Text | None, str]]
) -> Iterator[Finding]:
    """A finding for each used name that is not defined, each name once; `uses` are names with what they are for."""
    seen: set[str] = set()
    for text, words in uses:
        name = certain_name(text)
        if text is None or not name or name in seen or not is_undefined(subject, kind, name):
            continue
        seen.add(name)
        near = _near(name, getattr(subject.file, kind))
        yield rule.finding(
            subject.at(text.span, subject.route),
            f"{words} `{name}`, which {_definer(subject, kind, name)}",
            related=[Related(subject.at(resource.span), "similar name") for resource in near],
            confidence=_confidence(rule, subject, kind, name),
            severity=Severity.LOW if _example(subject, kind, name) else None,
            evidence=["the example is there to be copied"] if _example(subject, kind, name) else [],
            service=subject.service.name,
            environment=subject.item.environment,
        )


def _definer(subject: ServiceSubject, kind: str, name: str) -> str:
    example = _example(subject, kind, name)
    return f"only `{example}` defines" if example else "nothing defines"


def _confidence(rule: Rule, subject: ServiceSubject, kind: str, name: str) -> Confidence:
    if _example(subject, kind, name):
        return Confidence.LOW
    alone = is_default(subject.path) or any(way.known for way in ways(subject.repository, subject.item))
    return rule.confidence if alone and not subject.item.generated else Confidence.MEDIUM


def _example(subject: ServiceSubject, kind: str, name: str) -> str:
    """An override beside the file that everybody is to copy (`compose.override.yaml.example`) and that defines it."""
    folder = subject.path.rpartition("/")[0]
    for item in subject.repository.composes:
        beside = item.path.rpartition("/")[0] == folder and item.standing is not Standing.OWN
        if beside and "override" in item.path.rpartition("/")[2] and name in getattr(item.file, kind):
            return item.path
    return ""


def _near(name: str, defined: dict[str, Service | Resource]) -> list[Service | Resource]:
    from difflib import get_close_matches

    return [defined[found] for found in get_close_matches(name, sorted(defined), n=1, cutoff=0.6)]
