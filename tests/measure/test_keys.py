"""Keys that outlive a process say of a build what the model of the cache says of it in one."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockwright.dockerfile import parse
from dockwright.dockerfile.keys.contents import TreeDigests
from dockwright.dockerfile.keys.model import Plan
from dockwright.dockerfile.keys.outcome import StepOutcome, Verdict
from dockwright.dockerfile.keys.plan import plan_of
from dockwright.dockerfile.operations.engine import DOCKER_26_1
from dockwright.dockerfile.settings import Settings
from dockwright.measure.keys import Known, StepKey, keys_of
from dockwright.trees.context import BuildContext
from dockwright.trees.memory import MemoryTree
from tests.engine.cache import vectors
from tests.engine.cache.predict import BASE, IMAGES, matched
from tests.engine.cache.predict import given as given_state

TEXT = (
    "FROM base:1 AS b\nARG V=1\nCOPY a /a\nRUN make $V\n"
    "FROM base:1\nWORKDIR /w\nCOPY --from=b /a /a\nCOPY c /c\nRUN end\n"
)
FILES = {"a": "1", "c": "1"}
Keys = dict[int, StepKey | None]


def planned(text: str = TEXT, args: dict[str, str] | None = None) -> Plan:
    tree = parse(text.encode(), "Dockerfile", DOCKER_26_1.frontend)
    found = plan_of(tree, Settings(args=args or {}), DOCKER_26_1)
    assert isinstance(found, Plan)
    return found


def keys(plan: Plan, files: dict[str, str], *, no_cache: bool = False) -> Keys:
    """The keys of all counted steps, by line."""
    digests = TreeDigests.of(BuildContext(MemoryTree({**files, "Dockerfile": ""}), "", "Dockerfile"))
    found = keys_of(plan, digests, no_cache=no_cache)
    return {one.origin.lines[0]: found[one.index] for one in plan.counted if one.origin is not None}


def after(first: Keys, second: Keys) -> str:
    """What is said of the second build after the first, a letter a step."""
    known = Known().with_keys([one.text for one in first.values() if one is not None])
    return "".join(known.verdict(one).value[0] for _, one in sorted(second.items()))


def test_the_same_again_hits() -> None:
    assert after(keys(planned(), FILES), keys(planned(), FILES)) == "hhhhhh"


def test_a_file_of_the_last_copy() -> None:
    assert after(keys(planned(), FILES), keys(planned(), {**FILES, "c": "2"})) == "hhhhmm"


def test_what_only_building_shows_is_unknown() -> None:
    assert after(keys(planned(), FILES), keys(planned(), {**FILES, "a": "2"})) == "mmhuuu"


def test_an_argument_and_a_text() -> None:
    assert after(keys(planned(), FILES), keys(planned(args={"V": "2"}), FILES)) == "hmhuuu"
    assert after(keys(planned(), FILES), keys(planned(TEXT.replace("end", "other")), FILES)) == "hhhhhm"


def test_without_the_cache_all_but_a_first_workdir_misses() -> None:
    """As BuildKit 0.13 does: WORKDIR is not told to pass the cache over, what it stands on may be."""
    again = TEXT.replace("COPY c", "WORKDIR /z\nCOPY c")
    first = keys(planned(again), FILES)
    assert after(first, keys(planned(again), FILES, no_cache=True)) == "mmhmmmm"


def test_a_missing_file_ends_what_can_be_said() -> None:
    assert after(keys(planned(), FILES), keys(planned(), {"a": "1"})) == "hhhhff"


def test_of_a_target_that_was_never_recorded_nothing_is_said() -> None:
    key = keys(planned(), FILES)[3]
    assert Known().verdict(key) is Verdict.UNKNOWN
    assert Known(complete=True).verdict(key) is Verdict.MISS


@given(st.lists(st.sampled_from(["a", "c"]), max_size=3))
def test_keys_depend_on_nothing_else(names: list[str]) -> None:
    files = {**FILES, **{f"unused-{name}": name for name in names}}
    assert keys(planned(), files) == keys(planned(), FILES)


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(vectors.FOLDER.glob("*.jsonl.gz")), ids=lambda path: path.name)
def test_recorded_builds_of_a_real_engine(path: Path) -> None:
    """Every step said to hit or miss did, over all recorded histories; what a build leaves is known to the next."""
    said = 0
    for name, built in vectors.read(path):
        known = Known(complete=True)
        for state, actual in built:
            one = given_state(state)
            tree = parse(one.text.encode(), path=one.path, dialect=DOCKER_26_1.frontend)
            plan = plan_of(tree, Settings(args=one.args, target=one.target, images=IMAGES), DOCKER_26_1)
            assert isinstance(plan, Plan)
            found = keys_of(plan, TreeDigests.of(one.context))
            outcomes = [StepOutcome(step, known.verdict(found[step.index])) for step in plan.counted]
            steps = {text.replace("--from=base ", f"--from={BASE} "): hit for text, hit in actual.items()}
            real = matched(outcomes, steps)
            for outcome in outcomes:
                if outcome.verdict is not Verdict.UNKNOWN:
                    said += 1
                    hit = outcome.verdict is Verdict.HIT
                    assert hit is real[outcome.step.index], (
                        name,
                        outcome.step.operation.name,
                        outcome.verdict,
                    )
            known = known.with_keys([key.text for key in found if key is not None])
    assert said > 1000
