"""From the names of vertices to instructions and lines."""

import pytest

from dockwright.dockerfile import parse
from dockwright.dockerfile.keys.model import Plan
from dockwright.dockerfile.keys.plan import plan_of
from dockwright.dockerfile.operations.engine import DOCKER_26_1
from dockwright.engine.protocol import Vertex
from dockwright.measure.matching import matched, name_of, numbered, verdict_of

TEXT = b"""FROM base:1 AS build
ARG V=1
COPY a.txt /x
RUN make $V
FROM base:1
WORKDIR /w
ENV A=1
COPY --from=build /x /y
RUN <<EOF
first
second
EOF
RUN last
"""


def plan(text: bytes = TEXT) -> Plan:
    found = plan_of(parse(text, "d/Dockerfile", DOCKER_26_1.frontend), None, DOCKER_26_1)
    assert isinstance(found, Plan)
    return found


def lines(found: Plan, *vertices: Vertex) -> dict[int, str]:
    """The vertices that were given to each line."""
    places = matched(found, vertices)
    return {
        step.origin.lines[0]: ",".join(one.id for one in places[step.index])
        for step in found.counted
        if step.origin is not None and step.index in places
    }


def test_names_as_the_engine_gives_them() -> None:
    found = lines(
        plan(),
        Vertex(id="1", name="[internal] load build context"),
        Vertex(id="2", name="[build 1/3] FROM docker.io/library/base:1"),
        Vertex(id="3", name="[build 2/3] COPY a.txt /x"),
        Vertex(id="4", name="[build 3/3] RUN make 1"),
        Vertex(id="5", name="[stage-1 2/5] WORKDIR /w"),
        Vertex(id="6", name="[stage-1 3/5] COPY --from=build /x /y"),
        Vertex(id="7", name="[stage-1 4/5] RUN <<EOF (first...)"),
        Vertex(id="8", name="[stage-1 5/5] RUN last"),
        Vertex(id="9", name="exporting to image"),
    )
    assert found == {3: "3", 4: "4", 6: "5", 8: "6", 9: "7", 13: "8"}


def test_a_platform_and_padding_are_no_difference() -> None:
    text = b"FROM base:1\n" + b"".join(b"RUN %d\n" % number for number in range(11))
    found = lines(
        plan(text),
        Vertex(id="a", name="[linux/amd64  2/12] RUN 0"),
        Vertex(id="b", name="[linux/amd64->arm64 11/12] RUN 9"),
    )
    assert found == {2: "a", 11: "b"}


def test_what_a_base_image_sets_is_told_by_number_and_keyword() -> None:
    """A variable of a base image that is not known has another text here."""
    text = b"FROM base:1\nRUN one $UNKNOWN\nCOPY $UNKNOWN /x\nRUN two\n"
    found = lines(
        plan(text),
        Vertex(id="a", name="[2/4] RUN one real"),
        Vertex(id="b", name="[3/4] COPY real /x"),
        Vertex(id="c", name="[4/4] COPY not the keyword"),
    )
    assert found == {2: "a", 3: "b"}


def test_a_step_of_two_stages_has_either_name() -> None:
    text = b"FROM base:1 AS one\nRUN same\nRUN one\nFROM base:1 AS two\nRUN same\nCOPY --from=one /x /\n"
    for name in ("[one 2/3] RUN same", "[two 2/3] RUN same"):
        assert list(lines(plan(text), Vertex(id="a", name=name)).values()) == ["a"]


@pytest.mark.parametrize(
    "name", ["[internal] load metadata for docker.io/x", "[auth] x:pull", "exporting to image", "", "[x] y"]
)
def test_what_is_no_instruction(name: str) -> None:
    assert name_of(name) is None


def test_of_two_with_one_name_the_one_on_the_base_counts() -> None:
    source = Vertex(id="s", name="[2/2] ADD https://x/y /", cached=False)
    real = Vertex(id="r", name="[2/2] ADD https://x/y /", inputs=("s", "base"), cached=True)
    assert verdict_of((real, source)).id == verdict_of((source, real)).id == "r"


def test_how_buildah_counts() -> None:
    found = numbered(parse(TEXT, "Dockerfile"))
    assert [(key, one.word, one.line) for key, one in found.items()][:5] == [
        ((0, 1), "FROM", 1),
        ((0, 2), "ARG", 2),
        ((0, 3), "COPY", 3),
        ((0, 4), "RUN", 4),
        ((1, 1), "FROM", 5),
    ]
