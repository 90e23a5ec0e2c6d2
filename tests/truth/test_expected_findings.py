"""What a perfect audit reports of two hand-audited repositories (corpus `truth/expected_findings.md`).

The recorded trees hold no program code, and taking out secrets damaged some files: findings in scripts, N4 and N17 are shown
on a checkout instead (docs/acceptance.md).
"""

import gzip
import json
import re
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

from dockwright.compose.collisions.meet import between
from dockwright.compose.collisions.model import Kind
from dockwright.compose.load.render import data
from dockwright.repository.inventory import build
from dockwright.repository.repository import Repository
from dockwright.repository.stacks import known, whole
from dockwright.rules.catalogue import all_rules
from dockwright.rules.engine import Outcome, run
from dockwright.trees.memory import Link, MemoryTree

NETRA = "netra-345fee14f.jsonl.gz"
AARON = "aaronspindler-fc19e04.jsonl.gz"

FOUND = [
    ("N2", NETRA, "docker/backend.alpine.Dockerfile", 30, 39, "install-without-dependencies"),
    ("N3", NETRA, "docker/backend.alpine.Dockerfile", 110, 125, "removed-server-option"),
    ("N5", NETRA, "docker/pytest.execution.Dockerfile", 99, 99, "copy-shell-syntax"),
    ("N6", NETRA, "docker/pytest.collection.Dockerfile", 59, 66, "copy-source-missing"),
    ("N7", NETRA, "docker-compose.base.yml", 180, 351, "duplicate-key"),
    ("N8", NETRA, "docker-compose.alpine.yml", 3, 116, "override-matches-nothing"),
    ("N9", NETRA, ".github/workflows/deploy-production.yml", 258, 318, "missing-dockerfile"),
    ("N9", NETRA, ".github/workflows/deploy-staging.yml", 183, 260, "missing-dockerfile"),
    ("N10", NETRA, ".github/workflows/config-loop-check.yml", 93, 93, "missing-dockerfile"),
    ("N11", NETRA, ".github/workflows/startup-validation-tests.yml", 108, 108, "missing-service"),
    ("N13", NETRA, "docker-compose.pytest.yml", 165, 267, "shell-in-exec-healthcheck"),
    ("N14", NETRA, "docker-compose.unified.yml", 598, 598, "removed-server-option"),
    ("N15", NETRA, "docker-compose.podman-mac.yml", 260, 261, "bind-hides-image-content"),
    ("N18", NETRA, "docker-compose.staging.yml", 338, 339, "missing-bind-source"),
    ("N21", NETRA, "Dockerfile.collection-demo", 12, 22, "bash-syntax-in-sh"),
    ("N31", NETRA, "docker-compose.yml", 0, 0, "shared-project-name"),
    ("N32", NETRA, "docker-compose.yml", 145, 226, "contradictory-default"),
    ("N33", NETRA, "docker-compose.staging.yml", 21, 111, "setting-missing-in-sibling"),
    ("N34", NETRA, "docker-compose.staging.yml", 44, 333, "secret-in-compose"),
    ("N35", NETRA, "deployment/docker/backend.gcp.Dockerfile", 0, 999, "runs-as-root"),
    ("N36", NETRA, "docker-compose.pytest.yml", 310, 310, "docker-socket-mounted"),
    ("N36", NETRA, "docker-compose.test.yml", 19, 19, "trust-authentication"),
    ("N40", NETRA, "docker-compose.staging.yml", 0, 999, "ports-collide-between-files"),
    ("C", NETRA, "docker-compose.yml", 192, 192, "undeclared-build-argument"),
    ("C", NETRA, "docker/backend.optimized.Dockerfile", 35, 60, "defeated-cache-mount"),
    ("C", NETRA, "docker-compose.podman.yml", 85, 148, "image-name-mismatch"),
    ("D", NETRA, "docker/.dockerignore", 0, 0, "unread-ignore-file"),
    ("D", NETRA, "docker-compose.test.yml", 335, 338, "unused-volume"),
    ("S1", AARON, "deployment/docker-compose.test.yml", 60, 90, "missing-program"),
    ("S2", AARON, ".config/.dockerignore", 0, 0, "unread-ignore-file"),
    ("S4", AARON, "deployment/docker-compose.test.yml", 79, 81, "ignored-start-failure"),
    ("S5", AARON, ".github/workflows/deploy.yml", 66, 97, "ignored-container-failure"),
    ("S6", AARON, ".github/workflows/test.yml", 345, 360, "ignored-container-failure"),
    ("S8", AARON, "deployment/docker-compose.test.ci.yml", 4, 4, "null-override"),
    ("S9", AARON, "deployment/Dockerfile", 0, 999, "runs-as-root"),
    ("S10", AARON, "projects/ActionsUptime/backend.Dockerfile", 6, 13, "secret-in-image"),
    ("S12", AARON, "deployment/Dockerfile", 50, 66, "defeated-cache-mount"),
    ("S15", AARON, "captain-definition", 0, 9, "moving-tag"),
]


@cache
def judged(path: Path) -> tuple[Repository, Outcome]:
    repository = build(recorded(path))
    return repository, run(repository, all_rules())


def recorded(path: Path) -> MemoryTree:
    """A tree of the corpus."""
    files: dict[str, str | Link] = {}
    sizes = {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            text = row.get("text") or ""
            files[row["path"]] = Link(text or "nowhere") if row["mode"] == "120000" else text
            sizes[row["path"]] = row["size"] or 0
    return MemoryTree(files, sizes=sizes)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "tree", "path", "first", "last", "rule"), FOUND, ids=lambda value: str(value)[:40]
)
def test_found(corpus: Path, name: str, tree: str, path: str, first: int, last: int, rule: str) -> None:
    _, outcome = judged(corpus / "trees" / tree)
    places = [
        (location.path, location.line)
        for finding in outcome.findings
        if finding.rule == rule
        for location in (finding.location, *(other.location for other in finding.related))
    ]
    assert any(where == path and first <= line <= last for where, line in places), (name, places[:20])


@pytest.mark.slow
def test_no_rule_fails(corpus: Path) -> None:
    for tree in (NETRA, AARON):
        assert judged(corpus / "trees" / tree)[1].crashes == []


@pytest.mark.slow
def test_exactly_the_sixteen_cannot_be_built(corpus: Path) -> None:
    repository, _ = judged(corpus / "trees" / NETRA)
    truth = json.loads((corpus / "truth" / "netra.inventory.json").read_text("utf-8"))
    wrong = {row["path"] for row in truth["dockerfiles"] if not row["buildable_copy"]}
    assert len(wrong) == 16
    files = [item for item in repository.dockerfiles if not item.inline]
    assert {item.path for item in files if item.buildable is False} == wrong
    assert len(files) == 39
    assert len(repository.composes) == 14
    assert len(repository.ignores) == 2


@pytest.mark.slow
def test_traps_are_not_reported(corpus: Path) -> None:
    _, outcome = judged(corpus / "trees" / NETRA)
    said = [f"{finding.rule} {finding.message}" for finding in outcome.findings]
    assert not [text for text in said if "__tests__" in text and text.startswith("copy-source")]
    assert not [text for text in said if "frontend/lib" in text]
    assert not [text for text in said if "BUILDKIT_INLINE_CACHE" in text]
    names = ("get_numeric_container_id.py", "service_container.py", "ToastContainer.tsx")
    assert not [finding for finding in outcome.findings if finding.location.path.endswith(names)]


def test_ports_of_resolved_stacks_that_meet_are_in_the_findings(corpus: Path) -> None:
    """The rule reads files, the collision model what they resolve to: of netra's stacks they tell the same ports."""
    repository, outcome = judged(corpus / "trees" / NETRA)
    told: dict[str, set[str]] = {}
    for finding in outcome.findings:
        if finding.rule == "ports-collide-between-files":
            places = {finding.location.path, *(one.location.path for one in finding.related)}
            for path in places:
                told.setdefault(path, set()).update(re.findall(r"\d{4,5}", finding.message))
    stacks = [
        (one.files[0], data(found.project))
        for one in known(repository)
        if len(one.files) == 1 and (found := whole(repository, one)).project is not None
    ]
    met = [
        (a, b, one.value.partition("/")[0].rpartition(":")[2])
        for (a, left), (b, right) in combinations(stacks, 2)
        for one in between(left, right)
        if a != b and one.kind is Kind.PORT and one.a.service != one.b.service
    ]
    assert len(met) == 82
    assert [one for one in met if one[2] not in told.get(one[0], set()) | told.get(one[1], set())] == []
