"""Each rule passes over what it is there for, and over nothing beside it."""

import struct

import pytest

from dockwright.config import Waiver
from dockwright.errors import ConfigError, UsageError
from dockwright.image.diff.noise import NAMES, RULES
from dockwright.image.diff.waivers import checked
from tests.image.diff.images import comparison, counted, image, passed_over
from tests.image.tars import Item

SITE = "usr/lib/python3/site-packages"
STATUS = b"Package: a\nStatus: install ok installed\nDescription: one\n more\n\nPackage: b\nVersion: 2\n"
TURNED = b"Package: b\nVersion: 2\n\nPackage: a\nDescription: one\n more\nStatus: install ok installed\n\n"


def library_cache(*names: bytes, gap: int = 0, old: bool = False) -> bytes:
    """A cache as ldconfig writes it: header, entries, names."""
    size = 48 + 24 * len(names)
    entries, strings = b"", b"\0" * gap
    for name in names:
        key = size + len(strings)
        strings += name + b"\0" + b"/lib/" + name + b"\0"
        entries += struct.pack("=iIIIQ", 0x303, key, key + len(name) + 1, gap, 0)
    start = b"ld.so-1.7.0\0" + b"\0" * 4 if old else b""
    return (
        start
        + struct.pack("=20sIIB3xI12x", b"glibc-ld.so.cache1.1", len(names), len(strings), 2, 0)
        + entries
        + strings
    )


PASSED = [
    ("library-cache", "etc/ld.so.cache", library_cache(b"liba", b"libb"), library_cache(b"libb", b"liba", gap=3)),
    ("library-cache", "etc/ld.so.cache", library_cache(b"liba"), library_cache(b"liba", old=True)),
    ("library-cache", "var/cache/ldconfig/aux-cache", b"1", b"2"),
    ("package-log", "var/log/apt/history.log", b"1", b"2"),
    ("package-log", "var/log/dpkg.log", b"1", None),
    ("package-cache", "var/cache/apt/pkgcache.bin", None, b"1"),
    ("package-cache", "var/lib/dpkg/status-old", b"1", b"2"),
    ("package-state-order", "var/lib/dpkg/status", STATUS, TURNED),
    ("package-index", "var/lib/apt/lists/deb_InRelease", b"1", b"2"),
    ("pip-record", f"{SITE}/a-1.dist-info/RECORD", b"a.py,sha256=x,1\nb.py,,\n", b"b.py,,\na.py,sha256=x,1\na.pyc,,\n"),
    ("pip-installer", f"{SITE}/a-1.dist-info/INSTALLER", b"pip\n", b"uv\n"),
    ("account-date", "etc/shadow", b"root:*:19000:0:::::\n", b"root:*:20000:0:::::\n"),
    ("account-backup", "etc/passwd-", b"1", None),
    ("machine-id", "etc/machine-id", b"1", b"2"),
    ("engine-files", "etc/resolv.conf", b"", None),
    ("engine-files", "run/.containerenv", None, b""),
    ("tool-log", "root/.npm/_logs/x.log", b"1", None),
    ("tool-cache", "root/.cache/pip/http/x", b"1", b"2"),
    ("font-cache", "var/cache/fontconfig/x.cache-7", b"1", b"2"),
]  # fmt: skip


def sides(path: str, one: bytes | None, other: bytes | None) -> tuple[list[Item], list[Item]]:
    parts = path.split("/")[:-1]
    folders = [Item("/".join(parts[:count]), kind="dir") for count in range(1, len(parts) + 1)]
    return tuple(folders + ([Item(path, data)] if data is not None else []) for data in (one, other))  # type: ignore[return-value]


@pytest.mark.parametrize(("rule", "path", "one", "other"), PASSED)
def test_it_is_passed_over(rule: str, path: str, one: bytes | None, other: bytes | None) -> None:
    found = comparison(*sides(path, one, other))
    assert passed_over(found) == {path: rule}
    assert found.same
    assert not comparison(*sides(path, one, other), counting=[rule]).same


@pytest.mark.parametrize(
    ("path", "one", "other"),
    [
        ("etc/ld.so.cache", library_cache(b"liba"), library_cache(b"libb")),
        ("etc/ld.so.cache", b"noise", b"noisy"),
        ("var/lib/dpkg/status", STATUS, STATUS.replace(b"Version: 2", b"Version: 3")),
        (f"{SITE}/a-1.dist-info/RECORD", b"a.py,sha256=x,1\n", b"a.py,sha256=y,1\n"),
        (f"{SITE}/a-1.dist-info/METADATA", b"1", b"2"),
        ("etc/shadow", b"root:*:19000:0:::::\n", b"root::19000:0:::::\n"),
        ("etc/passwd", b"1", b"2"),
        ("etc/resolv.conf", b"nameserver 1.1.1.1", None),
        ("var/lib/apt/lists/deb_InRelease", b"1", None),
        ("root/.cache/pip/http/x", b"1", None),
        ("srv/__pycache__/a.cpython-311.pyc", b"1", b"2"),
        ("srv/var/log/dpkg.log", b"1", b"2"),
    ],
)
def test_it_counts(path: str, one: bytes | None, other: bytes | None) -> None:
    found = comparison(*sides(path, one, other))
    assert [name for name, _ in counted(found)] == [path]


def test_compiled_python_of_the_same_source() -> None:
    source = Item("srv/a.py", b"x = 1")
    compiled = "srv/__pycache__/a.cpython-311.pyc"
    found = comparison([source, Item(compiled, b"old")], [source, Item(compiled, b"new")])
    assert passed_over(found) == {compiled: "python-bytecode"}
    edited = comparison(
        [source, Item(compiled, b"old")], [Item("srv/a.py", b"x = 2"), Item(compiled, b"new")]
    )
    assert [path for path, _ in counted(edited)] == [compiled, "srv/a.py"]


def test_a_directory_for_nothing_but_noise_is_noise() -> None:
    found = comparison(
        [Item("root", kind="dir")], [Item("root", kind="dir"), Item("root/.npm/_logs/x.log", b"1")]
    )
    assert found.same
    assert set(passed_over(found)) == {"root/.npm", "root/.npm/_logs", "root/.npm/_logs/x.log"}
    more = comparison(
        [Item("root", kind="dir")],
        [Item("root", kind="dir"), Item("root/.npm/_logs/x.log"), Item("root/.npm/x")],
    )
    assert [path for path, _ in counted(more)][-2:] == ["root/.npm", "root/.npm/x"]


def test_a_mode_that_changes_with_noisy_content_counts() -> None:
    log = "var/log/dpkg.log"
    found = comparison([Item(log, b"1")], [Item(log, b"2", mode=0o666)])
    assert counted(found) == [(log, ["content", "mode"])]


def test_every_rule_has_a_name_of_its_own_and_says_why() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert all(rule.says for rule in RULES)
    assert {name for name, *_ in PASSED} | {"modified-time", "hard-links", "python-bytecode"} == {
        r.name for r in RULES
    }


def test_an_unknown_rule_is_a_mistake() -> None:
    with pytest.raises(UsageError, match="there is no noise rule 'frob'"):
        comparison([], [], counting=["frob"])


def test_settings() -> None:
    def with_settings(**settings: object) -> object:
        return image([Item("a")], config=settings, created="2026-01-01T00:00:00Z")

    one = with_settings(Env=["PATH=/bin", "A=1"], Cmd=["sh"], User="root", ExposedPorts={"80/tcp": {}})
    other = with_settings(
        Env=["A=2", "PATH=/bin"], Cmd=["sh", "-c"], ExposedPorts={"80": {}}, WorkingDir="/",
        Labels={"org.opencontainers.image.created": "now"}, StopSignal="SIGINT",
        Healthcheck={"Test": ["CMD", "true"], "Interval": 30000000000, "Retries": 3},
    )  # fmt: skip
    found = comparison(one, other)  # type: ignore[arg-type]
    assert {item.name: (item.before, item.after) for item in found.settings if item.counts} == {
        "cmd": ('["sh"]', '["sh", "-c"]'), "env.A": ("1", "2"), "health.interval": (None, "30s"),
        "health.retries": (None, "3"), "health.test": (None, '["CMD", "true"]'), "stop-signal": (None, "SIGINT"),
    }  # fmt: skip
    assert [item.noise for item in found.settings if item.noise] == ["build-time"]


def test_what_buildah_leaves_is_passed_over() -> None:
    """Held against Podman 4.3 beside Docker 26.1: the same Dockerfile differed in nothing else."""
    docker = image([Item("a")], config={"Labels": {"mine": "1"}})
    labels = {"mine": "1", "io.buildah.version": "1.28.2"}
    podman = image([Item("a"), Item("run", kind="dir")], config={"Labels": labels})
    found = comparison(docker, podman)
    assert found.same
    assert [item.noise for item in found.settings] == ["builder-label"]
    assert [item.noise for item in found.files] == ["engine-files"]


def test_waivers_are_checked_both_ways() -> None:
    before, after = [Item("a", b"1"), Item("b", b"1")], [Item("a", b"2"), Item("b", b"1", mode=0o600)]
    waivers = [Waiver("it is meant", path="a"), Waiver("so is this", path="b", change="mode")]
    found = comparison(before, after, waivers=waivers)
    assert found.same
    assert [one.waiver for one in found.files] == ["it is meant", "so is this"]
    left = comparison(before, before, waivers=waivers)
    assert not left.same
    assert left.unused == tuple(waivers)
    partly = comparison(
        before, [Item("a", b"2", mode=0o600)], waivers=[Waiver("x", path="a", change="content")]
    )
    assert ("a", ["content", "mode"]) in counted(partly)


@pytest.mark.parametrize(
    ("waiver", "message"),
    [
        (Waiver("", path="a"), "has no reason"),
        (Waiver("x"), "needs exactly one of"),
        (Waiver("x", path="a", setting="b"), "needs exactly one of"),
        (Waiver("x", path="a", change="frob"), "`change` goes with `path`"),
        (Waiver("x", setting="cmd", change="mode"), "`change` goes with `path`"),
    ],
)
def test_a_waiver_that_says_too_little(waiver: Waiver, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        checked([waiver], "dockwright.toml")
