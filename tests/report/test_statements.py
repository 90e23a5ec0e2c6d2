"""Every kind of statement that hand-written audits hold stands in ours, computed.

The kinds were taken from five hand-written reports on Docker infrastructure (shared/reports, named here by their numbers), line by line: what
they say, not whether it was true. Each has the section that holds it and what it says of a recorded repository, or
of `examples/sprawl` where it rests on scripts, which the recorded trees do not hold. What cannot be computed from files
stands in docs/statements.md with the reason.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from dockwright.audit.model import About
from dockwright.audit.run import audit
from dockwright.report.build import build
from dockwright.report.markdown.render import render
from dockwright.trees.memory import MemoryTree
from tests.report.test_sections import part
from tests.truth.test_expected_findings import recorded

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
SPRAWL = ROOT / "examples" / "sprawl"
NETRA, AARON = "netra-345fee14f", "aaronspindler-fc19e04"


class Kind(NamedTuple):
    """A kind of statement: the reports it stands in, the repository, the section and what that says there."""

    name: str
    reports: str
    repository: str
    section: str
    says: str


IN_IMAGE = "### `docker/backend.alpine.Dockerfile`"
KINDS = (
    Kind("what was looked at", "0 1 2 3 4", NETRA, "# Docker audit", r"Derived from the files"),
    Kind("summary", "0 1 2 3 4", NETRA, "## Executive summary", r"\*\*16 Dockerfiles of 39 cannot be built\*\*"),
    Kind("counts of files", "0 1 4", NETRA, "## Executive summary", r"\| compose files \| 14 \|"),
    Kind("verdict on images in all", "2 4", NETRA, "## Executive summary", r"Of 39 images: 12 run as root, 13 ship build tools"),
    Kind("priorities", "0 2 4", NETRA, "## What to do first", r"\| 1 \| critical \| .*`\.dockerignore:"),
    Kind("by service and variant", "0", NETRA, "### Dockerfiles by service", r"\| backend \| 9 \| 1 \|"),
    Kind("each Dockerfile", "0 4", NETRA, "### Dockerfiles (39)", r"auth\.alpine\.Dockerfile` \| auth \| alpine \|"),
    Kind("which builds at all", "0", NETRA, "### Dockerfiles (39)", r"backend\.test\.Dockerfile` .*\*\*no\*\*"),
    Kind("lines of a file, last change", "4", AARON, "### Dockerfiles (8)", r"deployment/celery\.Dockerfile` .* \| 87 \|"),
    Kind("build contexts, ignore files", "3 4", AARON, "### Build contexts", r"\| `\.` \| 4 \| .*\*\*none\*\*"),
    Kind("what a copy of everything takes", "4", AARON, "### Medium", r"`whole-context-copied`"),
    Kind("compose files, status, advice", "0 3", NETRA, "### Compose files (14)", r"podman-no-dns.*\| decide \|"),
    Kind("purpose of compose files", "0 3", NETRA, "### Compose files (14)", r"staging\.yml` \| staging \|"),
    Kind("services with health checks and limits", "4", AARON, "### Compose files (2)", r"\| 8 \| 3 of 8 \| 1 of 8 \|"),
    Kind("services: image, Dockerfile, context", "3", NETRA, "### Services in", r"builds `\./docker/backend\.Dockerfile` in `\.`"),
    Kind("services: profiles", "3", NETRA, "### Services in compose files", r"\| `test` \|"),
    Kind("services: start order and conditions", "4", AARON, "### Services in", r"postgres \(service\\_healthy\)"),
    Kind("limits of a service here and there", "2", NETRA, "### Services in", r"\| `backend` \| memory .*; memory"),
    Kind("images of other makers, their tags", "3", NETRA, "### Images taken by name", r"\| `prom/prometheus` \| `latest`"),
    Kind("tags that move", "3", NETRA, "### Medium", r"#### `moving-tag`"),
    Kind("scripts by category", "0", "sprawl", "### Scripts and programs", r"\| cleanup \| 2 \| 2 \|"),
    Kind("what scripts start and destroy", "0", "sprawl", "### Scripts and programs", r"`docker container rm`"),
    Kind("who calls a script", "0", "sprawl", "### Scripts and programs", r"nothing found that calls it"),
    Kind("rival scripts for one task", "0", "sprawl", "#### One task in several", r"\| start \| 3 \|"),
    Kind("scripts left behind", "0 1", "sprawl", "#### Left behind", r"which does not exist"),
    Kind("duplicate scripts", "0", NETRA, "#### Scripts that do the same", r"deploy-docker\.bat`"),
    Kind("workflows that build", "0", NETRA, "### CI workflows", r"deploy-staging\.yml` \| \d+ \|"),
    Kind("files of an environment", "1", NETRA, "## Environments", r"`staging` \| `docker-compose\.staging\.yml`"),
    Kind("Dockerfiles of an environment", "1", NETRA, "### What each environment", r"`staging` \| .*backend\.staging"),
    Kind("ports of environments", "1 4", NETRA, "### Host ports", r"\| `5434/tcp` \| 2 \|"),
    Kind("one service in two environments", "0 2", NETRA, "## Environments", r"limits\.memory` \| `\d+` \| `\d+`"),
    Kind("share two Dockerfiles have in common", "0 4", AARON, "### Dockerfiles that overlap", r"flower\.Dockerfile` \| same instructions 78%"),
    Kind("in what they differ", "0 2 4", AARON, "### Dockerfiles that overlap", r"differences?</summary>"),
    Kind("share of compose settings, variables apart", "0", NETRA, "### Compose files that overlap", r"environment variables \d+%"),
    Kind("lines that could be saved", "4", NETRA, "### Repeated blocks", r"lines saved 44"),
    Kind("versions that contradict", "4", NETRA, "### One base or tool", r"image `node` in \d versions"),
    Kind("findings by weight and service", "0 4", NETRA, "## Findings", r"\| backend \| \d+ \|"),
    Kind("place, reason, repair of a finding", "4", AARON, "### High", r"(?s)\*Why it matters\.\*.*\*What to do\.\*.*\| `[\w/.-]+:\d+` \|"),
    Kind("missing build arguments", "3", NETRA, "### Medium", r"`undeclared-build-argument`"),
    Kind("caches that do nothing", "0 2 3 4", AARON, "### Medium", r"`defeated-cache-mount`"),
    Kind("ways out when something fails", "0 1", "sprawl", "### Medium", r"#### `fallback`"),
    Kind("stages of an image", "0 2 4", NETRA, "## Images (39)", r"docker/auth\.alpine\.Dockerfile` \| `python:3\.11-alpine3\.19` \| 2 of 2"),
    Kind("what some images have and others lack", "0 2 4", NETRA, "### What images have", r"\| backend \| mounts caches .*backend\.alpine"),
    Kind("non-root, capabilities, read-only", "2", NETRA, "### What images have", r"drops capabilities in every service \| 0 \|"),
    Kind("dependencies before code", "0 2 4", NETRA, "### What images have", r"before all of the source is copied \| \d+ \|"),
    Kind("build tools that ship", "2 4", AARON, "### `deployment/flower.Dockerfile`", r"Build tools in the final stage: `gcc`"),
    Kind("what an image installs", "4", AARON, "### `deployment/celery.Dockerfile`", r"with apt: 28 packages \(.*`chromium`"),
    Kind("user, health check, init of an image", "2", NETRA, IN_IMAGE, r"Runs as netra; health check: Dockerfile; init: tini"),
    Kind("command and ports of an image", "2", NETRA, IN_IMAGE, r"Starts `/sbin/tini -- "),
    Kind("limits of an image's services", "2 4", NETRA, IN_IMAGE, r"memory 2G|memory 1G"),
    Kind("strengths and weaknesses of an image", "4", NETRA, IN_IMAGE, r"Findings in this file: .*`defeated-cache-mount`"),
    Kind("security", "2 4", NETRA, "## Security", r"\| Images that run as root \| medium \|"),
    Kind("files before and after", "0 1 4", NETRA, "## Proposed target set", r"\| Dockerfiles after \| "),
    Kind("keep, merge, remove, with reasons", "0 1", NETRA, "## Proposed target set", r"backend\.optimized\.Dockerfile` \| remove \| evidence \|"),
    Kind("callers that break", "1", NETRA, "## Proposed target set", r"\| callers to change \|"),
    Kind("which base is the standard", "0 2", "sprawl", "### Questions the files", r"\*\*web: one file with targets, or several\?\*\*"),
    Kind("phases with risk", "0 2 3 4", NETRA, "## Phases", r"### Phase 1: .* \(risk: medium\)"),
    Kind("steps to tick off", "1 2", NETRA, "## Phases", r"- \[ \] "),
    Kind("how a step is proven", "0 2 3 4", NETRA, "## Phases", r"- Done when "),
    Kind("what was not looked at", "", NETRA, "## Not looked at", r"."),
)  # fmt: skip


@pytest.fixture(scope="module")
def texts(corpus: Path) -> Callable[[str], str]:
    made: dict[str, str] = {}

    def text(name: str) -> str:
        if name not in made:
            tree = _sprawl() if name == "sprawl" else recorded(corpus / "trees" / f"{name}.jsonl.gz")
            made[name] = render(build(audit(tree, about=About(name))))
        return made[name]

    return text


def _sprawl() -> MemoryTree:
    return MemoryTree(
        {
            path.relative_to(SPRAWL).as_posix(): path.read_bytes()
            for path in SPRAWL.rglob("*")
            if path.is_file()
        }
    )


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind_of_statement_is_held(texts: Callable[[str], str], kind: Kind) -> None:
    assert re.search(kind.says, part(texts(kind.repository), kind.section)), kind


def test_no_kind_is_named_twice_and_every_report_has_some() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    assert {number for kind in KINDS for number in kind.reports.split()} == set("01234")
