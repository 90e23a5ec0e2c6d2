"""COPY and ADD sources: what they select, and whether they are there, against what a build copies or stops at.

Every file has a name of its own and holds its path, so the bytes that arrive say where they came from.
"""

import posixpath
import time
from itertools import count
from pathlib import Path
from random import Random

import pytest

from dockwright.trees.context import BuildContext
from dockwright.trees.disk import DiskTree
from dockwright.trees.globs import has_wildcard
from dockwright.trees.memory import Content, Link
from dockwright.trees.selection import Found, Selection
from tests.engine.builds import Built, build, seeded, write

pytestmark = [pytest.mark.engine, pytest.mark.slow]

FOLDERS = ("app", "lib", "src", "docs", "a.b", ".hidden", "x y", "é", "App")
ENDINGS = (".py", ".txt", "", ".tar.x", ".é")
IGNORES = ("", "app", "*", "**/*.py", "lib/*", "src/**", "*.txt", "**/lib", "[a-d]*", "docs/", "link0", "*/*")
AGAIN = ("!app", "!**/*.txt", "!src/lib", "!*/app", "!**/*.py", "!link1", "!lib")


def a_tree(random: Random) -> dict[str, Content]:
    folders = [""]
    for _ in range(8):
        folders.append(f"{random.choice(folders)}{random.choice(FOLDERS)}/")
    files: dict[str, Content] = {}
    for number in range(18):
        path = f"{random.choice(folders)}f{number}{random.choice(ENDINGS)}"
        files[path] = path
    for number in range(4):
        places = [
            *files,
            *folders[1:],
            "../out",
            "nowhere",
            "/",
            ".",
            f"/{random.choice(folders)}",
            f"link{number}",
        ]
        target = random.choice(places)
        folder = random.choice(folders)
        if not target.startswith("/") and random.random() < 0.8:
            target = posixpath.relpath(target, folder or ".")
        files[f"{folder}link{number}"] = Link(target.rstrip("/") or "/")
    files[f"{random.choice(folders)}empty/"] = ""
    return files


def a_source(random: Random, files: dict[str, Content]) -> str:
    parts = random.choice(list(files)).strip("/").split("/")
    parts = parts[: random.randint(1, len(parts))]
    for index, part in enumerate(parts):
        parts[index] = random.choice(
            (part, part, part, part, part, "*", part[:2] + "*", "?" * len(part), "[a-m]*", "*" + part[-3:], part + "x", part.upper())
        )  # fmt: skip
    if random.random() < 0.15:
        parts.append(random.choice(("f1*", "..", "*", ".", "nothing")))
    lead = random.choice(("", "", "", "/", "./", "../", "./../"))
    return lead + "/".join(parts) + random.choice(("", "", "", "/", "/."))


def differs(context: BuildContext, selection: Selection) -> bool:
    """A known difference of 0.13: it follows every link below what a wildcard matches, not only the matched one itself.

    Source: cache/contenthash/checksum.go: Checksum; newer versions follow those with `followLinks` set, as we do.
    """
    links = [path for path in selection.paths if context.tree.link_target(path) is not None]
    return any(context.select(link).found is not Found.FILES for link in links)


@pytest.mark.parametrize("number", range(16))
def test_what_a_source_selects(engine: None, tmp_path: Path, number: int) -> None:
    random = seeded(f"sources {number}")
    files = a_tree(random)
    if random.random() < 0.8:
        lines = [random.choice(IGNORES), *random.sample(AGAIN, random.randint(0, 2)), random.choice(IGNORES)]
        files[".dockerignore"] = "\n".join(lines[: random.randint(1, 4)])
    context = tmp_path / f"sources{number}"
    write(context, files)
    ours = BuildContext(DiskTree(context))
    word = random.choice(("COPY", "ADD"))
    destinations = count()
    salt = time.time_ns()  # a copy that was built before would not be looked at again

    def built(*chosen: str) -> tuple[Built, list[str]]:
        dockerfile = tmp_path / "Dockerfile"
        places = [f"{salt}/{next(destinations)}/" for _ in chosen]
        lines = [f'{word} ["{source}", "/{place}"]' for source, place in zip(chosen, places, strict=True)]
        dockerfile.write_text("\n".join(["FROM scratch", *lines, ""]), "utf-8")
        return build(context, dockerfile, export=len(chosen) > 1), places

    sources = list(dict.fromkeys(a_source(random, files) for _ in range(24)))
    verdicts = {source: ours.select(source) for source in sources}
    there = [source for source in sources if verdicts[source].found in (Found.FILES, Found.NOTHING)]
    there = [source for source in there if not (has_wildcard(source) and differs(ours, verdicts[source]))]
    together, places = built(*there, ".")
    if together.error:
        refused = {source: error for source in there if (error := built(source)[0].error)}
        raise AssertionError(f"taken for there: {refused or together.error} in {files}")
    contents = together.contents()
    for source, place in zip(there, places, strict=False):
        copied = {data.decode() for path, data in contents.items() if path.startswith(place)}
        regular = {path for path in verdicts[source].paths if not isinstance(files.get(path), Link)}
        ignore = {".dockerignore"} & regular  # its bytes are patterns
        assert (copied - {files.get(".dockerignore")}) | ignore == regular, (source, files)
    for source in sources:
        if verdicts[source].found not in (Found.FILES, Found.NOTHING):
            error = built(source)[0].error
            assert any(one in error for one in ("not found", "too many links", "no such file")), (
                source,
                files,
                error,
            )
