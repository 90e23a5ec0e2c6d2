"""Words: quotes, expansion, splitting, and where they stand."""

import pytest

from dockwright.shell.paths import Base
from dockwright.shell.script import Dialect
from dockwright.shell.words import Choice, HoleKind
from tests.shell.texts import argvs, shell


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("echo a  b\tc", ["echo", "a", "b", "c"]),
        ("echo 'a b' \"c d\"", ["echo", "a b", "c d"]),
        (r"echo a\ b \"q\" 'it'\''s'", ["echo", "a b", '"q"', "it's"]),
        (r'echo "a\"b" "a\$b" "a\nb"', ["echo", 'a"b', "a$b", r"a\nb"]),
        (r"echo $'a\tb\x41'", ["echo", "a\tbA"]),
        ("echo a\\\nb \\\n  c", ["echo", "ab", "c"]),
        ("echo 'x'\"y\"z", ["echo", "xyz"]),
        ("echo ''", ["echo", ""]),
        ('echo ""', ["echo", ""]),
        ('echo --opt="a b"', ["echo", "--opt=a b"]),
    ],
)
def test_quotes_and_blanks(text, words):
    assert argvs(text) == [words]


def test_each_word_knows_its_place_and_how_it_is_written():
    command = shell("run  'a b' --f=\"$X\"").commands[0]
    assert [(word.span.start, word.span.end) for word in command.words] == [(0, 3), (5, 10), (11, 19)]
    assert [word.raw for word in command.words] == ["run", "'a b'", '--f="$X"']


def test_constant_variables_reach_where_they_are_used():
    assert argvs('IMAGE=app\ndocker build -t "$IMAGE:${TAG:-dev}" .')[-1] == [
        "docker",
        "build",
        "-t",
        "app:dev",
        ".",
    ]


def test_a_default_is_a_value_that_the_caller_may_change():
    word = shell('cat "${FILE:-compose.yaml}"').commands[0].words[1]
    assert (word.value, word.assumed, word.variables) == ("compose.yaml", True, ("FILE",))


def test_an_unset_variable_is_a_hole_with_its_name():
    word = shell('cat "pre-$NAME"').commands[0].words[1]
    assert word.value is None
    assert word.parts[0] == "pre-"
    assert (word.holes[0].kind, word.holes[0].name) == (HoleKind.VARIABLE, "NAME")


def test_unquoted_values_split_and_quoted_ones_do_not():
    assert argvs('A="x y"\nrun $A z')[-1] == ["run", "x", "y", "z"]
    assert argvs('A="x y"\nrun "$A" z')[-1] == ["run", "x y", "z"]


def test_an_empty_unquoted_value_is_no_word():
    assert argvs("A=\nrun $A z")[-1] == ["run", "z"]
    assert argvs('A=\nrun "$A" z')[-1] == ["run", "", "z"]


def test_an_unknown_unquoted_variable_may_be_several_words():
    words = shell('run $OPTIONS "$OTHER"').commands[0].words
    assert [word.splits for word in words] == [False, True, False]


def test_several_expansions_in_one_word():
    assert argvs("A=1; B=2; run a-$A-b-$B-c $A$B $A-$B '$'$A")[-1] == ["run", "a-1-b-2-c", "12", "1-2", "$1"]


def test_arrays_become_the_words_they_were_filled_with():
    text = 'args=(-f a.yml --x)\nargs+=("b c")\nrun "${args[@]}" end'
    assert argvs(text)[-1] == ["run", "-f", "a.yml", "--x", "b c", "end"]
    word = shell(text).commands[-1].words[2]
    assert word.raw == "a.yml", "a word of an array stands where it was written"


def test_what_is_added_under_a_condition_is_assumed():
    script = shell('args=(build)\nif [ -n "$X" ]; then args+=(--no-cache); fi\ndocker "${args[@]}" .')
    words = script.commands[-1].words
    assert [(word.value, word.assumed) for word in words] == [
        ("docker", False), ("build", False), ("--no-cache", True), (".", False),
    ]  # fmt: skip


def test_a_variable_set_in_both_branches_is_one_of_two():
    word = shell("if x; then F=a.yml; else F=b.yml; fi\nuse $F").commands[-1].words[1]
    assert word.parts == (Choice("F", ("a.yml", "b.yml")),)
    assert word.values == ("a.yml", "b.yml")


def test_a_loop_variable_is_any_of_its_words():
    word = shell("for s in api web; do docker build -f docker/$s.Dockerfile .; done").commands[0].words[3]
    assert word.values == ("docker/api.Dockerfile", "docker/web.Dockerfile")


def test_a_value_that_grows_in_a_loop_is_not_known():
    word = shell('L=""\nfor x in a b; do L="$L $x"; done\nrun "$L"').commands[-1].words[1]
    assert word.value is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("V=a/b/c.txt; run ${V##*/}", "c.txt"),
        ("V=a/b/c.txt; run ${V%/*}", "a/b"),
        ("V=a/b/c.txt; run ${V%.txt}", "a/b/c"),
        ("V=v1.2; run ${V#v}", "1.2"),
        ("V=abc; run ${V/b/x}", "axc"),
        ("V=abc; run ${V^^}", "ABC"),
        ("V=abc; run ${V:+yes}", "yes"),
        ("run ${V:=set}; run $V", "set"),
        ("V=a; V+=b; run $V", "ab"),
        ("export V=x; run $V", "x"),
        ("run $(echo a b)", "a"),
        ('run "$(basename /x/y.sh .sh)"', "y"),
        ("set -- one two; run $2", "two"),
    ],
)
def test_expansion_operators(text, value):
    assert argvs(text)[-1 if "$(" not in text else 0][1] == value


def test_brace_expansion_is_bash_only():
    assert argvs("run a/{b,c}") == [["run", "a/b", "a/c"]]
    assert argvs("run a/{b,c}", Dialect.SH) == [["run", "a/{b,c}"]]


@pytest.mark.parametrize(
    ("text", "base", "path"),
    [
        ('cat "$(dirname "$0")/x"', Base.SCRIPT, "x"),
        ('cat "$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/x"', Base.SCRIPT, "x"),
        ('D="$(cd "$(dirname "$0")/.." && pwd)"\ncat "$D/x"', Base.SCRIPT, "../x"),
        ('D=$(dirname $(readlink -f $0))\nR=$(dirname "$D")\ncat $R/x', Base.SCRIPT, "../x"),
        ("cat ${0%/*}/x", Base.SCRIPT, "x"),
        ("cat $(pwd)/x", Base.CWD, "x"),
        ("cat $PWD/x", Base.CWD, "x"),
        ('cat "$(git rev-parse --show-toplevel)/x"', Base.REPOSITORY, "x"),
        ("cat $GITHUB_WORKSPACE/x", Base.REPOSITORY, "x"),
        ("cat ~/x", Base.HOME, "x"),
        ("cat $HOME/x", Base.HOME, "x"),
        ("cat $SOMEWHERE/deep/x", Base.UNKNOWN, "deep/x"),
        ("cat /etc/x", Base.ABSOLUTE, "/etc/x"),
        ("cat ./a/../x", Base.CWD, "x"),
    ],
)
def test_paths_keep_what_they_are_relative_to(text, base, path):
    command = next(item for item in shell(text).commands if item.name == "cat")
    found = command.words[-1].paths()
    assert [(item.base, item.path) for item in found] == [(base, path)]


def test_an_unknown_piece_in_the_middle_makes_a_path_a_pattern():
    path = shell("cat docker/$S/Dockerfile").commands[0].words[1].paths()[0]
    assert (path.path, path.exact) == ("docker/*/Dockerfile", False)
