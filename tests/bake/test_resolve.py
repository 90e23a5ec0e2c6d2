"""From files to targets: variables, overrides, merging, inheritance, matrix, groups."""

import pytest

from dockwright import bake


def resolve(*texts: str, env: dict[str, str] | None = None):
    files = [bake.read(text.encode(), f"{number}.hcl") for number, text in enumerate(texts)]
    return bake.resolve(files, env)


def texts(items):
    return [item.text for item in items]


def test_variables_are_overridden_with_the_type_of_their_default():
    text = 'variable "S" { default = "s" }\nvariable "N" { default = 1 }\nvariable "B" { default = false }\nvariable "E" {}\nG = "global"\n'
    found = resolve(text, env={"S": "x", "N": "2", "B": "1", "E": "e", "G": "no"}).variables
    assert [found[name].value.value for name in "SNBEG"] == ["x", 2, True, "e", "global"]
    assert [found[name].given for name in "SNBEG"] == [True, True, True, True, False]
    assert resolve(text).variables["E"].value.value == ""
    assert not resolve(text).variables["E"].has_default


def test_typed_variables():
    text = 'variable "L" {\n type = list(string)\n default = ["a"]\n}\nvariable "N" {\n type = number\n}\n'
    found = resolve(text, env={"L": "x,y", "N": "3"}).variables
    assert found["L"].value.value == ("x", "y")
    assert found["N"].value.value == 3
    assert resolve(text).variables["N"].value.value is None


@pytest.mark.parametrize(("default", "given"), [("1", "x"), ("true", "maybe"), ('["a"]', "b")])
def test_overrides_that_do_not_fit_are_problems(default, given):
    found = resolve(
        f'variable "V" {{ default = {default} }}\ntarget "a" {{ context = "${{V}}" }}', env={"V": given}
    )
    assert [problem.kind for problem in found.problems] == ["value"]
    assert found.targets["a"].context.unknown


def test_a_variable_that_is_not_there_is_a_problem_at_its_place():
    text = 'target "a" {\n  context = NOPE\n}\n'
    found = resolve(text)
    assert found.targets["a"].context.unknown == "there is no variable NOPE"
    problem = found.problems[0]
    assert text[problem.span.start : problem.span.end] == "NOPE"
    assert problem.path == "0.hcl"


def test_inheritance():
    found = resolve("""\
target "base" {
  args = {A = "1", B = "2"}
  tags = ["t"]
  cache-from = ["type=registry,ref=a"]
  context = "base"
}
target "mid" {
  inherits = ["base"]
  args = {B = "3", C = null}
  cache-from = ["type=registry,ref=b"]
  tags = ["u"]
}
target "top" {
  inherits = ["mid", "other", "nowhere"]
  context = null
}
target "other" {
  args = {A = "o"}
  dockerfile = "D"
}
""")
    top = found.targets["top"]
    assert {name: origin.text for name, origin in top.args.items()} == {"A": "o", "B": "3"}
    assert texts(top.tags) == ["u"]
    assert texts(top.cache_from) == ["type=registry,ref=a", "type=registry,ref=b"]
    assert (top.context.text, top.dockerfile.text) == ("base", "D")
    assert texts(top.inherits) == ["mid", "other", "nowhere"]
    assert [problem.kind for problem in found.problems] == ["reference"]


def test_circles_of_inheritance_and_references_end():
    found = resolve(
        'target "a" {\n inherits = ["b"]\n context = target.b.context\n}\n'
        'target "b" {\n inherits = ["a"]\n context = target.a.context\n dockerfile = "D"\n}\n'
    )
    assert found.targets["a"].dockerfile.text == "D"
    assert {problem.kind for problem in found.problems} == {"cycle"}
    chain = "".join(f'target "x{n}" {{\n inherits = ["x{n + 1}"]\n}}\n' for n in range(3_000))
    assert resolve(chain + 'target "x3000" { context = "c" }').targets["x0"].context.text == "c"


def test_later_files_go_on_top():
    found = resolve(
        'target "a" {\n args = {A = "1"}\n tags = ["a"]\n dockerfile = "D1"\n}\nvariable "V" { default = "1" }\n',
        'target "a" {\n args = {B = V}\n tags = ["b"]\n}\nvariable "V" { default = "2" }\n',
    )
    target = found.targets["a"]
    assert {name: (origin.text, origin.path) for name, origin in target.args.items()} == {
        "A": ("1", "0.hcl"), "B": ("2", "1.hcl"),
    }  # fmt: skip
    assert texts(target.tags) == ["b"]
    assert target.dockerfile.path == "0.hcl"


def test_matrix():
    found = resolve("""\
target "app" {
  name = "app-${tgt}-${replace(v, ".", "-")}"
  matrix = { tgt = ["a", "b"], v = ["1.0", "2.0"] }
  target = tgt
  args = { V = v }
}
group "default" { targets = ["app"] }
""")
    assert set(found.targets) == {"app-a-1-0", "app-a-2-0", "app-b-1-0", "app-b-2-0"}
    one = found.targets["app-b-2-0"]
    assert (one.base, one.target.text, one.args["V"].text) == ("app", "b", "2.0")
    assert one.matrix == {"tgt": "b", "v": "2.0"}
    assert set(found.default) == set(found.targets)


@pytest.mark.parametrize(
    "text",
    [
        'target "a" {\n name = "x${b}"\n matrix = { b = NOPE }\n}\n',
        'target "a" {\n name = "x y"\n matrix = { b = ["1"] }\n}\n',
        'target "a" {\n name = "a${b}${c}${d}"\n matrix = { b = range(100), c = range(100), d = range(100) }\n}\n',
        'target "a" {\n matrix = "x"\n}\n',
    ],
)
def test_matrices_that_cannot_be_told_are_problems(text):
    found = resolve(text)
    assert {problem.kind for problem in found.problems} == {"value"}
    assert len(found.targets) <= 500


def test_groups():
    found = resolve("""\
group "default" { targets = ["g", "c"] }
group "g" { targets = ["a", "b", "default"] }
target "a" {}
target "b" {}
target "c" {}
""")
    assert found.default == ("a", "b", "c")
    assert found.expand("g") == ("a", "b", "c")
    assert found.expand("b") == ("b",)
    assert resolve('target "default" {}').default == ("default",)
    assert resolve('target "a" {}').default == ()


def test_unknown_values_keep_the_rest():
    target = resolve(
        'target "a" {\n tags = ["x:${timestamp()}", "y"]\n labels = { t = timestamp(), u = "v" }\n}\n'
    ).targets["a"]
    assert [(tag.text, bool(tag.unknown)) for tag in target.tags] == [(None, True), ("y", False)]
    assert target.labels["u"].text == "v"
    assert "timestamp" in target.labels["t"].unknown


def test_unknown_blocks_and_labels_are_problems():
    found = resolve('foo "a" {}\ntarget {}\ntarget "a" "b" {}\n')
    assert [problem.kind for problem in found.problems] == ["syntax"] * 3
