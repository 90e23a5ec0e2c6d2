"""The environments as a part of the audit's document."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from dockwright.audit.model import Nearest, ResolvedEnvironment
from dockwright.compose.load.problems import LoadProblem
from dockwright.compose.load.values import Scalar, Value
from dockwright.compose.load.values import Sequence as Sequence_
from dockwright.compose.standin import Attempt, Status
from dockwright.compose.yaml.scalar import Scalar as Written
from dockwright.overlap.stacks import ServiceOverlap
from dockwright.report.overlaps import setting
from dockwright.report.places import FigureEntry
from dockwright.report.plain import plain
from dockwright.report.views import DifferenceEntry

_REMOTE = re.compile(r"://|^git@|^github\.com/")
ERRORS = 20
"""Most errors of one environment that are told."""


class RefusalEntry(msgspec.Struct, frozen=True):
    """Why Compose refuses a stack: what it says, and every place concerned (`path:line`)."""

    message: str
    places: Sequence[str]


class MatchEntry(msgspec.Struct, frozen=True):
    """A service that both environments have, perhaps under two names. `state`: equal, variables (nothing but
    environment variables differs), other.
    """

    service: str
    counterpart: str
    state: str
    equal: int
    settings: int


class NearestEntry(msgspec.Struct, frozen=True, kw_only=True):
    """The environment that shares most. `share` counts all settings of both; `figures` those of services both have."""

    name: str
    share: float
    figures: Sequence[FigureEntry]
    services: Sequence[MatchEntry]
    only_here: Sequence[str]
    only_there: Sequence[str]
    differences: Sequence[DifferenceEntry]
    more_differences: int


class PublishedEntry(msgspec.Struct, frozen=True):
    """A host port that a service of an environment publishes, once variables are replaced: `127.0.0.1:8000/tcp`."""

    host: str
    service: str
    target: str


class MadeEntry(msgspec.Struct, frozen=True):
    """What a service of an environment is run from: a Dockerfile (a path in the repository) or an image."""

    service: str
    dockerfile: str
    target: str
    image: str


class EnvironmentEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A way in which compose files are used together, and what it comes to in a clean clone.

    `status`: resolves, needs (once `unset` variables are set and `missing` env files are there), refused (whatever
    they hold: see `errors`). `strength` says how good the evidence for it is: run, test, script, docs, name-list.
    `ports` and `made` are of the services that start without a profile, or with those it is used with; ports that hang
    on a variable nothing sets are left out.
    """

    name: str
    kind: str
    files: Sequence[str]
    profiles: Sequence[str]
    env_files: Sequence[str]
    project_directory: str
    project_name: str
    how: str
    strength: str
    evidence: Sequence[str]
    status: str
    unset: Sequence[str]
    missing: Sequence[str]
    errors: Sequence[RefusalEntry]
    services: Sequence[str]
    nearest: NearestEntry | None
    ports: Sequence[PublishedEntry] = ()
    made: Sequence[MadeEntry] = ()


def environment(found: ResolvedEnvironment) -> dict[str, Any]:
    """Plain data for an `EnvironmentEntry`."""
    one, attempt = found.environment, found.attempt
    return {
        "name": one.name,
        "kind": one.kind,
        "files": list(one.files),
        "profiles": list(one.profiles),
        "env_files": list(one.env_files),
        "project_directory": one.project_directory,
        "project_name": one.project_name,
        "how": one.how,
        "strength": one.strength.name.lower().replace("_", "-"),
        "evidence": list(dict.fromkeys(f"{place.path}:{place.line}" for place in one.evidence)),
        "status": attempt.status.value,
        "unset": list(attempt.variables),
        "missing": list(attempt.files),
        "errors": [_refusal(error, found) for error in attempt.errors[:ERRORS]],
        "services": list(found.services),
        "nearest": _nearest(found.nearest) if found.nearest is not None else None,
        "ports": list(_ports(attempt)),
        "made": list(_made(attempt)),
    }


def _ports(attempt: Attempt) -> Iterator[dict[str, str]]:
    for name, service in attempt.project.services.items() if attempt.project is not None else ():
        ports = service.get("ports")
        for port in ports.items if isinstance(ports, Sequence_) else ():
            value = port.at("published")
            published = _plain(value)
            if published and value is not None and not attempt.stood_in(value):
                address = _plain(port.at("host_ip"))
                yield {
                    "host": f"{address}{':' if address else ''}{published}/{_plain(port.at('protocol')) or 'tcp'}",
                    "service": name,
                    "target": _plain(port.at("target")),
                }


def _made(attempt: Attempt) -> Iterator[dict[str, str]]:
    root = attempt.exact.root
    for name, service in attempt.project.services.items() if attempt.project is not None else ():
        context = _told(attempt, service.at("build", "context"))
        path = _told(attempt, service.at("build", "dockerfile")) or "Dockerfile"
        inline = service.at("build", "dockerfile_inline") is not None
        if _REMOTE.search(context):
            path = f"{path} of {context}"
        elif not path.startswith("/"):
            path = posixpath.normpath(posixpath.join(context, path))
        built = "" if service.get("build") is None else "(inline)" if inline else path
        yield {
            "service": name,
            "dockerfile": built.removeprefix(f"{root}/"),
            "target": _told(attempt, service.at("build", "target")),
            "image": _told(attempt, service.at("image")),
        }


def _told(attempt: Attempt, value: Value | None) -> str:
    """A text; as it is written where it hangs on a variable that nothing sets."""
    if value is not None and attempt.stood_in(value) and isinstance(value.place, Written):
        return value.place.text
    return _plain(value)


def _plain(value: Value | None) -> str:
    return str(value.value) if isinstance(value, Scalar) and value.value is not None else ""


def variables_of(attempts: Iterable[Attempt]) -> Iterator[tuple[str, str]]:
    """Names and values that stacks took from env files, and the environments of their services."""
    seen: set[int] = set()
    for attempt in attempts:
        project = attempt.project
        if project is None or id(project) in seen:
            continue
        seen.add(id(project))
        for variable in project.environment.settings():
            if variable.kind == "env-file":
                yield variable.name, variable.value
        for service in project.services.values():
            for name, value in service.mapping("environment").entries.items():
                if isinstance(value, Scalar) and isinstance(value.value, str):
                    yield name, value.value


def _refusal(error: LoadProblem, found: ResolvedEnvironment) -> dict[str, Any]:
    places = map(found.attempt.told, error.places)
    return {
        "message": found.attempt.exact.words(error.message),
        "places": list(dict.fromkeys(f"{place.path}:{place.line}" for place in places)),
    }


def _nearest(near: Nearest) -> dict[str, Any]:
    pair = near.overlap
    return {
        "name": near.name,
        "share": near.share,
        "figures": [
            plain(figure) for figure in (pair.total, pair.environment, pair.rest) if figure is not None
        ],
        "services": [_match(service) for service in pair.services],
        "only_here": list(pair.only_a),
        "only_there": list(pair.only_b),
        "differences": [setting(row) for row in near.rows],
        "more_differences": near.more_rows,
    }


def _match(service: ServiceOverlap) -> dict[str, Any]:
    state = "other"
    if service.equal == service.union:
        state = "equal"
    elif service.rest.value == 1.0:
        state = "variables"
    return {
        "service": service.a,
        "counterpart": service.b,
        "state": state,
        "equal": service.equal,
        "settings": service.union,
    }


def standing(one: EnvironmentEntry) -> str:
    """The status in words: what Compose does with the files as they are in a clean clone."""
    if one.status == Status.RESOLVES:
        return "resolves"
    if one.status == Status.REFUSED:
        first = one.errors[0]
        place = f" ({', '.join(first.places[:2])})" if first.places else ""
        more = f"; {len(one.errors) - 1} more" if len(one.errors) > 1 else ""
        return f"cannot be resolved: {first.message}{place}{more}"
    return f"resolves once {' and '.join(_lacking(one))}"


def _lacking(one: EnvironmentEntry) -> Iterator[str]:
    if one.missing:
        yield f"{_listed(one.missing)} {'is' if len(one.missing) == 1 else 'are'} there"
    if one.unset:
        yield f"{_listed(one.unset)} {'is' if len(one.unset) == 1 else 'are'} set"
    if not one.missing and not one.unset:
        yield "its variables are set"


def _listed(names: Sequence[str], limit: int = 3) -> str:
    more = f" and {len(names) - limit} more" if len(names) > limit else ""
    return ", ".join(names[:limit]) + more


def differs(near: NearestEntry) -> str:
    """In what an environment differs from its nearest, in words: services that are equal, that differ, that are missing."""
    states = [service.state for service in near.services]
    parts = []
    for state, words in (
        ("equal", "equal"),
        ("variables", "differ only in variables"),
        ("other", "differ otherwise"),
    ):
        if state in states:
            parts.append(f"{states.count(state)} {words}")
    if near.only_here:
        parts.append(f"{len(near.only_here)} only here")
    if near.only_there:
        parts.append(f"{len(near.only_there)} only there")
    return ", ".join(parts)
