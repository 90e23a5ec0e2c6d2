"""Scripts: what kind of tool they are, what is a fallback, what of Python is read."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockwright.repository.narrow import MIN_BYTES, imports, long_strings, narrowed
from dockwright.repository.scripts import language_of, written_names
from dockwright.text import SourceFile
from tests.repository.small import inventory

WEB = "services:\n  web:\n    image: nginx:1.27\n"


def script(text, path="scripts/tool.sh"):
    return inventory({path: text, "compose.yaml": WEB}).item(path)


@pytest.mark.parametrize(
    ("path", "text", "category"),
    [
        ("scripts/a.sh", "docker build -t x .\n", "build"),
        ("scripts/a.sh", "docker compose up -d\ndocker compose ps\n", "lifecycle"),
        ("scripts/a.sh", "docker system prune -f\n", "cleanup"),
        ("scripts/a.sh", "docker compose down -v\n", "cleanup"),
        ("scripts/a.sh", "docker inspect x\ndocker logs x\n", "health"),
        ("scripts/a.sh", "docker push shop/web\n", "deploy"),
        ("scripts/deploy.sh", "docker version\ndocker compose up -d\n", "deploy"),
        ("scripts/podman_up.sh", "podman run -d nginx\n", "podman"),
        ("scripts/docker_health.sh", "echo hi\n", "health"),
        ("scripts/docker-cleanup.sh", "docker version\n", "cleanup"),
        ("scripts/test_docker.sh", "docker run x\n", "test"),
        ("tests/up.sh", "docker run x\n", "test"),
    ],
)
def test_categories(path, text, category):
    assert script(text, path).category == category


@pytest.mark.parametrize(
    ("text", "fallbacks"),
    [
        ("docker compose up || docker-compose up\n", ["docker-compose up"]),
        ("if command -v podman; then\n  podman ps\nelse\n  docker ps\nfi\n", ["docker ps"]),
        ('if [ "$1" = up ]; then\n  docker compose up\nelse\n  docker compose down\nfi\n', []),
        ("docker compose up || true\n", []),
    ],
)
def test_fallbacks_in_shell(text, fallbacks):
    assert [one.text for one in script(text).invocations if one.fallback] == fallbacks


def test_fallbacks_in_python():
    text = (
        "import subprocess\n\n\ndef up():\n    try:\n        subprocess.run(['docker', 'compose', 'up'], check=True)\n"
        "    except Exception:\n        subprocess.run(['docker-compose', 'up'])\n"
    )
    item = script(text, "tools/up.py")
    assert [(one.text, one.fallback, one.within) for one in item.invocations] == [
        ("docker compose up", False, "up"),
        ("docker-compose up", True, "up"),
    ]


@pytest.mark.parametrize(
    ("path", "data", "language"),
    [
        ("a.py", b"", "python"),
        ("Makefile.ci", b"", "make"),
        ("package.json", b"", "npm"),
        ("bin/x", b"#!/usr/bin/env python3\n", "python"),
        ("bin/x", b"#!/bin/sh\n", "shell"),
        ("up.cmd", b"", "batch"),
        ("a.ts", b"", "typescript"),
    ],
)
def test_languages(path, data, language):
    assert language_of(path, data) == language


def test_names_a_script_writes():
    data = b"echo x > a.yml\ntee -a b.yml\ncp src/x c.yml\ncurl -o d.yml http://x\nmkdir -p e/f\ngit clone http://x g\ncat <<E >h.yml\nE\n"
    assert written_names(data, "shell") >= {"a.yml", "b.yml", "c.yml", "d.yml", "e/f", "g", "h.yml"}
    assert "Dockerfile.gen" in written_names(b'open("Dockerfile.gen", "w").write(x)\n', "python")


FILLER = "def unrelated_{0}(x):\n    '''doc\ndef fake():\n    '''\n    return x + {0}\n\n\n"
KEEP = 'class Engine:\n    name = "docker"\n\n    def ps(self):\n        return run(["docker", "ps"])\n\n    def add(self, a):\n        return a\n'


def long_source():
    return ("import os\n\n\n" + "".join(FILLER.format(i) for i in range(60)) + KEEP).encode()


def test_narrowing_keeps_places_and_what_matters():
    data = long_source()
    assert len(data) > MIN_BYTES
    smaller = narrowed(SourceFile("x.py", data))
    assert smaller is not None
    assert len(smaller) == len(data)
    assert smaller.count(b"\n") == data.count(b"\n")
    tree = ast.parse(smaller)
    assert [type(node).__name__ for node in tree.body] == ["Import", "ClassDef"]
    assert b"def add" not in smaller
    assert smaller.index(b'["docker", "ps"]') == data.index(b'["docker", "ps"]')


def test_a_file_that_starts_nothing_is_not_read_at_all():
    assert narrowed(SourceFile("x.py", b"# docker is nice\nx = 'Docker'\n" * 300)) is None


def test_a_class_that_finds_the_engine_is_kept_whole():
    text = (
        long_source()
        + b'\n\nclass Any:\n    def find(self):\n        for tool in ["podman", "docker"]:\n            self.tool = tool\n\n    def df(self):\n        return run([self.tool, "system", "df"])\n'
    )
    assert b'[self.tool, "system", "df"]' in narrowed(SourceFile("x.py", text))


def test_long_strings_are_found_once():
    source = SourceFile("x.py", b'a = \'\'\'x """ y\'\'\'\nb = """z"""\n')
    assert [source.data[start:end] for start, end in long_strings(source)] == [
        b"'''x \"\"\" y'''",
        b'"""z"""',
    ]
    assert long_strings(source) is long_strings(source)


def test_imports_by_pattern():
    data = b"import os, a.b as c\nfrom d.e import f, g\n    from .h import i\nimportant = 1\n"
    found = imports(SourceFile("x.py", data))
    assert found.modules == ("os", "a.b", "d.e", ".h")
    assert found.members == ("d.e.f", "d.e.g")


@given(
    st.lists(
        st.sampled_from(
            [
                "def f():\n",
                "    x\n",
                "class A:\n",
                "'''",
                '"""',
                "docker ",
                "'docker'\n",
                "\n",
                "    def g(self):\n",
                "@x\n",
                "#",
            ]
        ),
        max_size=40,
    )
)
def test_narrowing_never_moves_anything(pieces):
    data = "".join(pieces).encode() + b"\n" + long_source()
    smaller = narrowed(SourceFile("x.py", data))
    assert smaller is not None
    assert len(smaller) == len(data)
    assert all(a == b or a == 32 for a, b in zip(smaller, data, strict=True))
