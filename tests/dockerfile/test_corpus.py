"""Every Dockerfile of the corpus: lossless, never an exception, and refused only where BuildKit refuses it."""

from pathlib import Path

import pytest

from dockwright.dockerfile import parse
from dockwright.dockerfile.nodes import Problem

from .corpus_files import CorpusFile, dockerfiles
from .invariants import check_syntax

REDACTED = "the corpus replaced a line's end, continuation included, as if it were a secret"
SHELL_TEXT = "text for the shell runs over several lines without a continuation"
BACKSLASHES = "a doubled backslash does not continue the line"
SWALLOWED = "a backslash at the end of the last line swallows the next instruction"
NOTHING = "all lines are comments"
FRAGMENT = "a fragment without FROM"
TEST_INPUT = "an input of BuildKit's own parser tests, not meant to be built"
SCRIPT = "a Python or shell script under a name like a Dockerfile's"
TYPO = "a typing error"

REFUSED = {
    "JoeyJoziah/investment-analysis-platform infrastructure/docker/backend/Dockerfile.optimized": SHELL_TEXT,
    "bamr87/barodybroject archive/Dockerfile.old": NOTHING,
    "bamr87/barodybroject archive/Dockerfile.ruby": NOTHING,
    "dunglas/frankenphp static-builder-musl.Dockerfile": REDACTED,
    "locotoki/alfred-agent-platform-v2 services/slack-adapter/Dockerfile": BACKSLASHES,
    "locotoki/alfred-agent-platform-v2 services/social-intel/Dockerfile.fix": FRAGMENT,
    "mailcow/mailcow-dockerized data/Dockerfiles/dovecot/Dockerfile": REDACTED,
    "netra-345fee14f docker/requirements/dockerfile-snippet.txt": FRAGMENT,
    "netra-401ccb26f docker/requirements/dockerfile-snippet.txt": FRAGMENT,
    "sutazai/sutazaiapp agents/ollama_integration/Dockerfile": BACKSLASHES,
    "sutazai/sutazaiapp backend/Dockerfile.secure": SWALLOWED,
    "sutazai/sutazaiapp backups/import_cleanup/ULTRA_DOCKERFILE_ANALYSIS.py.1935048.backup": SCRIPT,
    "sutazai/sutazaiapp backups/import_cleanup/ultra-dockerfile-migration.py.1935048.backup": SCRIPT,
    "sutazai/sutazaiapp backups/import_cleanup/ultra-dockerfile-migrator.py.1935048.backup": SCRIPT,
    "sutazai/sutazaiapp backups/straggler-migration-20250811_013846/Dockerfile.1754869126.backup": SWALLOWED,
    "sutazai/sutazaiapp docker/alpine-base-fix/Dockerfile": SWALLOWED,
    "sutazai/sutazaiapp docker/base/Dockerfile.ai-ml-master": TYPO,
    "sutazai/sutazaiapp docker/base/Dockerfile.database-master": TYPO,
    "sutazai/sutazaiapp docker/base/Dockerfile.monitoring-master": TYPO,
    "sutazai/sutazaiapp docker/base/Dockerfile.nodejs-service-master": SHELL_TEXT,
    "sutazai/sutazaiapp docker/nginx/Dockerfile": SWALLOWED,
    "sutazai/sutazaiapp docker/services/agents/deployment-automation-master/Dockerfile": SWALLOWED,
    "sutazai/sutazaiapp docker/services/agents/infrastructure-devops-manager/Dockerfile": SWALLOWED,
    "sutazai/sutazaiapp docker/services/agents/senior-ai-engineer/Dockerfile": SWALLOWED,
    "sutazai/sutazaiapp docker/templates/Dockerfile.python-service-template": TYPO,
    "sutazai/sutazaiapp frontend/Dockerfile.secure": SWALLOWED,
    "sutazai/sutazaiapp scripts/maintenance/cleanup/ultra_dockerfile_consolidation.sh_temp": SCRIPT,
    "sutazai/sutazaiapp ultracleanup_backup_20250811_145137/docker/base/Dockerfile.python-agent-master": SHELL_TEXT,
    "teoat/reconciliation-platform-378 Dockerfile.frontend.optimized": TYPO,
}
PARSER_TESTS = {
    f"moby/buildkit frontend/dockerfile/parser/{name}/Dockerfile"
    for name in (
        "testfiles-negative/empty_dockerfile",
        "testfiles-negative/env_no_value",
        "testfiles-negative/only_comments",
        "testfiles-negative/shykes-nested-json",
        "testfiles/flags",
        "testfiles/health",
        "testfiles/jeztah-invalid-json-json-inside-string",
        "testfiles/jeztah-invalid-json-json-inside-string-double",
        "testfiles/jeztah-invalid-json-single-quotes",
        "testfiles/jeztah-invalid-json-unterminated-bracket",
        "testfiles/jeztah-invalid-json-unterminated-string",
        "testfiles/json",
    )
}
"""TEST_INPUT."""

TEMPLATES = {
    "containers/ai-lab-recipes training/tests/provision/templates/Containerfile.j2": "jinja",
    "docker-library/wordpress Dockerfile.template": "jq",
    "fluxo-kt/aza-pg docker/postgres/Dockerfile.template": "mustache",
    "fluxo-kt/aza-pg docker/postgres/regression.Dockerfile.template": "mustache",
    "locotoki/alfred-agent-platform-v2 templates/healthcheck.Dockerfile.tmpl": "go",
    "nginxinc/docker-nginx Dockerfile-alpine-otel.template": "percent",
    "nginxinc/docker-nginx Dockerfile-alpine-perl.template": "percent",
    "nginxinc/docker-nginx Dockerfile-alpine-slim.template": "percent",
    "nginxinc/docker-nginx Dockerfile-alpine.template": "percent",
    "nginxinc/docker-nginx Dockerfile-debian-otel.template": "percent",
    "nginxinc/docker-nginx Dockerfile-debian-perl.template": "percent",
    "nginxinc/docker-nginx Dockerfile-debian.template": "percent",
    "sutazai/sutazaiapp backups/import_cleanup/generate-dockerfile.py.1935048.backup": "mustache",
}
"""Files whose text or name shows a template; a path through `{{cookiecutter…}}` comes on top."""


@pytest.fixture(scope="module")
def files(corpus: Path) -> tuple[CorpusFile, ...]:
    return dockerfiles(corpus)


def test_all_are_read(files):
    assert len(files) == 1839


@pytest.mark.slow
def test_syntax_is_lossless_and_every_part_knows_its_place(files):
    for file in {file.data: file for file in files}.values():
        check_syntax(parse(file.data, file.path))


@pytest.mark.slow
def test_only_what_buildkit_refuses_is_refused(files):
    trees = {f"{file.repository} {file.path}": parse(file.data, file.path) for file in files}
    refused = {name for name, tree in trees.items() if tree.problems and tree.template is None}
    assert refused == set(REFUSED) | PARSER_TESTS


def test_templates_are_recognised(files):
    found = {}
    for file in files:
        template = parse(file.data, file.path).template
        if template is not None and "{{" not in file.path:
            found[f"{file.repository} {file.path}"] = template
    assert found == TEMPLATES


@pytest.mark.slow
def test_meaning_never_raises(files):
    for file in {file.data: file for file in files}.values():
        tree = parse(file.data, file.path)
        target = tree.target()
        if isinstance(target, Problem):
            assert not tree.stages
            continue
        assert set(target.reached) | set(target.unreached) == set(tree.stages)
        assert all(isinstance(problem, Problem) for problem in target.problems)
        for stage in tree.stages:
            assert isinstance(stage.environment.as_list(), list)
            assert stage.config.exposed_ports is not None
