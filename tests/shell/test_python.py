"""Programs that Python sources start."""

import textwrap

import pytest

from dockwright.shell.docker_cli import read_call
from dockwright.shell.paths import Base
from dockwright.shell.script import Nest
from tests.shell.texts import found, shown, source, starts


def py(text: str) -> list[list[str]]:
    return starts(textwrap.dedent(text), "tool.py")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("import subprocess\nsubprocess.run(['docker', 'ps'])", ["docker", "ps"]),
        ("import subprocess as sp\nsp.check_output(('docker', 'ps'))", ["docker", "ps"]),
        ("from subprocess import Popen as P\nP(['docker', 'ps'])", ["docker", "ps"]),
        ("import os\nos.system('docker ps')", ["docker", "ps"]),
        ("import subprocess\nsubprocess.run('docker ps', shell=True)", ["docker", "ps"]),
        ("import subprocess\nsubprocess.getoutput('sudo docker ps')", ["docker", "ps"]),
        ("import os\nos.execvp('docker', ['docker', 'ps'])", ["docker", "ps"]),
        (
            "import asyncio\nasync def f():\n    await asyncio.create_subprocess_exec('docker', 'ps')",
            ["docker", "ps"],
        ),
        (
            "import asyncio\nasync def f():\n    await asyncio.create_subprocess_shell('docker ps')",
            ["docker", "ps"],
        ),
        ("import subprocess, shlex\nsubprocess.run(shlex.split('docker ps'))", ["docker", "ps"]),
        ("import subprocess\nsubprocess.run('docker ps'.split())", ["docker", "ps"]),
        ("import subprocess\nsubprocess.run(['bash', '-c', 'docker ps'])", ["docker", "ps"]),
        ("def f(c):\n    c.run('docker ps')", ["docker", "ps"]),
        ("run_command(['docker', 'ps'], 'Checking')", ["docker", "ps"]),
        ("run_command('docker', 'ps')", ["docker", "ps"]),
        ("from sh import docker\ndocker('ps')", ["docker", "ps"]),
        ("def f():\n    return ['docker', 'ps']", ["docker", "ps"]),
        ("CHECKS = {'up': ['docker', 'ps']}", ["docker", "ps"]),
        ("cmd = 'docker ps'", ["docker", "ps"]),
    ],
)
def test_ways_to_start_a_program(text, words):
    assert words in py(text)


@pytest.mark.parametrize(
    "text",
    [
        "print('docker ps')", "logger.info('run docker ps first')", "x = ['docker', 'podman']", "assert 'docker ps' in out",
        "hint = 'docker compose up starts it'", "parser.add_argument('--x', help='docker ps')", "validate(['docker', 'ps'])",
        "x = 'docker-compose.yml'", "raise RuntimeError('docker ps failed')", "names.append('docker ps')",
    ],
)  # fmt: skip
def test_what_starts_nothing(text):
    assert [words for words in py(text) if words[0] == "docker"] == []


def test_lists_built_up_step_by_step():
    text = """
    import subprocess
    def build(tag, fast=False):
        cmd = ["docker", "build"]
        cmd += ["-f", "docker/app.Dockerfile"]
        cmd.extend(["-t", f"app:{tag}"])
        if fast:
            cmd.append("--no-cache")
        cmd = cmd + ["."]
        subprocess.run(cmd, check=True)
    """
    invocation = found(textwrap.dedent(text), "tool.py").invocations[0]
    assert shown(invocation.argv) == [
        "docker", "build", "-f", "docker/app.Dockerfile", "-t", "app:…", "--no-cache", ".",
    ]  # fmt: skip
    assert [word.assumed for word in invocation.argv][6] is True
    assert not read_call(invocation.argv).no_cache
    assert invocation.function == "build"


def test_branches_that_build_different_lists_stay_apart():
    text = """
    import subprocess
    def up(old):
        if old:
            cmd = ["docker-compose", "-f", "a.yml"]
        else:
            cmd = ["docker", "compose", "-f", "b.yml"]
        cmd.append("up")
        subprocess.run(cmd)
    """
    assert py(text) == [["docker-compose", "-f", "a.yml", "up"], ["docker", "compose", "-f", "b.yml", "up"]]


def test_a_branch_that_returns_does_not_reach_what_follows():
    text = """
    import subprocess
    def up(old):
        file = "b.yml"
        if old:
            file = "a.yml"
            return subprocess.run(["docker", "compose", "-f", file, "up"])
        subprocess.run(["docker", "compose", "-f", file, "down"])
    """
    assert py(text) == [
        ["docker", "compose", "-f", "a.yml", "up"],
        ["docker", "compose", "-f", "b.yml", "down"],
    ]


def test_constants_of_module_class_and_instance():
    text = """
    import subprocess
    FILE = "compose.yml"
    class Manager:
        PROJECT = "app"
        def __init__(self):
            self.engine = "podman"
        def up(self):
            subprocess.run([self.engine, "compose", "-f", FILE, "-p", self.PROJECT, "up"])
        def down(self):
            subprocess.run(["docker", "compose", "-p", Manager.PROJECT, "down"])
    """
    assert py(text) == [
        ["podman", "compose", "-f", "compose.yml", "-p", "app", "up"], ["docker", "compose", "-p", "app", "down"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("expression", "base", "path"),
    [
        ("Path(__file__).parent / 'compose.yml'", Base.SCRIPT, "compose.yml"),
        (
            "Path(__file__).resolve().parent.parent / 'docker' / 'compose.yml'",
            Base.SCRIPT,
            "../docker/compose.yml",
        ),
        ("Path(__file__).resolve().parents[1] / 'compose.yml'", Base.SCRIPT, "../compose.yml"),
        (
            "os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'compose.yml')",
            Base.SCRIPT,
            "../compose.yml",
        ),
        ("os.path.join(os.getcwd(), 'compose.yml')", Base.CWD, "compose.yml"),
        ("ROOT / 'compose.yml'", Base.UNKNOWN, "compose.yml"),
        ("str(Path('a') / 'b.yml')", Base.CWD, "a/b.yml"),
        ("os.environ['X'] + '/compose.yml'", Base.UNKNOWN, "compose.yml"),
    ],
)
def test_paths(expression, base, path):
    text = f"import os, subprocess\nfrom pathlib import Path\nfrom conf import ROOT\nF = {expression}\nsubprocess.run(['docker', 'compose', '-f', F, 'up'])"
    word = found(text, "tool.py").invocations[0].argv[3]
    assert [(item.base, item.path) for item in word.paths()] == [(base, path)]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("f'{A}.yml'", "a.yml"), ("A + '.yml'", "a.yml"), ("'%s.yml' % A", "a.yml"), ("'%s.%s' % (A, 'yml')", "a.yml"),
        ("'{}.yml'.format(A)", "a.yml"), ("'{x}.yml'.format(x=A)", "a.yml"), ("'.'.join([A, 'yml'])", "a.yml"),
        ("os.environ.get('FILE', 'a.yml')", "a.yml"), ("os.getenv('FILE') or 'a.yml'", "a.yml"), ("T['dev']", "a.yml"),
        ("T.get('dev')", "a.yml"), ("pick()", "a.yml"), ("Kind.DEV.value", "a.yml"),
    ],
)  # fmt: skip
def test_strings(expression, value):
    text = f"""
import os, subprocess
from enum import Enum
A = "a"
T = {{"dev": "a.yml", "test": "b.yml"}}
class Kind(Enum):
    DEV = "a.yml"
def pick():
    return "a.yml"
F = {expression}
subprocess.run(["docker", "compose", "-f", F, "up"])
"""
    assert ["docker", "compose", "-f", value, "up"] in py(text)


def test_any_of_a_table_when_the_key_is_not_known():
    text = """
    import subprocess
    FILES = {"dev": "a.yml", "test": "b.yml"}
    def up(env):
        subprocess.run(["docker", "compose", "-f", FILES[env], "up"])
    """
    assert found(textwrap.dedent(text), "tool.py").invocations[0].argv[3].values == ("a.yml", "b.yml")


def test_loops_over_names_and_commands():
    text = """
    import subprocess
    for engine in ["docker", "podman"]:
        subprocess.run([engine, "version"])
    for name, cmd in [("a", ["docker", "ps"]), ("b", ["docker", "images"])]:
        subprocess.run(cmd)
    """
    invocations = found(textwrap.dedent(text), "tool.py").invocations
    assert invocations[0].argv[0].values == ("docker", "podman")
    assert sorted(shown(item.argv) for item in invocations[1:]) == [["docker", "images"], ["docker", "ps"]]


def test_arguments_of_the_files_own_helpers():
    text = """
    import subprocess
    def docker(*args):
        return subprocess.run(["docker", *args])
    def compose(args, file="compose.yml"):
        return subprocess.run(["docker", "compose", "-f", file] + args)
    docker("ps", "-a")
    compose(["up", "-d"])
    compose(["down"], file="b.yml")
    """
    found_words = py(text)
    assert ["docker", "ps", "-a"] in found_words
    assert any(
        words[:3] == ["docker", "compose", "-f"] and words[-2:] == ["up", "-d"] for words in found_words
    )
    assert any(words[:3] == ["docker", "compose", "-f"] and words[-1] == "down" for words in found_words)


def test_a_shell_string_is_read_as_a_script():
    text = "import os\nos.system('cd web && docker build -t app . || true')"
    invocations = found(text, "tool.py").invocations
    build = next(item for item in invocations if item.argv[0].value == "docker")
    assert (str(build.cwd), build.after.value) == ("web", "||")
    span = build.argv[0].span
    assert text[span.start : span.end] == "docker"


def test_holes_of_a_formatted_shell_string_keep_their_names():
    text = "import os\ndef f(name):\n    os.system(f'docker rm -f {name}')"
    word = found(text, "tool.py").invocations[0].argv[3]
    assert word.value is None
    assert word.holes[0].name == "name"


def test_place_and_working_directory():
    text = """
    import subprocess
    class M:
        def go(self):
            try:
                subprocess.run(["docker", "compose", "up"], cwd="deploy", env={"COMPOSE_FILE": "a.yml"})
            except OSError:
                subprocess.run(["podman", "compose", "up"])
    """
    first, second = found(textwrap.dedent(text), "tool.py").invocations
    assert [scope.kind for scope in first.place] == [Nest.CLASS, Nest.FUNCTION, Nest.TRY]
    assert [scope.kind for scope in second.place] == [Nest.CLASS, Nest.FUNCTION, Nest.EXCEPT]
    assert (str(first.cwd), [item.name for item in first.env]) == ("deploy", ["COMPOSE_FILE"])
    assert shown(read_call(first.argv, first.env).files) == ["a.yml"]


def test_the_docker_sdk_as_command_lines():
    text = """
    import docker
    client = docker.from_env()
    client.images.build(path="web", dockerfile="web/Dockerfile", tag="web:1", buildargs={"A": "1"}, nocache=True)
    client.containers.run("redis:7", name="r", detach=True, remove=True)
    client.volumes.prune()
    """
    words = py(text)
    assert words[0] == ["docker"]
    assert ["docker", "run", "--name", "r", "--detach", "--rm", "redis:7"] in words
    assert ["docker", "volume", "prune", "--force"] in words
    build = read_call(
        next(
            item.argv
            for item in found(textwrap.dedent(text), "t.py").invocations
            if shown(item.argv)[1:2] == ["build"]
        )
    )
    assert (shown(build.files), build.context.value, build.no_cache) == (["web/Dockerfile"], "web", True)
    assert build.build_args[0].value.value == "1"


def test_testcontainers_as_command_lines():
    text = """
    from testcontainers.postgres import PostgresContainer
    from testcontainers.compose import DockerCompose
    PostgresContainer("postgres:16")
    DockerCompose("deploy", compose_file_name=["a.yml", "b.yml"])
    """
    assert py(text) == [
        ["docker", "run", "postgres:16"], ["docker", "compose", "--file", "a.yml", "--file", "b.yml", "up"],
    ]  # fmt: skip
    assert str(found(textwrap.dedent(text), "t.py").invocations[1].cwd) == "deploy"


def test_imports_are_listed():
    assert found("import a.b\nfrom c.d import e\nfrom . import f\n", "t.py").imports == (
        "a.b",
        "c.d",
        "c.d.e",
        ".",
        ".f",
    )


def test_python_two_is_scanned_by_its_look_and_said_so():
    result = found(
        'import subprocess\nprint "x"\nsubprocess.call(["docker", "ps"])\nos.system("docker build -t a .")\n',
        "t.py",
    )
    assert [shown(item.argv) for item in result.invocations] == [
        ["docker", "ps"],
        ["docker", "build", "-t", "a", "."],
    ]
    assert "Python 3" in result.skipped[0].reason


def test_spans_survive_a_byte_order_mark_and_wide_characters():
    text = "\ufeff# é\nimport os\nx = 'ü'; os.system('docker ps')\n"
    result = found(text, "t.py")
    span = result.invocations[0].argv[0].span
    assert source(text).data[span.start : span.end] == b"docker"


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "(" * 3000 + ")" * 3000,
        "x = " + "+".join(["'a'"] * 20000),
        "\0",
        "def f(:\n",
        "\xff\xfe",
        "x = '\\ud800'",
    ],
)
def test_hostile_source_is_never_an_exception(text):
    found(text, "t.py")
