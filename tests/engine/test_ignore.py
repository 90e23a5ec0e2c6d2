"""Ignore files: which files a build is really sent, over generated trees and patterns."""

from pathlib import Path
from random import Random

import pytest

from dockwright.trees.context import BuildContext
from dockwright.trees.disk import DiskTree
from dockwright.trees.memory import Content, Link, Program
from tests.engine.builds import build, seeded, write

pytestmark = [pytest.mark.engine, pytest.mark.slow]

NAMES = (
    "a", "b", "A", "foo", "foobar", "foo.txt", "bar.py", ".env", ".git-keep", "é", "日本", "x y", "[z]", "#h", "!n", "lib",
    "src", "a.b", "-", "a+b", "(c)", "b\\c", "e\u0301", "{d}", "$v", "~", "^k", "\udcff", "z\u00a0",
)  # fmt: skip
SPECIAL = (
    "", "# a comment", " # no comment", "#h", "\\#h", "*", "**", "**/*", "!**", ".", "/", "..", "../a", "!a", "! a", "*.py",
    "**/*.py", "!**/*.py", "**foo", "foo**", "**/foo", "foo/**", "**fo?", "*/", "!*/*", "[a-c]", "[^a]", "[!a]", "a/../b",
    "\\!n", "\\a", "**/lib/**", "!lib/**", "*/*/*", "[[]z]", "\\[z]", "{d}", "a//b", "./a", "*.*", "?", "??", "**/?", "[é-日]",
)  # fmt: skip
REFUSED = ("!", "[", "[]a]", "[x-]", "a\\", "[a", "!  ", "x[b-a]")


def a_tree(random: Random) -> dict[str, Content]:
    """About forty files, some links (also out of the context and in circles) and some empty folders."""
    files: dict[str, Content] = {}
    folders = {""}
    while len(files) < 40:
        parts = [random.choice(NAMES) for _ in range(random.choice((1, 1, 2, 2, 3, 4)))]
        above = ["/".join(parts[:depth]) for depth in range(1, len(parts))]
        path = "/".join(parts)
        if path in folders or f"{path}/" in files or any(one in files or f"{one}/" in files for one in above):
            continue
        kind = random.random()
        folders.update(above)
        if kind < 0.06:
            files[f"{path}/"] = ""
        elif kind < 0.14:
            files[path] = Link(random.choice((*files, "..", ".", "nowhere", "/etc", parts[-1])).rstrip("/"))
        else:
            files[path] = Program(path) if kind < 0.2 else path
        folders.add(path)
    return files


def a_pattern(random: Random, paths: list[str]) -> str:
    """A path of the tree, made into a pattern that may match it."""
    if random.random() < 0.25:
        return random.choice(SPECIAL)
    parts = random.choice(paths).strip("/").split("/")
    parts = parts[: random.randint(1, len(parts))]
    for index, part in enumerate(parts):
        parts[index] = random.choice(
            (part, part, part, "*", "**", part[:1] + "*", "*" + part[-1:], "?" * len(part), f"[{part[:1]}-z]*", "x" + part)
        )  # fmt: skip
    text = "/".join(parts)
    text = random.choice(("", "", "", "/", "./", "**/", "**", " ", "x/../")) + text
    text += random.choice(("", "", "", "/", "/**", "**", "/*", " ", "\t"))
    return random.choice(("", "", "!")) + text


def an_ignore_file(random: Random, paths: list[str]) -> bytes:
    lines = [a_pattern(random, paths) for _ in range(random.randint(1, 7))]
    if random.random() < 0.05:
        lines.insert(random.randint(0, len(lines)), random.choice(REFUSED))
    end = random.choice(("\n", "\n", "\n", "\r\n"))
    text = end.join(lines) + random.choice(("", end))
    return random.choice((b"", b"", b"\xef\xbb\xbf")) + text.encode("utf-8", "surrogateescape")


@pytest.mark.parametrize("number", range(150))
def test_what_is_sent(engine: None, tmp_path: Path, number: int) -> None:
    random = seeded(f"ignore {number}")
    files = a_tree(random)
    paths = list(files)
    context = f"context{number}"
    placed = random.choice(
        ("", f"{context}/docker/", "elsewhere/")
    )  # the Dockerfile: beside nothing, inside, outside
    dockerfile = f"{placed or context + '/'}Dockerfile"
    everything: dict[str, Content] = {f"{context}/{path}": content for path, content in files.items()}
    everything[dockerfile] = "FROM scratch\nCOPY . /\n"
    if random.random() < 0.9:
        everything[f"{context}/.dockerignore"] = an_ignore_file(random, paths)
    if random.random() < 0.3:
        everything[f"{dockerfile}.dockerignore"] = random.choice((b"", an_ignore_file(random, paths)))
    write(tmp_path, everything)

    ours = BuildContext(DiskTree(tmp_path), context, dockerfile)
    built = build(tmp_path / context, tmp_path / dockerfile, export=True)

    text = ours.ignore_file.source.data if ours.ignore_file else b""
    problems = ours.ignore_file.problems if ours.ignore_file else ()
    if built.error:
        assert problems, (text, built.error)
        assert problems[0].message.partition(":")[0].partition(" (")[0] in built.error, text
        return
    assert all(problem.late for problem in problems), text
    below = [*(entry.path for entry in ours.entries), *ours.tree.directories()]
    said = {ours.inside(path) for path in below if path.startswith(f"{context}/") and ours.is_sent(path)}
    assert said == {member.name.rstrip("/") for member in built.members()}, text
