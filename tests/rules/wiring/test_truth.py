"""What must be found in two real repositories, line by line (trees of the corpus; secrets are redacted in them)."""

import gzip
import json

import pytest

from dockwright.repository.inventory import build
from dockwright.rules.engine import run
from dockwright.trees.memory import MemoryTree
from tests.rules.wiring.families import compose_rules

NETRA = [
    ("shared-project-name", "docker-compose.yml", 0),
    ("contradictory-default", "docker-compose.yml", 226),
    ("different-shared-secret", "docker-compose.dev-optimized.yml", 147),
    ("different-shared-secret", "podman-compose.yml", 102),
    ("setting-missing-in-sibling", "docker-compose.staging.yml", 21),
    ("override-matches-nothing", "docker-compose.alpine.yml", 7),
    ("ports-collide-between-files", "docker-compose.staging.yml", 237),
    ("different-service-port", "docker-compose.staging.yml", 53),
    ("image-name-mismatch", "docker-compose.podman.yml", 85),
    ("stale-count-comment", "docker-compose.unified.yml", 716),
    ("stale-limits-comment", "docker-compose.yml", 428),
    ("stale-limits-comment", "docker-compose.yml", 429),
    ("duplicate-key", "docker-compose.base.yml", 181),
    ("missing-bind-source", "docker-compose.staging.yml", 338),
    ("missing-bind-source", "docker-compose.staging.yml", 339),
    ("bind-hides-image-content", "docker-compose.podman-mac.yml", 260),
    ("cache-volume-beside-workdir", "docker-compose.podman-mac.yml", 261),
    ("missing-app-module", "docker-compose.dev-optimized.yml", 77),
    ("docker-socket-mounted", "docker-compose.pytest.yml", 310),
    ("trust-authentication", "docker-compose.test.yml", 19),
    ("trust-authentication", "docker-compose.resource-optimized.yml", 296),
    ("unused-volume", "docker-compose.test.yml", 335),
    ("unused-volume", "docker-compose.test.yml", 337),
    ("runtime-variable-baked-at-build", "docker-compose.test.yml", 243),
    ("shell-in-exec-healthcheck", "docker-compose.pytest.yml", 165),
    ("shell-in-exec-healthcheck", "docker-compose.pytest.yml", 220),
    ("shell-in-exec-healthcheck", "docker-compose.pytest.yml", 267),
    ("removed-server-option", "docker-compose.unified.yml", 598),
    ("removed-server-option", "docker/backend.alpine.Dockerfile", 120),
    ("different-start-command", "docker-compose.test.yml", 127),
]
AARON = [
    ("missing-program", "deployment/docker-compose.test.yml", 73),
    ("null-override", "deployment/docker-compose.test.ci.yml", 4),
    ("code-bind-in-ci-test", "deployment/docker-compose.test.yml", 204),
    ("trust-authentication", "deployment/docker-compose.test.yml", 9),
    ("setting-missing-in-service", "deployment/docker-compose.test.yml", 162),
    ("no-healthcheck", "deployment/Dockerfile", 1),
    ("no-healthcheck", "deployment/celery.Dockerfile", 4),
    ("no-healthcheck", "deployment/celerybeat.Dockerfile", 1),
    ("no-healthcheck", "deployment/flower.Dockerfile", 1),
]


def findings(corpus, name):
    files, sizes = {}, {}
    with gzip.open(corpus / "trees" / f"{name}.jsonl.gz", "rt") as rows:
        for row in map(json.loads, rows):
            files[row["path"]] = row.get("text") or ""
            if row.get("text") is None:
                sizes[row["path"]] = row.get("size") or 0
    outcome = run(build(MemoryTree(files, sizes=sizes)), compose_rules())
    assert not outcome.crashes, outcome.crashes[0].trace
    return {(finding.rule, finding.location.path, finding.location.line) for finding in outcome.findings}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "expected"), [("netra-345fee14f", NETRA), ("aaronspindler-fc19e04", AARON)])
def test_found_where_it_stands(corpus, name, expected):
    found = findings(corpus, name)
    assert [place for place in expected if place not in found] == []
