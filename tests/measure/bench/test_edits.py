"""Which file a change is made in, and that the change is one to every cache and none to the program."""

import json
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockwright.dockerfile import parse
from dockwright.dockerfile.keys.model import Plan
from dockwright.dockerfile.keys.plan import plan_of
from dockwright.measure.bench.edits import Edit, changed, dependency_edit, source_edit
from dockwright.trees.context import BuildContext
from dockwright.trees.memory import MemoryTree

PYTHON = {
    "app/main.py": "",
    "app/deep/x.py": "",
    "tests/test_a.py": "",
    "requirements.txt": "",
    "README.md": "",
}
FIRST = "FROM python:3\nWORKDIR /a\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY app app\nCOPY tests tests\n"
NODE = {
    "package.json": "{}",
    "package-lock.json": "{}",
    "src/index.js": "",
    "src/style.css": "",
    "public/a.html": "",
}


def edits(dockerfile: str, files: dict[str, str | None], **wanted: str) -> tuple[str, int, str, int]:
    """File and line of the change of code, file and line of that of dependencies."""
    plan = plan_of(parse(dockerfile.encode()))
    assert isinstance(plan, Plan)
    context = BuildContext(
        MemoryTree(
            {**{name: text for name, text in files.items() if text is not None}, "Dockerfile": dockerfile}
        ),
        "",
        "Dockerfile",
    )
    code = source_edit(plan, context, wanted.get("source", ""))
    needs = dependency_edit(plan, context, wanted.get("dependency", ""))
    return (*_shown(code), *_shown(needs))


def _shown(edit: Edit | None) -> tuple[str, int]:
    return (edit.path, edit.line) if edit is not None else ("", 0)


@pytest.mark.parametrize(
    ("dockerfile", "files", "expected"),
    [
        (FIRST, PYTHON, ("app/main.py", 5, "requirements.txt", 3)),
        (FIRST, {**PYTHON, "app/main.py": None, "app/deep/x.py": None}, ("tests/test_a.py", 6, "requirements.txt", 3)),
        ("FROM x\nCOPY . .\nRUN pip install -r requirements.txt\n", PYTHON,
         ("app/main.py", 2, "requirements.txt", 2)),
        ("FROM x\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\n", NODE, ("src/index.js", 4, "package.json", 2)),
        ("FROM x\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY *.go ./\nRUN go build\n",
         {"go.mod": "", "go.sum": "", "main.go": ""}, ("main.go", 4, "go.mod", 2)),
        ("FROM x AS b\nCOPY src /s\nRUN make\nFROM x\nCOPY --from=b /o /o\nCOPY motd /etc/motd\n",
         {"src/a.c": "", "motd": ""}, ("src/a.c", 2, "", 0)),
        ("FROM x\nRUN true\n", PYTHON, ("", 0, "", 0)),
        ("FROM x\nCOPY . .\nRUN pip install -r reqs/prod.txt\n", {"reqs/prod.txt": "", "a.py": ""},
         ("a.py", 2, "reqs/prod.txt", 2)),
    ],
)  # fmt: skip
def test_the_files_of_a_change(
    dockerfile: str, files: dict[str, str | None], expected: tuple[str, int, str, int]
) -> None:
    assert edits(dockerfile, files) == expected


def test_what_is_hidden_is_not_changed() -> None:
    files = {**PYTHON, ".dockerignore": "app/main.py\n"}
    assert edits("FROM x\nCOPY . .\n", files)[0] == "app/deep/x.py"


def test_a_file_can_be_named() -> None:
    found = edits(FIRST, PYTHON, source="app/deep/x.py", dependency="app/main.py")
    assert found == ("app/deep/x.py", 5, "app/main.py", 5)
    assert edits(FIRST, PYTHON, source="README.md")[0] == ""


NAMES = ("a.py", "b.js", "requirements.txt", "requirements-dev.in", "package.json", "go.mod", "x.html", "Gemfile", "d.css",
         "pnpm-lock.yaml", "pyproject.toml", "uv.lock", "unknown.bin", "Makefile")  # fmt: skip


@given(
    st.sampled_from(NAMES),
    st.binary(max_size=50),
    st.text("abc123 ", max_size=20),
    st.text("abc123 ", max_size=20),
)
def test_a_change_is_one(name: str, data: bytes, one: str, other: str) -> None:
    first, second = changed(data, name, one), changed(data, name, other)
    assert first != data
    assert first.startswith(data)
    assert (first == second) is (one == other)
    assert first.count(b"\n") <= data.count(b"\n") + 2


def test_a_change_is_none_to_the_program() -> None:
    compile(changed(b"x = 1", "a.py", "word"), "a.py", "exec")
    assert json.loads(changed(b'{"a": 1}\n', "package.json", "word")) == {"a": 1}
    assert tomllib.loads(changed(b"a = 1\n", "pyproject.toml", "word").decode()) == {"a": 1}
