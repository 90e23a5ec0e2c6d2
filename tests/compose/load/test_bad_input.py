"""Wrong files: a clear error with its place, in bounded time, and all errors, not just the first."""

import pytest

from dockwright.compose.load.environment import Environment
from dockwright.compose.load.files import MemoryFiles
from dockwright.compose.load.run import Request, run
from dockwright.compose.load.versions import Semantics


def load(*texts: str | bytes, version=None, env=None, **others: str):
    """Load the texts as `0.yaml`, `1.yaml` …; `others` are further files, with `__` for a dot in the name."""
    files = {
        f"/p/{index}.yaml": text.encode() if isinstance(text, str) else text
        for index, text in enumerate(texts)
    }
    files.update((f"/p/{name.replace('__', '.')}", text.encode()) for name, text in others.items())
    return run(
        Request(
            tuple(f"/p/{index}.yaml" for index in range(len(texts))),
            "/p",
            Environment.of(env or {}),
            MemoryFiles(files),
            Semantics(version) if version else Semantics(),
        )
    )


def told(loaded):
    """Class and places of every error."""
    return [
        (error.code, *(f"{place.path[3:]}:{place.line}" for place in error.places)) for error in loaded.errors
    ]


BOMB = "x-a: &a [a, a, a, a, a, a, a, a, a]\n" + "".join(
    f"x-{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize("version", [(2, 4, 8), None])
def test_an_anchor_bomb_is_refused(version):
    assert told(load(BOMB + "services: {a: {image: a}}\n", version=version))[0][0] == "limit"


def test_a_bomb_of_merge_keys_is_refused():
    lines = ["x-0: &m0 {" + ", ".join(f"k{i}: v" for i in range(50)) + "}"]
    lines += [f"x-{i}: &m{i} {{<<: [{', '.join([f'*m{i - 1}'] * 20)}]}}" for i in range(1, 8)]
    assert told(load("\n".join([*lines, "services: {a: {image: a}}"])))[0][0] == "limit"


def test_deep_nesting_is_refused():
    assert told(load("x-a: " + "[" * 5_000 + "]" * 5_000)) == [("limit", "0.yaml:1")]


@pytest.mark.slow
def test_a_file_of_five_megabytes_is_refused_in_bounded_time():
    text = "services:\n" + "".join(f"  s{i}:\n    image: {'a' * 100}\n" for i in range(51_000))
    assert len(text) > 5_000_000
    assert [error[0] for error in told(load(text))] == ["limit"]


def test_a_long_comment_is_no_matter():
    assert load("# " + "x" * 5_000_000 + "\nservices: {a: {image: a}}\n").project is not None


def test_cycles():
    base = "services: {a: {extends: {file: o.yaml, service: b}}}"
    assert told(load(base, o__yaml="services: {b: {extends: {file: 0.yaml, service: a}}}"))[0][:2] == (
        "extends-cycle",
        "0.yaml:1",
    )
    assert told(load("include: [o.yaml]\nservices: {}", o__yaml="include: [0.yaml]\nservices: {}")) == [
        ("include-cycle", "o.yaml:1")
    ]
    assert told(load("services:\n  a: {image: a, depends_on: [b]}\n  b: {image: b, depends_on: [a]}\n")) == [
        ("dependency-cycle", "0.yaml:2", "0.yaml:3")
    ]
    assert told(load("x-a: &a {b: *a}\nservices: {a: {image: a}}"))[0][0] == "yaml"


def test_tabs_duplicates_and_unknown_anchors_have_their_line():
    assert told(load("services:\n\ta: b\n")) == [("yaml", "0.yaml:2")]
    assert told(load("services:\n  a: {image: a}\n  a: {image: b}\n")) == [
        ("duplicate-key", "0.yaml:3", "0.yaml:2")
    ]
    assert told(load("services:\n  a: *b\n")) == [("yaml", "0.yaml:2")]
    assert told(load("services:\n  1: {image: a}\n")) == [("key-not-string", "0.yaml:2")]


def test_unknown_tags_are_no_error_and_make_text():
    loaded = load("services: {a: {image: a, environment: {A: !odd 1, B: !!str 2}}}")
    assert loaded.project is not None
    assert loaded.project.services["a"].mapping("environment").text("A") == "1"


def test_all_errors_of_a_file_are_told_each_with_its_line():
    loaded = load(
        "services:\n  a:\n    image: 5\n    prots: ['80:80']\n    environment:\n      A: {b: c}\n  b:\n    build: []\nvolumes: []\n"
    )
    assert told(loaded) == [
        ("schema", "0.yaml:3"),
        ("schema", "0.yaml:4"),
        ("schema", "0.yaml:6"),
        ("schema", "0.yaml:8"),
        ("schema", "0.yaml:9"),
    ]
    assert "did you mean 'ports'?" in loaded.errors[1].message


def test_errors_of_several_files_are_told_together():
    loaded = load(
        "services:\n  a:\n    image: ${A!}\n", "services:\n  b:\n    scale: ${B:-x}\n", "services: ["
    )
    assert told(loaded) == [("interpolation", "0.yaml:3"), ("cast", "1.yaml:3"), ("yaml", "2.yaml:1")]


def test_a_conflict_names_both_sides():
    assert told(
        load("services:\n  a:\n    image: a\n    ports: [1]\n", "services:\n  a:\n    ports: 2\n")
    ) == [("merge", "1.yaml:3", "0.yaml:4")]
    assert told(
        load(
            "services:\n  a:\n    image: a\n    network_mode: host\n",
            "services:\n  a:\n    networks: [n]\nnetworks: {n: }\n",
        )
    ) == [("consistency", "0.yaml:4", "1.yaml:3")]
    assert told(load("services:\n  a:\n    image: a\n    scale: 2\n    deploy:\n      replicas: 3\n")) == [
        ("consistency", "0.yaml:4", "0.yaml:6")
    ]


def test_all_inconsistencies_are_told():
    loaded = load("services:\n  a:\n    networks: [n]\n    volumes: ['vol:/v']\n    depends_on: [b]\n")
    assert [error[0] for error in told(loaded)] == ["consistency"] * 4


def test_a_fragment_lacks_something_and_is_otherwise_right():
    assert load("services: {a: {environment: {A: 1}, networks: [n], depends_on: [b]}}").is_fragment
    assert load("services: {a: {extends: b}}").is_fragment
    assert not load("services: {a: {enviroment: {A: 1}}}").is_fragment
    assert not load("services: {a: {image: a}}").is_fragment
    assert not load("services: {a: {image: a, depends_on: [b]}, b: {image: b, profiles: [p]}}").is_fragment


def test_missing_files_have_the_place_that_names_them():
    assert told(load("services:\n  a: {image: a, env_file: [no.env]}\n")) == [("not-found", "0.yaml:2")]
    assert told(load("include:\n  - no.yaml\nservices: {}\n")) == [("not-found", "0.yaml:2")]
    assert told(load("services:\n  a: {extends: {service: b, file: no.yaml}}\n")) == [
        ("not-found", "0.yaml:2")
    ]
    assert load("services: {a: {image: a, env_file: [{path: no.env, required: false}]}}").project is not None


def test_what_is_remote_is_told_not_fetched():
    assert told(load("include:\n  - https://example.com/c.git\nservices: {}\n")) == [("remote", "0.yaml:2")]
    assert told(load("services:\n  a:\n    extends: {service: b, file: git@example.com:x}\n")) == [
        ("remote", "0.yaml:3")
    ]


def test_an_env_file_that_is_wrong_has_its_line():
    assert told(load("services: {a: {image: a, env_file: e.env}}", e__env="A=1\nB='x\n")) == [
        ("env-file", "e.env:2", "0.yaml:1")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n",
        "---\n",
        "[]",
        "services:",
        "services: []",
        "services: {a: null}",
        "services: {a: []}",
        "services: {a: {build: null}}",
        "services: {a: {image: a, logging: null, ulimits: {a: null}, networks: {x: 3}}}",
        "services: {a: {image: a, secrets: [{}], configs: [null], ports: [null, {}], volumes: [null, {}]}}",
        "services: {a: {image: a, deploy: {resources: {limits: null}}, healthcheck: null}}",
        "secrets: {a: null}\nconfigs: {b: 1}\nvolumes: {c: 2}\nservices: {a: {image: a}}",
        "name: {a: b}\nservices: {a: {image: a}}",
        "include: {a: b}",
        "include: [{path: 3}, null, [a]]",
        "services: {a: {extends: 3}}",
        "services: {a: {extends: {service: [a], file: 3}}}",
        "services: {a: {extends: {service: a, file: [b]}}}",
        b"\xff\xfe\x00",
        b'services: {a: {image: "\xed\xa0\x80"}}',
        "\u2028: a",
        "? [a, b]\n: c",
        "services: !reset {a: b}",
        "!override [a]",
    ],
)
@pytest.mark.parametrize("version", [(2, 4, 8), None])
def test_odd_files_end_in_a_project_or_an_error(text, version):
    for texts in (
        (text,),
        ("services: {a: {image: a}}", text),
        (text, "services: {a: {image: a, logging: {driver: x}}}"),
    ):
        loaded = load(*texts, version=version)
        assert (loaded.project is None) is bool(loaded.errors)
