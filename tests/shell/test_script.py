"""Scripts: how commands are joined, nested, wrapped, and where they run."""

import pytest

from dockwright.shell.paths import Base
from dockwright.shell.script import Dialect, Link, Nest
from tests.shell.texts import argvs, shell


def by_name(text: str, name: str):
    return next(command for command in shell(text).commands if command.name == name)


def test_links_between_commands():
    commands = shell("a && b || c; d | e &\nf").commands
    assert [(item.name, item.link, item.after) for item in commands] == [
        ("a", Link.NONE, Link.AND), ("b", Link.AND, Link.OR), ("c", Link.OR, Link.SEQUENCE),
        ("d", Link.SEQUENCE, Link.PIPE), ("e", Link.PIPE, Link.BACKGROUND), ("f", Link.SEQUENCE, Link.NONE),
    ]  # fmt: skip
    assert [item.name for item in commands if item.background] == ["d", "e"]


def test_a_group_is_joined_as_a_whole():
    commands = shell("(a; b) || c").commands
    assert [(item.name, item.link, item.after) for item in commands] == [
        ("a", Link.NONE, Link.SEQUENCE), ("b", Link.SEQUENCE, Link.OR), ("c", Link.OR, Link.NONE),
    ]  # fmt: skip


def test_negation():
    assert by_name("! docker info >/dev/null", "docker").negated


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("if a; then x; fi", [Nest.THEN]),
        ("if a; then b; else x; fi", [Nest.ELSE]),
        ("if a; then b; elif x; then c; fi", [Nest.CONDITION]),
        ("while x; do b; done", [Nest.CONDITION]),
        ("for i in 1 2; do x; done", [Nest.LOOP]),
        ("(x)", [Nest.SUBSHELL]),
        ("{ x; }", [Nest.GROUP]),
        ("f() { x; }", [Nest.FUNCTION, Nest.GROUP]),
        ("case $1 in up) x;; esac", [Nest.CASE]),
        ("y=$(x)", [Nest.SUBSTITUTION]),
        ("bash -c 'x'", [Nest.SHELL]),
        ("bash <<EOF\nx\nEOF", [Nest.HEREDOC]),
    ],
)
def test_nesting(text, kinds):
    assert [scope.kind for scope in by_name(text, "x").place] == kinds


def test_substitutions_run_wherever_they_stand():
    for text in (
        'case "$(x)" in a) b;; esac',
        "for i in $(x); do b; done",
        '[ "$(x)" = a ]',
        "a <(x)",
        "cat <<E\n$(x)\nE",
        "A=($(x))",
    ):
        assert by_name(text, "x").inside(Nest.SUBSTITUTION), text


def test_function_and_case_names_are_kept():
    assert by_name("deploy() { x; }", "x").function == "deploy"
    assert by_name("case $1 in up|start) x;; esac", "x").place[0].name == "up|start"


def test_a_function_body_knows_the_arguments_of_its_calls():
    text = 'build() { docker build -f "$1/Dockerfile" "$1"; }\nbuild api\nbuild web'
    command = by_name(text, "docker")
    assert command.words[3].values == ("api/Dockerfile", "web/Dockerfile")


def test_a_function_that_runs_its_arguments_is_looked_through():
    command = shell('run() { echo "+ $*"; "$@"; }\nrun docker push app').commands[-1]
    assert ([word.value for word in command.argv], command.wrappers) == (["docker", "push", "app"], ("run",))


def test_a_function_that_adds_to_its_arguments_is_read_for_each_call():
    found = argvs('dc() { docker compose -f x.yml "$@"; }\ndc up -d\ndc down -v')
    assert ["docker", "compose", "-f", "x.yml", "up", "-d"] in found
    assert ["docker", "compose", "-f", "x.yml", "down", "-v"] in found


def test_variables_set_in_a_function_are_assumed_elsewhere():
    word = by_name('setup() { IMAGE=app; }\nsetup\ndocker pull "$IMAGE"', "docker").words[2]
    assert (word.value, word.assumed) == ("app", True)


@pytest.mark.parametrize(
    ("text", "argv", "wrappers"),
    [
        ("sudo -u app docker ps", ["docker", "ps"], ("sudo",)),
        ("sudo -E env A=1 docker ps", ["docker", "ps"], ("sudo", "env")),
        ("exec docker ps", ["docker", "ps"], ("exec",)),
        ("time nohup docker ps", ["docker", "ps"], ("time", "nohup")),
        ("timeout -k 5 30s docker ps", ["docker", "ps"], ("timeout",)),
        ("command docker ps", ["docker", "ps"], ("command",)),
        ("command -v docker", ["command", "-v", "docker"], ()),
        ("nice -n 5 docker ps", ["docker", "ps"], ("nice",)),
        ("env docker ps", ["docker", "ps"], ("env",)),
        ("cross-env A=b docker ps", ["docker", "ps"], ("cross-env",)),
        ("/usr/bin/env docker ps", ["docker", "ps"], ("env",)),
        ("xargs -r -n1 docker rm", ["docker", "rm", "…"], ("xargs",)),
        ("wsl -d Ubuntu docker ps", ["docker", "ps"], ("wsl",)),
    ],
)
def test_wrappers_are_looked_through(text, argv, wrappers):
    command = shell(text).commands[0]
    assert [word.shown() for word in command.argv] == argv
    assert command.wrappers == wrappers


def test_variables_set_by_wrappers_count_as_set_for_the_command():
    command = shell("A=1 sudo B=2 env C=3 docker ps").commands[0]
    assert [(item.name, item.value.value) for item in command.assignments] == [
        ("A", "1"),
        ("B", "2"),
        ("C", "3"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "sh -c 'docker ps'", 'bash -lc "docker ps"', "bash -euo pipefail -c 'docker ps'", "eval 'docker ps'", "eval docker ps",
        "ssh host 'docker ps'", "ssh -p 22 -i key me@host docker ps", "su app -c 'docker ps'", "trap 'docker ps' EXIT",
        "sudo sh -c 'docker ps'", 'C="docker ps"; eval "$C"', "find . -name x -exec docker ps \\;",
        "ssh host <<EOF\ndocker ps\nEOF",
    ],
)  # fmt: skip
def test_shell_text_inside_arguments_is_read(text):
    assert ["docker", "ps"] in argvs(text)


def test_nested_text_maps_to_the_file():
    text = """sh -c "cd a && echo \\"x\\" $(date)" """
    script = shell(text)
    echo = next(item for item in script.commands if item.name == "echo")
    assert text[echo.words[0].span.start : echo.words[0].span.end] == "echo"
    assert text[echo.words[1].span.start : echo.words[1].span.end] == '"x\\"'


@pytest.mark.parametrize(
    ("text", "cwd"),
    [
        ("cd a; x", "a"),
        ("cd a && cd b && x", "a/b"),
        ("cd a; (cd b; y); x", "a"),
        ("cd a; cd ..; x", "."),
        ("pushd a; popd; x", "."),
        ("cd /srv; x", "/srv"),
        ("cd a || exit 1; x", "a"),
        ("cd a | y; x", "."),
        ("bash -c 'cd b && x'", "b"),
    ],
)
def test_the_working_directory_is_followed(text, cwd):
    assert str(by_name(text, "x").cwd) == cwd


def test_an_unknown_directory_is_not_guessed():
    assert by_name("if a; then cd b; fi; x", "x").cwd is None
    assert by_name("cd $D/sub; x", "x").cwd.base is Base.UNKNOWN


def test_redirections_and_heredocs():
    command = shell("cat <<'EOF' >out 2>&1\nFROM a\n$x\nEOF\n").commands[0]
    assert [(item.operator, item.target.value if item.target else None) for item in command.redirects] == [
        ("<<", None), (">", "out"), (">&", "1"),
    ]  # fmt: skip
    assert command.redirects[0].body.text == "FROM a\n$x\n"
    assert not command.redirects[0].expands


def test_a_heredoc_may_be_piped_and_indented():
    script = shell("cat <<-E | docker build -f - .\n\tFROM a\n\tE\n")
    body = script.commands[0].redirects[0].body
    assert body.text == "FROM a\n"
    assert body.offset(0) == script.source.data.index(b"FROM")
    assert script.commands[1].link is Link.PIPE


def test_broken_text_gives_what_can_be_read_and_says_where_it_broke():
    script = shell("docker ps\nif true; then\ndocker build .")
    assert ["docker", "build", "."] in [[word.value for word in item.argv] for item in script.commands]
    assert script.errors


def test_deep_nesting_is_cut_and_said():
    script = shell("( " * 5000 + "x" + " )" * 5000)
    assert "nesting" in script.truncated


@pytest.mark.slow
def test_a_line_of_a_million_bytes_is_read():
    script = shell("echo " + "a " * 500_000)
    assert len(script.commands[0].words) == 500_001


def test_batch_files_are_read_line_by_line():
    text = '@echo off\r\nREM docker ignored\r\nset F=a.yml\r\ndocker-compose -f %F% up -d && echo ok > nul\r\n:end\r\ncall docker build "%~dp0." %*\r\n'
    found = argvs(text, Dialect.CMD)
    assert ["docker-compose", "-f", "a.yml", "up", "-d"] in found
    assert ["docker", "build", "….", "…"] in found
    assert not any(words[0] == "docker" and "ignored" in words for words in found)


def test_powershell_is_read_line_by_line():
    text = "$f = 'a.yml'\ndocker compose -f $f up `\n  -d | Out-Null\n# docker no\nInvoke-It \"docker ps -a\"\nWrite-Host 'docker run x'\n"
    found = argvs(text, Dialect.POWERSHELL)
    assert ["docker", "compose", "-f", "a.yml", "up", "-d"] in found
    assert ["docker", "ps", "-a"] in found
    assert ["docker", "no"] not in found
    assert ["docker", "run", "x"] not in found
