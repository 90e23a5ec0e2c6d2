"""What differs between versions beyond the recorded cases; found against the real Compose 2.26.1 of Debian."""

import json

import pytest

from dockwright.compose.load import render, render_yaml
from dockwright.compose.load.discover import Asked, discover
from dockwright.compose.load.environment import Environment
from dockwright.compose.load.files import MemoryFiles
from dockwright.compose.load.versions import Semantics, followed
from dockwright.errors import UsageError
from tests.compose.load.test_bad_input import load, told

OLD = (2, 4, 8)


def test_an_empty_list_is_nil_to_the_next_file_before_2_11():
    texts = (
        "services: {a: {image: a}}",
        "services: {a: {device_cgroup_rules: []}}",
        "services: {a: {image: b}}",
    )
    assert told(load(*texts, version=OLD)) == [("schema", "1.yaml:1")]
    assert load(*texts).project is not None


def test_an_empty_list_of_an_extension_is_null_in_json_before_2_11():
    text = "x-a: {b: [], c: [[]]}\nservices: {a: {image: a, ports: []}}"
    for version, wanted in ((OLD, {"b": None, "c": [None]}), (None, {"b": [], "c": [[]]})):
        project = load(text, version=version).project
        assert project is not None
        assert json.loads(render.text(project))["x-a"] == wanted


@pytest.mark.parametrize(
    ("command", "old", "new"),
    [
        ("[a, b?c]", False, True),
        ("[a, b?]", False, True),
        ("[a, b? ]", False, False),
        ("[a, b? c]", False, False),
    ],
)
def test_a_question_mark_in_a_flow_collection(command, old, new):
    text = f"services: {{a: {{image: a, command: {command}}}}}"
    assert (load(text, version=OLD).project is not None) is old
    assert (load(text).project is not None) is new
    assert load(text.replace("b?", "'b?").replace("]", "']")).project is not None


def test_a_bare_word_at_the_very_end_of_an_env_file_sets_the_empty_name():
    project = load("services: {a: {image: a, env_file: e.env}}", e__env="A=1\nB").project
    assert project is not None
    assert sorted(project.services["a"].mapping("environment").entries) == ["", "A"]


def test_an_empty_name_in_the_project_s_env_file_was_an_error():
    for text in ("=3\n", "A=1\nB"):
        files = MemoryFiles({"/p/.env": text.encode(), "/p/compose.yaml": b"services: {a: {image: a}}"})
        found = discover(Asked(), Environment(), "/p", files, Semantics(OLD))
        assert [(error.code, error.exit_code) for error in found.errors] == [("env-file", 1)]
        assert discover(Asked(), Environment(), "/p", files, Semantics()).request is not None


def test_a_date_that_stays_one_is_written_in_full():
    project = load("x-d: [2024-1-2, 2024-01-02 03:04:05.5]\nservices: {a: {image: a}}").project
    assert project is not None
    assert render_yaml.text(project).endswith("x-d:\n  - 2024-01-02T00:00:00Z\n  - 2024-01-02T03:04:05.5Z\n")
    assert json.loads(render.text(project))["x-d"] == ["2024-01-02T00:00:00Z", "2024-01-02T03:04:05.5Z"]


def test_a_port_of_0_has_no_target():
    assert told(load("services: {a: {image: a, ports: ['8080:0']}}")) == [("unicity", "0.yaml:1")]


def test_an_infinity_counts_only_where_it_is_a_number_when_the_model_is_validated():
    text = "services: {a: {image: a, environment: {A: .inf}}}"
    assert told(load(text)) == [("schema", "0.yaml:1")]
    merged = load("services: {a: {image: a, environment: {B: 1}}}", text).project
    assert merged is not None
    assert merged.services["a"].mapping("environment").text("A") == "+Inf"


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("", (2, 14, 0)),
        ("newest", (2, 14, 0)),
        ("2.26.1-4", OLD),
        ("v2.33.1", OLD),
        ("2.34", (2, 4, 9)),
        ("2.40.3", (2, 9, 1)),
        ("2", (2, 9, 1)),
        ("5.0.2", (2, 10, 1)),
        ("9.9", (2, 14, 0)),
        ("compose-go 2.7.1", (2, 7, 1)),
        ("compose-go@v2.0.2", OLD),
    ],
)
def test_the_version_of_compose_go_behind_a_name(name, number):
    assert followed(name).number == number


@pytest.mark.parametrize("name", ["soon", "v", "2.x", "compose-go", "-1"])
def test_what_is_no_version_is_told(name):
    with pytest.raises(UsageError, match="not a version of Compose"):
        followed(name)


def test_a_change_is_switched_on_at_its_version():
    text = "services: {a: {image: a, volumes: ['./d:/d']}}"
    for number, shown in (((2, 9, 1), {"create_host_path": True}), ((2, 10, 0), {})):
        project = load(text, version=number).project
        assert project is not None
        assert json.loads(render.text(project))["services"]["a"]["volumes"][0]["bind"] == shown
    assert Semantics((1, 0, 0)).number == OLD
