"""BuildKit's Dockerfile2LLB, run on 194 Dockerfiles, against our stages, variables and settings."""

import json
from pathlib import Path
from typing import Any

import pytest

from dockwright.dockerfile import parse
from dockwright.dockerfile.dialect import Dialect
from dockwright.dockerfile.instructions.types import Run
from dockwright.dockerfile.nodes import Problem
from dockwright.dockerfile.settings import Settings

from . import buildkit_form

REGISTRY = "an image that does not exist; only a registry knows"
DIFFERENCES = {
    "copy_from_missing": REGISTRY,
    "mount/bind_from_missing": REGISTRY,
    "bad_ref": REGISTRY,
}
ADDED_BY_THE_OPERATION = {
    "mount/ssh": "SSH_AUTH_SOCK is put into the process by the ssh mount, it is no variable of the stage",
    "mount/ssh_id": "the same",
}
MERGED = {"identical_stages": "two equal operations are one in LLB"}


@pytest.fixture(scope="module")
def recorded(corpus: Path) -> list[dict[str, Any]]:
    text = (corpus / "conformance" / "llb_cases.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="module")
def built(recorded):
    """Name, expectation and our target of every case, both versions."""
    images = buildkit_form.base_images(recorded[0]["images"])
    found = []
    for row in recorded[1:]:
        for key, dialect in (("expected", Dialect.LATEST), ("expected_0_13", Dialect.V0_13)):
            if row.get(key) is None or row[key].get("ops", "error") is None:
                continue
            name = row["name"] + ("" if key == "expected" else " (0.13)")
            settings = Settings(args=row.get("build_args", {}), target=row.get("target", ""), images=images)
            tree = parse(row["dockerfile"].encode(), dialect=dialect)
            found.append((name, row[key], tree.build(settings).target(row.get("target", ""))))
    return found


def messages(target) -> list[str]:
    return [target.message] if isinstance(target, Problem) else [one.text for one in target.problems]


def test_the_first_error_is_buildkits(built):
    assert len(built) == 215
    different = {}
    for name, expected, target in built:
        wanted = [expected["error"]] if "error" in expected else []
        if messages(target)[: len(wanted) or None] != wanted:
            different[name] = (wanted, messages(target))
    assert set(different) == set(DIFFERENCES), different


def test_image_configuration(built):
    compared = 0
    for name, expected, target in built:
        if "image_config" in expected:
            wanted = {key: value for key, value in expected["image_config"].items() if key != "ArgsEscaped"}
            assert buildkit_form.image_config(target.stage.config) == wanted, name
            compared += 1
    assert compared == 151


def test_environment_directory_user_and_script_of_every_process(built):
    compared = 0
    for name, expected, target in built:
        if name in MERGED or "ops" not in expected:
            continue
        operations = [one for one in expected["ops"] if one["kind"] == "exec"]
        runs = [(stage, one) for stage in target.reached for one in stage.commands if isinstance(one, Run)]
        assert len(runs) == len(operations), name  # which stages are reached
        for operation, (stage, run) in zip(operations, runs, strict=True):
            meta = operation["exec"]["meta"]
            environment = stage.environment_before(run).as_list()
            if name in ADDED_BY_THE_OPERATION:
                environment.append("SSH_AUTH_SOCK=/run/buildkit/ssh_agent.0")
            assert meta["env"] == environment, name
            assert meta["cwd"] == (stage.workdir_before(run) or "/"), name
            assert meta.get("user", "") == (stage.user_before(run) or ""), name
            assert meta["args"] == arguments(stage, run), name
            compared += 1
    assert compared > 100


def arguments(stage, run: Run) -> list[str]:
    if run.form == "json":
        return [word.value for word in run.words]
    script = f"/dev/pipes/{run.heredocs[0].name}" if run.interpreter else run.script.text
    return [*(stage.shell_before(run) or ("/bin/sh", "-c")), script]


def test_only_reached_stages_are_built(built):
    """Each FROM of an image becomes one source operation exactly if its stage is reached."""
    for name, expected, target in built:
        if "ops" not in expected or name in MERGED:
            continue
        sources = {
            tuple(map(tuple, one.get("lines", ()))) for one in expected["ops"] if one["kind"] == "source"
        }
        lines = {stage.from_.node.first_line for stage in target.unreached}
        assert not lines & {first for spans in sources for first, _ in spans}, name
