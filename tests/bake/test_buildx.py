"""The real thing: `docker buildx bake --print`, where it is installed (it needs no daemon for this)."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from dockwright import bake
from tests.bake.test_evaluate import PRELUDE, REFUSED, VALUES
from tests.compose.corpus_files import rows
from tests.lab.engine import plugin

pytestmark = pytest.mark.engine


def printed(path: Path, *targets: str, env: dict[str, str] | None = None) -> dict | None:
    command = [*plugin("buildx"), "bake", "--print", "-f", path.name, *targets]
    done = subprocess.run(
        command,
        cwd=path.parent,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **(env or {})},
    )
    return json.loads(done.stdout) if done.returncode == 0 else None


def unescaped(text: str | None) -> str | None:
    return text.replace("$${", "${").replace("%%{", "%{") if text is not None else None


@pytest.mark.slow
def test_values(engine, tmp_path: Path):
    path = tmp_path / "x.hcl"
    for expression, expected in [*VALUES, *((expression, "refused") for expression in REFUSED)]:
        path.write_text(f'{PRELUDE}target "default" {{\n  args = {{\n    X = {expression}\n  }}\n}}\n')
        found = printed(path)
        value = unescaped(found["target"]["default"].get("args", {}).get("X")) if found else "refused"
        assert value == expected, expression


# Wants variables that are not declared; an attribute newer than the buildx at hand; the time of the build.
NOT_COMPARED = {"remsky/Kokoro-FastAPI", "dunglas/frankenphp", "moby/buildkit", "KingInYellow18/medianest"}


@pytest.mark.slow
def test_corpus(engine, corpus: Path, tmp_path: Path):
    compared = 0
    for row in rows(corpus / "bake.public.jsonl.gz"):
        path = tmp_path / str(row["path"]).replace("/", "_")
        path.write_text(str(row["text"]))
        env = {"PYTHON_VERSION": "3.11.4"}
        baked = bake.read(path.read_bytes(), path.name).resolve(env)
        names = [] if baked.default else [*baked.groups][:1] or [*baked.targets][:1]
        found = printed(path, *names, env=env)
        if found is None:
            assert row["repo"] in NOT_COMPARED, row["path"]
            continue
        for name, target in found["target"].items():
            ours = baked.targets[name]
            assert (ours.context.text if ours.context else ".").rstrip("/") == target["context"]
            assert (ours.dockerfile.text if ours.dockerfile else "Dockerfile") == target["dockerfile"]
            assert (ours.target.text if ours.target else None) == target.get("target")
            args = {key: unescaped(value) for key, value in target.get("args", {}).items()}
            assert {key: origin.text for key, origin in ours.args.items()} == args
            tags = list(
                dict.fromkeys(tag.text for tag in ours.tags if tag.text)
            )  # buildx drops repeated ones
            assert tags == target.get("tags", []), row["path"]
            compared += 1
    assert compared > 40
