"""Reading bake files, HCL and JSON: blocks, expressions, places, errors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockwright import bake
from dockwright.bake.syntax import Call, Object, Template, Tuple

HCL = b"""\
# comment
variable "TAG" {
  default = "latest" // end
}
group "default" { targets = ["app", "db"] }
/* block
   comment */
target app {
  inherits = ["base"]
  dockerfile = "docker/${TAG}.Dockerfile"
  args = {
    A = 1, "B" : true
    (TAG) = null
  }
  tags = [
    "x:${TAG}", # one
    "y",
  ]
  dockerfile-inline = <<-EOT
    FROM ${TAG}
      RUN x
  EOT
}
"""


def test_blocks_and_places():
    file = bake.read(HCL, "docker-bake.hcl")
    assert file.problems == ()
    assert [(block.type, block.name) for block in file.blocks] == [
        ("variable", "TAG"), ("group", "default"), ("target", "app"),
    ]  # fmt: skip
    target = file.of("target")[0]
    assert HCL[target.name_span.start : target.name_span.end] == b"app"
    dockerfile = target.attributes["dockerfile"]
    assert HCL[dockerfile.name_span.start : dockerfile.name_span.end] == b"dockerfile"
    assert HCL[dockerfile.expr.span.start : dockerfile.expr.span.end] == b'"docker/${TAG}.Dockerfile"'
    assert isinstance(dockerfile.expr, Template)
    part = dockerfile.expr.parts[1]
    assert HCL[part.span.start : part.span.end] == b"TAG"
    tags = target.attributes["tags"].expr
    assert isinstance(tags, Tuple)
    assert [HCL[item.span.start : item.span.end] for item in tags.items] == [b'"x:${TAG}"', b'"y"']
    assert isinstance(target.attributes["args"].expr, Object)
    assert file.variables == ("TAG",)


def test_values_of_heredocs_and_objects():
    target = bake.read(HCL, "x.hcl").resolve().targets["app"]
    assert target.dockerfile_inline.text == "FROM latest\n  RUN x\n"
    assert {name: origin.value for name, origin in target.args.items()} == {"A": 1, "B": True}
    spans = [HCL[origin.span.start : origin.span.end] for origin in target.tags]
    assert spans == [b'"x:${TAG}"', b'"y"']


def test_json_has_the_same_form():
    data = (
        b'{"variable": {"T": {"default": "v"}}, "target": {"a": {"tags": ["x:${T}", "y"], "args": {"N": 1}}}}'
    )
    file = bake.read(data, "docker-bake.json")
    target = file.resolve({"T": "w"}).targets["a"]
    assert [origin.text for origin in target.tags] == ["x:w", "y"]
    assert data[target.tags[0].span.start : target.tags[0].span.end] == b"x:${T}"
    assert data[target.span.start : target.span.end] == b"a"
    assert target.args["N"].value == 1


def test_json_escapes():
    data = b'{"target": {"a": {"dockerfile-inline": "FROM x\\nRUN \\"\\u00e9\\" ${1 + 1}"}}}'
    assert bake.read(data, "x.json").resolve().targets["a"].dockerfile_inline.text == 'FROM x\nRUN "é" 2'


def test_a_file_without_a_telling_name_is_read_by_its_first_byte():
    assert bake.read(b'{"target": {"a": {}}}', "bakefile").resolve().targets
    assert bake.read(b'target "a" {}', "bakefile").resolve().targets


@pytest.mark.parametrize(
    ("text", "message", "at"),
    [
        ('target "a" {\n  x = \n}\n', "expected an expression", "\n}"),
        ('target "a" {\n  x = 1 2\n}\n', "expected the end of the line", "2\n"),
        ('target "a" {\n  x = "open\n}\n', "not closed", "\n}"),
        ('target "a" {\n  x = [1, 2\n}\n', "expected ']'", "}\n"),
        ('target "a" {\n', "block is not closed", ""),
        ("a = <<EOT\nx\n", "heredoc is not closed by EOT", "<<EOT"),
        ('a = "\\q"\n', "unknown escape", "\\q"),
        ('a = "%{ endif }"\n', "directive 'endif' ends nothing", "%{"),
        ("a = (1\n", "expected ')'", ""),
        ('target "a" { x = 1\n  y = 2 }\n', "ends on that line", ""),
        ("= 1\n", "expected an attribute or block", "= 1"),
    ],
)
def test_errors_in_hcl(text, message, at):
    problems = bake.read(text.encode(), "x.hcl").problems
    assert message in problems[0].message
    assert at in text[problems[0].span.start :]
    assert problems[0].kind == "syntax"


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"target": 1}', '{"target": {"a": 1}}', '{"a": 1} x', '{"a" 1}', "{'a': 1}"]
)
def test_errors_in_json(text):
    assert bake.read(text.encode(), "x.json").problems


def test_the_rest_of_a_broken_file_is_read():
    file = bake.read(b'target "a" {\n  context = = 1\n  dockerfile = "D"\n}\ntarget "b" {}\n', "x.hcl")
    assert len(file.problems) == 1
    baked = file.resolve()
    assert baked.targets["a"].dockerfile.text == "D"
    assert "b" in baked.targets


@pytest.mark.parametrize(
    "data",
    [
        b"a = " + b"[" * 10_000 + b"]" * 10_000,
        b"a = " + b'"${' * 5_000 + b"1" + b'}"' * 5_000,
        b"a = " + b"(" * 10_000,
        b"a = " + b"!" * 100_000 + b"1",
        b"a = " + b"1 + " * 50_000 + b"1",
        b"a = x" + b".y" * 50_000,
        b"a = " + b"true ? 1 : " * 10_000 + b"1",
        b"a {\n" * 10_000,
        b"a = <<EOT\n" * 20_000,
        b'"' * 100_000,
        b"a = {" * 20_000,
        bytes(range(256)) * 500,
    ],
    ids=range(12),
)
def test_hostile_texts_end(data):
    file = bake.read(data, "x.hcl")
    assert file.problems
    assert len(file.problems) <= 125
    file.resolve()


@pytest.mark.parametrize(
    "data", [b"[" * 100_000, b'{"a":' * 100_000, b'{"target":{"a":{"x":"${' + b"(" * 5_000 + b'"}}}']
)
def test_hostile_json_ends(data):
    bake.read(data, "x.json").resolve()


PIECES = [
    "a", "=", '"', "${", "}", "{", "[", "]", "(", ")", "\n", " ", "<<E\n", "E\n", "for ", " in ", ":", "?", "%{ if ",
    "%{ endif }", ".", "*", 'target "x" {\n', "}\n", ",", "1", "...", "~", "\\", "!", "context = ", "é", "#", "/*",
    'inherits = ["x"]\n', 'matrix = {a=["1"]}\n', "name = a\n", "true", "null", "==", "target.x.context", "upper(",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_any_text_is_read_and_resolved(text):
    data = text.encode()
    for path in ("x.hcl", "x.json"):
        file = bake.read(data, path)
        for block in file.blocks:
            assert (
                0
                <= block.span.start
                <= block.name_span.start
                <= block.name_span.end
                <= block.span.end
                <= len(data)
            )
        for problem in file.resolve().problems:
            assert 0 <= problem.span.start <= problem.span.end <= len(data)


@given(st.binary(max_size=100))
def test_any_bytes_are_read(data):
    for path in ("x.hcl", "x.json", ""):
        bake.read(data, path).resolve()


def test_calls_keep_their_arguments():
    expr = bake.read(b"a = f(1, [2]...)\n", "x.hcl").attributes["a"].expr
    assert isinstance(expr, Call)
    assert expr.expand
    assert len(expr.args) == 2
