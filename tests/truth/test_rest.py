"""How much is found of what the ground truth marks B to E (corpus `truth/expected_findings.md`): at least 80%.

Every row of the truth that is marked B, C, D or E is one item here, those that nothing finds as well (`None`). The
recorded trees hold no program code: items that rest on it are only looked for in checkouts, whose paths are given by
DOCKWRIGHT_NETRA and DOCKWRIGHT_AARON. A place may be a finding's own or one of its related ones.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from dockwright.report.inventory import inventory
from dockwright.repository.inventory import build
from dockwright.repository.model import Status
from dockwright.repository.repository import Repository
from dockwright.rules.catalogue import all_rules
from dockwright.rules.engine import Outcome, run
from dockwright.trees.disk import DiskTree
from tests.truth.test_expected_findings import AARON, NETRA, judged

Check = Callable[[Repository, Outcome], bool]
ENOUGH = 0.8


class Item(NamedTuple):
    """One row of the truth. `code`: it rests on program code, which the recorded trees do not hold."""

    name: str
    tree: str
    check: Check | None
    code: bool = False


def at(rule: str, path: str, first: int = 0, last: int = 1 << 30, text: str = "") -> Check:
    """A finding of the rule touches these lines of the file."""

    def check(_: Repository, outcome: Outcome) -> bool:
        return any(
            place.path == path and first <= place.line <= last
            for finding in outcome.findings
            if finding.rule == rule and text in finding.message
            for place in (finding.location, *(related.location for related in finding.related))
        )

    return check


def every(*checks: Check) -> Check:
    return lambda repository, outcome: all(check(repository, outcome) for check in checks)


def services(path: str, number: int, *, checked: int, limited: int) -> Check:
    """What the report counts in a compose file: services, those with a health check, those with a memory limit."""

    def check(repository: Repository, _: Outcome) -> bool:
        found = next(one for one in inventory(repository)["compose"] if one["path"] == path)["services"]
        counts = (
            len(found),
            sum(one["health_check"] for one in found),
            sum(bool(one["memory"]) for one in found),
        )
        return counts == (number, checked, limited)

    return check


def unused(*paths: str) -> Check:
    """The files are at most known to documentation, lists of names or tests."""

    def check(repository: Repository, _: Outcome) -> bool:
        items = {item.path: item for item in repository.items()}
        return all(path in items and items[path].status is not Status.LIVE for path in paths)

    return check


def dead(path: str) -> Check:
    return every(unused(path), at("dead-file", path))


STAGING = "docker-compose.staging.yml"
TEST = "deployment/docker-compose.test.yml"
COPIES = ("backend", "auth", "frontend")

ITEMS = [
    Item("N30", NETRA, at("destroys-data", "tests/unified_test_runner.py", 620, 662), code=True),
    Item("N31", NETRA, at("shared-project-name", "docker-compose.yml")),
    Item("N32", NETRA, at("contradictory-default", "docker-compose.yml", 145, 226)),
    Item("N33", NETRA, at("setting-missing-in-sibling", STAGING, 21, 111)),
    Item("N34", NETRA, at("secret-in-compose", STAGING, 44, 333)),
    Item("N35", NETRA, every(*(at("runs-as-root", f"deployment/docker/{name}.gcp.Dockerfile") for name in COPIES))),
    Item("N36", NETRA, every(at("docker-socket-mounted", "docker-compose.pytest.yml", 310, 310),
                             at("trust-authentication", "docker-compose.test.yml", 19, 19))),
    Item("N37", NETRA, at("destroys-data", "deploy_wsl_podman.sh", 10, 12), code=True),
    Item("N38", NETRA, at("dockerfile-in-code", "scripts/deploy_to_gcp.py", 600, 688), code=True),
    Item("N39", NETRA, every(at("container-tool-in-application", "netra_backend/app/startup_module.py", 634, 639),
                             at("container-tool-in-application", "netra_backend/app/tools/sandboxed_interpreter.py")),
         code=True),
    Item("N40", NETRA, at("ports-collide-between-files", STAGING)),
    Item("C start command", NETRA, at("different-start-command", "docker-compose.test.yml", text="backend")),
    Item("C node", NETRA, at("version-skew", "docker/frontend.staging.Dockerfile", text="`node`")),
    Item("C clickhouse", NETRA, at("version-skew", STAGING, text="clickhouse")),
    Item("C CLICKHOUSE_PORT", NETRA, at("different-service-port", STAGING, 53, 53)),
    Item("C gunicorn", NETRA, at("version-skew", "analytics_service/requirements.txt", text="gunicorn"), code=True),
    Item("C build arguments", NETRA, every(at("undeclared-build-argument", "docker-compose.yml", 192, 192),
                                           at("undeclared-build-argument", STAGING, 26, 26),
                                           at("undeclared-build-argument", "docker-compose.alpine.yml", 105, 105))),
    Item("C NEXT_PUBLIC", NETRA, at("runtime-variable-baked-at-build", "docker-compose.test.yml", 243, 243)),
    Item("C cache mounts", NETRA, every(at("defeated-cache-mount", "docker/backend.alpine.Dockerfile", 30, 39),
                                        at("defeated-cache-mount", "docker/backend.optimized.Dockerfile"))),
    Item("C layer order", NETRA, None),
    Item("C docker_environments.yaml", NETRA, None),
    Item("C image names", NETRA, at("image-name-mismatch", "docker-compose.podman.yml", 85, 148)),
    Item("D Dockerfiles nobody builds", NETRA, every(*(dead(f"docker/{name}.Dockerfile") for name in (
        "backend.optimized", "backend.podman-optimized", "frontend.podman", "analytics", "backend.development")))),
    Item("D analytics.gcp", NETRA, unused("deployment/docker/analytics.gcp.Dockerfile",
                                          "deployment/docker/frontend.prod.Dockerfile")),
    Item("D demos", NETRA, every(*(dead(f"Dockerfile.{name}") for name in (
        "collection-demo", "comparison-test", "final-demo", "memory-test", "pytest-optimized")))),
    Item("D build-test", NETRA, dead("build-test/test.Dockerfile")),
    Item("D compose", NETRA, unused("docker-compose.base.yml", "docker-compose.podman-no-dns.yml")),
    Item("D docker/.dockerignore", NETRA, at("unread-ignore-file", "docker/.dockerignore")),
    Item("D dockerfile-snippet", NETRA, None),
    Item("D volumes", NETRA, at("unused-volume", "docker-compose.test.yml", 335, 338)),
    Item("D cloudbuild", NETRA, unused("config/cloudbuild-auth.yaml", "organized_root/deployment/cloudbuild-auth.yaml")),
    Item("E limits", NETRA, at("stale-limits-comment", "docker-compose.yml", 428, 429)),
    Item("E volumes", NETRA, at("stale-count-comment", "docker-compose.unified.yml", 716, 716)),
    Item("E capabilities", NETRA, at("stale-capabilities-comment", "docker/backend.alpine.Dockerfile")),
    Item("E must match", NETRA, every(at("stale-match-comment", "docker/backend.staging.Dockerfile", 3, 3),
                                      at("stale-match-comment", "docker/frontend.staging.Dockerfile", 3, 3))),
    Item("S2", AARON, at("unread-ignore-file", ".config/.dockerignore")),
    Item("S3", AARON, None, code=True),
    Item("S4", AARON, every(at("ignored-start-failure", "deployment/docker-entrypoint.sh", 8, 10),
                            at("ignored-start-failure", TEST, 79, 81)), code=True),
    Item("S5", AARON, at("ignored-container-failure", ".github/workflows/deploy.yml", 66, 97)),
    Item("S6", AARON, at("ignored-container-failure", ".github/workflows/test.yml", 345, 360)),
    Item("S7", AARON, at("code-bind-in-ci-test", TEST, 203, 206)),
    Item("S8", AARON, at("null-override", "deployment/docker-compose.test.ci.yml", 4, 4)),
    Item("S9", AARON, every(at("runs-as-root", "deployment/Dockerfile"), at("no-healthcheck", "deployment/Dockerfile"))),
    Item("S10", AARON, every(at("secret-in-image", "projects/ActionsUptime/backend.Dockerfile", 6, 13),
                             at("database-access-at-build", "projects/ActionsUptime/backend.Dockerfile", 25, 25))),
    Item("S12", AARON, every(at("defeated-cache-mount", "deployment/Dockerfile", 50, 66),
                             at("defeated-cache-mount", "deployment/celery.Dockerfile", 70, 71))),
    Item("S13", AARON, None),
    Item("S14", AARON, at("setting-missing-in-service", TEST, 160, 180)),
    Item("S15", AARON, at("moving-tag", "captain-definition")),
    Item("S16", AARON, at("unused-entrypoint-script", "deployment/docker-entrypoint-test.sh"), code=True),
    Item("S17", AARON, None, code=True),
    Item("S18", AARON, services("deployment/docker-compose.test.yml", 8, checked=3, limited=1)),
]  # fmt: skip
"""S11 and the pairs of C are no findings but overlaps: tests/overlap holds them."""


def found(items: list[Item], facts: dict[str, tuple[Repository, Outcome]]) -> list[str]:
    """The names of the items that are found."""
    return [item.name for item in items if item.check is not None and item.check(*facts[item.tree])]


def tell(items: list[Item], names: list[str]) -> None:
    missing = [item.name for item in items if item.name not in names]
    print(f"{len(names)} of {len(items)} found; not: {', '.join(missing)}")


@pytest.mark.slow
def test_in_the_recorded_trees(corpus: Path) -> None:
    seen = [item for item in ITEMS if not item.code]
    names = found(seen, {tree: judged(corpus / "trees" / tree) for tree in (NETRA, AARON)})
    tell(seen, names)
    assert len(names) >= ENOUGH * len(seen), json.dumps(names)


@pytest.mark.slow
def test_in_checkouts() -> None:
    places = {NETRA: os.environ.get("DOCKWRIGHT_NETRA"), AARON: os.environ.get("DOCKWRIGHT_AARON")}
    if not all(places.values()):
        pytest.skip("DOCKWRIGHT_NETRA and DOCKWRIGHT_AARON name no checkouts")
    facts = {}
    for tree, place in places.items():
        repository = build(DiskTree(Path(place or "")))
        facts[tree] = (repository, run(repository, all_rules()))
    names = found(ITEMS, facts)
    tell(ITEMS, names)
    assert len(names) >= ENOUGH * len(ITEMS), json.dumps(names)
