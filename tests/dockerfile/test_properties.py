"""Promises that hold for any bytes."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from dockwright.dockerfile import parse
from dockwright.dockerfile.dialect import Dialect
from dockwright.dockerfile.expand import Options, expand, expand_words
from dockwright.dockerfile.instructions.types import Run
from dockwright.dockerfile.nodes import Problem
from dockwright.dockerfile.settings import Settings
from dockwright.dockerfile.syntax import Instruction

from .invariants import check_mapping, check_syntax
from .strategies import FRAGMENTS, dockerfile_bytes, dockerfile_texts

dialects = st.sampled_from(Dialect)


@given(dockerfile_bytes, dialects)
@settings(max_examples=400, deadline=None)
def test_syntax_is_lossless_and_every_part_knows_its_place(data, dialect):
    check_syntax(parse(data, dialect=dialect))


@given(dockerfile_bytes, dialects, st.dictionaries(st.sampled_from("AB"), st.text(max_size=4)))
@settings(max_examples=400, deadline=None)
def test_meaning_is_total(data, dialect, args):
    tree = parse(data, "Dockerfile", dialect)
    assert all(isinstance(problem, Problem) for problem in tree.problems)
    assert len(tree.commands) == len(tree.instructions)
    assert tree.template is None or tree.template_evidence
    build = tree.build(Settings(args=args, contexts=frozenset({"base"})))
    for stage in build.stages:
        assert isinstance(stage.environment.as_list(), list)
        assert isinstance(stage.config.exposed_ports, frozenset)
        assert all(source.stage or source.stage is None for source in stage.sources)
        assert stage not in stage.ancestors
    target = build.target()
    if isinstance(target, Problem):
        assert not build.stages
    else:
        assert all(isinstance(problem, Problem) for problem in target.problems)
        assert target.stage in target.reached


@given(dockerfile_bytes)
@settings(max_examples=200, deadline=None)
def test_problems_lie_in_the_file_and_name_its_lines(data):
    tree = parse(data)
    for problem in tree.problems:
        assert 0 <= problem.span.start <= problem.span.end <= len(data)
        first, last = problem.lines
        assert 0 <= first <= last <= data.count(b"\n") + 1


@given(dockerfile_bytes)
@settings(max_examples=200, deadline=None)
def test_every_byte_of_a_script_maps_to_the_file(data):
    """All but the line feeds before heredoc bodies, and names of heredocs that are written with quotes or tabs."""
    for command in parse(data).commands:
        if not isinstance(command, Run):
            continue
        if command.heredoc_only or not command.heredocs:
            check_mapping(command.script, data)
            continue
        line = len(command.words[0].value.encode("utf-8", "surrogateescape"))
        check_mapping(command.script.slice(0, line), data)
        at = line
        for heredoc in command.heredocs:
            check_mapping(command.script.slice(at + 1, at + 1 + len(heredoc.content)), data)
            at += 1 + len(heredoc.content) + len(heredoc.name.encode("utf-8", "surrogateescape"))
        assert at == len(command.script.data)


@given(dockerfile_texts)
@settings(max_examples=200, deadline=None)
def test_carriage_returns_before_line_feeds_change_nothing_outside_heredocs(text):
    """A file with Windows line endings means the same (heredoc bodies keep the carriage return)."""
    text = text.replace("\r", "").replace("<", "(")
    unix = parse(text.encode("utf-8", "surrogatepass"))
    windows = parse(text.encode("utf-8", "surrogatepass").replace(b"\n", b"\r\n"))
    assert [shape(node) for node in unix.instructions] == [shape(node) for node in windows.instructions]
    assert [problem.message for problem in unix.problems] == [problem.message for problem in windows.problems]


def shape(node: Instruction):
    return (node.name, node.first_line, node.last_line, [flag.text for flag in node.flags],
            [word.value for word in node.arguments], node.json)  # fmt: skip


@given(dockerfile_texts)
@settings(max_examples=300, deadline=None)
def test_joined_lines_are_those_of_a_plain_transcription_of_buildkit(text):
    """`Parse` of parser.go, line by line, without heredocs: the slow, obvious way."""
    data = text.replace("<", "(").encode("utf-8", "surrogatepass")
    tree = parse(data)
    assert [node.line.data for node in tree.instructions] == transcription(data, tree.escape.encode())


SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"


def left_trimmed(line: bytes) -> bytes:
    return line.decode("utf-8", "surrogateescape").lstrip(SPACE).encode("utf-8", "surrogateescape")


def transcription(data: bytes, escape: bytes) -> list[bytes]:
    mark = re.escape(escape)
    continuation = re.compile(rb"([^" + mark + rb"])" + mark + rb"[ \t]*\Z|^" + mark + rb"[ \t]*\Z")
    lines = [line.rstrip(b"\r\n") for line in data.split(b"\n")]
    lines[0] = lines[0].removeprefix(b"\xef\xbb\xbf")
    found = []
    while lines:
        line = left_trimmed(lines.pop(0))
        if line.startswith(b"#") or not line:
            continue
        joined = b""
        while True:
            match = continuation.search(line)
            joined += line if match is None else line[: match.start()] + (match.group(1) or b"")
            if match is None or not lines:
                break
            line = lines.pop(0)
            while lines and (not left_trimmed(line) or left_trimmed(line).startswith(b"#")):
                line = lines.pop(0)
            if not left_trimmed(line) or left_trimmed(line).startswith(b"#"):
                break
        found.append(joined)
    return found


words = st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=3)), max_size=12).map("".join)
values = st.dictionaries(st.sampled_from("AB"), st.text(alphabet="xy*?\\ \n", max_size=8))


@given(words, values, st.sampled_from("\\`"))
@settings(max_examples=400, deadline=None)
def test_expansion_is_total(word, env, escape):
    for run in (expand, expand_words):
        result = run(word, env.get, Options(escape=escape))
        assert result.error is None or result.value == ""
        assert set(result.used) <= set(env)
        assert not set(result.unset) & set(env)


@given(st.text(alphabet=st.characters(exclude_characters="$'\"\\`\ufeff")))
def test_plain_text_expands_to_itself(word):
    assert expand(word, {}.get).value == word


@given(st.text(), st.sampled_from("\\`"))
def test_single_quotes_keep_everything(text, escape):
    text = text.replace("'", "")
    assert expand(f"'{text}'", {}.get, Options(escape=escape)).value == text
