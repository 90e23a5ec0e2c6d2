"""`dockwright compose`: the command over files in memory, and once as a process."""

import json
import subprocess
import sys

import pytest

from dockwright.cli.compose import _run
from dockwright.cli.compose_arguments import Usage, parse
from dockwright.cli.compose_files import DiskFiles, working_directory
from dockwright.cli.compose_outcome import Outcome, Surroundings
from dockwright.compose.load.files import MemoryFiles, Unreadable
from dockwright.errors import UsageError

BASE = """\
services:
  web:
    image: shop/web:${TAG:-1}
    environment:
      LOG_LEVEL: info
      DATABASE_URL: postgres://app:${DB_PASSWORD}@db/app
    ports: ["8080:80"]
  db:
    image: postgres:16
    profiles: [data]
"""
DEV = """\
services:
  web:
    environment: [LOG_LEVEL=debug]
"""


def compose(*words: str, env: dict[str, str] | None = None, stdin: str = "", **files: str) -> Outcome:
    """Run the command in `/shop`; files by name, `__` for a dot."""
    texts = {"compose__yaml": BASE, **files}
    tree = MemoryFiles(
        {f"/shop/{name.replace('__', '.')}": text.encode() for name, text in texts.items() if text}
    )
    return _run(list(words), Surroundings(env or {}, "/shop", tree, stdin.encode()))


def test_config_prints_the_canonical_model():
    ran = compose("config", "--format", "json", env={"DB_PASSWORD": "x"})
    assert (ran.exit_code, ran.err) == (0, "")
    model = json.loads(ran.out)
    assert model["name"] == "shop"
    assert list(model["services"]) == ["web"]
    assert model["services"]["web"]["ports"] == [
        {"mode": "ingress", "target": 80, "published": "8080", "protocol": "tcp"}
    ]


def test_yaml_is_the_default_and_dollars_are_doubled():
    ran = compose("config", compose__yaml="services: {a: {image: a, environment: {A: 'x$$y'}}}\n")
    assert "      A: x$$y\n" in ran.out


def test_unset_variables_are_warned_of_with_their_line():
    assert compose("config").err == (
        "compose.yaml:6: warning: the 'DB_PASSWORD' variable is not set, defaulting to a blank string\n"
    )


def test_an_override_beside_the_file_is_found_and_env_file_is_read():
    ran = compose("config", "--format", "json", compose__override__yaml=DEV, __env="TAG=2\nDB_PASSWORD=p\n")
    web = json.loads(ran.out)["services"]["web"]
    assert (web["image"], web["environment"]["LOG_LEVEL"]) == ("shop/web:2", "debug")


def test_environment_variables_of_compose_are_followed():
    files = {
        "one__yaml": "name: one\nservices: {a: {image: a, profiles: [p]}}\n",
        "two__yaml": "services: {b: {image: b}}\n",
    }
    ran = compose(
        "config", "--services", env={"COMPOSE_FILE": "one.yaml:two.yaml", "COMPOSE_PROFILES": "p"}, **files
    )
    assert ran.out == "a\nb\n"
    assert compose("config", "--services", env={"COMPOSE_FILE": "gone.yaml"}).exit_code == 1
    named = compose(
        "config",
        "--format",
        "json",
        env={"COMPOSE_PROJECT_NAME": "x"},
        compose__yaml="services: {a: {image: a}}",
    )
    assert json.loads(named.out)["name"] == "x"


def test_standard_input_is_a_file():
    assert compose("-f", "-", "config", "--images", stdin="services: {a: {image: in}}").out == "in\n"


def test_lists():
    everything = ("--profile", "*", "config")
    env = {"DB_PASSWORD": "x"}
    assert compose(*everything, "--services", env=env).out == "db\nweb\n"
    assert compose(*everything, "--images", env=env).out == "postgres:16\nshop/web:1\n"
    assert compose("config", "--profiles", env=env).out == "data\n"
    assert compose("config", "--networks", env=env).out == "default\n"
    assert "TAG                 false               1" in compose("config", "--variables").out
    assert "DB_PASSWORD=x\n" in compose("config", "--environment", env=env).out
    assert compose("config", "-q", env=env) == Outcome(0)
    hashed = compose("config", "--hash", "web", env=env).out
    assert hashed.startswith("web ")
    assert len(hashed) == len("web \n") + 64


def test_without_interpolation_the_text_stays():
    model = json.loads(compose("config", "--no-interpolate", "--format", "json").out)
    assert model["services"]["web"]["image"] == "shop/web:${TAG:-1}"
    assert "db" in model["services"]


def test_all_errors_are_told_with_both_sides_and_the_exit_code_is_that_of_compose():
    broken = (
        "services:\n  a:\n    image: a\n    network_mode: host\n    networks: [n]\n    volumes: ['gone:/x']\n"
    )
    ran = compose("config", compose__yaml=broken)
    assert ran.exit_code == 15
    assert ran.err.splitlines() == [
        "compose.yaml:4: error: service a declares mutually exclusive `network_mode` and `networks`",
        "    conflicts with compose.yaml:5",
        'compose.yaml:5: error: service "a" refers to undefined network n',
        'compose.yaml:6: error: service "a" refers to undefined volume gone',
    ]
    assert compose("-f", "gone.yaml", "config").exit_code == 14
    assert compose("config", "--format", "xml", env={"DB_PASSWORD": ""}).exit_code == 1


@pytest.mark.parametrize(
    ("words", "says", "code"),
    [
        (["config", "--foo"], "unknown flag: --foo", 16),
        (["--foo", "config"], "unknown flag: --foo", 16),
        (["-f"], "flag needs an argument: -f", 2),
        (["config", "-f", "x"], "unknown shorthand flag", 16),
        (["frobnicate"], "unknown command", 2),
        (["-f", "x.yaml", "diff", "a", "b"], "takes no options before it", 2),
        (["config", "--services=maybe"], "invalid argument", 16),
        (["config", "--resolve-image-digests"], "needs a registry", 16),
        (["explain"], "Usage", 2),
        (["explain", "--foo", "web"], "unknown flag", 2),
        (["explain", "none"], "there is no none", 2),
        (["-f", "gone.yaml", "explain", "web"], "gone.yaml", 2),
    ],
)
def test_a_command_line_that_is_wrong(words, says, code):
    """`config` stands in for `docker compose config`, and ends in its codes; the others end in 2 as every command does."""
    ran = compose(*words)
    assert ran.exit_code == code
    assert says in ran.err


def test_options_in_every_form():
    found = parse(
        [
            "-fa",
            "--file=b",
            "-f",
            "c",
            "--profile",
            "p",
            "-p",
            "n",
            "--compatibility=false",
            "config",
            "-qo",
            "f",
            "--",
            "s",
        ]
    )
    assert found.asked.files == ("a", "b", "c")
    assert (found.asked.profiles, found.asked.project_name, found.asked.services) == (("p",), "n", ("s",))
    assert (found.switches, found.values, found.compatibility) == ({"quiet"}, {"output": "f"}, False)
    with pytest.raises(Usage):
        parse(["--nope", "config"])


def test_the_version_followed_is_chosen_by_option_variable_or_configuration():
    text = "services: {a: {image: a, volumes: ['./d:/d']}}\n"

    def bind(*words: str, **more) -> object:
        ran = compose(*words, "--format", "json", compose__yaml=text, **more)
        return json.loads(ran.out)["services"]["a"]["volumes"][0]["bind"]

    assert bind("config") == {}
    assert bind("--compose-version", "2.33", "config") == {"create_host_path": True}
    assert bind("config", "--compose-version", "compose-go 2.4.8") == {"create_host_path": True}
    assert bind("config", env={"DOCKWRIGHT_COMPOSE_VERSION": "2.33.1"}) == {"create_host_path": True}
    assert bind("config", dockwright__toml='[compose]\nversion = "2.33"\n') == {"create_host_path": True}
    assert (
        bind("--compose-version", "newest", "config", dockwright__toml='[compose]\nversion = "2.33"\n') == {}
    )
    with pytest.raises(UsageError, match="not a version of Compose"):
        bind("--compose-version", "soon", "config")


def test_explain_says_where_what_before_and_which_variable():
    ran = compose(
        "-f", "compose.yaml", "-f", "dev.yaml", "explain", "web.environment.LOG_LEVEL", "web.image",
        dev__yaml=DEV, __env="TAG=2\n",
    )  # fmt: skip
    assert ran.out == (
        "web.environment.LOG_LEVEL = debug\n"
        "  set in dev.yaml:3   environment: [LOG_LEVEL=debug]\n"
        "  replaces info\n"
        "    set in compose.yaml:5   LOG_LEVEL: info\n"
        "\n"
        "web.image = shop/web:2\n"
        "  set in compose.yaml:3   image: shop/web:${TAG:-1}\n"
        "    $TAG = '2' from env file .env:1\n"
    )


def test_explain_shows_no_secret():
    ran = compose("explain", "web.environment", env={"DB_PASSWORD": "hunter22"})
    assert "hunter22" not in ran.out
    assert "web.environment.DATABASE_URL = [redacted]" in ran.out
    assert "$DB_PASSWORD = '[redacted]' from the environment" in ran.out


def test_explain_knows_what_is_near_and_what_is_disabled():
    assert "did you mean web.image?" in compose("explain", "web.imag").err
    assert "its profiles are data" in compose("explain", "db.image").err


def test_explain_gives_json():
    (found,) = json.loads(compose("explain", "web.image", "--format", "json").out)
    assert found["now"]["origin"]["line"] == 3
    assert found["now"]["variables"][0]["source"] == "not set"


def test_the_disk_gives_files_and_says_why_not(tmp_path):
    files = DiskFiles()
    (tmp_path / "a.yaml").write_bytes(b"a: b\n")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("a.yaml")
    assert files.read(f"{tmp_path}/link") == b"a: b\n"
    assert files.read(f"{tmp_path}/none") is None
    assert files.read(f"{tmp_path}/a.yaml/below") is None
    assert files.read("/dev/null") == b""
    with pytest.raises(Unreadable, match="is a directory"):
        files.read(f"{tmp_path}/folder")
    with (tmp_path / "big").open("wb") as big:
        big.truncate(65 << 20)
    with pytest.raises(Unreadable, match="larger than 64 MB"):
        files.read(f"{tmp_path}/big")
    assert files.is_directory(f"{tmp_path}/folder")
    assert files.real(f"{tmp_path}/link") == f"{tmp_path.resolve()}/a.yaml"


def test_the_working_directory_keeps_the_name_the_shell_uses(tmp_path, monkeypatch):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    monkeypatch.chdir(tmp_path / "link")
    assert working_directory({"PWD": f"{tmp_path}/link"}) == f"{tmp_path}/link"
    assert working_directory({"PWD": "/elsewhere"}) == str((tmp_path / "real").resolve())


def test_the_command_as_a_process_imports_little(tmp_path):
    (tmp_path / "compose.yaml").write_text("services: {a: {image: a}}\n")
    code = (
        "import sys, atexit, os\n"
        "sys.argv = ['dockwright', 'compose', 'config']\n"
        "heavy = {'click', 'rich', 'tree_sitter', 'asyncio', 'subprocess', 'dockwright.compose.model', 'tomllib'}\n"
        "atexit.register(lambda: os.write(2, repr(sorted(heavy & set(sys.modules))).encode()))\n"
        "from dockwright.__main__ import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, check=False, timeout=60
    )
    assert done.returncode == 0
    assert done.stdout.startswith(b"name: ")
    assert done.stderr == b"[]"


@pytest.mark.parametrize(
    ("own", "seen"),
    [
        (None, "docker.cli.cobra.command_path=docker%20compose"),
        ("", "docker.cli.cobra.command_path=docker%20compose"),
        (" team=a ", "team=a,docker.cli.cobra.command_path=docker%20compose"),
    ],
)
def test_the_variable_that_docker_itself_adds_to(own, seen, tmp_path, monkeypatch, capsys):
    """`docker` starts Compose with an attribute of its own; recorded with docker 28.2.2 and Compose 2.26.1."""
    from dockwright.cli.compose import start

    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OTEL_RESOURCE_ATTRIBUTES", raising=False)
    if own is not None:
        monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", own)
    (tmp_path / "compose.yaml").write_text(
        "services: {a: {image: x, labels: {v: '${OTEL_RESOURCE_ATTRIBUTES}'}}}\n"
    )
    assert start(["config"]) == 0
    assert f"v: {seen}\n" in capsys.readouterr().out


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_config_imports_neither_msgspec_nor_typing(tmp_path, form):
    (tmp_path / "compose.yaml").write_text(
        "services:\n  web:\n    image: web:${TAG:-1}\n    ports: ['80:80']\n    environment: {A: 'x: y', B: \"1\"}\n"
        "    deploy: {resources: {limits: {cpus: '0.5', memory: 1G}}}\n    healthcheck: {test: [CMD, a], interval: 30s}\n"
        "    command: |\n      one\n      two\n"
    )
    (tmp_path / ".env").write_text("TAG=2\n")
    code = (
        "import sys; before = set(sys.modules)\n"
        "from dockwright.cli.compose import start\n"
        f"code = start(['config', '--format', '{form}'])\n"
        "print([name for name in ('msgspec', 'typing', 'json', 'contextlib') if name in sys.modules and name not in before])\n"
        "sys.exit(code)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert ran.stdout.endswith("[]\n")
