"""Consecutive commits of real repositories: what is said of each step, and what the engine does.

The repositories are named by `DOCKWRIGHT_REPOSITORIES`: `REPOSITORY,REVISION,DOCKERFILE[,CONTEXT]`, several after blanks.
"""

import os
from pathlib import Path

import pytest

from dockwright.dockerfile import parse
from tests.engine.cache.predict import compare
from tests.engine.cache.repositories import Chosen, built, trivial
from tests.engine.cache.running import summary

NAMES = os.environ.get("DOCKWRIGHT_REPOSITORIES", "").split()
COMMITS = 31


@pytest.mark.engine
@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES or [""])
def test_consecutive_commits(
    engine: None, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if not name:
        pytest.skip("DOCKWRIGHT_REPOSITORIES names no repositories")
    builds = list(built(tmp_path, Chosen.read(name), COMMITS))
    assert len(builds) == COMMITS
    for feedback in (True, False):
        found = summary([(name, compare(builds, feedback=feedback))])
        with capsys.disabled():
            print(f"\n{name}: {found.text}")
        assert found.wrong == []
        assert found.unknown_without_stage == []


def test_a_trivial_dockerfile_keeps_what_the_cache_sees_of_the_context() -> None:
    text = (
        b"ARG V=1\nFROM python:3 AS build\nUSER app\nCOPY --chown=app:app src /s\nRUN pip install x\nFROM build\n"
        b"RUN --mount=type=bind,source=a,target=/a --mount=type=cache,target=/c make\nADD https://example.org/x /x\n"
        b"COPY --from=build /s/out /o\nCMD x\n"
    )
    lines = trivial(parse(text)).split("\n")
    assert lines[:4] == ["ARG V=1", "FROM {base} AS build", "COPY --chown=1000:1000 src /s", lines[3]]
    assert lines[3].startswith("RUN true ")
    assert lines[4] == "FROM build"
    assert lines[5].startswith("RUN --mount=type=bind,source=a,target=/a true ")
    assert lines[6:] == ["COPY --from=build /etc/passwd /from2/", ""]
