"""The first difference of two graphs, with both places."""

import pytest

from dockwright.dockerfile import parse
from dockwright.dockerfile.operations.build import build_graph
from dockwright.dockerfile.operations.compare import Kind, compare
from dockwright.dockerfile.operations.model import BuildGraph
from dockwright.dockerfile.settings import Settings

BASE = 'FROM a AS build\nWORKDIR /w\nCOPY x .\nRUN make\nFROM b\nCOPY --from=build /o /o\nRUN go\nCMD ["s"]\n'  # fmt: skip


def graph(text: str, name: str) -> BuildGraph:
    made = build_graph(parse(text.encode(), name).build(Settings(symbolic=True)).target())
    assert isinstance(made, BuildGraph), made
    return made


def compared(after: str, before: str = BASE):
    return compare(graph(before, "A"), graph(after, "B"))


def places(difference):
    return tuple(side and side.place for side in (difference.first, difference.second))


def test_the_same():
    found = compared(BASE.replace("build", "compile"))
    assert found.same
    assert found.difference is None
    assert found.digests[0] == found.digests[1]


CHANGED = {
    "text of a RUN": ("RUN make", "RUN make all", ("A:4", "B:4"), "command"),
    "directory": ("WORKDIR /w", "WORKDIR /v", ("A:2", "B:2"), "path"),
    "source": ("COPY x .", "COPY y .", ("A:3", "B:3"), "src"),
    "in the last stage": ("RUN go", "RUN gone", ("A:7", "B:7"), "command"),
    "base": ("FROM b\n", "FROM c\n", ("A:5", "B:5"), "identifier"),
    "base of another stage": ("FROM a ", "FROM z ", ("A:1", "B:1"), "identifier"),
    "what is copied from a stage": ("/o /o", "/o /p", ("A:6", "B:6"), "dest"),
    "variable": ("RUN go", "ENV E=1\nRUN go", ("A:7", "B:8"), "variable E"),
    "user": ("RUN go", "USER u\nRUN go", ("A:7", "B:8"), "user"),
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_changed_operation(name):
    before, after, where, part = CHANGED[name]
    difference = compared(BASE.replace(before, after)).difference
    assert difference.kind is Kind.CHANGED
    assert places(difference) == where
    assert part in [one.name for one in difference.parts]


def test_an_operation_more_and_one_less():
    more = compared(BASE.replace("RUN make", "RUN prepare\nRUN make")).difference
    assert more.kind is Kind.ADDED
    assert places(more) == ("A:4", "B:4")
    assert more.second.text == "RUN prepare"
    less = compared(BASE, BASE.replace("RUN make", "RUN prepare\nRUN make")).difference
    assert less.kind is Kind.REMOVED
    assert less.first.text == "RUN prepare"
    at_the_end = compared(BASE.replace("RUN go\n", "RUN go\nRUN on\n")).difference
    assert at_the_end.kind is Kind.ADDED
    assert places(at_the_end) == (None, "B:8")


def test_a_variable_is_shown_where_it_is_set():
    found = compared("FROM a\nARG V=1\nFROM a\nENV V=2\nRUN x\n", "FROM a\nENV V=1\nRUN x\n").difference
    assert found.parts[0].places == ("A:2", "B:4")
    found = compared(BASE.replace("RUN go", "ENV E=1\nRUN go")).difference
    assert [one.places for one in found.parts] == [(None, "B:7")]


CONFIG = {
    "command": ('CMD ["s"]', 'CMD ["t"]', "cmd", ("A:8", "B:8")),
    "label": ('CMD ["s"]', 'LABEL l=1\nCMD ["s"]', "label l", ("A", "B:8")),
    "variable": ('CMD ["s"]', 'ENV v=1\nCMD ["s"]', "variable v", ("A", "B:8")),
    "port": ('CMD ["s"]', 'EXPOSE 80\nCMD ["s"]', "ports", ("A", "B:8")),
    "volume": ('CMD ["s"]', 'VOLUME /v\nCMD ["s"]', "volumes", ("A", "B:8")),
    "health": ('CMD ["s"]', 'CMD ["s"]\nHEALTHCHECK CMD x', "health", ("A", "B:9")),
}


@pytest.mark.parametrize("name", CONFIG)
def test_only_the_configuration(name):
    before, after, part, where = CONFIG[name]
    difference = compared(BASE.replace(before, after)).difference
    assert difference.kind is Kind.CONFIG
    assert difference.parts[0].name == part
    assert places(difference) == where


def test_the_order_of_variables_is_a_difference_of_its_own():
    found = compared("FROM a\nENV B=2 A=1\nRUN x\n", "FROM a\nENV A=1 B=2\nRUN x\n").difference
    assert [one.name for one in found.parts] == ["order of variables"]
