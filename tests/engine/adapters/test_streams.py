"""What builders print, in every shape it comes in: rawjson pretty and one a line, Podman's steps."""

import base64
import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockwright.engine.plain import Plain
from dockwright.engine.protocol import Vertex, Warned
from dockwright.engine.rawjson import RawJson, moment
from dockwright.engine.vertices import KEPT_LINES, SETTLING, Vertices, union


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


OBJECTS = [
    {"vertexes": [{"digest": "d1", "name": "[internal] load build context"}]},
    {"vertexes": [{"digest": "d1", "name": "[internal] load build context", "started": "2026-11-21T07:00:00.5Z",
                   "completed": "2026-11-21T07:00:01.500000001Z"}]},
    {"vertexes": [{"digest": "d1", "name": "[internal] load build context", "started": "2026-11-21T07:00:03Z",
                   "completed": "2026-11-21T07:00:04+00:00"}]},
    {"statuses": [{"id": "transferring context:", "vertex": "d1", "current": 20}]},
    {"statuses": [{"id": "transferring context:", "vertex": "d1", "current": 26}]},
    {"vertexes": [{"digest": "d2", "name": "[2/2] RUN echo '{'", "inputs": ["d1"], "started": "2026-11-21T07:00:05Z"}]},
    {"logs": [{"vertex": "d2", "stream": 1, "data": encoded("one\ntw")}, {"vertex": "d2", "data": encoded('o\n\\ {"}')}]},
    {"vertexes": [{"digest": "d2", "name": "[2/2] RUN echo '{'", "started": "2026-11-21T07:00:05Z",
                   "completed": "2026-11-21T07:00:07Z", "error": 'exit code: 1 } \\" {'}]},
    {"vertexes": [{"digest": "d3", "name": "[1/2] FROM x", "cached": True, "started": "2026-11-21T07:00:05Z",
                   "completed": "2026-11-21T07:00:05Z", "progressGroup": {"id": "g", "name": "n", "weak": True}}]},
    {"vertexes": [{"digest": "d3", "name": "[1/2] FROM x", "completed": "0001-01-01T00:00:00Z"}]},
    {"warnings": [{"vertex": "d3", "level": 1, "short": encoded("a word"), "range": [{"start": {"line": 5}}]}]},
    {"unknown": {"deep": [1, {"x": None}]}},
]  # fmt: skip
TRAILER = 'Dockerfile:2\n--------------------\n   1 |     FROM x\n   2 | >>> RUN { "x"\nERROR: failed to solve: exit code: 1\n'


def text(style: str) -> bytes:
    """The objects as one builder or another prints them, with plain text before and after."""
    if style == "pretty":
        objects = "\n".join(json.dumps(one, indent=2) for one in OBJECTS) + "\n"
    elif style == "lines":
        objects = "".join(json.dumps(one) + "\n" for one in OBJECTS)
    else:
        objects = "".join(json.dumps(one) for one in OBJECTS) + "\n"
    return f"#0 building\n{objects}{TRAILER}".encode()


def read(data: bytes, size: int) -> RawJson:
    raw = RawJson(Vertices())
    for start in range(0, len(data), size):
        raw.feed(data[start : start + size])
    raw.close()
    return raw


@pytest.mark.parametrize("style", ["pretty", "lines", "one line"])
@pytest.mark.parametrize("size", [1, 7, 1 << 20])
def test_every_shape_says_the_same(style: str, size: int) -> None:
    raw = read(text(style), size)
    context, run, from_ = raw.vertices.values()
    assert (context.bytes, context.cached, round(context.seconds, 6)) == (26, False, 2.0)
    assert context.done == "transferring context:"
    assert run.log == ("one", "two", '\\ {"}')
    assert (run.error, run.seconds, run.inputs) == ('exit code: 1 } \\" {', 2.0, ("d1",))
    assert not run.succeeded
    assert (from_.cached, from_.group, from_.succeeded, from_.executed) == (True, "g", True, False)
    assert list(raw.warnings) == [Warned("a word", 5)]
    assert raw.text[0] == "#0 building"
    assert raw.text[-1] == "ERROR: failed to solve: exit code: 1"


@given(st.binary(max_size=400), st.integers(1, 50))
def test_noise_is_plain_text(noise: bytes, size: int) -> None:
    raw = read(noise, size)
    if b"{" not in noise:
        assert list(raw.vertices.values()) == []
        assert "".join("".join(raw.text).split()) == "".join(noise.decode("utf-8", "replace").split())


@given(st.integers(0, len(text("pretty"))), st.binary(max_size=30))
def test_a_stream_cut_anywhere(at: int, noise: bytes) -> None:
    raw = read(text("pretty")[:at] + noise, 4096)
    whole = {one.id: one for one in read(text("pretty"), 4096).vertices.values()}
    for one in raw.vertices.values():  # nothing is made up: what is there was in the stream
        assert one.id in whole
        assert whole[one.id].name.startswith(one.name) or not one.name


def test_what_is_kept_of_output_is_bounded() -> None:
    raw = RawJson(Vertices())
    for number in range(500):
        lines = encoded(f"line {number}\n" + "x" * 10_000)
        raw.feed(json.dumps({"logs": [{"vertex": "d", "data": lines}]}).encode() + b"\n")
    (one,) = raw.vertices.values()
    assert len(one.log) <= KEPT_LINES + 1
    assert sum(map(len, one.log)) < 100_000


def test_moments() -> None:
    assert moment("2026-11-21T07:54:22.655320993Z") == pytest.approx(1795247662.655321, abs=1e-6)
    assert moment("2026-11-21T08:54:22.5+01:00") == 1795247662.5
    assert [moment(one) for one in ("", None, "0001-01-01T00:00:00Z", "soon")] == [None] * 4


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 10))))
def test_time_counts_once(spans: list[tuple[int, int]]) -> None:
    intervals = [(float(start), float(start + length)) for start, length in spans]
    covered = {point for start, length in spans for point in range(start, start + length)}
    assert union(intervals) == len(covered)


PODMAN = """\
[1/2] STEP 1/3: FROM localhost/base AS b
[1/2] STEP 2/3: COPY a.txt /e/
--> Using cache b8f1d3e3e48596c067d99f2f7283b9f470d1914422e79433d389aac154c946b8
--> b8f1d3e3e48
[1/2] STEP 3/3: RUN echo "STEP 3/3: x"
STEP 9/9: not a step
--> c48644e5e80
[2/2] STEP 1/2: FROM localhost/base
[2/2] STEP 2/2: RUN echo fin
fin
[2/2] COMMIT localhost/x
--> 2b66511fd6f
2b66511fd6f4541b87c0f30d5518678932586c824bcc7b46bda15cf5b79cc37e
"""


def podman(out: str, err: str = "", size: int = 5) -> Plain:
    ticks = itertools.count(100)
    plain = Plain(Vertices(), clock=lambda: float(next(ticks)))
    for start in range(0, len(out), size):
        plain.out(out.encode()[start : start + size])
    plain.err(err.encode())
    plain.close()
    return plain


def test_steps_of_podman() -> None:
    found = podman(PODMAN).vertices.values()
    assert [one.place for one in found] == [(0, 1), (0, 2), (0, 3), (1, 1), (1, 2)]
    assert [one.cached for one in found] == [False, True, False, False, False]
    assert found[2].log == ("STEP 9/9: not a step",)
    assert found[4].log == ("fin",)
    assert all(one.completed is not None and one.seconds > 0 for one in found)


def test_a_step_that_fails_in_podman() -> None:
    out = "STEP 1/3: FROM localhost/base\nSTEP 2/3: RUN false\nsaid\n"
    plain = podman(out, 'warned\nError: building at STEP "RUN false": while running runtime: exit status 1\n')
    first, second = plain.vertices.values()
    assert not first.error
    assert second.error.startswith("Error: building at STEP")
    assert second.log == ("said", "warned")
    assert plain.said[-1] == second.error


def test_many_vertices_are_not_all_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dockwright.engine.vertices.MAX_VERTICES", 3)
    vertices = Vertices()
    for number in range(10):
        vertices.get(str(number)).name = "x"
    assert len(vertices.values()) == 3


def test_whoever_watches_is_told() -> None:
    seen: list[Vertex] = []
    raw = RawJson(Vertices(seen.append))
    raw.feed(text("lines"))
    assert [one.name for one in seen][:2] == ["[internal] load build context"] * 2
    assert any(one.error for one in seen)


def test_a_step_that_has_just_begun_is_given_time() -> None:
    """A cancellation that meets a container while it is being started is lost (seen with BuildKit 0.13)."""
    raw = RawJson(Vertices())
    assert raw.vertices.settling() == 0.0
    begun = {"digest": "d", "name": "[2/2] RUN x", "started": "2026-11-21T07:00:05Z"}
    raw.feed(json.dumps({"vertexes": [begun]}).encode() + b"\n")
    assert 0.5 < raw.vertices.settling() <= SETTLING
    raw.feed(json.dumps({"vertexes": [{**begun, "completed": "2026-11-21T07:00:06Z"}]}).encode() + b"\n")
    assert raw.vertices.settling() == 0.0
