"""Every error ends in its exit code, and says where, what, and what to do."""

import errno
from pathlib import Path

import pytest

from dockwright import errors
from dockwright.cli import main
from tests.cli.conftest import GOOD, process


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (errors.UsageError, 2),
        (errors.ConfigError, 2),
        (errors.TreeError, 2),
        (errors.EngineError, 2),
        (errors.InternalError, 3),
        (errors.DockwrightError, 3),
        (ValueError, 3),
        (KeyboardInterrupt, 130),
        (BrokenPipeError, 0),
    ],
)
def test_exit_codes(kind: type[BaseException], code: int, monkeypatch: pytest.MonkeyPatch, capfd) -> None:
    def fail(**_: object) -> None:
        raise kind("what went wrong")

    monkeypatch.setattr(main.cli, "main", fail)
    assert main.run([]) == code
    if code in {2, 3}:
        assert "what went wrong" in capfd.readouterr().err


def test_every_error_class_has_its_row_above() -> None:
    listed = {
        errors.UsageError,
        errors.ConfigError,
        errors.TreeError,
        errors.EngineError,
        errors.InternalError,
        errors.DockwrightError,
    }
    defined = {
        value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, Exception)
    }
    assert defined == listed


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["aduit"], "did you mean `dockwright audit`?"),
        (["zzzz"], "commands are audit, check, "),
        (["audit", "no/such/place"], "no/such/place does not exist"),
        (["audit", "Dockerfile"], "`dockwright check Dockerfile` checks one file"),
        (["audit", "--format", "html"], "'html' is not one of"),
        (["audit", "--no-such-option"], "No such option"),
        (["audit", "--at", "HEAD"], "not in a git repository"),
        (["check", "nowhere"], "nowhere does not exist"),
        (["check", "--rule", "copy-source-ignord"], "did you mean copy-source-ignored"),
        (["check", "app.py"], "app.py"),
        (["explain"], "give a rule, FILE:LINE, or --list"),
        (["explain", "dead-fil"], "did you mean dead-file"),
        (["explain", "Dockerfile"], "for instance Dockerfile:1"),
        (["explain", "Dockerfile:99"], "has no line 99"),
        (["explain", "Dockerfil:1"], "did you mean Dockerfile"),
        (["audit", "--output", "no/such/folder/report.md"], "cannot write no/such/folder/report.md"),
    ],
)
def test_usage_errors_say_what_to_do(arguments, says, make, dockwright, monkeypatch) -> None:
    monkeypatch.chdir(make(GOOD))
    ran = dockwright(*arguments)
    assert ran.code == 2
    assert says in ran.err
    assert ran.out == ""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[ignore\n", "dockwright.toml: not valid TOML"),
        ("[ignor]\n", "unknown field `ignor`"),
        ('[[ignore.findings]]\nrule = "x"\n', "missing required field `reason`"),
    ],
)
def test_configuration_errors(text: str, says: str, make, dockwright) -> None:
    ran = dockwright("check", make({**GOOD, "dockwright.toml": text}))
    assert ran.code == 2
    assert says in ran.err


def test_a_crash_writes_a_report_that_names_no_path_of_the_arguments(make, monkeypatch, dockwright) -> None:
    from dockwright.cli import audit

    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(audit, "_audit", crash)
    root = make(GOOD)
    ran = dockwright("audit", root)
    assert ran.code == 3
    report = Path(ran.err.rpartition("issue tracker: ")[2].strip())
    assert "boom" in report.read_text("utf-8")
    assert str(root) not in report.read_text("utf-8")
    report.unlink()


def test_a_reader_that_has_gone_is_no_error(make) -> None:
    import subprocess
    import sys

    root = make({f"{number}/Dockerfile": "FROM scratch\n" for number in range(300)})
    with subprocess.Popen(
        [sys.executable, "-m", "dockwright", "audit", str(root), "--format", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.read(1)
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait() == 0


def test_interruption_ends_with_130(
    make, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The signal arrives while files are read: no race with a real process that may be done already."""
    from dockwright.cli.main import run
    from dockwright.trees.disk import DiskTree

    def interrupted(self: DiskTree) -> list:
        raise KeyboardInterrupt

    monkeypatch.setattr(DiskTree, "_load", interrupted)
    assert run(["audit", str(make({"Dockerfile": "FROM scratch\n"}))]) == 130
    err = capsys.readouterr().err
    assert "interrupted" in err
    assert "Traceback" not in err


def test_errors_of_the_terminal_cannot_be_driven_by_names(make, dockwright) -> None:
    ran = dockwright("check", make({}) / "\x1b[2Jevil")
    assert ran.code == 2
    assert "\x1b" not in ran.err


def test_version_and_help_work_as_a_process() -> None:
    assert process("--version").stdout.startswith("dockwright ")
    for arguments in (["--help"], ["audit", "--help"], ["check", "-h"], ["explain", "-h"]):
        ran = process(*arguments)
        assert ran.returncode == 0
        assert "Usage: dockwright" in ran.stdout


def test_errno_is_the_reason_people_see(tmp_path: Path, make, dockwright) -> None:
    import os

    ran = dockwright("audit", make(GOOD), "--output", tmp_path)
    assert ran.code == 2
    assert os.strerror(errno.EISDIR) in ran.err or "cannot write" in ran.err


@pytest.mark.parametrize("command", ["environments", "diff", "collisions", "parity"])
def test_the_short_help_option_works_for_compose_commands(dockwright, command: str) -> None:
    ran = dockwright("compose", command, "-h")
    assert ran.code == 0
    assert "Usage: dockwright compose" in ran.out
