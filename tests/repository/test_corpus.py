"""The inventory of real repositories against hand-made ground truth.

The trees hold the configuration of the repositories, not their program code: what only scripts know is checked on
small repositories instead.
"""

import gzip
import json

import pytest

from dockwright.repository.inventory import build
from dockwright.repository.model import Status
from dockwright.trees.memory import Link, MemoryTree, Program

NETRA, AARON = "netra-345fee14f", "aaronspindler-fc19e04"
OTHER_SERVICES = {
    # The truth names these by what they are for, which no name, folder or builder tells.
    "Dockerfile.collection-demo": ("collection", "pytest-demo"),
    "Dockerfile.comparison-test": ("comparison", "pytest-demo"),
    "Dockerfile.final-demo": ("", "pytest-demo"),
    "Dockerfile.memory-test": ("memory", "pytest-demo"),
    "Dockerfile.pytest-optimized": ("pytest", "pytest-runner"),
    "build-test/test.Dockerfile": ("", "scratch test"),
    "docker/pytest.collection.Dockerfile": ("pytest", "pytest-runner"),
    "docker/pytest.execution.Dockerfile": ("pytest", "pytest-runner"),
    "docker/pytest.stress.Dockerfile": ("pytest", "pytest-runner"),
    # Here the truth takes the name of the deployed app, and one spelling for two projects.
    "projects/ActionsUptime/backend.Dockerfile": ("ActionsUptime/backend", "ActionsUptime/web"),
    "projects/ActionsUptime/celery-beat.Dockerfile": (
        "ActionsUptime/celery-beat",
        "ActionsUptime/celerybeat",
    ),
}


def tree(corpus, name):
    files, sizes = {}, {}
    with gzip.open(corpus / "trees" / f"{name}.jsonl.gz", "rt") as lines:
        for line in lines:
            row = json.loads(line)
            text = row.get("text", "")
            files[row["path"]] = {"120000": Link(text), "100755": Program(text)}.get(row["mode"], text)
            if "text" not in row:
                sizes[row["path"]] = row["size"]
    return MemoryTree(files, sizes=sizes)


@pytest.fixture(scope="module")
def netra(corpus):
    return build(tree(corpus, NETRA))


@pytest.fixture(scope="module")
def aaron(corpus):
    return build(tree(corpus, AARON))


def truth(corpus, name):
    return json.loads((corpus / "truth" / f"{name}.inventory.json").read_text())


def own(repository):
    return {item.path: item for item in repository.own_dockerfiles if not item.inline}


@pytest.mark.slow
def test_everything_of_netra_is_found(corpus, netra):
    expected = truth(corpus, "netra")
    assert sorted(own(netra)) == sorted(row["path"] for row in expected["dockerfiles"])
    assert len(own(netra)) == 39
    assert [item.path for item in netra.composes] == sorted(row["path"] for row in expected["compose"])
    assert len(netra.composes) == 14
    assert {item.path: bool(item.read_by) for item in netra.ignores} == {
        ".dockerignore": True,
        "docker/.dockerignore": False,
    }
    workflows = {row["path"] for row in expected["ci"]}
    assert {item.path for item in netra.workflows} | {item.path for item in netra.others} == workflows


@pytest.mark.slow
def test_exactly_these_of_netra_cannot_be_built(corpus, netra):
    expected = {row["path"]: row["buildable_copy"] for row in truth(corpus, "netra")["dockerfiles"]}
    assert {path: item.buildable for path, item in own(netra).items()} == expected
    assert sorted(expected.values()) == [False] * 16 + [True] * 23


@pytest.mark.slow
def test_the_sources_that_netra_lacks(corpus, netra):
    for row in truth(corpus, "netra")["dockerfiles"]:
        expected = {
            (missing["line"], source)
            for missing in row["copy_sources_missing_in_context"]
            for source in missing["src"]
        }
        found = {(fault.place.line, fault.source) for fault in own(netra)[row["path"]].faults}
        # Of a COPY with shell words, the truth lists every word; one fault says it for all.
        shell = {(line, source) for line, source in expected if source in ("/app/", "2>/dev/null", "||")}
        assert found - shell == expected - shell
        assert bool(found & shell) is bool(shell)


@pytest.mark.parametrize("name", ["netra", "aaronspindler"])
@pytest.mark.slow
def test_services(corpus, netra, aaron, name):
    repository = {"netra": netra, "aaronspindler": aaron}[name]
    for row in truth(corpus, name)["dockerfiles"]:
        ours, theirs = OTHER_SERVICES.get(row["path"], (row["service"], row["service"]))
        assert (own(repository)[row["path"]].service, row["service"]) == (ours, theirs)


@pytest.mark.slow
def test_references_of_netra_that_are_not_in_code(corpus, netra):
    kinds = ("compose", "ci", "config", "env-file")
    lost = []
    for kind in ("dockerfiles", "compose"):
        for row in truth(corpus, "netra")[kind]:
            found = {(one.place.path, one.place.line) for one in netra.item(row["path"]).used_by}
            for group in kinds:
                for where in row["referenced_by"].get(group, {"where": []})["where"]:
                    path, _, line = where.rpartition(":")
                    if netra.tree.read(path) and (path, int(line)) not in found:
                        lost.append((row["path"], where))
    assert lost == []


@pytest.mark.slow
def test_missing_dockerfiles_of_netra(netra):
    missing = {
        (build.place.path, build.dockerfile_place.line)
        for build in netra.builds
        if "dockerfile" in build.missing and build.dockerfile_place
    }
    workflows = ".github/workflows"
    assert missing >= {
        (f"{workflows}/deploy-production.yml", 258),
        (f"{workflows}/deploy-production.yml", 280),
        (f"{workflows}/deploy-production.yml", 318),
        (f"{workflows}/deploy-staging.yml", 183),
        (f"{workflows}/deploy-staging.yml", 201),
        (f"{workflows}/deploy-staging.yml", 260),
        (f"{workflows}/config-loop-check.yml", 93),
    }


def test_aaron_is_found_and_alive(corpus, aaron):
    expected = truth(corpus, "aaronspindler")
    assert sorted(own(aaron)) == sorted(row["path"] for row in expected["dockerfiles"])
    assert [item.path for item in aaron.composes] == sorted(row["path"] for row in expected["compose"])
    assert [item.path for item in aaron.bakes] == [row["path"] for row in expected["bake"]]
    assert {item.status for item in (*own(aaron).values(), *aaron.composes, *aaron.bakes)} == {Status.LIVE}
    assert [(item.path, item.read_by) for item in aaron.ignores] == [(".config/.dockerignore", [])]
    assert {item.path for item in aaron.workflows} == {row["path"] for row in expected["ci"]}
    assert all(item.buildable for item in own(aaron).values())


def test_the_bake_targets_of_aaron(aaron):
    assert {
        (build.service, build.context, build.dockerfile) for build in aaron.builds if build.kind == "bake"
    } == {
        ("web", "", "deployment/Dockerfile"),
        ("test", "", "deployment/Dockerfile"),
        ("celery", "", "deployment/celery.Dockerfile"),
        ("celerybeat", "", "deployment/celerybeat.Dockerfile"),
        ("flower", "", "deployment/flower.Dockerfile"),
    }


@pytest.mark.slow
def test_after_the_clean_up(corpus):
    repository = build(tree(corpus, "netra-401ccb26f"))
    assert len(own(repository)) == 15
    assert len(repository.own_composes) == 4


@pytest.mark.slow
def test_every_repository_of_the_corpus_has_an_inventory(corpus):
    repositories: dict[str, dict[str, str]] = {}
    for name in ("dockerfiles", "compose", "bake"):
        with gzip.open(corpus / f"{name}.public.jsonl.gz", "rt") as lines:
            for line in lines:
                row = json.loads(line)
                repositories.setdefault(row["repo"], {})[row["path"]] = row["text"]
    assert len(repositories) > 35
    for files in repositories.values():
        repository = build(MemoryTree(files))
        found = {item.path for item in repository.items()}
        lost = {path for path in files if path not in found}
        # Files taken for Docker files by hand that are programs which write or test Dockerfiles.
        assert {path for path in lost if not path.endswith((".backup", "_temp"))} <= {
            "test/unit/data/test_compose/with_mmproj.yaml"
        }
