"""An override sets a key to null to remove what the base gives, and nothing is removed.

In compose a null in an override *keeps* the base's value (`command`, `entrypoint` and the health check's `test`
excepted). `build: null` beside `image:` still builds; `ports: null` still publishes. Only the tag `!reset` removes:
`build: !reset null` (Compose 2.24.4 and later).

Fix: write `!reset null` in place of the null; the key then really goes away in this environment, which is new.

Reported when a file the override is loaded with gives the key a value; with medium confidence when no command shows
what it is loaded with, and the name (`x.ci.yml` beside `x.yml`) or its content says that it is an override. An empty
key (`ports:`) is not taken for a wish to remove.
"""

from collections.abc import Iterator

from dockwright.compose.yaml.collections import Mapping
from dockwright.repository.model import ComposeItem, Place
from dockwright.rules._shared.loading import companions, is_default, ways
from dockwright.rules.finding import Category, Confidence, Finding, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ServiceSubject, at

CLEARS = frozenset(("command", "entrypoint"))
"""compose-go override/merge.go: null in the override replaces only here (and in healthcheck.test)."""


def check(subject: ServiceSubject) -> Iterator[Finding]:
    node = subject.service.node
    if not isinstance(node, Mapping):
        return
    for entry in node.entries:
        value = entry.value.target
        if not value.is_null or entry.name in CLEARS or entry.value.tag is not None or entry.is_merge:
            continue
        if not value.raw:  # an empty key is rather a forgotten one than a wish to remove
            continue
        base = _base(subject, entry.name)
        if base is None:
            continue
        item, sure = base
        given = item.file.services[subject.service.name].node.get(entry.name)
        assert given is not None, "the base was chosen by this key"
        place = Place(item.source, given.key_span or given.span)
        yield RULE.finding(
            subject.at(entry.span, f"{subject.route}.{entry.name}"),
            f"`{entry.name}` is null, which keeps what `{item.path}` gives; only `!reset` removes it",
            related=[Related(at(place), "still in force")],
            confidence=RULE.confidence if sure else Confidence.MEDIUM,
            service=subject.service.name,
            environment=subject.item.environment,
        )


def _base(subject: ServiceSubject, key: str) -> tuple[ComposeItem, bool] | None:
    """The file whose value stays in force, and whether the two are known to be loaded together."""
    name = subject.service.name
    for way in ways(subject.repository, subject.item):
        for item, _ in way.services(name):
            if item is subject.item:
                break
            if _gives(item, name, key):
                return item, True
    stem = _stem(subject.path)
    if is_default(subject.path):
        return None
    for item in companions(subject.repository, subject.item):
        if (subject.item.fragment or item.path.rpartition(".")[0] == stem) and _gives(item, name, key):
            return item, False
    return None


def _stem(path: str) -> str:
    """`docker-compose.test` of `docker-compose.test.ci.yml`: the file it would override by its name."""
    return path.rpartition(".")[0].rpartition(".")[0] or path


def _gives(item: ComposeItem, service: str, key: str) -> bool:
    found = item.file.services.get(service)
    value = found.node.get(key) if found is not None else None
    return value is not None and not value.is_null


RULE = Rule(
    id="null-override",
    summary="an override sets a key to null, which removes nothing",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  web:\n    build: .\n",
                "compose.override.yaml": "services:\n  web:\n    build: null\n    image: web:ci\n",
                "Dockerfile": "FROM scratch\n",
            },
            at="build: null",
            says="`build` is null, which keeps what `compose.yaml` gives",
        ),
        Good(
            {
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    command: nginx\n    ports: ['80:80']\n",
                "compose.override.yaml": "services:\n  web:\n    command: null\n    ports: !reset null\n"
                "    environment: null\n",
            },
            why="`command: null` clears, `!reset` removes, and the base gives no `environment`",
        ),
    ),
)
