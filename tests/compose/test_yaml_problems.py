"""Broken and hostile YAML: named at its place, the rest read, in bounded time and memory."""

import os

import pytest

from dockwright.compose.yaml import parse
from dockwright.compose.yaml.merge import MAX_STEPS


@pytest.mark.parametrize(
    ("text", "message", "at"),
    [
        ("a: b\n  c: d\n", "mapping values are not allowed here", ": d"),
        ("a: 'x\nb: 1\n", "quoted scalar is not closed", "'x"),
        ("a: [1, 2\nb: 3\n", "flow collection is not closed", "["),
        ("a: [1, {b: 2]\n", "did not find expected ',' or closing bracket", "]"),
        ("a: 1\n\tb: 2\n", "found a tab", "\tb"),
        ("a: @x\n", "found '@' that cannot start a token", "@x"),
        ('a: "\\q"\n', "found unknown escape \\q", "\\q"),
        ("a: ]\n", "found ']' where no flow collection is open", "]"),
        ("- a\nb: 1\n", "did not find expected '-' indicator", "b: 1"),
        ("a: 1\n- b\n", "sequence entry where none is expected", "- b"),
        ("a: !x!y 1\n", "tag handle !x! is not defined", "!x!y"),
        ("a: &x &y 1\n", "at most one tag and one anchor", "&y"),
        ("%FOO\n---\na: 1\n", "neither %YAML 1.x nor %TAG", "%FOO"),
        ("a: |x\n  b\n", "wrong header", "|x"),
        ("a: 1\n...\nb: 2\n", "did not find expected document start", "b: 2"),
    ],
)
def test_errors_say_what_and_where(text, message, at):
    file = parse(text.encode())
    assert file.broken
    problem = file.problems[0]
    assert message in problem.message
    assert text.encode()[problem.span.start :].decode().startswith(at)


def test_the_rest_of_a_broken_file_is_read():
    file = parse(
        b"services:\n  web:\n    image: nginx\n    command: {{ .cmd }}\n    ports: [80\n  db:\n    image: pg\n"
    )
    assert file.broken
    assert file.at("services", "web", "image").as_str() == "nginx"
    assert file.at("services", "db", "image").as_str() == "pg"


def test_template_lines_do_not_hide_what_stands_between():
    file = parse(b"{% if x %}\na: 1\n{% endif %}\nb: {{ y }}\nc: 3\n")
    assert file.broken
    assert {name for name, _ in file.items()} >= {"a", "b", "c"}


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"a: \xff\n", "encoding"),
        (b"a: \x01\n", "encoding"),
        ("a: 1\n".encode("utf-16"), "unreadable"),
        (b"\0\1\2\3" * 10, "encoding"),
    ],
)
def test_bytes_that_are_no_text(data, kind):
    file = parse(data)
    assert file.problems[0].kind == kind
    assert file.broken


DEEP = 10_000


@pytest.mark.parametrize(
    "data",
    [
        b"[" * DEEP,
        b"[" * 100_000 + b"]" * 100_000,
        b"{a: " * DEEP,
        b"- " * 100_000,
        b"? " * 100_000,
        b"".join(b" " * level + b"k:\n" for level in range(1_500)),
        b"'a\n" * 20_001,
        b'a: "x\n' * 20_001,
        b"*a\n" * 20_000,
        b": " * 100_000,
        b"} " * 100_000,
        b"a: |\n" + b"\n" * 40_000,
        b"a: " + b"x y: " * 100_000,
        b"\t" * 100_000,
        b" " * 1_000_000,
        b"--- " * 50_000,
        b"a: &a [" + b"*a, " * 15_000 + b"]",
        os.urandom(200_000),
    ],
    ids=range(18),
)
def test_hostile_texts_end(data):
    file = parse(data)
    assert len(file.problems) <= 300
    for document in file.documents:
        if document.root is not None:
            assert document.root.end <= len(data)


def test_nesting_of_ten_thousand_is_refused_with_its_place():
    file = parse(b"[" * (DEEP + 5))
    assert "nested deeper" in file.problems[0].message
    assert not parse(b"[" * (DEEP - 1) + b"]" * (DEEP - 1)).broken


@pytest.mark.slow
def test_files_beyond_32767_lines_are_whole():
    file = parse(b"".join(b"key%d: value\n" % number for number in range(200_000)))
    assert file.problems == []
    assert file.get("key199999").line == 200_000


def test_alias_bombs_are_not_expanded():
    lines = [b"a0: &a0 [x]\n"]
    lines += [b"a%d: &a%d [%s]\n" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 10)) for n in range(1, 40)]
    file = parse(b"".join(lines))
    assert file.problems == []
    assert len(file.get("a39")) == 10


@pytest.mark.slow
def test_merge_bombs_are_cut_off_and_named():
    lines = [b"a0: &a0 {x: 1}\n"]
    lines += [
        b"a%d: &a%d {<<: [%s], k%d: 1}\n" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 50), n)
        for n in range(1, 400)
    ]
    file = parse(b"".join(lines))
    assert file.get("a399").get("k399").value == 1
    assert "limit" in {problem.kind for problem in file.problems}
    assert file.merge_steps <= MAX_STEPS + 2_000


def test_a_long_chain_of_merges_needs_no_recursion():
    lines = [b"a0: &a0 {x: 1}\n"] + [b"a%d: &a%d {<<: *a%d}\n" % (n, n, n - 1) for n in range(1, 1_500)]
    assert parse(b"".join(lines)).get("a1499").get("x").value == 1
