"""Cache predictions against BuildKit: no step said to hit or miss may do otherwise."""

import os
from pathlib import Path

import pytest

from tests.engine.cache import running, vectors
from tests.engine.cache.builder import steps
from tests.engine.cache.running import Summary
from tests.engine.cache.scenarios import SCENARIOS
from tests.engine.cache.vectors import Built

EDITS = int(os.environ.get("DOCKWRIGHT_ENGINE_EDITS", "5"))
"""Of each scenario; what is recorded has 8."""
MOST_UNKNOWN = 0.05


def kept(histories: list[tuple[str, Built]]) -> list[Summary]:
    """Hold what is promised: nothing wrong, little unknown, and nothing unknown where no stage is copied from."""
    found = [running.judge(histories, feedback=feedback) for feedback in (True, False)]
    for one in found:
        assert one.wrong == []
        assert one.unknown_without_stage == []
        assert one.unknown <= MOST_UNKNOWN, one.text
    return found


@pytest.mark.engine
@pytest.mark.slow
def test_what_is_built_now(engine: None, tmp_path: Path) -> None:
    seed = os.environ.get("DOCKWRIGHT_ENGINE_SEED", "1")
    histories = running.build_all(tmp_path, seed, EDITS)
    with_feedback, without = kept(histories)
    assert len(histories) >= 40
    assert with_feedback.outcomes == without.outcomes >= 1500
    assert min(with_feedback.verdicts["hit"], with_feedback.verdicts["miss"]) > 300


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(vectors.FOLDER.glob("*.jsonl.gz")), ids=lambda path: path.name)
def test_what_was_built_once(path: Path) -> None:
    """The same without an engine, on recorded builds."""
    histories = list(vectors.read(path))
    assert {name for name, _ in histories} <= {scenario.name for scenario in SCENARIOS}
    for one in kept(histories):
        assert one.outcomes >= 1500


def test_there_are_recorded_builds() -> None:
    assert list(vectors.FOLDER.glob("*.jsonl.gz"))


def test_a_wrong_word_is_found() -> None:
    """The comparison itself: a recorded build turned round is told."""
    name, built = next(vectors.read(min(vectors.FOLDER.glob("*.jsonl.gz"))))
    state, steps_ = built[0]
    turned = [(state, {step: not hit for step, hit in steps_.items()}), *built[1:]]
    assert running.judge([(name, turned)], feedback=True).wrong


PRINTED = """#1 noise
{
  "vertexes": [
    {"digest": "d1", "name": "[1/3] FROM base", "started": "t", "completed": "t", "cached": true},
    {"digest": "d2", "name": "[2/3] COPY a /"},
    {"digest": "d2", "name": "[2/3] COPY a /", "started": "t", "cached": true},
    {"digest": "d2", "name": "[2/3] COPY a /", "started": "t", "completed": "t"}
  ]
}
{"statuses": [{"id": "x"}]}
{"vertexes": [{"digest": "d3", "name": "[build 3/3] RUN {x", "started": "t"}, {"digest": "d4", "name": "[b 1/1] RUN never"},
 {"digest": "d5", "name": "[internal] load build context", "started": "t"}]}
Dockerfile:1
"""


def test_what_rawjson_says() -> None:
    assert steps(PRINTED) == {"[2/3] COPY a /": True, "[build 3/3] RUN {x": False}
