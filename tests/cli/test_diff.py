"""`dockwright diff`: arguments, exit codes, waivers, what is shown and what never is."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dockwright.cli.diff import command
from dockwright.errors import ConfigError, DockwrightError, UsageError
from dockwright.image.limits import ImageError
from tests.image import tars
from tests.image.tars import Item

ENVIRONMENT = {"config": {"Env": ["PATH=/bin", "DB_PASSWORD=hunter2horse"], "Cmd": ["sh"]}}


def archive(folder: Path, name: str, items: list[Item], **more: object) -> str:
    path = folder / name
    path.write_bytes(tars.old_archive([tars.tar(items)], tag=f"{path.stem}:1", **more))
    return str(path)


@pytest.fixture
def sides(tmp_path: Path) -> tuple[str, str]:
    before = [
        Item("srv", kind="dir"),
        Item("srv/a", b"1"),
        Item("old", kind="dir"),
        Item("old/x", b"12345"),
        Item("old/y"),
    ]
    after = [
        Item("srv", kind="dir"),
        Item("srv/a", b"2", mode=0o600),
        Item("var/log/dpkg.log", b"x"),
        Item("var", kind="dir"),
        Item("var/log", kind="dir"),
    ]
    return archive(tmp_path, "one.tar", before, **ENVIRONMENT), archive(tmp_path, "other.tar", after)


def run(*arguments: str, given: bytes | None = None) -> Result:
    found = CliRunner().invoke(command, list(arguments), input=given, standalone_mode=False)
    if isinstance(found.exception, DockwrightError):
        raise found.exception
    assert found.exception is None, found.exception
    return found


def test_what_differs(sides: tuple[str, str]) -> None:
    found = run(*sides)
    assert found.return_value == 1
    assert (
        found.stdout
        == """\
before  one:1
after   other:1

settings: 1 difference
  env.DB_PASSWORD
    - [redacted]
    + (not set)

files: 4 paths
  removed  /old/  with 2 below it, 5 B
  changed  /srv/a
    content 1 bytes sha256:6b86b273ff34 → 1 bytes sha256:d4735e3a265e
    mode 0644 → 0600

passed over: 3 differences, each by a rule with a name
  package-log                3  logs of apt, dpkg, dnf, yum, zypper and apk: when what was installed

different: 1 setting and 4 paths (10 paths read)
"""
    )


def test_markdown_and_json(sides: tuple[str, str]) -> None:
    markdown = run(*sides, "--format", "markdown").stdout
    assert "| removed | `/old` | with 2 below it, 5 B |" in markdown
    report = json.loads(run(*sides, "--format", "json").stdout)
    assert report["schema"] == "dockwright.diff/1"
    assert not report["same"]
    assert "hunter2" not in json.dumps(report) + markdown


def test_from_standard_input(sides: tuple[str, str]) -> None:
    assert run(sides[0], "-", given=Path(sides[0]).read_bytes()).return_value == 0


def test_waivers_of_the_configuration(sides: tuple[str, str], tmp_path: Path) -> None:
    accepted = """
        [[diff.waivers]]
        path = "srv/*"
        reason = "built anew"
        [[diff.waivers]]
        path = "old*"
        reason = "not needed any more"
        [[diff.waivers]]
        setting = "env.*"
        reason = "comes from outside now"
    """
    (tmp_path / "dockwright.toml").write_text(accepted)
    found = run(*sides, "--root", str(tmp_path))
    assert found.return_value == 0
    assert "waived: 5 differences" in found.stdout
    (tmp_path / "more.toml").write_text(accepted + '[[diff.waivers]]\npackage = "pip:x"\nreason = "gone"\n')
    found = run(*sides, "--waivers", str(tmp_path / "more.toml"))
    assert found.return_value == 1
    assert "waivers that nothing needed: 1" in found.stdout
    assert found.stdout.endswith("the same; 1 waiver that nothing needed (10 paths read)\n")


def test_packages_are_compared_by_version(tmp_path: Path) -> None:
    def status(*packages: str) -> list[Item]:
        text = "".join(
            f"Package: {name}\nStatus: install ok installed\nVersion: {version}\nArchitecture: amd64\n\n"
            for name, version in (package.split("=") for package in packages)
        )
        return [Item("var/lib/dpkg/status", text.encode())]

    before = archive(tmp_path, "one.tar", status("curl=7.88-1", "gone=1"))
    after = archive(tmp_path, "other.tar", status("curl=7.88-2", "new=2"))
    found = run(before, after).stdout
    assert "packages: 3 differences" in found
    assert "changed  dpkg  curl 7.88-1 → 7.88-2" in found
    assert "removed  dpkg  gone 1" in found
    assert "added    dpkg  new 2" in found
    assert "different: 3 packages and 1 path" in found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[diff.waivers]]\npath = "a"\n', "reason"),
        ('[[diff.waivers]]\nreason = "x"\n', "exactly one of"),
        ('[[diff.waivers]]\npaths = "a"\nreason = "x"\n', "paths"),
        ("[diff]\nwaive = 1\n", "waive"),
    ],
)
def test_a_mistake_in_the_configuration(
    sides: tuple[str, str], tmp_path: Path, text: str, message: str
) -> None:
    (tmp_path / "w.toml").write_text(text)
    with pytest.raises(ConfigError, match=message):
        run(*sides, "--waivers", str(tmp_path / "w.toml"))


def test_what_cannot_be_read(sides: tuple[str, str], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\./missing\.tar does not exist"):
        run("./missing.tar", sides[0])
    with pytest.raises(UsageError, match="standard input"):
        run("-", "-")
    with pytest.raises(UsageError, match="no noise rule"):
        run(*sides, "--count", "frob")
    with pytest.raises(UsageError, match=r"missing\.toml"):
        run(*sides, "--waivers", str(tmp_path / "missing.toml"))
    cut = tmp_path / "cut.tar"
    cut.write_bytes(Path(sides[0]).read_bytes()[:700])
    with pytest.raises(ImageError):
        run(str(cut), sides[0])


def test_the_rules_can_be_listed() -> None:
    found = CliRunner().invoke(command, ["--rules"])
    assert found.exit_code == 0
    assert found.stdout.startswith("modified-time  ")
