"""A compose file meant as an override names the base's services otherwise, so it changes nothing.

An override changes services by name. When the base calls them `dev-postgres` and `dev-api` and the override `postgres`
and `api`, nothing is changed: compose starts both, the base's services as they were and the override's incomplete
ones beside them. The file looks as if it were in force.

Fix: use the base's names. Reported when the two are loaded together (or the file's head says that it extends or
overrides the other) and at least half of its services are not in the base, but one there differs by a prefix or suffix
only. A file that adds services of its own, as monitoring files do, has no such counterparts.
"""

import re
from collections.abc import Iterator

from dockwright.compose.file import ComposeFile
from dockwright.repository.model import ComposeItem
from dockwright.repository.repository import Repository
from dockwright.rules._shared.loading import file_sets
from dockwright.rules.finding import Category, Confidence, Finding, Location, Related, Severity
from dockwright.rules.rule import Bad, Good, Rule

_HEAD = 2000
_COMMENT = re.compile(r"#[^\n]{1,600}+")
_SAYS = re.compile(r"\b(?:extends?|overrid(?:es?|ing)|on top of|overlays?|merged? with)\b", re.IGNORECASE)
SHOWN = 6


def check(repository: Repository) -> Iterator[Finding]:
    seen: set[str] = set()
    for base, item, sure in _pairs(repository):
        if item.path in seen or not item.file.services or not base.file.services:
            continue
        matches = _drift(base.file, item.file)
        if matches:
            seen.add(item.path)
            yield _finding(base, item, matches, sure=sure)


def _pairs(repository: Repository) -> Iterator[tuple[ComposeItem, ComposeItem, bool]]:
    """Base and override: loaded together, or said so in the override's head."""
    by_path = {item.path: item for item in repository.own_composes}
    for paths in file_sets(repository):
        for later in range(1, len(paths)):
            for earlier in paths[:later]:
                if earlier in by_path and paths[later] in by_path:
                    yield by_path[earlier], by_path[paths[later]], True
    for item in by_path.values():
        head = item.source.data[:_HEAD].decode("utf-8", "replace")
        for found in _COMMENT.finditer(head):
            if _SAYS.search(found[0]) is None:
                continue
            for name in re.findall(r"[\w.-]+\.ya?ml", found[0]):
                base = by_path.get((item.path.rpartition("/")[0] + "/" + name).lstrip("/"))
                if base is not None and base is not item:
                    yield base, item, False


def _drift(base: ComposeFile, override: ComposeFile) -> list[tuple[str, str]]:
    """Services of the override that the base lacks, with the one there that is probably meant."""
    missing = [name for name in override.services if name not in base.services]
    free = [name for name in base.services if name not in override.services]
    found = [(name, near) for name in missing if (near := _counterpart(name, free))]
    return found if 2 * len(found) >= len(override.services) and len(found) > 1 else []


def _counterpart(name: str, candidates: list[str]) -> str:
    for other in candidates:
        short, long = sorted((name, other), key=len)
        edges = (long.startswith((f"{short}-", f"{short}_")), long.endswith((f"-{short}", f"_{short}")))
        if len(short) > 1 and any(edges):
            return other
    return ""


def _finding(base: ComposeItem, item: ComposeItem, matches: list[tuple[str, str]], *, sure: bool) -> Finding:
    first = item.file.services[matches[0][0]]
    pairs = ", ".join(f"`{name}` for `{near}`" for name, near in matches[:SHOWN])
    return RULE.finding(
        Location.at(item.source, first.span, f"services.{first.name}"),
        f"is meant to override `{base.path}`, which has other names for {len(matches)} of its "
        f"{len(item.file.services)} services ({pairs})",
        related=[
            Related(Location.at(base.source, base.file.services[near].span), "probably meant")
            for _, near in matches[:SHOWN]
        ],
        confidence=RULE.confidence if sure else Confidence.MEDIUM,
        evidence=["both are loaded together" if sure else "its head says that it extends the other"],
        environment=item.environment,
    )


RULE = Rule(
    id="override-matches-nothing",
    summary="a compose file meant as an override names the base's services otherwise",
    category=Category.BROKEN,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {
                "docker-compose.yml": "services:\n  dev-db:\n    image: postgres:16\n  dev-api:\n    image: api:1\n",
                "docker-compose.alpine.yml": "services:\n  db:\n    image: postgres:16-alpine\n"
                "  api:\n    image: api:1-alpine\n",
                "up.sh": "docker compose -f docker-compose.yml -f docker-compose.alpine.yml up -d\n",
            },
            at="db:",
            says="other names for 2 of its 2 services (`db` for `dev-db`, `api` for `dev-api`)",
        ),
        Good(
            {
                "docker-compose.yml": "services:\n  db:\n    image: postgres:16\n  api:\n    image: api:1\n",
                "docker-compose.monitoring.yml": "services:\n  prometheus:\n    image: prom/prometheus:v3\n"
                "  db-exporter:\n    image: exporter:1\n  grafana:\n    image: grafana/grafana:11\n",
                "up.sh": "docker compose -f docker-compose.yml -f docker-compose.monitoring.yml up -d\n",
            },
            why="it adds services of its own",
        ),
    ),
)
