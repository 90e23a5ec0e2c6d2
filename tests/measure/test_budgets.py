"""Measured budgets and what grew."""

from datetime import UTC, datetime

from dockwright.budgets import limits
from dockwright.config import load
from dockwright.ledger.model import Part, Run, Step
from dockwright.measure.budgets import exceeded


def declared(text: str):
    return limits(load(f"[budgets]\n{text}", "dockwright.toml").budgets)


def run(**more) -> Run:
    return Run(kind="image", target="web", at=datetime(2026, 1, 1, tzinfo=UTC), **more)


def part(kind: str, name: str, size: int, line: int = 0) -> Part:
    return Part(kind=kind, name=name, bytes=size, path="Dockerfile" if line else "", line=line)


def test_kept_or_not_measured() -> None:
    found = declared('image.web = "100 B"\ndead = 0\nrebuild.web = "5 s"')
    assert exceeded(found, run(values={"image_bytes": 100, "dead_bytes": 0})) == []
    assert exceeded(found, run(values={})) == []
    assert exceeded(found, run(values={"seconds": 50})) == []  # a plain build is no rebuild


def test_what_grew_is_named() -> None:
    before = run(
        values={"image_bytes": 90},
        parts=(
            part("instruction", "RUN a", 40, 2),
            part("instruction", "RUN b", 50, 3),
            part("package", "curl", 5),
        ),
    )
    now = run(
        values={"image_bytes": 200},
        parts=(
            part("instruction", "RUN a", 40, 7),  # moved, not grown
            part("instruction", "RUN b", 60, 8),
            part("instruction", "RUN c", 100, 9),
            part("package", "curl", 6),
            part("package", "gcc", 99),
        ),
    )
    (over,) = exceeded(declared('image.web = "100 B"'), now, before)
    assert (over.value, over.before, over.limit.amount) == (200, 90, 100)
    assert [cause.text for cause in over.causes] == [
        "instruction `RUN c` (Dockerfile:9) grew by 100 B to 100 B",
        "package `gcc` grew by 99 B to 99 B",
        "instruction `RUN b` (Dockerfile:8) grew by 10 B to 60 B",
    ]
    assert over.message == (
        "web: image is 200 B, and the budget is 100 B; it was 90 B before; "
        + ", ".join(c.text for c in over.causes)
    )


def test_without_an_earlier_run_the_largest_are_named() -> None:
    now = run(
        values={"dead_bytes": 30},
        parts=(part("dead", "RUN a", 10, 2), part("dead", "RUN b", 20, 3), part("instruction", "RUN z", 99)),
    )
    (over,) = exceeded(declared("dead = 0"), now)
    assert [cause.text for cause in over.causes] == [
        "dead `RUN b` (Dockerfile:3) 20 B",
        "dead `RUN a` (Dockerfile:2) 10 B",
    ]
    assert over.before is None


def test_the_step_that_ran_again() -> None:
    def steps(*given):
        return tuple(
            Step(name=n, seconds=s, cached=c, path="Dockerfile", line=i)
            for i, (n, s, c) in enumerate(given, 1)
        )

    before = run(
        scenario="source",
        values={"seconds": 2},
        steps=steps(("FROM", 0, True), ("RUN pip", 0, True), ("COPY", 1, False)),
    )
    now = run(
        scenario="source",
        values={"seconds": 42},
        steps=steps(("FROM", 0, True), ("RUN pip", 40, False), ("COPY", 1, False)),
    )
    (over,) = exceeded(declared('rebuild = "5 s"'), now, before)
    assert [cause.text for cause in over.causes] == [
        "step `RUN pip` (Dockerfile:2) took 40.0 s, and was cached before"
    ]
    assert exceeded(declared('rebuild.web = {cold = "5 s"}'), now, before) == []
    (over,) = exceeded(declared('rebuild = "5 s"'), now)
    assert over.causes[0].text == "step `RUN pip` (Dockerfile:2) took 40.0 s"


def test_steps_of_a_build_stand_for_the_instructions_of_its_image() -> None:
    def made(size: int) -> Run:
        step = Step(name="COPY app", path="Dockerfile", line=4, bytes=size)
        return run(values={"image_bytes": 100 + size}, steps=(Step(name="RUN x", bytes=100), step))

    (over,) = exceeded(declared('image = "150 B"'), made(90), made(20))
    assert [cause.text for cause in over.causes] == [
        "instruction `COPY app` (Dockerfile:4) grew by 70 B to 90 B"
    ]
