"""Repeated blocks stand where they are said to, and count the lines they would save."""

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from dockwright.overlap import blocks as module
from dockwright.overlap.blocks import blocks
from dockwright.overlap.copies import group
from tests.overlap.samples import Spelling, files, plans

HEAD = "FROM a\nRUN one \\\n  two\nCOPY x /x\n"


def found(*texts):
    return blocks(group(files(*texts))[0])[0]


def test_a_block_over_files():
    (block,) = found(HEAD + "CMD p\n", HEAD + "CMD q\n", "FROM b\n" + HEAD)
    assert block.instructions == ("FROM a", "RUN one two", "COPY x /x")
    assert [str(place) for place in block.places] == ["a:1", "b:1", "c:2"]
    assert [place.end_line for place in block.places] == [4, 4, 5]
    assert (block.lines, block.saves.value, block.saves.unit, block.files) == (4, 8, "lines", ("a", "b", "c"))


def test_a_block_over_stages_of_one_file():
    (block,) = found("FROM a\nRUN one\nRUN two\nFROM b\nRUN one\nRUN two\n")
    assert [place.line for place in block.places] == [2, 5]


def test_a_block_does_not_cross_stages():
    text = "FROM a\nRUN {}\nRUN one\nFROM b\nRUN two\nRUN {}\n"
    assert found(text.format(1, 2), text.format(3, 4)) == []


def test_light_instructions_alone_are_no_block():
    assert found("FROM a\nWORKDIR /x\nUSER u\nRUN 1\n", "FROM a\nWORKDIR /x\nUSER u\nRUN 2\n") == []


def test_one_long_run_is_a_block():
    run = "RUN a && \\\n b && \\\n c && \\\n d && \\\n e\n"
    (block,) = found(f"FROM x\n{run}RUN 1\n", f"FROM y\nUSER u\n{run}RUN 2\n")
    assert (block.keywords, block.lines, block.saves.value) == (("RUN",), 5, 5)


def test_equal_copies_are_not_counted_twice():
    assert found(HEAD, HEAD) == []


def test_spelling_does_not_count():
    (block,) = found(
        "FROM a\nrun   apt-get install -y b c\nRUN two\n", "FROM b\nRUN apt-get install -y c b\nRUN two\n"
    )
    assert [place.line for place in block.places] == [2, 2]


@given(st.lists(plans(), min_size=2, max_size=5))
@hypothesis_settings(max_examples=50)
def test_blocks_occur_where_they_say(plan_list):
    distinct = group(files(*(Spelling().render(plan) for plan in plan_list)))[0]
    by_path = {file.path: file for file in distinct}
    for block in blocks(distinct)[0]:
        assert len(block.places) >= 2
        assert block.saves.value > 0
        for place in block.places:
            inside = [one for one in by_path[place.path].instructions if place.span.covers(one.span)]
            assert tuple(one.shown for one in inside) == block.instructions
            assert (inside[0].span.start, inside[-1].span.end) == (place.span.start, place.span.end)
            assert len({one.stage for one in inside}) == 1


def test_files_with_too_many_instructions_are_left_out_and_named(monkeypatch):
    monkeypatch.setattr(module, "MAX_INSTRUCTIONS", 3)
    _, skipped = blocks(files(HEAD + "CMD p\n", HEAD))
    assert [one.what for one in skipped] == ["repeated blocks of a"]


@pytest.mark.slow
def test_many_equal_instructions_stay_near_linear():
    best, *_ = found("FROM a\n" + "RUN x\n" * 4_000, "FROM b\n" + "RUN x\n" * 3_000)
    assert best.saves.value >= 3_000
    assert set(best.instructions) == {"RUN x"}
