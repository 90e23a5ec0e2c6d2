"""The table of a pair names every setting that differs, with both values and their places."""

import pytest
from hypothesis import given

from dockwright.overlap.difference import difference
from dockwright.overlap.similarity import alignment
from tests.overlap.samples import SPELLINGS, Spelling, files, plans


def rows(first, second):
    one, other = files(first, second)
    found = difference(one, other, alignment(one, other))
    return [
        (row.aspect, row.name, [(cell.text, cell.place.line) for cell in row.a], [(cell.text, cell.place.line) for cell in row.b])
        for row in found.rows
    ]  # fmt: skip


CASES = {
    "base image": ("FROM a:1\n", "FROM a:2\n", [("base image", "", [("a:1", 1)], [("a:2", 1)])]),
    "package added": (
        "RUN apt-get install -y git\n",
        "RUN apt-get install -y \\\n  curl \\\n  git\n",
        [("package", "apt curl", [], [("curl", 2)])],
    ),
    "package version": (
        "RUN pip install a==1\n",
        "RUN pip install a==2\n",
        [("package", "pip a", [("a==1", 1)], [("a==2", 1)])],
    ),
    "variable": ("ENV A=1 B=2\n", "ENV A=1 B=3\n", [("variable", "B", [("2", 1)], [("3", 1)])]),
    "variable missing": ("ENV A=1\n", "ENV B=1\n", [("variable", "A", [("1", 1)], []), ("variable", "B", [], [("1", 1)])]),
    "copy": ("COPY a /x\n", "COPY --chown=1 b /x\n", [("copy", "/x", [("a", 1)], [("b --chown=1", 1)])]),
    "command": ("RUN a x && b\n", "RUN a y && b\n", [("command", "a", [("a x", 1)], [("a y", 1)])]),
    "cache mount": (
        "RUN --mount=type=cache,target=/c a\n",
        "RUN a\n",
        [("mount", "type=cache,target=/c", [("type=cache,target=/c", 1)], [])],
    ),
    "user": ("USER a\n", "", [("user", "", [("a", 1)], [])]),
    "health check": (
        "HEALTHCHECK --interval=1s CMD a\n",
        "HEALTHCHECK --interval=2s CMD a\n",
        [("health check", "interval", [("1s", 1)], [("2s", 1)])],
    ),
    "cmd": ("CMD a\n", 'CMD ["a"]\n', [("cmd", "", [("a", 1)], [('["a"]', 1)])]),
    "argument": ("ARG A=1\n", "ARG A\n", [("argument", "A", [("=1", 1)], [("A", 1)])]),
    "port": ("EXPOSE 80\n", "EXPOSE 80 81\n", [("port", "81", [], [("81", 1)])]),
    "order alone": ("ENV A=1\nENV B=2\n", "ENV B=2\nENV A=1\n", []),
    "grouping alone": ("RUN a && b\n", "RUN a\nRUN b\n", []),
    "renamed stage": (
        "FROM a AS x\nFROM b\nCOPY --from=x p /q\n",
        "FROM a AS y\nFROM b\nCOPY --from=y p /q\nUSER u\n",
        [("user", "", [], [("u", 4)])],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_rows(name):
    first, second, expected = CASES[name]
    assert rows(first, second) == expected


def test_each_side_keeps_its_own_names():
    first = "FROM a AS x\nRUN one\nFROM b\nCOPY --from=x p /q\nCOPY --from=x r /s\n"
    second = "FROM a AS y\nRUN one\nFROM b\nCOPY --from=y p /q\nCOPY --from=y z /s\n"
    assert rows(first, second) == [("copy", "/s", [("x:r", 5)], [("y:z", 5)])]


def test_settings_of_stages_that_play_one_part_are_compared():
    first = "FROM a AS build\nRUN make\nWORKDIR /b\nFROM c\nWORKDIR /r\nCMD x\n"
    second = "FROM z AS tools\nRUN get\nFROM a AS compile\nRUN make\nWORKDIR /b2\nFROM c\nWORKDIR /r\nCMD x\n"
    one, other = files(first, second)
    found = difference(one, other, alignment(one, other)).rows
    assert ("working directory", "build", "/b", "/b2") in [
        (row.aspect, row.stage, row.a[0].text if row.a else "", row.b[0].text if row.b else "")
        for row in found
    ]
    assert [(row.aspect, row.stage) for row in found if not row.a] == [
        ("base image", "tools"),
        ("command", "tools"),
    ]


@given(plans(), SPELLINGS, SPELLINGS)
def test_one_plan_has_no_difference(plan, first, second):
    one, other = files(first.render(plan), second.render(plan))
    assert difference(one, other, alignment(one, other)).rows == ()


@given(plans(), plans())
def test_turned_round_the_sides_change_places(first, second):
    one, other = files(Spelling().render(first), Spelling().render(second))
    aligned = alignment(one, other)
    found = difference(one, other, aligned)
    turned = difference(other, one, aligned, flipped=True)
    assert [(row.aspect, row.name, row.a, row.b) for row in found.rows] == [
        (row.aspect, row.name, row.b, row.a) for row in turned.rows
    ]


@given(plans(), plans())
def test_cells_stand_where_they_say(first, second):
    one, other = files(Spelling().render(first), Spelling().render(second))
    for row in difference(one, other, alignment(one, other)).rows:
        for file, cells in ((one, row.a), (other, row.b)):
            for cell in cells:
                assert cell.place.source is file.source
                text = file.source.text(cell.place.span)
                word = cell.text.split()[0].strip('"[],=')
                assert word.rpartition(":")[2] in text
