"""What the log says of registries and mirrors, and what an image's history says of bytes; nothing is made up."""

import base64
import json

import pytest

from dockwright.dockerfile import parse
from dockwright.dockerfile.keys.model import Plan
from dockwright.dockerfile.keys.plan import plan_of
from dockwright.engine.protocol import HistoryRow, Vertex
from dockwright.engine.rawjson import RawJson
from dockwright.engine.vertices import KEPT_LINES, Vertices
from dockwright.measure.network import downloads, fetched_seconds, registry_seconds
from dockwright.measure.sizes import step_bytes


@pytest.mark.parametrize(
    ("lines", "seconds"),
    [
        (["Fetched 9,000 kB in 1s (8,000 kB/s)"], 1),
        (
            [
                "Get:1 http://x",
                "Fetched 180 MB in 1min 3s (2,857 kB/s)",
                "Fetched 8,786 kB in 2s (5,000 kB/s)",
            ],
            65,
        ),
        (["Fetched 1 GB in 1h 0min 2s (1 B/s)"], 3602),
        (["Fetched from the shelf in 3s"], None),
        ([], None),
    ],
)
def test_what_apt_says(lines: list[str], seconds: float | None) -> None:
    assert fetched_seconds(lines) == seconds


def test_it_is_kept_however_much_is_printed_after_it() -> None:
    raw = RawJson(Vertices())
    text = "Fetched 9,000 kB in 4s (2,000 kB/s)\n" + "Unpacking\n" * 10 * KEPT_LINES
    logs = {"logs": [{"vertex": "d", "data": base64.b64encode(text.encode()).decode()}]}
    raw.feed(json.dumps(logs).encode() + b"\n")
    (one,) = raw.vertices.values()
    assert fetched_seconds(one.facts) == 4
    assert len(one.log) == KEPT_LINES


def test_base_images_are_registry_time() -> None:
    vertices = [
        Vertex(id="1", name="[internal] load metadata for docker.io/library/x:1", seconds=0.5),
        Vertex(id="2", name="[auth] library/x:pull token for registry-1.docker.io", seconds=0.25),
        Vertex(id="3", name="[build 1/3] FROM docker.io/library/x:1", seconds=4),
        Vertex(id="4", name="[build 2/3] RUN echo FROM x", seconds=9),
        Vertex(id="5", name="[internal] load build context", seconds=9),
    ]
    assert registry_seconds(vertices) == 4.75
    assert registry_seconds(vertices[3:]) is None


def plan(text: str) -> Plan:
    found = plan_of(parse(text.encode()))
    assert isinstance(found, Plan)
    return found


@pytest.mark.parametrize(
    ("command", "names"),
    [
        ("pip install x && npm ci", ("pip", "npm")),
        ("apt-get update && apt-get install -y x", ()),
        ("make", ()),
        ("pip uninstall -y x", ()),
    ],
)
def test_who_fetches_without_saying_for_how_long(command: str, names: tuple[str, ...]) -> None:
    (step,) = plan(f"FROM x\nRUN {command}\n").counted
    assert downloads(step) == names


ROWS = (
    HistoryRow('CMD ["x"]', 0, 4.0),
    HistoryRow("RUN /bin/sh -c make # buildkit", 30, 3.0),
    HistoryRow("ENV A=1", 0, 2.0),
    HistoryRow("COPY a /a # buildkit", 20, 2.0),
    HistoryRow("WORKDIR /w", 0, 1.0),
    HistoryRow("RUN /bin/sh -c of the base # buildkit", 999, 0.0),
)  # fmt: skip


def bytes_of(text: str, rows: tuple[HistoryRow, ...] = ROWS) -> dict[int, int]:
    """Bytes by line."""
    found = plan(text)
    return {found.steps[index].origin.lines[0]: size for index, size in step_bytes(found, rows).items()}  # type: ignore[union-attr]


def test_bytes_of_steps_from_the_history() -> None:
    assert bytes_of("FROM x\nWORKDIR /w\nCOPY a /a\nENV A=1\nRUN make\nCMD x\n") == {2: 0, 3: 20, 5: 30}


def test_other_stages_are_not_in_the_image() -> None:
    text = "FROM x AS b\nRUN other\nFROM x\nWORKDIR /w\nCOPY --from=b /a /a\nRUN make\n"
    assert bytes_of(text) == {4: 0, 5: 20, 6: 30}


def test_where_the_words_do_not_fit_nothing_is_said() -> None:
    assert bytes_of("FROM x\nRUN one\nRUN two\nRUN make\n") == {4: 30}
    assert bytes_of("FROM x\nRUN make\n", ()) == {}
