"""Input that is meant to hurt: each file is read in time and memory in proportion to its size.

The inputs are of a size at which anything quadratic would take minutes.
"""

import random

import pytest

from dockwright.dockerfile import parse
from dockwright.dockerfile.build import MAX_CHAIN
from dockwright.dockerfile.nodes import Problem, Unread
from dockwright.dockerfile.reader import MAX_UNKNOWN

COUNT = 8_000
HOSTILE = {
    "one long line": b"FROM a\nRUN " + b"x" * 10_000_000,
    "one long joined line": b"FROM a\nRUN " + (b"x" * 60_000 + b"\\\n") * 100,
    "many words": b"FROM a\nENV " + b'A="b c" \\\n' * COUNT,
    "an open quote": b"FROM a\nENV " + b'A="b\\" \\\n' * COUNT,
    "many instructions": b"FROM a\n" + b"RUN x\n" * COUNT,
    "one variable": b"FROM a\n" + b"ENV A=$A B=${B:-x}\n" * COUNT,
    "many variables": b"FROM a\n" + b"".join(b"ENV A%d=$A%d\n" % (i, i - 1) for i in range(COUNT)),
    "doubling variables": b"FROM a\nENV A=xxxxxxxx\n" + b"ENV A=$A$A\n" * 100,
    "large values": b"FROM a\nENV A=" + b"x" * 60_000 + b"\nENV B=$A$A$A$A$A$A$A$A\n" + b"COPY $B /x\n" * COUNT,
    "a chain of stages": b"FROM a AS s0\n" + b"".join(b"FROM s%d AS s%d\nENV A%d=$NO\n" % (i, i + 1, i) for i in range(COUNT)),
    "many children": b"FROM a AS p\n" + b"LABEL a=b\n" * 1000 + b"FROM p\n" * COUNT,
    "many triggers": b"FROM a AS p\n" + b"ONBUILD ENV A=1\n" * COUNT + b"FROM p\n" * 1000,
    "many sources": b"FROM a AS p\nFROM b\n" + b"COPY --from=p a b\n" * COUNT,
    "many mounts": b"FROM a AS p\nFROM b\nRUN " + b"--mount=from=p,target=/x\\\n " * COUNT + b"x\n",
    "mount fields": b"FROM a\nRUN --mount=" + b"a=b,\\\n" * COUNT + b"target=/x x\n",
    "open heredocs": b"FROM a\n" + b"RUN <<A <<B\n" * COUNT,
    "many heredocs": b"FROM a\nRUN " + b" ".join(b"<<A%d" % i for i in range(5000)) + b"\n",
    "nested JSON": b"FROM a\nRUN " + b"[" * 60_000 + b"\n",
    "nested substitutions": b"FROM a\nENV A=" + b"${a:-" * 10_000 + b"\n",
    "nested triggers": b"FROM a\n" + b"ONBUILD " * 8000 + b"RUN x\n",
    "patterns": b"FROM a\nENV A=" + b"a" * 60_000 + b"\n" + b"ENV B=${A##" + b"*a" * 1000 + b"b}\nENV B=${A//?/$A}\n",
    "port ranges": b"FROM a\n" + b"EXPOSE 1-65535\n" * 2000,
    "carriage returns": (b"\r" * 1000 + b"\nFROM a\r\n") * 2000,
    "continuations": b"\\\n" * COUNT,
    "comments": b"# a\n" * COUNT,
    "dots": b"FROM " + b"a." * 30_000 + b"\nFROM " + b"a-" * 30_000 + b"/b\n",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files(name):
    data = HOSTILE[name]
    tree = parse(data)
    assert tree.source == data
    assert all(isinstance(problem, Problem) for problem in tree.problems)
    assert tree.template is None
    for stage in tree.stages:
        assert stage.config.stage is stage
        assert stage.environment.get("NOPE") is None
    target = tree.target()
    assert isinstance(target, Problem) or len(target.problems) >= 0


@pytest.mark.slow
def test_noise():
    data = random.Random(1).randbytes(10_000_000)
    tree = parse(data)
    assert tree.source == data
    assert isinstance(tree.nodes[-1], Unread)
    assert len(tree.nodes) < MAX_UNKNOWN * 3
    assert tree.problems


def test_beyond_the_longest_chain_nothing_is_inherited():
    text = "FROM a AS s0\nENV A=1\n" + "".join(f"FROM s{i} AS s{i + 1}\n" for i in range(MAX_CHAIN))
    stages = parse(text.encode()).stages
    assert stages[MAX_CHAIN - 1].environment.get("A") == "1"
    assert stages[MAX_CHAIN].environment.get("A") is None
    assert not stages[MAX_CHAIN].environment.complete
