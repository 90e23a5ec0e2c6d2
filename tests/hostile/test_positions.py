"""Every kind of hostile content in the place of every kind of file the program reads."""

from pathlib import Path

import pytest

from tests.hostile.files import many, nested, noise, write
from tests.hostile.process import audited, calm, together

PLACES = (
    "Dockerfile", "compose.yaml", "docker-bake.hcl", "docker-bake.json", ".dockerignore", ".env", "Makefile",
    "docker.sh", "docker.py", "docker.js", "docker.ps1", "package.json", ".github/workflows/docker.yml",
    ".gitlab-ci.yml", "Jenkinsfile", "devcontainer.json", "skaffold.yaml", "cloudbuild.yaml", "Tiltfile", "Procfile",
    "captain-definition", "docker.md", "settings.yaml", "settings.json", ".gitignore", "pyproject.toml", "requirements.txt",
    "fly.toml", "justfile", "docker",
)  # fmt: skip
FROM = b"FROM alpine\nRUN docker build .\nservices:\n"
BOMB = (
    b"x0: &a0 [docker, docker]\n"
    + many(30, lambda i: b"x%d: &a%d [*a%d, *a%d]\n" % (i + 1, i + 1, i, i))
    + b"services:\n  a: {image: x, command: *a30, environment: *a30}\n"
)
MERGES = (
    b"x0: &a0 {docker: 1}\n"
    + many(40, lambda i: b"x%d: &a%d {<<: [*a%d, *a%d], k%d: 1}\n" % (i + 1, i + 1, i, i, i))
    + b"services:\n  a: *a40\n  b: {<<: *a40, build: .}\n"
)
CONTENTS = {
    "noise": noise(100_000),
    "letters": noise(100_000, b"docker \n\\\"[]<>$#{}'|&;:=*-"),
    "zeros": bytes(100_000),
    "utf16": FROM.decode().encode("utf-16"),
    "utf16be": b"\xfe\xff" + FROM.decode().encode("utf-16-be"),
    "utf32": FROM.decode().encode("utf-32"),
    "marked": b"\xef\xbb\xbf" + FROM,
    "not_utf8": FROM + b"docker \xff\xfe\x80 \xed\xa0\x80 build -f \xc3( .\nRUN \xff\n",
    "controls": b"# docker \x1b[2J\x1b]0;x\x07 \xc2\x9b2J \xe2\x80\xae\n" + FROM + b"RUN \x1b[31m\x9b \xe2\x80\xae x\n",
    "returns": b"docker build .\r" * 5_000,
    "line": b"docker " + b"a" * 500_000,
    "blanks": b"docker\n" + b" " * 300_000 + b"\n" + b"\t \n" * 50_000,
    "brackets": b"docker: " + b"[" * 10_000,
    "closed": b'{"docker": ' + nested(b"[", 10_000, b"]") + b"}",
    "braces": b"services: " + nested(b"{a: ", 10_000, b"}"),
    "indented": b"services:\n" + many(10_000, lambda i: b" " * min(i, 100) + b"docker:\n"),
    "dashes": b"docker: " + b"- " * 20_000 + b"x\n",
    "quotes": b'docker: "' + b"'\"" * 20_000,
    "dollars": b"docker: " + nested(b"${a:-", 10_000, b"}") + b"\n",
    "bomb": BOMB,
    "merges": MERGES,
    "itself": b"services: &a\n  b: *a\n  c: {<<: *a, build: .}\n  docker: {extends: {service: docker}}\n",
    "blocks": nested(b'target "a" {\n', 5_000, b"}\n", b"docker = 1\n"),
    "calls": b'target "a" { args = { a = ' + nested(b"upper(", 5_000, b")", b'"docker"') + b" } }\n",
    "stars": b"*" * 5_000 + b"docker\n" + b"**/" * 2_000 + b"a\n!" + b"[" * 5_000 + b"\n" + b"*a" * 400 + b"b\n",
    "lines": b"docker\n" * 30_000,
    "only_lines": b"\n" * 300_000,
    "comments": b"# docker\n" * 20_000,
    "empty": b"",
}  # fmt: skip


def _files() -> dict[str, bytes]:
    return {f"{name}/{place}": data for name, data in CONTENTS.items() for place in PLACES}


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("positions"), _files())


@pytest.mark.slow
def test_a_repository_of_all_of_them(repository: Path) -> None:
    ran = audited(repository)
    told = ran.skipped()
    assert "UTF-16" in told["utf16/Dockerfile"]
    assert "UTF-32" in told["utf32/compose.yaml"]
    assert "binary" in told["zeros/Dockerfile"]
    assert "lines" in told["lines/Dockerfile"]
    assert "marked/Dockerfile" in {item["path"] for item in ran.data["inventory"]["dockerfiles"]}


@pytest.mark.slow
def test_what_is_said_of_them_drives_no_terminal(repository: Path) -> None:
    shown = (("audit", "terminal"), ("audit", "markdown"), ("check", "terminal"), ("check", "github"))
    folder = repository / "controls"
    for ran in together((folder, (command, ".", "--format", form)) for command, form in shown):
        calm(ran)


@pytest.mark.slow
def test_each_file_alone(repository: Path) -> None:
    names = sorted(_files())
    for name, ran in zip(
        names, together((repository, ("check", name, "--format", "json")) for name in names), strict=True
    ):
        calm(ran, {0, 1, 2})
        assert (ran.out[:1] == b"{") == (ran.code != 2), name
        if ran.code == 2:
            assert name in ran.said or "dockwright.toml" in ran.said or "pyproject.toml" in ran.said, ran.said


@pytest.mark.slow
def test_lines_of_them_explained(tmp_path: Path) -> None:
    """Each content in three of the places, so that every place has some: the first line, one within, one beyond."""
    chosen = [
        (content, PLACES[(row * 7 + column * 11) % len(PLACES)], line)
        for row, content in enumerate(CONTENTS)
        for column, line in enumerate((1, 3, 10_000_000))
    ]
    assert {place for _, place, _ in chosen} == set(PLACES)
    ran = together(
        (
            write(tmp_path / f"{number}", {place: CONTENTS[content]}),
            ("explain", f"{place}:{line}", "--format", ("terminal", "json")[number % 2]),
        )
        for number, (content, place, line) in enumerate(chosen)
    )
    for one, (_, place, line) in zip(ran, chosen, strict=True):
        calm(one, {0, 2})
        assert line != 10_000_000 or one.code == 2, one.arguments
        if one.code == 2:
            assert place in one.said or "toml" in one.said, one.said
    assert any(one.code == 0 for one in ran)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["noise", "controls", "empty"])
def test_a_configuration(tmp_path: Path, name: str) -> None:
    write(tmp_path, {"dockwright.toml": CONTENTS[name], "a/Dockerfile": b"FROM alpine:3.20\n"})
    ways = (("audit", "."), ("check", "."), ("check", "a/Dockerfile"), ("explain", "a/Dockerfile:1"))
    for ran in together((tmp_path, way) for way in ways):
        calm(ran, {0, 1} if name == "empty" else {2})
        assert ran.code < 2 or "dockwright.toml" in ran.said
