"""A `.git` that is broken, points elsewhere, or is not ours: the files are read, what git could not say is told."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile.files import noise, write
from tests.hostile.process import Ran, calm, together
from tests.trees.repositories import commit, git, repository

SECRET = "outside-of-the-repository"
AUDIT = ("audit", ".", "--format", "json")
AT_HEAD = ("audit", ".", "--at", "HEAD", "--format", "json")


def _replaced(name: str, data: bytes) -> Callable[[Path, Path], None]:
    return lambda top, _: (top / ".git" / name).write_bytes(data) and None


def _objects(top: Path, kinds: tuple[str, ...], damage: Callable[[Path], None]) -> None:
    for name in kinds:
        oid = git(top, "rev-parse", name)
        path = top / ".git" / "objects" / oid[:2] / oid[2:]
        path.chmod(0o600)
        damage(path)


def _elsewhere(top: Path, outside: Path) -> None:
    shutil.rmtree(top / ".git")
    (top / ".git").write_text(f"gitdir: {outside / '.git'}\n")


def _nowhere(top: Path, _: Path) -> None:
    shutil.rmtree(top / ".git")
    (top / ".git").write_text("gitdir: /nowhere/at/all\n")


def _noise_file(top: Path, _: Path) -> None:
    shutil.rmtree(top / ".git")
    (top / ".git").write_bytes(b"gitdir: " + noise(10_000))


def _empty_folder(top: Path, _: Path) -> None:
    shutil.rmtree(top / ".git")
    (top / ".git").mkdir()


def _link(top: Path, outside: Path) -> None:
    shutil.rmtree(top / ".git")
    (top / ".git").symlink_to(outside / ".git")


def _alternates(top: Path, outside: Path) -> None:
    """Objects that are only had from a store outside, with a commit of it checked out here."""
    (top / ".git" / "objects" / "info" / "alternates").write_text(f"{outside / '.git' / 'objects'}\n")
    (top / ".git" / "refs" / "heads" / "main").write_text(git(outside, "rev-parse", "HEAD") + "\n")


def _submodule(top: Path, outside: Path) -> None:
    write(top / "module", {"Dockerfile": b"FROM alpine:3.20\n"})
    (top / "module" / ".git").write_text(f"gitdir: {outside / '.git'}\n")
    write(
        top, {".gitmodules": b'[submodule "module"]\n\tpath = module\n\turl = ext::sh -c x\n\tupdate = !x\n'}
    )


def _another_owner(top: Path, _: Path) -> None:
    if os.geteuid() == 0:
        for path in (top, *top.rglob("*")):
            os.chown(path, 12345, 12345, follow_symlinks=False)


BROKEN: dict[str, Callable[[Path, Path], None]] = {
    "head_noise": _replaced("HEAD", noise(1_000)),
    "head_missing": lambda top, _: (top / ".git" / "HEAD").unlink(),
    "head_of_nothing": _replaced("HEAD", b"ref: refs/heads/nothing\n"),
    "head_outside": _replaced("HEAD", b"ref: ../../../../etc/passwd\n"),
    "head_of_no_object": _replaced("HEAD", b"1" * 40 + b"\n"),
    "packed_refs_noise": _replaced("packed-refs", noise(10_000)),
    "packed_refs_huge": _replaced("packed-refs", b"x" * (4 << 20)),
    "reference_noise": _replaced("refs/heads/main", noise(1_000)),
    "index_noise": _replaced("index", noise(10_000)),
    "index_cut": lambda top, _: os.truncate(top / ".git" / "index", 20),
    "index_empty": _replaced("index", b""),
    "config_noise": _replaced("config", noise(10_000)),
    "config_version": _replaced("config", b"[core]\n\trepositoryformatversion = 99\n[extensions]\n\tnothing = 1\n"),
    "shallow_noise": _replaced("shallow", noise(1_000)),
    "shallow_head": lambda top, _: _replaced("shallow", git(top, "rev-parse", "HEAD").encode() + b"\n")(top, _),
    "commondir_nowhere": _replaced("commondir", b"/nowhere/at/all\n"),
    "alternates_nowhere": _replaced("objects/info/alternates", b"/nowhere/at/all\n\n# x\n../../../..\n"),
    "alternates_noise": _replaced("objects/info/alternates", noise(1_000)),
    "alternates_itself": _replaced("objects/info/alternates", b"../objects\n" * 100),
    "alternates_outside": _alternates,
    "commit_missing": lambda top, _: _objects(top, ("HEAD",), Path.unlink),
    "tree_missing": lambda top, _: _objects(top, ("HEAD^{tree}",), Path.unlink),
    "blob_missing": lambda top, _: _objects(top, ("HEAD:Dockerfile",), Path.unlink),
    "commit_noise": lambda top, _: _objects(top, ("HEAD",), lambda path: path.write_bytes(noise(100)) and None),
    "tree_noise": lambda top, _: _objects(top, ("HEAD^{tree}",), lambda path: path.write_bytes(noise(100)) and None),
    "blob_noise": lambda top, _: _objects(top, ("HEAD:Dockerfile",), lambda path: path.write_bytes(noise(100)) and None),
    "objects_missing": lambda top, _: shutil.rmtree(top / ".git" / "objects"),
    "refs_missing": lambda top, _: shutil.rmtree(top / ".git" / "refs"),
    "elsewhere": _elsewhere,
    "nowhere": _nowhere,
    "noise_file": _noise_file,
    "link": _link,
    "empty_folder": _empty_folder,
    "submodule": _submodule,
    "another_owner": _another_owner,
}  # fmt: skip
TOLD = {"index_noise", "commit_missing", "commit_noise", "tree_missing", "tree_noise"}
"""Where something stays unknown of a work tree that is there."""


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Ran]:
    base = tmp_path_factory.mktemp("git")
    outside = repository(base / "outside", {f"{SECRET}/Dockerfile": "FROM alpine:3.20\n", "a": SECRET})
    sound = repository(base / "sound", {"Dockerfile": "FROM alpine:3.20\nCOPY a /\n", "a": "a"})
    write(sound, {"b": b"b"})
    commit(sound, "second")
    wanted = []
    for name, damage in BROKEN.items():
        top = Path(shutil.copytree(sound, base / name, symlinks=True))
        damage(top, outside)
        wanted += [(top, AUDIT), (top, AT_HEAD)]
    done = together(wanted)
    return {(top.name, run.arguments[2]): run for (top, _), run in zip(wanted, done, strict=True)}


@pytest.mark.slow
@pytest.mark.parametrize("name", BROKEN)
def test_the_files_are_read_all_the_same(runs: dict[tuple[str, str], Ran], name: str) -> None:
    ran = calm(runs[name, "--format"], {0})
    assert "Dockerfile" in {item["path"] for item in ran.data["inventory"]["dockerfiles"]}
    assert SECRET not in ran.text
    if name in TOLD:
        assert ran.skipped(), name


@pytest.mark.slow
@pytest.mark.parametrize("name", BROKEN)
def test_a_revision_is_read_or_refused(runs: dict[tuple[str, str], Ran], name: str) -> None:
    ran = calm(runs[name, "--at"], {0, 2})
    if ran.code == 2:
        assert ran.said.startswith("error") or "dockwright" in ran.said, ran.said
    elif name not in ("elsewhere", "link", "alternates_outside"):
        listed = {item["path"] for item in ran.data["inventory"]["dockerfiles"]}
        assert "Dockerfile" in listed or ran.skipped(), name
