"""`dockwright compose diff|environments|collisions|parity` and `dockwright prove compose`."""

import json
import subprocess
from pathlib import Path

import pytest

BASE = """services:
  dev-db:
    image: postgres:16
    environment:
      POSTGRES_PASSWORD: hunter2secret
    ports: ['5432:5432']
    volumes: ['data:/var/lib/postgresql/data']
  web:
    build: .
    image: shop-web
    environment:
      API: ${API:-http://localhost:5432}
    configs: [site]
configs:
  site: {file: site.conf}
volumes:
  data:
    name: shop-data
"""
TEST = BASE.replace("dev-db", "test-db").replace("hunter2", "hunter3").replace("5432:5432", "5433:5432")
FILES = {
    "compose.yaml": BASE,
    "compose.test.yaml": TEST,
    "site.conf": "x",
    "Dockerfile": "FROM scratch\n",
    "Makefile": "test:\n\tdocker compose -f compose.test.yaml up -d\n",
}


@pytest.fixture
def root(make, monkeypatch) -> Path:
    folder = make(FILES)
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("form", ["terminal", "markdown", "json"])
def test_diff_pairs_services_tells_places_and_hides_secrets(root, compose, form):
    ran = compose("diff", "compose.yaml", "test", "--format", form)
    assert ran.code == 1
    assert "hunter" not in ran.out
    assert "5433" in ran.out
    assert "[redacted]" in ran.out
    if form == "json":
        made = json.loads(ran.out)
        assert [(one["before"], one["after"]) for one in made["services"]] == [
            ("dev-db", "test-db"),
            ("web", "web"),
        ]
        change = next(one for one in made["services"][0]["changes"] if one["area"] == "ports")
        assert (change["after"]["path"], change["after"]["line"]) == ("compose.test.yaml", 6)


def test_nothing_differs_from_itself(root, compose):
    ran = compose("diff", "test", "test")
    assert ran.code == 0
    assert ran.out.endswith("no difference\n")


def test_what_is_given_is_used_and_the_process_environment_is_not(root, compose, monkeypatch):
    monkeypatch.setenv("API", "from-the-process")
    assert "from-the-process" not in compose("diff", "compose.yaml", "test").out
    ran = compose("prove-not", "x")
    assert ran.code == 2
    same = compose("diff", "compose.yaml", "compose.yaml", "--env", "API=given")
    assert same.code == 0


def test_environments_with_their_evidence(root, compose):
    found = json.loads(compose("environments", "--format", "json").out)["environments"]
    assert [(one["name"], one["files"], one["evidence"]) for one in found] == [
        ("test", ["compose.test.yaml"], ["Makefile:2"]),
        ("default", ["compose.yaml"], []),
    ]
    assert "a command loads it: Makefile:2" in compose("environments").out


def test_declared_environments_come_first(root, compose):
    (root / "dockwright.toml").write_text('[environments.one]\ncompose = ["compose.yaml"]\n')
    assert compose("diff", "one", "compose.yaml").code == 0
    ran = compose("diff", "one", "two")
    assert ran.code == 2
    assert "there are one" in ran.err


def test_collisions_of_two_stacks_and_of_copies(root, compose):
    ran = compose("collisions", "default", "test")
    assert ran.code == 1
    assert "volume shop-data" in ran.out
    alone = compose("collisions", "default")
    assert "host port 5432/tcp  compose.yaml:6" in alone.out
    assert "web.environment.API  localhost:5432" in alone.out


def test_parity_tells_what_podman_reads_over(root, compose):
    ran = compose("parity", "default")
    assert ran.code == 1
    assert "web: configs" in ran.out
    assert "podman-compose ignored, podman compose full" in ran.out


def test_proof_over_revisions_and_directories(root, dockwright):
    for arguments in (
        ["init", "-q"],
        ["add", "-A"],
        ["-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", *arguments], check=True, cwd=root)
    ran = dockwright("prove", "compose", "HEAD:", ".")
    assert ran.code == 0
    assert ran.out.endswith("same: 2 of 2 environments resolve to the same configuration\n")
    (root / "compose.yaml").write_text(BASE.replace("postgres:16", "postgres:17"))
    ran = dockwright("prove", "compose", "HEAD:", ".")
    assert ran.code == 1
    assert "dev-db: image" in ran.out
    assert "hunter" not in ran.out
    made = json.loads(dockwright("prove", "compose", "HEAD:default", "default", "--format", "json").out)
    assert [one["setting"] for one in made["environments"][0]["differences"]] == ["image"]


def test_mistakes_are_told(root, compose, dockwright):
    assert "no value" in compose("diff", "a", "b", "--env", "X").err
    assert "no name" in compose("diff", "a", "b", "--env", "=X").err
    assert "'' names no environment" in compose("diff", "", "test").err
    assert "'' names nothing" in dockwright("prove", "compose", "", "test").err
    assert "neither a file nor an environment nowhere" in compose("diff", "nowhere", "test").err
    (root / "compose.test.yaml").write_text("services: [\n")
    ran = compose("diff", "compose.yaml", "compose.test.yaml")
    assert ran.code == 1
    assert "cannot be resolved: compose.test.yaml:" in ran.out
    ran = dockwright("prove", "compose", "compose.yaml", "compose.test.yaml")
    assert ran.code == 1
    assert "cannot be resolved" in ran.out


def test_prove_compose_names_the_place_of_an_error_as_seen_from_the_repository(root, dockwright):
    (root / "broken.yaml").write_text("services:\n  a:\n    image: x\n    depends_on: [none]\n", "utf-8")
    ran = dockwright("prove", "compose", "broken.yaml", "broken.yaml", "--format", "json")
    assert ran.code == 1
    [environment] = json.loads(ran.out)["environments"]
    assert {place for error in environment["errors"] for place in error["places"]} == {"broken.yaml:4"}


def test_an_environment_is_found_beside_a_folder_of_its_name(root, compose, dockwright):
    (root / "test").mkdir()
    (root / "test/a.py").write_text("")
    assert "5433" in compose("diff", "compose.yaml", "test").out
    ran = dockwright("prove", "compose", "test", "compose.test.yaml")
    assert "1 of 1 environments resolve to the same configuration" in ran.out


@pytest.fixture
def faulty(make, monkeypatch) -> Path:
    files = {
        "a/compose.yaml": "services:\n  web:\n    image: x\n    env_file: [../beside.env, conf/none.env]\n",
        "b.yaml": "services: {web: {image: x, build: ./app, volumes: ['./d:/d', '../up:/up', '/up:/v']}}\n",
    }
    folder = make(files)
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize(
    "arguments",
    [
        ("collisions", "a/compose.yaml"),
        ("parity", "a/compose.yaml"),
        ("parity",),
        ("diff", "a/compose.yaml", "b.yaml"),
    ],
)
@pytest.mark.parametrize("root", [".", "..", "absolute"])
def test_files_are_named_as_they_are_in_the_repository(faulty, compose, arguments, root, monkeypatch):
    """The loader knows absolute paths only; the root it is given was made up and is nobody's."""
    options = () if root == "." else ("--root", str(faulty))
    if root == "..":
        monkeypatch.chdir(faulty.parent)
        options = ("--root", faulty.name)
    ran = compose(*arguments, *options)
    said = ran.out + ran.err
    assert "a/compose.yaml:4: env file beside.env not found" in said
    assert ".above" not in said
    assert str(faulty) not in said
    assert f"/{faulty.name}/" not in said


def test_what_lies_beside_the_repository_is_no_path_of_the_machine(faulty, compose):
    ran = compose("collisions", "b.yaml")
    assert "host path ../up" in ran.out
    assert "host path /up" in ran.out
    assert "host path d  " in ran.out or "host path ./d  " in ran.out


def test_a_copy_of_a_folder_is_the_same(faulty, dockwright):
    (faulty / "one").mkdir()
    (faulty / "two").mkdir()
    for folder in ("one", "two"):
        (faulty / folder / "compose.yaml").write_text((faulty / "b.yaml").read_text())
    ran = dockwright("prove", "compose", "one", "two", "--modulo", "project-name")
    assert (ran.code, ran.out.splitlines()[-1][:4]) == (0, "same")


@pytest.mark.parametrize("form", ["terminal", "markdown", "json"])
def test_parity_where_nothing_can_be_compared(make, compose, monkeypatch, form):
    monkeypatch.chdir(make({}))
    ran = compose("parity", "--format", form)
    assert ran.code == 0
    if form == "json":
        assert json.loads(ran.out)["environments"] == []
    else:
        assert "no compose file is here: nothing to compare" in ran.out
    Path("compose.yaml").write_text("services: {a: {build: .}}\ninclude: [none.yaml]\n")
    ran = compose("parity", "--format", form)
    assert ran.code == 0
    assert "none.yaml" in ran.out
    named = compose("parity", "compose.yaml", "--format", form)
    assert (named.code, named.out) == (2, "")
    assert "none.yaml" in named.err


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize(
    "arguments",
    [
        ("compose", "parity"),
        ("compose", "collisions", "default", "test"),
        ("compose", "collisions", "default"),
        ("compose", "diff", "default", "test"),
        ("compose", "environments"),
        ("compose", "-f", "compose.yaml", "explain", "web"),
        ("prove", "compose", "compose.yaml", "compose.test.yaml"),
    ],
)
def test_text_fits_the_terminal(root, dockwright, monkeypatch, arguments, width):
    wide = dockwright(*arguments).out
    monkeypatch.setenv("COLUMNS", str(width))
    narrow = dockwright(*arguments).out
    assert max(map(len, narrow.splitlines())) <= width
    assert "".join(narrow.split()) == "".join(wide.split())
