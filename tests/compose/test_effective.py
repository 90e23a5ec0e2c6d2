"""The effective view: overrides, extends, include, tags; against what `docker compose config` printed."""

from collections import Counter
from pathlib import Path

import pytest

from dockwright.compose.effective import MAX_FILES, effective, loader
from tests.compose.config_cases import View, expected, project, recorded
from tests.compose.corpus_files import cases


def view(files: dict[str, str], *paths: str, env: dict[str, str] | None = None):
    def read(path: str) -> bytes | None:
        return files[path].encode() if path in files else None

    return effective(paths or tuple(files)[:1], loader(read), read=read, env=env)


def test_overrides_keep_the_place_of_every_value():
    found = view(
        {
            "a.yaml": "services:\n  web:\n    image: x:1\n    environment: {A: 1, B: 1}\n    ports: ['80:80']\n",
            "b.yaml": "services:\n  web:\n    image: x:2\n    environment: [B=2, C=2]\n    ports: ['81:80', '80:80']\n",
        },
        "a.yaml",
        "b.yaml",
    )
    web = found.services["web"]
    assert (web.image.raw, web.image.path, web.image.node.line) == ("x:2", "b.yaml", 3)
    assert {pair.name: (pair.value.raw, pair.value.path) for pair in web.environment} == {
        "A": ("1", "a.yaml"), "B": ("2", "b.yaml"), "C": ("2", "b.yaml"),
    }  # fmt: skip
    assert [(port.short.raw, port.short.path) for port in web.ports] == [
        ("80:80", "b.yaml"),
        ("81:80", "b.yaml"),
    ]
    assert [part.image.path for part in web.parts] == ["a.yaml", "b.yaml"]
    assert found.files == ("a.yaml", "b.yaml")
    assert found.issues == ()


def test_extends_within_and_across_files():
    files = {
        "compose.yaml": "services:\n  a:\n    extends: {file: sub/base.yaml, service: b}\n    environment: {X: 2}\n",
        "sub/base.yaml": (
            "services:\n  b:\n    extends: c\n    build: ./ctx\n    environment: {X: 1, Y: 1}\n"
            "  c:\n    image: i\n    volumes: ['./d:/d']\n"
        ),
    }
    service = view(files).services["a"]
    assert service.image.raw == "i"
    assert service.build.context.located() == "sub/ctx"
    assert service.volumes[0].source.located() == "sub/d"
    assert {pair.name: pair.value.raw for pair in service.environment} == {"X": "2", "Y": "1"}
    assert service.extends is None


def test_include_brings_services_with_their_own_directory_and_environment():
    files = {
        "compose.yaml": "include: [sub/compose.yaml]\nservices: {app: {image: a}}\n",
        "sub/compose.yaml": "services: {inc: {image: 'i:${TAG:-none}', build: ./x}}\nvolumes: {v: }\n",
        "sub/.env": "TAG=sub\n",
    }
    found = view(files)
    assert list(found.services) == ["inc", "app"]
    inc = found.services["inc"]
    assert found.resolved(inc.image).text == "i:sub"
    assert view(files, env={"TAG": "outer"}).resolved(inc.image).text == "i:outer"
    assert inc.build.context.located() == "sub/x"
    assert list(found.volumes) == ["v"]


def test_tags_reset_and_override():
    base = "services:\n  a:\n    image: x\n    ports: ['80:80']\n    command: [a]\n    depends_on: [b, c]\n    environment: {A: 1, B: 1}\n  b: {image: x}\n  c: {image: x}\n"
    over = "services:\n  a:\n    ports: !override ['81:81']\n    command: !reset null\n    depends_on: {b: !reset null}\n    environment: {A: !reset null}\n  b: !reset null\n"
    found = view({"a.yaml": base, "b.yaml": over}, "a.yaml", "b.yaml")
    service = found.services["a"]
    assert [port.short.raw for port in service.ports] == ["81:81"]
    assert service.command is None
    assert [one.service.raw for one in service.depends_on] == ["c"]
    assert [pair.name for pair in service.environment] == ["B"]
    assert list(found.services) == ["a", "c"]


def test_null_keeps_the_base_except_for_commands():
    base = "services: {a: {image: x, command: [a], ports: ['80'], healthcheck: {test: [CMD, a], retries: 2}}}"
    over = "services: {a: {image: , command: , ports: , healthcheck: {test: }}}"
    service = view({"a.yaml": base, "b.yaml": over}, "a.yaml", "b.yaml").services["a"]
    assert service.image.raw == "x"
    assert service.command.cleared
    assert len(service.ports) == 1
    assert service.healthcheck.test == ()
    assert service.healthcheck.retries.raw == "2"


def test_profiles():
    found = view({"a.yaml": "services: {a: {image: x}, b: {image: x, profiles: [p]}}"})
    assert list(found.enabled()) == ["a"]
    assert list(found.enabled(["p"])) == ["a", "b"]
    assert list(found.enabled(["*"])) == ["a", "b"]


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        ({"a.yaml": "services: {a: {extends: b}}"}, "missing"),
        ({"a.yaml": "services: {a: {extends: {file: x.yaml, service: b}}}"}, "missing"),
        ({"a.yaml": "services: {a: {extends: b}, b: {extends: a}}"}, "cycle"),
        ({"a.yaml": "include: [b.yaml]", "b.yaml": "include: [a.yaml]"}, "cycle"),
        ({"a.yaml": "include: ['${DIR}/b.yaml']"}, "variable"),
        ({"a.yaml": "include: ['../b.yaml']"}, "remote"),
        ({"a.yaml": "include: ['https://example.com/b.yaml']"}, "remote"),
        ({"a.yaml": "services: {a: {extends: {file: /etc/x.yaml, service: b}}}"}, "remote"),
    ],
)
def test_what_cannot_be_followed_is_named_at_its_place(files, kind):
    found = view(files, "a.yaml")
    assert [issue.kind for issue in found.issues] == [kind]
    assert found.issues[0].path in files
    assert found.issues[0].span.end > 0


def test_a_missing_first_file_is_named():
    assert [issue.kind for issue in view({}, "a.yaml").issues] == ["missing"]


@pytest.mark.slow
def test_bombs_of_includes_and_chains_of_extends_end():
    files = {
        f"f{n}.yaml": f"include: [f{n + 1}.yaml, f{n + 1}.yaml]\nservices: {{s{n}: {{image: x}}}}"
        for n in range(40)
    }
    assert "limit" in {issue.kind for issue in view(files, "f0.yaml").issues}
    assert MAX_FILES < 2**40
    chain = ", ".join(f"s{n}: {{extends: s{n + 1}}}" for n in range(5_000))
    found = view({"a.yaml": f"services: {{{chain}, s5000: {{image: x}}}}"})
    assert "cycle" in {issue.kind for issue in found.issues}


# Normalisation is a later capability: `if_not_present`, `-0`, `~` and symbolic links, default arguments from the
# environment, a directory that is not there. `"*"` as a service name is an undocumented wildcard. A published port
# given as a number is another key than the same as a text, and ranges that overlap are parted: one case each.
DIFFER = {
    "merge/ports/mixed_long_published_int", "merge/ports/mixed_range", "scalar/env_04", "scalar/env_60",
    "include/project_directory_missing", "volumes/short_03", "volumes/short_23", "norm/build_args_env",
    "paths/resolve", "paths/symlink_dir", "reset/wildcard_env", "reset/wildcard_attrs",
}  # fmt: skip


@pytest.mark.slow
def test_conformance(corpus: Path):
    count: Counter[str] = Counter()
    for case in cases(corpus, "config"):
        services, found = expected(case), project(case)
        if not services or found is None:
            count["outside"] += 1
            continue
        differs = []
        for name, service in services.items():
            if name not in found.services:
                differs.append((name, "missing"))
                continue
            ours = View(found, found.services[name]).facets()
            theirs = recorded(service, ours, found.services[name])
            differs += [(name, key, ours[key], theirs[key]) for key in ours if ours[key] != theirs[key]]
        assert bool(differs) == (case["id"] in DIFFER), (case["id"], differs)
        count["compared"] += 1
    assert count["compared"] > 1_100
