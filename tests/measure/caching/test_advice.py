"""Cache export: what each mode keeps of a build graph, what that costs, and which backend and mode follow."""

import pytest

from dockwright.dockerfile.tree import parse
from dockwright.figures import Basis
from dockwright.measure.caching.advise import Advice, Target, advise
from dockwright.measure.caching.predict import Measured, predict
from dockwright.measure.caching.structure import Structure, structure
from dockwright.replay.result import Counts, DockerfileResult, StepResult
from dockwright.replay.subjects import Files, Subject, define

MULTI = b"""\
FROM node:20 AS deps
COPY package.json ./
RUN --mount=type=cache,target=/root/.npm npm ci
FROM deps AS build
COPY src ./src
RUN npm run build
FROM deps AS unused
RUN echo
FROM nginx:1.27
WORKDIR /srv
COPY --from=build /dist /srv/dist
COPY nginx.conf /etc/nginx/nginx.conf
"""
SINGLE = b"FROM python:3.12\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\n"


def of(data: bytes, target: str = "") -> Structure:
    plan = define(Subject(path="Dockerfile", context="", target=target), Files(data, None)).plan
    assert plan is not None
    return structure(plan, parse(data))


def history(commits: int, **misses: tuple[int, int]) -> DockerfileResult:
    """Misses and unknown outcomes by `stage_line`."""
    steps = []
    for name, (missed, unknown) in misses.items():
        stage, _, line = name.rpartition("_")
        hits = commits - missed - unknown
        steps.append(
            StepResult(stage=stage.replace("_", "-"), line=int(line), last_line=int(line), instruction="", text="", hits=hits,
                       misses=missed, unknown=unknown, shared=Counts(0, 0, 0))
        )  # fmt: skip
    return DockerfileResult(
        path="Dockerfile", context="", target="", commits=commits, untouched=0, untouched_share=0, edited=0,
        buildable=commits, buildable_untouched=0, steps=steps,
    )  # fmt: skip


HISTORY = history(
    100, deps_2=(5, 0), deps_3=(5, 0), build_5=(60, 0), build_6=(60, 0), stage_3_10=(0, 0), stage_3_11=(0, 60),
    stage_3_12=(2, 60),
)  # fmt: skip


def target(
    data: bytes = MULTI, measured: Measured | None = None, past: DockerfileResult | None = None
) -> Target:
    found = of(data)
    least, most = predict(found, measured or Measured(), past)
    return Target(name="web", dockerfile="Dockerfile", structure=found, least=least, most=most)


def advice(*targets: Target, github: bool = False, pushed: bool | None = None) -> Advice:
    return advise(targets, github=github, pushed=pushed)[0]


def test_steps_that_min_keeps() -> None:
    found = of(MULTI)
    assert [(step.stage, step.line, step.kept) for step in found.steps if step.kept] == [
        ("stage-3", 10, True), ("stage-3", 11, True), ("stage-3", 12, True),
    ]  # fmt: skip
    assert sorted(step.line for step in found.lost) == [2, 3, 5, 6]  # the unused stage is not built at all
    last = next(number for number, step in enumerate(found.steps) if step.line == 6)
    assert {step.through for step in found.lost} == {(last,)}
    assert found.cache_mounts == (3,)


def test_a_stage_built_on_another_keeps_it() -> None:
    data = b"FROM debian:12 AS base\nRUN one\nFROM base\nRUN two\n"
    assert of(data).lost == ()
    assert [step.line for step in of(MULTI, "build").lost] == []


def test_a_mount_from_a_stage_leads_through_it() -> None:
    data = (
        b"FROM debian:12 AS tools\nRUN make tools\nFROM debian:12\nRUN --mount=from=tools,target=/t /t/run\n"
    )
    (lost,) = of(data).lost
    assert (lost.line, lost.through) == (2, (of(data).steps.index(lost),))


def test_hits_with_min_are_those_of_the_way_into_the_result() -> None:
    least, most = predict(of(MULTI), Measured(), HISTORY)
    # max: misses 5 + 5 + 60 + 60 + 0 + 0..60 + 2..62 of 700; min: the four lost steps miss with the last, 60 times each.
    assert (most.share.low, most.share.high) == pytest.approx((1 - 252 / 700, 1 - 132 / 700))
    assert (least.share.low, least.share.high) == pytest.approx((1 - 362 / 700, 1 - 242 / 700))
    assert most.share.basis is Basis.DERIVED
    assert (least.steps, most.steps) == (3, 7)


def test_two_ways_into_the_result_are_bounds() -> None:
    data = (
        b"FROM debian:12 AS deps\nRUN deps\nFROM deps AS a\nCOPY a .\nFROM deps AS b\nCOPY b .\n"
        b"FROM scratch\nCOPY --from=a /a /\nCOPY --from=b /b /\n"
    )
    past = history(100, deps_2=(1, 0), a_4=(30, 0), b_6=(50, 0), stage_3_8=(0, 0), stage_3_9=(0, 0))
    least, _ = predict(of(data), Measured(), past)
    whole = 100 * 5
    assert least.share.high == pytest.approx(1 - (50 + 30 + 50) / whole)  # deps runs again 50 times at least
    assert least.share.low == pytest.approx(1 - (80 + 30 + 50) / whole)  # and 80 times at most


SIZES = {
    ("Dockerfile", line): size for line, size in {2: 10, 3: 900, 5: 20, 6: 70, 10: 0, 11: 30, 12: 10}.items()
}
SECONDS = {("Dockerfile", line): 10.0 for line in (2, 3, 5, 6, 10, 11, 12)}


def test_bytes() -> None:
    least, most = predict(of(MULTI), Measured(SIZES, {}, 140.0, 70.0), None)
    assert (least.bytes.low, least.bytes.high) == pytest.approx(
        (20, 70)
    )  # 40 of steps, 100 of the base; half of it
    assert (most.bytes.low, most.bytes.high) == pytest.approx((520, 570))
    assert most.bytes.basis is Basis.ESTIMATED
    least, most = predict(
        of(MULTI), Measured({key: SIZES[key] for key in list(SIZES)[4:]}, {}, 140.0, 70.0), None
    )
    assert least.bytes is not None
    assert most.bytes is None
    assert "lines 2, 3, 5, 6" in most.unknown[0]
    _, most = predict(of(MULTI), Measured(SIZES, {}, 140.0), None)  # nothing compressed is known
    assert (most.bytes.low, most.bytes.high) == (0, 1140)


def test_seconds() -> None:
    least, most = predict(of(MULTI), Measured({}, SECONDS), HISTORY)
    assert (most.rebuild.low, most.rebuild.high) == pytest.approx((13.2, 25.2))
    assert (least.rebuild.low, least.rebuild.high) == pytest.approx((24.2, 36.2))


def test_a_build_in_one_stage() -> None:
    found = advice(target(SINGLE), pushed=True)
    assert (found.mode, found.backend) == ("min", "inline")
    assert found.flags[0] == "--cache-to type=inline"
    assert advice(target(SINGLE), github=True, pushed=False).backend == "gha"
    assert advice(target(SINGLE), pushed=None).backend == "registry"
    assert "mode=min" in advice(target(SINGLE)).flags[0]


def test_a_build_in_stages() -> None:
    found = advice(target(), pushed=True)
    assert (found.mode, found.backend) == ("max", "registry")
    text = " ".join(reason.text for reason in found.reasons)
    assert "keep nothing of stage deps, build (4 of 7 steps, lines 2, 3, 5, 6)" in text
    assert "no backend exports cache mounts: those of lines 3" in text
    assert "bytes of the layers" in found.unknown[0]
    assert not any(reason.text.startswith("the cache of") for reason in found.reasons)


def test_max_that_saves_nothing_is_not_advised() -> None:
    quiet = history(100, deps_2=(0, 0), deps_3=(0, 0), build_5=(0, 0), build_6=(0, 0), stage_3_10=(0, 0), stage_3_11=(0, 0),
                    stage_3_12=(90, 0))  # fmt: skip
    found = advice(target(MULTI, Measured(SIZES, SECONDS), quiet), pushed=True)
    assert (found.mode, found.backend) == ("min", "inline")
    assert any("no difference to pay for" in reason.text for reason in found.reasons)


def test_github_by_predicted_bytes() -> None:
    small = target(MULTI, Measured(dict.fromkeys(SIZES, 10**8), {}, 5e8, 2e8))
    assert advice(small, github=True, pushed=True).backend == "gha"
    large = target(MULTI, Measured(dict.fromkeys(SIZES, 4 * 10**9), {}, 14e9, 7e9))
    found = advice(large, github=True)
    assert found.backend == "registry"
    assert any("push each other out" in reason.text for reason in found.reasons)
    several = [small] * 40
    assert advise(several, github=True, pushed=None)[0].backend == "registry"
    unknown = target()
    assert advise([small, unknown], github=True, pushed=None)[0].backend == "gha"
    assert "not known in bytes" in " ".join(
        one.text for one in advise([small, unknown], github=True, pushed=None)[0].reasons
    )


def test_every_general_statement_has_a_source() -> None:
    for found in (advice(target(), github=True), advice(target(SINGLE), pushed=True)):
        assert all(
            one.source
            for one in found.reasons
            if not one.text.startswith(("expected", "steps that", "nothing in the repository"))
        )
