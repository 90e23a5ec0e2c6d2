"""Dockerfiles inside other files."""

import pytest

from dockwright.repository.model import Standing, Status
from tests.repository.small import inventory

TEXT = "FROM alpine:3.20\nRUN true\nCMD x\n"


def only(files):
    (item,) = inventory(files).dockerfiles
    return item


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("image.sh", f"#!/bin/sh\n# docker\ncat > Dockerfile.x <<'EOF'\n{TEXT}EOF\n", 4),
        ("image.sh", f"docker build -t x - <<EOF\n{TEXT}EOF\n", 2),
        ("image.py", f"# docker\ndef f():\n    return '''{TEXT}'''\n", 3),
        ("image.py", f'# docker\nX = f"""\n# the image\n{TEXT}"""\n', 4),
        ("image.js", f"// docker\nconst x = `{TEXT}`\n", 2),
        ("image.ps1", f'# docker\n$x = @"\n{TEXT}"@\n', 3),
        (
            ".github/workflows/i.yml",
            "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: |\n          cat > D <<EOF\n          FROM alpine:3.20\n          RUN true\n          EOF\n          docker build -f D .\n",
            8,
        ),
        (
            "compose.yaml",
            "services:\n  web:\n    build:\n      context: .\n      dockerfile_inline: |\n        FROM alpine:3.20\n        RUN true\n",
            6,
        ),
        (
            "docker-bake.hcl",
            'target "web" {\n  dockerfile-inline = <<EOT\nFROM alpine:3.20\nRUN true\nEOT\n}\n',
            3,
        ),
    ],
)
def test_places_are_those_of_the_host(path, text, line):
    item = only({path: text})
    assert item.inline
    assert item.source.path == path
    stage = item.tree.stages[0]
    assert stage.base.name == "alpine:3.20"
    assert item.source.line_of(stage.from_.span.start) == line
    assert item.source.text(stage.from_.image.span) == "alpine:3.20"


@pytest.mark.parametrize(
    ("path", "head", "tail"),
    [
        ("image.py", '# docker\nX = """', '"""\n'),
        ("image.py", "# docker\nX = f'''", "'''\n"),
        ("image.js", "// docker\nconst x = `", "`\n"),
    ],
)
def test_a_backslash_that_the_language_escapes_goes_on_with_the_line(path, head, tail):
    body = "FROM alpine:3.20\nRUN apk add \\\\\n    gcc \\\\\n    make\nCMD x\n"
    item = only({path: head + body + tail})
    first, second = item.tree.stages[0].commands
    assert (first.name, second.name) == ("RUN", "CMD")
    assert item.source.text(first.node.span).endswith("make")


def test_a_raw_string_keeps_its_backslashes():
    body = "FROM alpine:3.20\nRUN apk add \\\n    gcc\nCMD x\n"
    item = only({"image.py": f"# docker\nX = r'''{body}'''\n"})
    assert [command.name for command in item.tree.stages[0].commands] == ["RUN", "CMD"]


def test_an_inline_file_has_its_build():
    item = only(
        {
            "compose.yaml": "services:\n  web:\n    build:\n      dockerfile_inline: |\n        FROM alpine:3.20\n"
        }
    )
    assert item.path == "compose.yaml#web"
    assert [(build.service, build.dockerfile, build.missing) for build in item.builds] == [
        ("web", item.path, ())
    ]
    assert item.status is Status.LIVE


def test_inline_files_in_tests_are_test_data():
    item = only({"tests/test_x.py": f'docker = """{TEXT}"""\n'})
    assert (item.standing, item.status) == (Standing.FIXTURE, Status.TESTS)


@pytest.mark.parametrize(
    "text",
    [
        "docker = 'FROM alpine'\n",
        'docker = """Select a FROM b\nwhere x\n"""\n',
        'docker = """\nFROM the docs:\n\nUse docker.\n"""\n',
        "query = '''\nSELECT docker\nFROM x\n'''\n",
    ],
)
def test_what_is_no_dockerfile(text):
    assert inventory({"x.py": text}).dockerfiles == []
