"""The cache over time: certain where it says so, unknown only where a stage is copied from, and why."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dockwright.dockerfile import parse
from dockwright.dockerfile.keys.contents import TreeDigests
from dockwright.dockerfile.keys.model import Plan
from dockwright.dockerfile.keys.outcome import Verdict
from dockwright.dockerfile.keys.plan import plan_of
from dockwright.dockerfile.keys.state import CacheState
from dockwright.dockerfile.operations.engine import DOCKER_26_1, NEWEST, Engine
from dockwright.dockerfile.settings import Settings
from dockwright.trees.context import BuildContext
from dockwright.trees.memory import MemoryTree
from tests.dockerfile.keys.true_cache import TrueCache


def plan(text: str, engine: Engine = DOCKER_26_1) -> Plan:
    made = plan_of(parse(text.encode(), dialect=engine.frontend), engine=engine)
    assert isinstance(made, Plan), made
    return made


def digests(files) -> TreeDigests:
    return TreeDigests.of(BuildContext(MemoryTree(files), "", "Dockerfile"))


TEMPLATE = """FROM base AS one
COPY {a} /a
RUN make {r}
FROM base AS two
RUN setup {s}
COPY --from=one /{o} /o
RUN --mount=type=bind,from=one,source=/m,target=/m use {t}
FROM one AS three
RUN --mount=type=bind,source=b,target=/b more {r}
FROM {final}
COPY --from=two /o /two
COPY --from=three /o{o} /three
COPY b /b
COPY <<EOF /inline
{s}
EOF
RUN --mount=type=secret,id=k finish {t}
"""


def edits(seed: int, count: int):
    """Dockerfile and files of one build after the other, each a small change of the one before."""
    chosen = random.Random(seed)
    values = {"a": "x", "r": "1", "o": "o", "s": "1", "t": "1", "final": "base"}
    choices = {"a": "xy", "r": "12", "o": "op", "s": "12", "t": "12", "final": ("base", "scratch", "other")}
    files = {"x": "1", "y": "1", "b": "1"}
    for _ in range(count):
        if chosen.random() < 0.5:
            name = chosen.choice(list(choices))
            values[name] = chosen.choice(choices[name])
        else:
            files[chosen.choice("xyb")] = chosen.choice("123")
        yield TEMPLATE.format(**values), dict(files)


@pytest.mark.parametrize("engine", [DOCKER_26_1, NEWEST], ids=["0.13", "newest"])
@pytest.mark.parametrize("told", [True, False], ids=["told", "not told"])
@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_what_is_said_to_hit_or_miss_does(engine, told, seed):
    state, true = CacheState(), TrueCache()
    for text, files in edits(seed, 25):
        made, contents = plan(text, engine), digests(files)
        found = state.predict(made, contents)
        real = true.build(made, contents)
        for one in found.outcome.steps:
            if one.verdict is not Verdict.UNKNOWN:
                assert real[one.step.index] == (one.verdict is Verdict.HIT), one
        low, high = found.outcome.hits
        assert low <= sum(real[one.step.index] for one in found.outcome.steps) <= high
        state.record(found, real if told else None)


def test_beyond_the_combinations_looked_at_all_is_possible(monkeypatch):
    monkeypatch.setattr("dockwright.dockerfile.keys.state.MAX_COMBINATIONS", 0)
    state, true, unknown = CacheState(), TrueCache(), 0
    for text, files in edits(3, 20):
        made, contents = plan(text), digests(files)
        found = state.predict(made, contents)
        real = true.build(made, contents)
        for one in found.outcome.steps:
            unknown += one.verdict is Verdict.UNKNOWN
            if one.verdict is not Verdict.UNKNOWN:
                assert real[one.step.index] == (one.verdict is Verdict.HIT), one
        state.record(found)
    assert unknown > 20


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_without_copies_from_stages_nothing_is_unknown(seed):
    chosen = random.Random(seed)
    state, true = CacheState(), TrueCache()
    for _ in range(30):
        text = f"FROM base AS a\nCOPY x /x\nRUN {chosen.choice('12')}\nFROM a\nENV E={chosen.choice('12')}\nRUN y\n"
        made, contents = plan(text), digests({"x": chosen.choice("123")})
        found = state.predict(made, contents)
        real = true.build(made, contents)
        said = {one.step.index: one.verdict is Verdict.HIT for one in found.outcome.steps}
        assert said == {index: real[index] for index in said}
        assert all(one.verdict is not Verdict.UNKNOWN for one in found.outcome.steps)
        state.record(found)


TWO = "FROM base AS b\nCOPY x /x\nRUN make\nFROM base\nCOPY --from=b /o /o\nRUN go\n"


def verdicts(found) -> list[str]:
    return [one.verdict.value for one in found.outcome.steps]


def build(state: CacheState, text: str, files, **told):
    made = plan(text)
    found = state.predict(made, digests(files))
    actual = (
        {one.step.index: told["actual"][n] for n, one in enumerate(found.outcome.steps)} if told else None
    )
    state.record(found, actual)
    return verdicts(found)


def test_a_stage_rebuilt_to_the_same_goes_on_with_the_old_identity():
    state = CacheState()
    build(state, TWO, {"x": "1"})
    assert build(state, TWO, {"x": "2"}, actual=[False, False, True, True]) == [
        "miss",
        "miss",
        "unknown",
        "unknown",
    ]
    more = TWO + "RUN more\n"
    assert build(state, more, {"x": "1"})[-1] == "miss"
    assert build(state, more, {"x": "2"}) == ["hit", "hit", "hit", "hit", "hit"]


def test_a_stage_rebuilt_to_something_else_is_another():
    state = CacheState()
    build(state, TWO, {"x": "1"})
    build(state, TWO, {"x": "2"}, actual=[False] * 4)
    more = TWO + "RUN more\n"
    build(state, more, {"x": "1"})
    assert build(state, more, {"x": "2"}) == ["hit", "hit", "hit", "hit", "miss"]


def test_what_was_not_told_stays_unknown():
    state = CacheState()
    build(state, TWO, {"x": "1"})
    build(state, TWO, {"x": "2"})
    more = TWO + "RUN more\n"
    build(state, more, {"x": "1"})
    assert build(state, more, {"x": "2"}) == ["hit", "hit", "hit", "hit", "unknown"]


def test_a_missing_source_fails():
    found = CacheState().predict(plan("FROM a\nCOPY nope /x\n"), digests({"x": "1"}))
    assert found.outcome.failed
    assert found.outcome.steps[0].cause.selections[0].shown == "nope"


def causes(before, after, files_before, files_after):
    state = CacheState()
    state.record(state.predict(plan(before), digests(files_before)))
    found = state.predict(plan(after), digests(files_after))
    return {one.step.operation.name: one.cause for one in found.outcome.steps if one.cause}


def test_a_checksum_stands_for_the_url():
    text = f"FROM a\nADD --checksum=sha256:{'a' * 64} http://h/d/f /x\n"
    state = CacheState()
    build(state, text, {})
    assert build(state, text.replace("/d/", "/e/"), {}) == ["hit"]
    assert build(state, text.replace("a" * 64, "b" * 64), {}) == ["miss"]
    plain = "FROM a\nADD http://h/d/f /x\n"
    build(state, plain, {})
    assert build(state, plain, {}) == ["hit"]
    assert build(state, plain.replace("/d/", "/e/"), {}) == ["unknown"]


def test_options_that_are_build_arguments():
    text = "FROM a\nRUN --mount=type=cache,target=/c x\n"
    tree = parse(text.encode())
    digests_ = [
        plan_of(tree, Settings(args=args)).steps[1].body
        for args in ({}, {"BUILDKIT_SANDBOX_HOSTNAME": "h"}, {"BUILDKIT_CACHE_MOUNT_NS": "n"})
    ]
    assert digests_[0] != digests_[1]
    assert digests_[0] != digests_[2]


def test_causes():
    text = "FROM a\nCOPY x y /s/\nRUN make\nRUN --mount=target=/m,source=z use\n"
    files = {"x": "1", "y": "1", "z": "1"}
    found = causes(text, text, files, {**files, "y": "2"})
    assert [one.shown for one in found["[stage-0 2/4] COPY x y /s/"].selections] == ["y"]
    make = found["[stage-0 3/4] RUN make"]
    assert (make.own, make.begins_here, len(make.parents)) == (False, False, 1)
    found = causes(text, text.replace("make", "made"), files, files)
    assert found["[stage-0 3/4] RUN made"].own
    last = next(cause for name, cause in found.items() if "use" in name)
    assert not last.begins_here
    found = causes(text, text, files, {**files, "z": "2"})
    assert [one.shown for one in next(iter(found.values())).selections] == ["z"]
    assert len(found) == 1


@pytest.mark.slow
def test_a_long_history_stays_fast_and_small():
    state = CacheState()
    for number in range(300):
        build(state, TWO, {"x": str(number)})
    assert build(state, TWO, {"x": "7"}) == ["hit"] * 4
    assert build(state, TWO, {"x": "new"}) == ["miss", "miss", "unknown", "unknown"]
