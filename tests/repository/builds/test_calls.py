"""Builds on command lines: where contexts and Dockerfiles are looked for."""

import pytest

from dockwright.repository.model import Strength
from tests.repository.small import SCRATCH, inventory, missing, only_build, summary

FILES = {"docker/api.Dockerfile": SCRATCH, "api/Dockerfile": SCRATCH, "api/a": "", "a": ""}


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("docker build -f docker/api.Dockerfile .", ("", "docker/api.Dockerfile", ())),
        ("docker build api", ("api", "api/Dockerfile", ())),
        ("cd api && docker build -t x .", ("api", "api/Dockerfile", ())),
        ("pushd api\ndocker buildx build --load .\npopd", ("api", "api/Dockerfile", ())),
        (
            'cd "$(dirname "$0")/.."\ndocker build -f docker/api.Dockerfile .',
            ("", "docker/api.Dockerfile", ()),
        ),
        (
            'ROOT="$(cd "$(dirname "$0")/.." && pwd)"\ndocker build -f "$ROOT/docker/api.Dockerfile" "$ROOT"',
            ("", "docker/api.Dockerfile", ()),
        ),
        (
            'docker build -f "$(git rev-parse --show-toplevel)/docker/api.Dockerfile" .',
            ("", "docker/api.Dockerfile", ()),
        ),
        ("F=docker/api.Dockerfile\ndocker build -f $F .", ("", "docker/api.Dockerfile", ())),
        ("podman build -f api.Dockerfile docker", ("docker", "docker/api.Dockerfile", ())),
        ("docker build -f docker/xapi.Dockerfile .", ("", None, ("dockerfile",))),
        ("docker build ./gone", (None, None, ("context",))),
        ("docker build https://github.com/a/b.git", (None, None, ())),
        ("docker build - < Dockerfile", (None, None, ())),
    ],
)
def test_scripts(script, found):
    assert summary(only_build({**FILES, "scripts/image.sh": f"#!/bin/bash\n{script}\n"})) == found


def test_podman_prefers_a_containerfile():
    files = {"Containerfile": SCRATCH, "Dockerfile": SCRATCH, "a": "", "up.sh": "podman build .\n"}
    assert summary(only_build(files)) == ("", "Containerfile", ())


@pytest.mark.parametrize(
    "script",
    [
        "docker build -f $FILE .",
        "docker build $WHERE",
        'cd "$PROJECT" && docker build .',
        "cd /srv/other && docker build -f gone.Dockerfile .",
    ],
)
def test_unknown_pieces_are_uncertain_and_never_missing(script):
    facts = inventory({"scripts/image.sh": script + "\n"})
    (build,) = facts.builds
    assert build.uncertain
    assert build.missing == ()
    assert missing(facts) == []


def test_a_loop_of_constants_is_several_builds():
    files = {
        **FILES,
        "docker/web.Dockerfile": SCRATCH,
        "all.sh": "for s in api web; do docker build -f docker/$s.Dockerfile .; done\n",
    }
    assert [build.dockerfile for build in inventory(files).builds] == [
        "docker/api.Dockerfile",
        "docker/web.Dockerfile",
    ]


def test_a_loop_over_folders_may_mean_each_of_them():
    files = {
        "svc/a/Dockerfile": SCRATCH,
        "svc/b/Dockerfile": SCRATCH,
        "svc/c/x": "",
        "all.sh": "for s in $(ls svc); do docker build svc/$s; done\n",
    }
    facts = inventory(files)
    assert {summary(build) for build in facts.builds} == {
        ("svc/a", "svc/a/Dockerfile", ()),
        ("svc/b", "svc/b/Dockerfile", ()),
    }
    assert all(build.uncertain for build in facts.builds)


def test_an_unknown_file_name_means_none_of_them():
    files = {
        "docker/a.Dockerfile": SCRATCH,
        "docker/b.Dockerfile": SCRATCH,
        "one.sh": "docker build -f docker/$1.Dockerfile .\n",
    }
    assert [build.dockerfile for build in inventory(files).builds] == [None]


@pytest.mark.parametrize(
    "script",
    [
        "cat > gen.Dockerfile <<EOF\nFROM scratch\nEOF\ndocker build -f gen.Dockerfile .\n",
        "cp other gen.Dockerfile\ndocker build -f gen.Dockerfile .\n",
        "curl -fsSL -o gen.Dockerfile https://example.org/x\ndocker build -f gen.Dockerfile .\n",
        "git clone https://example.org/x.git gen\ndocker build gen\n",
        "mkdir -p build/gen\ncp -r src build/gen\ndocker build build/gen\n",
    ],
)
def test_what_a_script_makes_itself_is_not_missing(script):
    facts = inventory({"image.sh": script, "other": "", "src/x": ""})
    assert missing(facts) == []
    assert [build.uncertain for build in facts.builds if not build.inline] != [""]


def test_values_of_a_build():
    text = "docker build -f docker/api.Dockerfile --target prod --build-arg A=1 --build-arg B -t shop/api:1 --platform linux/arm64 --build-context lib=../lib .\n"
    build = only_build({**FILES, "image.sh": text})
    assert [(one.name, one.value) for one in build.arguments] == [("A", "1"), ("B", None)]
    assert (build.target, list(build.tags), list(build.platforms), dict(build.named_contexts)) == (
        "prod",
        ["shop/api:1"],
        ["linux/arm64"],
        {"lib": "../lib"},
    )
    assert build.strength is Strength.BUILD
    source = build.place.source
    assert source.text(build.dockerfile_place.span) == "docker/api.Dockerfile"
    assert source.text(build.context_place.span) == "."
    assert source.text(build.target_place.span) == "prod"


def test_targets_that_a_dockerfile_lacks():
    files = {
        "Dockerfile": "FROM scratch AS Dev\nFROM scratch\n",
        "a.sh": "docker build --target dev .\ndocker build --target prod .\ndocker build --target 1 .\n",
    }
    assert [build.missing for build in inventory(files).builds] == [(), ("target",), ()]


def test_make_package_json_and_python():
    files = {
        **FILES,
        "Makefile": "IMG := docker/api.Dockerfile\nimage:\n\tdocker build -f $(IMG) .\n",
        "package.json": '{"scripts": {"image": "docker build -f docker/api.Dockerfile ."}}',
        "tools/image.py": (
            "import subprocess\nfrom pathlib import Path\n\nROOT = Path(__file__).parent.parent\n\n\ndef image():\n"
            '    subprocess.run(["docker", "build", "-f", str(ROOT / "docker" / "api.Dockerfile"), str(ROOT)], check=True)\n'
        ),
    }
    facts = inventory(files)
    assert {build.place.path for build in facts.builds} == {"Makefile", "package.json", "tools/image.py"}
    assert {summary(build) for build in facts.builds} == {("", "docker/api.Dockerfile", ())}


def test_builds_in_tests_and_documentation_say_so():
    files = {
        **FILES,
        "tests/test_image.sh": "docker build api\n",
        "docs/build.md": "Build it:\n\n```console\n$ docker build -f docker/api.Dockerfile .\nSending build context\n```\n\n    docker build gone\n",
    }
    assert {
        (build.place.path, build.place.line, build.strength, build.kind) for build in inventory(files).builds
    } == {
        ("tests/test_image.sh", 1, Strength.TEST, "command"),
        ("docs/build.md", 4, Strength.DOCS, "docs"),
    }
