"""Histories made quickly: `git fast-import` takes any number of commits in one go."""

import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from tests.trees.repositories import ENVIRONMENT

START = 1_700_000_000
FILE, RUN, LINK, MODULE = "100644", "100755", "120000", "160000"
Content = tuple[str, bytes]
"""Mode and content (of a submodule: the id of its commit)."""


class Made(msgspec.Struct, frozen=True):
    """A commit to make: files set (None: deleted), and numbers of its parents (default: the commit before)."""

    files: Mapping[str, Content | None]
    parents: tuple[int, ...] | None = None


def text(content: str, mode: str = FILE) -> Content:
    return mode, content.encode()


def history(folder: Path, commits: Iterable[Made], branch: str = "main", *, named: bool = True) -> Path:
    """A bare repository with these commits, one minute apart; `named`: each of them has a branch `c<number>`."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["git", "init", "-q", "--bare", "-b", branch, str(folder)], env=ENVIRONMENT, check=True)
    with subprocess.Popen(
        ["git", "-C", str(folder), "fast-import", "--quiet", "--done"],
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        number = -1
        for number, made in enumerate(commits):
            process.stdin.write(_commit(number, made, f"c{number}" if named else branch))
        process.stdin.write(f"reset refs/heads/{branch}\nfrom :{number + 1}\n\ndone\n".encode())
        process.stdin.close()
    assert process.returncode == 0
    return folder


def _commit(number: int, made: Made, branch: str) -> bytes:
    parents = made.parents if made.parents is not None else ((number - 1,) if number else ())
    out = [
        f"commit refs/heads/{branch}\nmark :{number + 1}\n"
        f"committer A <a@example.com> {START + 60 * number} +0000\ndata 0\n".encode()
    ]
    for place, parent in enumerate(parents):
        out.append(f"{'merge' if place else 'from'} :{parent + 1}\n".encode())
    for path, content in made.files.items():
        if content is None:
            out.append(f"D {path}\n".encode())
        elif content[0] == MODULE:
            out.append(f"M {MODULE} {content[1].decode()} {path}\n".encode())
        else:
            out.append(
                f"M {content[0]} inline {path}\ndata {len(content[1])}\n".encode() + content[1] + b"\n"
            )
    return b"".join(out) + b"\n"
