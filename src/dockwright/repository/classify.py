"""Service, variant and environment of a file, from its name and place, what builds it, and what it holds.

The order of evidence for the service: a word of the file's own name (`backend.dev.Dockerfile`), the nearest folder
that is not just a place for Docker files (`frontend/Dockerfile`), the compose service or bake target that builds it.
A file in a project of its own (another build context) gets the project's folder in front: `shop/web`.
"""

import re
from collections import Counter
from collections.abc import Iterable

import msgspec

from dockwright.compose.model import KeyValue
from dockwright.repository.model import Build, ComposeItem, DockerfileItem, Strength
from dockwright.repository.vocabulary import (
    CI,
    GENERIC_FOLDERS,
    PRODUCTION,
    TEST,
    environment_of,
    is_variant,
    is_version,
    word_set,
    words_of,
)


class NameParts(msgspec.Struct, frozen=True):
    """What a name tells: the service part (perhaps empty) and the flavours in order."""

    service: str
    variants: tuple[str, ...]


_CORE = re.compile(
    r"^(?:docker|container)file(?:[._\-~+@ ]+|$)|(?:^|[._\- ]+)(?:docker|container)file$", re.IGNORECASE
)
_ENDING = re.compile(
    r"\.(?:template|tmpl|tpl|j2|jinja2?|erb|in|example|sample|dist|bak|old|orig|backup\d*)$", re.IGNORECASE
)


def dockerfile_parts(name: str) -> NameParts:
    """`backend.podman-optimized.Dockerfile` → backend; podman-optimized."""
    return _parts(_CORE.sub("", _ENDING.sub("", name)))


_COMPOSE_CORE = re.compile(
    r"(?:docker|podman|container)?[._-]?compose(?=$|[._\-\d])|\.ya?ml.*$|(?<![a-z])override(?![a-z])",
    re.IGNORECASE,
)


def compose_words(name: str) -> list[str]:
    """`docker-compose.test.ci.yml` → test, ci."""
    return words_of(_COMPOSE_CORE.sub("", name).strip("._- "))


def _inline_parts(name: str) -> NameParts:
    """`compose.yaml#web` → web. A mere place (`deploy.py#L601`) names no service, nor does the file around it."""
    inside = name.rpartition("#")[2]
    return NameParts("", ()) if re.fullmatch(r"L\d+", inside) else NameParts(inside, ())


def _parts(text: str) -> NameParts:
    service = ""
    variants: list[str] = []
    for part in re.split(r"(?<!\d)\.|\.(?!\d)|_", text):
        words = words_of(part)
        if not words:
            continue
        if service or all(is_variant(word) for word in words):
            variants.append(part)
            continue
        peeled: list[str] = []
        while len(words) > 1 and is_variant(words[-1]) and words[-1].lower() not in _NAMING:
            peeled.insert(0, words.pop())
        service = "-".join(words) if peeled else part
        variants += peeled
    return NameParts(service, tuple(variants))


_NAMING = frozenset({"base", "builder", "build", "runner"})
"""Last words that make a name of their own (`agent-base`, `static-builder`) rather than flavour one."""


def folder_service(folder: str) -> tuple[str, tuple[str, ...]]:
    """The nearest folder that names a service, and the flavours of the folders passed on the way up."""
    variants: list[str] = []
    for part in reversed(folder.split("/") if folder else []):
        lowered = part.lower()
        if lowered in GENERIC_FOLDERS:
            continue
        if is_version(lowered) or all(is_variant(word) for word in words_of(part) or [part]):
            variants.append(part)
            continue
        return part, tuple(variants)
    return "", tuple(variants)


def _builder_service(builds: Iterable[Build]) -> str:
    """The service most builds of the file call it; test services only when there is no other."""
    names = Counter[str]()
    tests = Counter[str]()
    for build in builds:
        if build.service and build.strength >= Strength.RUN:
            words = words_of(build.service)
            (tests if environment_of(words) else names)[build.service] += 1
    chosen = names or tests
    if not chosen:
        return ""
    most = chosen.most_common(1)[0][1]
    name = next(name for name, count in chosen.items() if count == most)
    words = [word for word in words_of(name) if not is_variant(word)]
    return "-".join(words) if 0 < len(words) < len(words_of(name)) else name


def classify_dockerfile(item: DockerfileItem, environments: Iterable[str] = ()) -> None:
    """Fill in service, variant and environment. `environments`: those of the files that build it, "" for one that is
    not told: only what all builds agree on is the environment of the image.
    """
    folder, _, name = item.path.rpartition("/")
    parts = _inline_parts(name) if item.inline else dockerfile_parts(name)
    service, variants = parts.service, list(parts.variants)
    if not service:
        service, passed = folder_service(folder)
        variants += [variant for variant in passed if variant not in variants]
    if not service:
        service = _builder_service(item.builds)
    item.service = _qualified(item, service, folder)
    item.variant = " ".join(variants)
    known = set(environments)
    item.environment = environment_of([word for variant in variants for word in words_of(variant)]) or (
        known.pop() if len(known) == 1 else ""
    )


def _qualified(item: DockerfileItem, service: str, folder: str) -> str:
    """The service with its project in front, where the file is built in a context of its own."""
    contexts = {build.context for build in item.builds if build.context is not None}
    if len(contexts) != 1:
        return service
    project = contexts.pop().rpartition("/")[2]
    own = folder.split("/") if folder else []
    if not project or project not in own or project.lower() in GENERIC_FOLDERS or project == service:
        return service
    return f"{project}/{service}" if service else project


def classify_compose(item: ComposeItem) -> None:
    """Fill in service (of one-service files), variant and environment of a compose file."""
    folder, _, name = item.path.rpartition("/")
    words = compose_words(name)
    flavours = [word for word in words if is_variant(word)]
    if not flavours:
        flavours = [word for word in folder_service(folder)[1] if word.lower() not in _PLACES]
    item.variant = " ".join(flavours)
    item.environment = compose_environment(item, flavours)
    services = list(item.file.services)
    item.service = services[0] if len(services) == 1 else ""


def compose_environment(item: ComposeItem, flavours: list[str]) -> str:
    """The environment of a compose file: by its name, by most of its services' names, or by the variables it sets."""
    told = [found for word in flavours if (found := environment_of([word]))]
    if told:
        return CI if CI in told and TEST not in told else told[0]
    services = item.file.services
    prefixes = Counter(found for name in services if (found := environment_of(words_of(name)[:1])))
    if prefixes:
        environment, count = prefixes.most_common(1)[0]
        if count * 2 > len(services):
            return environment
        if len(prefixes) > 1:
            return ""  # several environments in one file, by profile
    values = Counter[str]()
    for service in services.values():
        values.update({found for pair in service.environment if (found := _told(pair))})
    if not values:
        return ""
    environment, count = values.most_common(1)[0]
    return environment if count * 2 > values.total() else ""


_PLACES = word_set("deploy release live gcp")
"""Folders that hold what is deployed, or a program of that name: no word about the environment."""
_SETTINGS = word_set("ENVIRONMENT ENV APP_ENV RAILS_ENV FLASK_ENV DJANGO_ENV GO_ENV")


def _told(pair: KeyValue) -> str:
    """The environment a variable of a service tells; `NODE_ENV=production` says only how the code was compiled."""
    value = (pair.value.default or "") if pair.value is not None else ""
    if pair.name in _SETTINGS:
        return environment_of([value])
    found = environment_of([value]) if pair.name == "NODE_ENV" else ""
    return found if found != PRODUCTION else ""
