"""Expressions: every value here is what `docker buildx bake --print` (0.13) gave; `test_buildx` asks it again."""

import pytest

from dockwright import bake

PRELUDE = """\
variable "LIST" { default = ["l0","l1"] }
variable "OBJ" { default = {k = "kv"} }
variable "NUM" { default = 5 }
variable "BOOL" { default = true }
variable "UNDEFDEFAULT" {}
function "fn" {
  params = [a]
  result = "fn-${a}-${NUM}"
}
function "fn2" {
  params = [a]
  variadic_params = rest
  result = "${a}:${join(",", rest)}"
}
target "other" {
  context = "octx"
  args = { A = "oa" }
  tags = ["ot"]
}
"""

VALUES = [
    ("1 + 2 * 3", "7"),
    ("(1 + 2) * 3", "9"),
    ("10 / 4", "2.5"),
    ("10 / 5", "2"),
    ("7 % 3", "1"),
    ("-7 % 3", "-1"),
    ("1.50", "1.5"),
    ("1e3", "1000"),
    ('"a${1 + 1}b"', "a2b"),
    ('"${true}"', "true"),
    ('"${1.5}"', "1.5"),
    ('"x" == "x" ? "y" : "n"', "y"),
    ('1 == 1 ? "y" : "n"', "y"),
    ('"1" == 1 ? "y" : "n"', "n"),
    ("true && false ? 1 : 2", "2"),
    ("!true ? 1 : 2", "2"),
    ('upper("abc")', "ABC"),
    ('join(",", ["a","b"])', "a,b"),
    ('join("-", split(",", "a,b,c"))', "a-b-c"),
    ('split(",", "a,b,c")[1]', "b"),
    ('length(["a","b"])', "2"),
    ('strlen("héllo")', "5"),
    ('substr("hello", 1, 3)', "ell"),
    ('substr("hello", -3, -1)', "llo"),
    ('substr("hello", 1, -1)', "ello"),
    ('replace("a.b.c", ".", "-")', "a-b-c"),
    ('regex_replace("v1.2.3", "^v(\\\\d+)\\\\..*$", "$1")', "1"),
    ('regex("([0-9]+)[.]", "v13.16.0")[0]', "13"),
    ('regex("[0-9]+", "v13")', "13"),
    ('can(regex("x", "y")) ? "yes" : "no"', "no"),
    ('try(regex("x","y"), "fallback")', "fallback"),
    ('length(regexall("[a-z]", "abc1d"))', "4"),
    ('trimprefix("v1.2", "v")', "1.2"),
    ('trimsuffix("a.git", ".git")', "a"),
    ('trim("xxhixx", "x")', "hi"),
    ('trimspace("  a ")', "a"),
    ('format("%s-%d", "a", 3)', "a-3"),
    ('format("%v", true)', "true"),
    ('concat(["a"],["b"])[1]', "b"),
    ('coalesce("", "b")', ""),
    ('coalesce(null, "c")', "c"),
    ('contains(["a","b"], "b") ? 1 : 0', "1"),
    ('distinct(["a","a","b"])[1]', "b"),
    ('element(["a","b"], 3)', "b"),
    ('flatten([["a"],["b",["c"]]])[2]', "c"),
    ("keys({b=1,a=2})[0]", "a"),
    ("values({b=1,a=2})[0]", "2"),
    ('lookup({a=1}, "b", "d")', "d"),
    ("merge({a=1},{b=2}).b", "2"),
    ("max(1,5,3)", "5"),
    ("min(4,2)", "2"),
    ('lower("ABC")', "abc"),
    ('title("hello world")', "Hello World"),
    ('jsonencode({a=[1,"x",null,true], b="é<>"})', '{"a":[1,"x",null,true],"b":"é\\u003c\\u003e"}'),
    ('jsondecode("{\\"a\\": 1}").a', "1"),
    ('base64encode("abc")', "YWJj"),
    ('base64decode("YWJj")', "abc"),
    ('md5("a")', "0cc175b9c0f1b6a831c399e269772661"),
    ('sha1("a")', "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"),
    ('sha256("a")', "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"),
    ('slice(["a","b","c"],1,3)[0]', "b"),
    ('sort(["c","a"])[0]', "a"),
    ('reverse("abc")', "cba"),
    ('reverselist(["a","b"])[0]', "b"),
    ('zipmap(["a"],[1]).a', "1"),
    ('[for s in ["a","b"] : upper(s)][1]', "B"),
    ('[for i, s in ["a","b"] : "${i}${s}"][1]', "1b"),
    ('{for s in ["a","b"] : s => upper(s)}.b', "B"),
    ('[for s in ["a","b","c"] : s if s != "b"][1]', "c"),
    ("[{x=1},{x=2}].*.x[1]", "2"),
    ('"%{ if true }yes%{ else }no%{ endif }"', "yes"),
    ('"%{ for x in ["a","b"] }${x},%{ endfor }"', "a,b,"),
    ('"a ${~ "b" ~} c"', "abc"),
    ('"$${x} %%{y}"', "${x} %{y}"),
    ('"\\u00e9\\t|"', "é\t|"),
    ("LIST[0]", "l0"),
    ("OBJ.k", "kv"),
    ('OBJ["k"]', "kv"),
    ('"${LIST[1]}"', "l1"),
    ("NUM + 1", "6"),
    ('"${NUM}"', "5"),
    ('BOOL ? "t" : "f"', "t"),
    ('UNDEFDEFAULT == "" ? "empty" : "not"', "empty"),
    ("target.other.args.A", "oa"),
    ("target.other.tags[0]", "ot"),
    ("target.other.context", "octx"),
    ('fn("x")', "fn-x-5"),
    ('fn2("x", "y", "z")', "x:y,z"),
    ("add(1,2)", "3"),
    ("subtract(5,3)", "2"),
    ("multiply(2,3)", "6"),
    ("divide(1,4)", "0.25"),
    ("modulo(7,4)", "3"),
    ("pow(2,10)", "1024"),
    ("floor(2.7)", "2"),
    ("ceil(2.1)", "3"),
    ("int(2.7)", "2"),
    ("absolute(-3)", "3"),
    ("negate(3)", "-3"),
    ('equal(1,1) ? "a" : "b"', "a"),
    ('notequal("a","b") ? "a" : "b"', "a"),
    ("and(true,false) ? 1:0", "0"),
    ("or(true,false) ? 1:0", "1"),
    ("not(true) ? 1:0", "0"),
    ("lessthan(1,2) ? 1 : 0", "1"),
    ("greaterthan(1,2) ? 1 : 0", "0"),
    ('parseint("ff",16)', "255"),
    ("range(3)[2]", "2"),
    ('compact(["","a"])[0]', "a"),
    ('chomp("a\\n")', "a"),
    ('indent(2,"a\\nb")', "a\n  b"),
    ('urlencode("a b&c")', "a+b%26c"),
    ('1 > 2 || 3 <= 3 ? "ok" : "no"', "ok"),
    ("1 - 1 - 1", "-1"),
    ("2 * 3 % 4", "2"),
    ('"a" != "b" && "c" == "c" ? 1 : 2', "1"),
    ("null", None),
    ('"${null}"', None),
    ("100000000000", "100000000000"),
    ("0.1 + 0.2", "0.3"),
    ("3.0", "3"),
    ('"${3.0}"', "3"),
    ('hasindex(["a"],0) ? 1 : 0', "1"),
    ('true ? 1 : "x"', "1"),
    ('"${"nested ${"deep"}"}"', "nested deep"),
    ("(LIST)[0]", "l0"),
    ('NUM == 5 ? "five" : "other"', "five"),
    ('"5" + 1', "6"),
    ('!"true" ? 1 : 2', "2"),
    ('-"3"', "-3"),
    ('regexall("([a-z])([0-9])", "a1b2")[1][1]', "2"),
    ('regex("(?P<maj>\\\\d+)\\\\.(?P<min>\\\\d+)", "1.2").min', "2"),
    ('replace("a1b22", "/[0-9]+/", "#")', "a1b22"),
    ('split("", "abc")[1]', "b"),
    ('jsonencode([1.5, 2.0, "a/b"])', '[1.5,2,"a/b"]'),
    ('title("hELLO wORLD")', "HELLO WORLD"),
    ('format("%5s|", "a")', "    a|"),
    ('format("%q", "a")', '"a"'),
    ('format("%05d", 42)', "00042"),
    ('format("%.2f", 1.234)', "1.23"),
    ('format("%s", 1.5)', "1.5"),
    ('format("%s %%", "a")', "a %"),
]

# Functions that buildx has since 0.20.
NEWER = [
    ('indexof(["a","b"], "b")', "1"),
    ('sanitize("a.b/c")', "a_b_c"),
    ('basename("/a/b.txt")', "b.txt"),
    ('dirname("/a/b.txt")', "/a"),
]

# What buildx refuses.
REFUSED = [
    'length("abc")',
    '["a","b"][*][0]',
    "[{x=1},{x=2}][*].x[1]",
    '["a"]',
    "{a=1}",
    "undefinedvar",
    'nofunc("x")',
    '"${LIST}"',
    '"x${LIST}"',
    '"a" + 1',
]

# What is not told here: `1/3` has 512 bits in HCL, infinity is no number in JSON, the rest is not written.
UNTOLD = [
    "1/0",
    "1/3",
    'formatlist("%s!", ["a"])[0]',
    "timestamp()",
    "uuidv4()",
    "homedir()",
    'regex("(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaa!")',
    'regex("a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")',
    "BAKE_LOCAL_PLATFORM",
]


def value(expression: str, env: dict[str, str] | None = None):
    source = f'{PRELUDE}target "default" {{\n  args = {{\n    X = {expression}\n  }}\n}}\n'
    return bake.read(source.encode(), "x.hcl").resolve(env).targets["default"].args.get("X")


@pytest.mark.parametrize(("expression", "expected"), VALUES + NEWER)
def test_values(expression, expected):
    found = value(expression)
    assert (found.text if found is not None else None) == expected


@pytest.mark.parametrize("expression", REFUSED)
def test_refused_expressions_are_unknown(expression):
    found = value(expression)
    assert found is None or found.text is None


@pytest.mark.parametrize("expression", UNTOLD)
def test_what_cannot_be_told_is_unknown_with_a_reason(expression):
    assert value(expression).unknown


def test_values_grow_within_bounds():
    lines = ['variable "x0" { default = "aaaaaaaaaa" }']
    for n in range(1, 30):
        tenfold = f"${{x{n - 1}}}" * 10
        lines.append(f'variable "x{n}" {{\n default = "{tenfold}"\n}}')
    found = bake.read("\n".join(lines).encode(), "x.hcl").resolve().variables["x29"]
    assert "large" in found.value.unknown


@pytest.mark.slow
def test_loops_and_recursion_end():
    text = """\
a = [for x in range(1000) : [for y in range(1000) : [for z in range(1000) : 1]]]
b = f(1)
c = g
g = c
function "f" {
  params = [a]
  result = "${f(a)}${f(a)}"
}
"""
    variables = bake.read(text.encode(), "x.hcl").resolve().variables
    assert all(variables[name].value.unknown or variables[name].value.value for name in "abcg")
    assert variables["b"].value.unknown
