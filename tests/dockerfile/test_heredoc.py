"""Here-documents: openers, bodies, terminators."""

import pytest

from dockwright.dockerfile import parse
from dockwright.dockerfile.dialect import Dialect
from dockwright.dockerfile.heredoc import parse_opener
from dockwright.dockerfile.instructions.types import Copy, Onbuild, Run

from .invariants import check_syntax


def command(text: str):
    tree = parse(text.encode())
    check_syntax(tree)
    assert tree.parser_problems == ()
    return tree.commands[0]


def test_a_script_maps_to_its_lines_and_loses_leading_tabs():
    run = command("RUN <<-EOF\n\tset -e\n\t\tmake\n\tEOF\n")
    assert isinstance(run, Run)
    assert run.heredoc_only
    assert run.script.text == "set -e\nmake\n"
    file = run.node.file
    assert file.position(run.script.offset(run.script.data.index(b"make"))).line == 3
    assert file.position(run.script.offset(run.script.data.index(b"make"))).column == 3


def test_two_heredocs_on_one_line_are_handed_to_the_shell_as_written():
    run = command("RUN <<A cat > /x && cat <<-'B'\n1\nA\n\t2\n\tB\n")
    assert isinstance(run, Run)
    assert not run.heredoc_only
    assert run.script.text == "<<A cat > /x && cat <<-'B'\n1\nA\n\t2\nB"
    assert [(one.name, one.expand, one.strip_tabs) for one in run.heredocs] == [
        ("A", True, False),
        ("B", False, True),
    ]
    file = run.node.file
    assert file.position(run.script.offset(run.script.data.index(b"2"))).line == 4


def test_the_interpreter_of_a_script():
    run = command("RUN <<EOF\n#!/usr/bin/env python3\nprint()\nEOF\n")
    assert isinstance(run, Run)
    assert run.interpreter == "/usr/bin/env python3"


def test_inline_files():
    copy = command("COPY x <<EOF <<'raw' /dest/\na=$A\nEOF\nb\nraw\n")
    assert isinstance(copy, Copy)
    assert [word.value for word in copy.sources] == ["x"]
    assert [(one.path, one.heredoc and one.heredoc.body.text) for one in copy.inline] == [
        ("EOF", "a=$A\n"),
        ("raw", "b\n"),
    ]


def test_under_onbuild():
    onbuild = command("ONBUILD RUN <<EOF\nmake\nEOF\n")
    assert isinstance(onbuild, Onbuild)
    assert onbuild.expression == "RUN <<EOF\nmake\nEOF"
    assert isinstance(onbuild.trigger, Run)
    assert onbuild.trigger.script.text == "make\n"
    assert onbuild.trigger.node.first_line == 1


def test_carriage_returns_stay_in_the_body():
    run = command("RUN <<EOF\r\nmake\r\nEOF\r\n")
    assert isinstance(run, Run)
    assert run.script.data == b"make\r\n"


def test_what_looks_like_an_instruction_inside_a_body_is_none():
    assert len(parse(b"RUN <<EOF\nFROM x\n# note\nEOF\nRUN b\n").instructions) == 2


def test_without_terminator_the_rest_of_the_file_is_body():
    tree = parse(b"FROM a\nRUN <<EOF\nmake\nRUN b\n")
    assert tree.problems[0].message == "unterminated heredoc"
    assert tree.problems[0].lines == (2, 4)
    assert tree.instructions[-1].heredocs[0].content == b"make\nRUN b\n"


@pytest.mark.parametrize(
    "text", ["CMD <<EOF", 'RUN ["<<EOF"]', 'RUN echo "<<EOF"', "RUN cat <<<EOF", "RUN echo $((1<<2))"]
)
def test_no_heredoc(text):
    tree = parse(text.encode() + b"\nRUN b\n")
    assert [node.heredocs for node in tree.instructions] == [(), ()]


def test_a_shift_with_blanks_opens_one():
    """`<<` and a name may stand apart since dockerfile 1.16."""
    tree = parse(b"RUN echo $(( 1 << n ))\nRUN b\n")
    assert tree.problems[0].message == "unterminated heredoc"


def test_a_name_that_cannot_be_read_is_an_error():
    """Only 0.13 gets there: in newer versions `${}` clears the word that `<<` begins."""
    data = b"FROM a\nRUN <<${x:-\\'}\nRUN b\n"
    tree = parse(data, dialect=Dialect.V0_13)
    assert tree.problems[0].message == "failed to process \"${x:-'}\": syntax error: missing '}'"
    assert len(tree.instructions) == 3
    assert parse(data).problems == ()


def test_descriptor_and_quoting():
    opener = parse_opener("3<<-E'O'F")
    assert opener is not None
    assert (opener.name, opener.descriptor, opener.expand, opener.strip_tabs) == ("EOF", 3, False, True)
    assert parse_opener("<<a b") is None
    assert parse_opener("<<") is None
