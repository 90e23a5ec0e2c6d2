"""The figures of the corpus (truth/replay.md) over the real histories, which are not in it.

`DOCKWRIGHT_NETRA` and `DOCKWRIGHT_AARON` name repositories (bare ones too) with the whole history.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

THREE_MONTHS = "2025-08-21T16:53:10Z"
"""Before the audited commit of aaronspindler (2025-11-21T11:53:10-05:00)."""


def repository(variable: str) -> str:
    found = os.environ.get(variable, "")
    if not found:
        pytest.skip(f"{variable} does not name a repository with its whole history")
    return found


def replayed(*arguments: str) -> dict[tuple[str, str], dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "dockwright", "replay", *arguments, "--format", "json"],
        capture_output=True,
        check=True,
    )
    return {(one["path"], one["label"]): one for one in json.loads(done.stdout)["dockerfiles"]}


def percent(one: dict[str, Any]) -> float:
    return round(100 * one["untouched_share"], 1)


@pytest.mark.slow
def test_netra() -> None:
    found = replayed(repository("DOCKWRIGHT_NETRA"), "--at", "345fee14f")
    backend = found["docker/backend.Dockerfile", ""]
    assert backend["commits"] == 4608
    assert backend["edited"] == 13
    steps = {step["line"]: step for step in backend["steps"]}
    dependencies = steps[16]
    assert (
        dependencies["misses"] == 28
    )  # 27 commits touch what it is made of; the first one builds it: it survives 99.4 %
    assert round(100 * dependencies["hits"] / 4608, 1) == 99.4
    code = steps[48]["misses"] + steps[48]["unknown"] - dependencies["misses"]
    assert round(100 * code / 4608, 1) == 32.0  # commits that change code inputs, and no dependency
    expected = {
        "docker/backend.Dockerfile": 67.2,
        "docker/backend.alpine.Dockerfile": 71.1,
        "docker/backend.staging.Dockerfile": 81.5,
        "deployment/docker/backend.gcp.Dockerfile": 81.6,
        "docker/auth.Dockerfile": 94.2,
        "docker/frontend.Dockerfile": 91.5,
        "deployment/docker/frontend.gcp.Dockerfile": 90.3,
        "docker/analytics.Dockerfile": 98.1,
    }
    # the truth counts the first commit by what it touches, a replay counts it as built: one commit of 4,608 to either side
    far = {
        path: share
        for path, share in expected.items()
        if abs(100 * found[path, ""]["untouched_share"] - share) > 0.05 + 100 / 4608
    }
    assert far == {}


@pytest.mark.slow
def test_aaron(tmp_path: Path) -> None:
    where = repository("DOCKWRIGHT_AARON")
    later = subprocess.run(
        ["git", "-C", where, "show", "dbfba57:.dockerignore"], capture_output=True, check=True
    ).stdout
    (tmp_path / "later").write_bytes(later)
    found = replayed(
        where, "--at", "fc19e04", "--since", THREE_MONTHS, "--ignore-file", str(tmp_path / "later")
    )
    for path in ("deployment/Dockerfile", "deployment/celery.Dockerfile", "deployment/flower.Dockerfile"):
        plain, ignored = (one for (name, _), one in sorted(found.items()) if name == path)
        assert (plain["commits"], percent(plain), percent(ignored)) == (484, 1.2, 21.7)
    web = found["deployment/Dockerfile", ""]
    last = next(step for step in web["steps"] if step["text"].startswith("COPY . "))
    blamed = {source["source"]: round(100 * source["first"] / 484) for source in last["sources"]}
    assert blamed["."] == 76
    assert blamed["static"] == 9
    assert blamed["requirements/base.txt"] == 6
