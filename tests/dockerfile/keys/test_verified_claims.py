"""294 claims about the cache, each of which a real build showed, against what we predict."""

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from tests.dockerfile.keys.claims import files, ignore, language, runs, stages

MODULES: tuple[ModuleType, ...] = (files, ignore, language, runs, stages)
TRANSFER = "an artefact of the transfer: the client's and the daemon's copies differ, the keys are right"
NOT_IN_A_TREE = "a tree has no such mode or attribute (git keeps 644 and 755 only)"
LEGACY = "the legacy builder, which is not followed"
DAEMON = "only a daemon that builds can refuse it"
LEFT_OUT = {
    "D12": "a remote git context has no ignore file because it is another way to ask for a build",
    **{f"G0{number}": LEGACY for number in range(1, 10)},
    "K02b": TRANSFER,
    "K03": NOT_IN_A_TREE,
    "K04": NOT_IN_A_TREE,
    "K04b": NOT_IN_A_TREE,
    "K04d": TRANSFER,
    "K07": NOT_IN_A_TREE,
    "K07b": TRANSFER,
    "K38i": "the network is asked while building",
    "K38k": "a bug of the download: wrong bytes under a right key",
    "K61": NOT_IN_A_TREE,
    "K73": TRANSFER,
    "P22": DAEMON,
    "P24": DAEMON,
    "P28": "the build command chooses the frontend",
}
OTHER_THAN_THE_CLAIM_SAYS = {
    "K64": "the two tags were different images there, so its step missed; for one image under two tags it hits (K44)",
}


def claims() -> dict[str, Callable[[], object]]:
    return {
        name.upper() if len(name) == 3 else name[0].upper() + name[1:]: function
        for module in MODULES
        for name, function in vars(module).items()
        if callable(function) and name[:1] in "kdprs" and name[1:3].isdigit()
    }


@pytest.fixture(scope="module")
def rows(corpus: Path) -> list[dict[str, object]]:
    text = (corpus / "conformance" / "cache_verified.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.slow
def test_every_claim_is_predicted_or_left_out_with_a_reason(rows):
    made = claims()
    wrong = {}
    for row in rows:
        name = str(row["id"])
        if name in LEFT_OUT:
            assert name not in made, name
            continue
        found = made[name]()
        if name in OTHER_THAN_THE_CLAIM_SAYS:
            assert found == [True], name
            continue
        if found != row["cached_or_result"]:
            wrong[name] = (row["claim"], row["cached_or_result"], found)
    assert wrong == {}
    assert len(rows) == 294
    assert set(made) | set(LEFT_OUT) == {str(row["id"]) for row in rows}
