"""Lines, directives, comments, continuations: what belongs to which node, and where it stands."""

import pytest

from dockwright.dockerfile import parse
from dockwright.dockerfile.nodes import BlankLine, Comment, Directive, TokenKind, Unread
from dockwright.dockerfile.syntax import Instruction

from .invariants import check_syntax


def one(text: str) -> Instruction:
    tree = parse(text.encode())
    check_syntax(tree)
    assert len(tree.instructions) == 1
    return tree.instructions[0]


def test_nodes_of_a_small_file():
    tree = parse(b"# syntax=docker/dockerfile:1\n# a note\n\nFROM alpine\n")
    assert [type(node) for node in tree.nodes] == [Directive, Comment, BlankLine, Instruction]
    assert tree.source == tree.file.data
    directive = tree.directives[0]
    assert (directive.name, directive.value) == ("syntax", "docker/dockerfile:1")
    assert tree.file.text(directive.value_span) == "docker/dockerfile:1"
    assert [comment.text for comment in tree.comments] == ["a note"]


def test_a_word_in_a_later_line_of_a_run_is_found_there():
    node = one("RUN apk add \\\n  # tools\n\n  curl \\\n  git\n")
    assert node.original == "RUN apk add   curl   git"
    at = node.line.data.index(b"curl")
    assert node.file.position(node.line.offset(at)).line == 4
    assert node.file.position(node.line.offset(at)).column == 3
    assert (node.first_line, node.last_line) == (1, 5)
    assert [node.file.line_of(span.start) for span in node.empty_lines] == [3]


def test_a_word_over_two_lines_is_one_word():
    node = one("COPY a\\\nb c\n")
    assert [word.value for word in node.arguments] == ["ab", "c"]
    assert node.arguments[0].raw == b"a\\\nb"


@pytest.mark.parametrize("end", [r"\\", r"\\\ x"])
def test_a_doubled_escape_does_not_continue_the_line(end):
    tree = parse(f"RUN a {end}\nRUN b\n".encode())
    assert len(tree.instructions) == 2


def test_backtick_as_escape():
    tree = parse(b"# escape=`\nFROM a\nRUN b `\n c\\\nRUN d\n")
    assert tree.escape == "`"
    assert [node.original for node in tree.instructions] == ["FROM a", "RUN b  c\\", "RUN d"]


def test_directives_end_at_the_first_other_line():
    tree = parse(b"# a note\n# escape=`\nFROM a\n")
    assert tree.directives == ()
    assert tree.escape == "\\"


def test_byte_order_mark_and_windows_line_endings():
    tree = parse(b"\xef\xbb\xbfFROM a\r\nRUN b \\\r\n  c\r\n")
    check_syntax(tree)
    assert [node.original for node in tree.instructions] == ["FROM a", "RUN b   c"]
    kinds = [token.kind for token in tree.tokens()]
    assert kinds[:2] == [TokenKind.BOM, TokenKind.KEYWORD]
    assert TokenKind.CONTINUATION in kinds


def test_comments_before_an_instruction_describe_it():
    node = one("# lost\n#\n# build tools\n\n  # indented\nRUN a\n")
    assert [comment.doc for comment in node.comments] == ["build tools", "# indented"]
    assert [comment.text for comment in node.comments] == ["build tools", "indented"]


def test_bytes_that_are_not_utf8_are_kept():
    tree = parse(b"FROM a\nENV A=\xff\n")
    check_syntax(tree)
    assert tree.instructions[1].arguments[0].value == "A=\udcff"


def test_a_line_over_the_limit_ends_reading():
    tree = parse(b"FROM a\nRUN " + b"x" * 65536 + b"\nRUN b\n")
    check_syntax(tree)
    assert isinstance(tree.nodes[-1], Unread)
    assert tree.problems[0].message == "dockerfile line greater than max allowed size of 65535"
    assert tree.problems[0].lines == (1, 1)


def test_the_longest_line_allowed_is_read():
    assert parse(b"FROM " + b"x" * 65530 + b"\n").problems == ()


def test_empty_continuation_lines_are_warned_of():
    tree = parse(b"RUN a \\\n\n  b\n")
    assert [(warning.line, warning.message) for warning in tree.warnings] == [
        (3, "Empty continuation line found in: RUN a   b")
    ]
    assert tree.warnings[0].span.start == 8


def test_problems_stand_in_the_order_in_which_buildkit_meets_them():
    tree = parse(b"FROM a\nRUNN b\nENV c\n")
    assert [problem.text for problem in tree.problems] == [
        "ENV must have two arguments",
        "dockerfile parse error on line 2: unknown instruction: RUNN (did you mean RUN?)",
    ]


def test_a_broken_from_still_opens_a_stage():
    tree = parse(b"FROM a AS 1x\nRUN b\nFROM\nRUN c\n")
    assert [len(stage.instructions) for stage in tree.stages] == [1, 1]
    assert len(tree.problems) == 2


def test_keywords_are_known_by_their_lower_case():
    tree = parse("\u017fHELL x\nWOR\u212aDIR /a\nrUn x\n".encode())
    assert [node.name for node in tree.instructions] == ["\u017fHELL", "WORKDIR", "RUN"]


def test_a_line_over_the_limit_is_reported_after_the_errors_before_it():
    tree = parse(b"ENV a\n" + b"x" * 70_000)
    assert [problem.message[:20] for problem in tree.problems] == [
        "ENV must have two ar",
        "dockerfile line grea",
    ]
    tree = parse(b"x" * 70_000)
    assert [problem.message[:20] for problem in tree.problems] == [
        "file with no instruc",
        "dockerfile line grea",
    ]
