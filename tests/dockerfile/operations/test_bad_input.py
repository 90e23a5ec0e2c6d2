"""Whatever the file: a graph and a plan, or the error; never an exception, never long, never much memory."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dockwright.dockerfile import parse
from dockwright.dockerfile.keys.plan import plan_of
from dockwright.dockerfile.nodes import Problem
from dockwright.dockerfile.operations.build import build_graph
from dockwright.dockerfile.operations.engine import DOCKER_26_1, NEWEST
from dockwright.dockerfile.operations.llb import as_llb
from dockwright.dockerfile.operations.model import BuildGraph
from dockwright.dockerfile.operations.normal import NormalForm
from tests.dockerfile.corpus_files import dockerfiles

PIECES = [
    "FROM a", "FROM $X", "FROM a AS b", "FROM b", "FROM scratch", "RUN x", "RUN <<E", "E", "COPY a b", "COPY --from=b / /",
    "COPY --from=0 x y", "COPY <<E /f", "ADD http://h/%zz?x#y /z", "ADD https://h/[r].git?ref=1&ref=2#a:b /z", "ADD git@h:x/r /z",
    "RUN --mount=type=bind,from=b,target=x y", "RUN --mount=type=cache,target=c,uid=99999999999,mode=9 y", "WORKDIR ..",
    "WORKDIR $PATH", "ENV A=$A$A B=${B:-$A}", "ARG A", "ARG A=1", "USER :", "COPY --chown=-1:+5 --chmod=777777 a b",
    "COPY --parents a/./*/[ b", "ONBUILD RUN x", "ONBUILD COPY --from=b a b", "SHELL []", 'SHELL ["a"]', "EXPOSE 1-9/udp",
    "VOLUME x", 'COPY [ "a", "" ]', "RUN --device=x,required=maybe y", "RUN --security=insecure --network=host y", "\x00",
    "COPY \udcff /x", "LABEL a=\udc80", "HEALTHCHECK CMD x", "CMD x", "RUN \\", "# syntax=x",
]  # fmt: skip


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14), st.sampled_from([NEWEST, DOCKER_26_1]))
def test_pieces_in_any_order(pieces, engine):
    data = "\n".join(pieces).encode("utf-8", "surrogateescape")
    tree = parse(data, dialect=engine.frontend)
    graph = build_graph(tree.target(), engine)
    plan = plan_of(tree, engine=engine)
    assert isinstance(graph, Problem) is isinstance(plan, Problem)
    if isinstance(graph, BuildGraph):
        assert NormalForm(graph).digest
        for index, one in enumerate(graph.operations):
            assert all(number < index for number in one.inputs)
        as_llb(graph.operations)


def plan(text: str):
    return plan_of(parse(text.encode()))


@pytest.mark.slow
def test_very_many_variables_for_very_many_processes():
    many = "".join(f"ENV V{number}=1\nRUN x\n" for number in range(2000))
    found = plan("FROM a\n" + many)
    assert isinstance(found, Problem)
    assert "too many variables" in found.message


def test_long_values_do_not_make_names_long():
    text = "FROM a\nENV A=" + "x" * 30_000 + "\n" + "COPY f /$A\n" * 400
    found = plan(text)
    assert not isinstance(found, Problem)
    assert sum(len(one.operation.name) for one in found.steps) < 20_000_000


def test_a_chain_of_stages_that_is_too_long():
    text = "FROM a AS s0\n" + "".join(f"FROM s{number} AS s{number + 1}\nRUN x\n" for number in range(250))
    found = plan(text)
    assert isinstance(found, Problem)
    assert "stages built one on the other" in found.message


@pytest.mark.slow
def test_many_sources_and_a_long_chain():
    text = "FROM a\nCOPY " + " ".join(f"f{number}" for number in range(3000)) + " /x/\n" + "RUN x\n" * 2000
    found = plan(text)
    assert not isinstance(found, Problem)
    assert len(found.steps) == 2003


@pytest.mark.slow
def test_every_file_of_the_corpus(corpus):
    made = 0
    for one in dockerfiles(corpus):
        found = plan_of(parse(one.data, one.path))
        made += not isinstance(found, Problem)
    assert made > 1000
