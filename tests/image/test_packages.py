"""Packages by their managers' own lists, and programs that are there more than once."""

import sqlite3
import struct
from pathlib import Path

from dockwright.errors import Skipped
from dockwright.image.entries import Layer
from dockwright.image.layers import Reader
from dockwright.image.limits import DEFAULT, Limits
from dockwright.image.packages.debian import alternatives, stanzas
from dockwright.image.packages.files import wanted
from dockwright.image.packages.installed import Installed, packages_in
from dockwright.image.programs import programs_in
from dockwright.image.replay import replayed
from tests.image.tars import Item, tar


def layers(*contents: list[Item], limits: Limits = DEFAULT) -> list[Layer]:
    reader = Reader(limits, wanted)
    return [reader.layer("layer", [tar(items)], "test") for items in contents]


def installed(*contents: list[Item], limits: Limits = DEFAULT) -> tuple[dict[str, Installed], list[Skipped]]:
    read = layers(*contents, limits=limits)
    found, skipped = packages_in(read, replayed(read))
    return {
        one.package.name if not one.package.place else f"{one.package.place}:{one.package.name}": one
        for one in found
    }, skipped


STATUS = b"""\
Package: curl
Status: install ok installed
Version: 7.88-1
Architecture: amd64
Depends: libcurl4 (= 7.88-1), zlib1g (>= 1:1.1.4) | zlib-ng,
 libc6:any
Recommends: ca-certificates

Package: libcurl4
Status: install ok installed
Architecture: amd64
Version: 7.88-1
Description: text
 with: colons

Package: zlib-ng
Status: install ok installed
Version: 2
Provides: zlib1g (= 1:1.3)

Package: ca-certificates
Status: install ok installed
Version: 2023

Package: gone
Status: deinstall ok config-files
Version: 1
"""


def test_dpkg() -> None:
    below = [
        Item("var/lib/dpkg/status", b"Package: old\nStatus: install ok installed\nVersion: 1\n"),
        Item("var/lib/dpkg/info/old.list", b"/usr/bin/old\n"),
    ]
    above = [
        Item("var/lib/dpkg/status", STATUS),
        Item("var/lib/dpkg/info/curl.list", b"/.\n/usr\n/usr/bin\n/usr/bin/curl\n/usr/bin/gone\n/bin/merged\n"),
        Item("var/lib/dpkg/info/libcurl4:amd64.list", b"/usr/lib/libcurl.so.4.8\n/usr/lib/libcurl.so.4\n"),
        Item("var/lib/apt/extended_states", b"Package: libcurl4\nArchitecture: amd64\nAuto-Installed: 1\n"),
        Item("usr/bin/curl", b"c" * 100), Item("usr/bin/merged", b"m" * 7), Item("usr/lib/libcurl.so.4.8", b"l" * 50),
        Item("usr/lib/libcurl.so.4", kind="symlink", link="libcurl.so.4.8"),
    ]  # fmt: skip
    found, skipped = installed(below, above)
    assert set(found) == {"curl", "libcurl4", "zlib-ng", "ca-certificates"}
    assert (found["curl"].bytes, found["curl"].files, found["curl"].layer) == (107, 2, 1)
    assert found["libcurl4"].needed_by == ("curl",)
    assert found["zlib-ng"].needed_by == ("curl",)
    assert (found["ca-certificates"].needed_by, found["ca-certificates"].recommended_by) == ((), ("curl",))
    assert [found[name].package.asked_for for name in ("curl", "libcurl4")] == [True, False]
    assert skipped == []


def test_distroless_lists() -> None:
    found, _ = installed([Item("var/lib/dpkg/status.d/libc6", b"Package: libc6\nVersion: 2.36\n")])
    assert found["libc6"].package.version == "2.36"


def test_apk() -> None:
    database = b"""\
C:Q1abc
P:busybox
V:1.36-r5
D:so:libc.musl-x86_64.so.1
p:cmd:sh=1.36-r5
F:bin
R:busybox
a:0:0:755
F:
R:top

P:musl
V:1.2
p:so:libc.musl-x86_64.so.1=1
F:lib
R:libc.so
"""
    found, _ = installed(
        [Item("lib/apk/db/installed", database), Item("etc/apk/world", b"busybox>1\n"),
         Item("bin/busybox", b"b" * 9), Item("top", b"t"), Item("lib/libc.so", b"l" * 5)]
    )  # fmt: skip
    assert (found["busybox"].bytes, found["musl"].bytes) == (10, 5)
    assert found["musl"].needed_by == ("busybox",)
    assert (found["busybox"].package.asked_for, found["musl"].package.asked_for) == (True, False)


def test_pip() -> None:
    site = "usr/lib/python3.11/site-packages"
    metadata = b"Metadata-Version: 2.1\nName: Flask_App\nVersion: 3.0\nRequires-Dist: Jinja2 (>=3)\nRequires-Dist: x ; extra == 'dev'\n\nRequires-Dist: no\n"
    found, _ = installed(
        [Item(f"{site}/flask_app-3.0.dist-info/METADATA", metadata), Item(f"{site}/flask_app-3.0.dist-info/REQUESTED"),
         Item(f"{site}/flask_app-3.0.dist-info/INSTALLER", b"pip\n"),
         Item(f"{site}/flask_app-3.0.dist-info/RECORD", b'flask_app/a.py,,\n"flask_app/b,c.py",,\n../../../bin/flask,,\n'),
         Item(f"{site}/flask_app/a.py", b"1" * 10), Item(f"{site}/flask_app/b,c.py", b"2" * 20), Item("usr/bin/flask", b"3" * 3),
         Item(f"{site}/jinja2-3.1.dist-info/METADATA", b"Name: jinja2\nVersion: 3.1\n"),
         Item(f"{site}/old.egg-info/PKG-INFO", b"Name: old\nVersion: 1\n"),
         Item(f"{site}/old.egg-info/installed-files.txt", b"../old.py\nPKG-INFO\n"), Item(f"{site}/old.py", b"4" * 4)]
    )  # fmt: skip
    flask = found[f"{site}:Flask_App"]
    assert (flask.bytes, flask.package.version, flask.package.asked_for) == (33, "3.0", True)
    assert flask.package.requires == (("jinja2",),)
    assert found[f"{site}:jinja2"].needed_by == ("Flask_App",)
    assert found[f"{site}:old"].bytes == 4 + 21


def test_a_python_package_of_the_system_is_counted_once() -> None:
    info = "usr/lib/python3/dist-packages/x-1.egg-info"
    status = b"Package: python3-x\nStatus: install ok installed\nVersion: 1\n"
    items = [
        Item("var/lib/dpkg/status", status),
        Item("var/lib/dpkg/info/python3-x.list", f"/{info}\n".encode()),
        Item(info, b"Name: x\n"),
    ]
    found, _ = installed(items)
    assert set(found) == {"python3-x"}


def test_npm() -> None:
    def manifest(name: str, **needs: str) -> bytes:
        import json

        return json.dumps({"name": name, "version": "1.0.0", "dependencies": needs}).encode()

    modules = "app/node_modules"
    found, _ = installed(
        [Item("app/package.json", b'{"dependencies": {"web": "1"}, "devDependencies": {"lint": "1"}}'),
         Item(f"{modules}/web/package.json", manifest("web", debug="1", deep="1")), Item(f"{modules}/web/index.js", b"w" * 100),
         Item(f"{modules}/web/lib/package.json", b'{"type": "module"}'),
         Item(f"{modules}/web/node_modules/debug/package.json", manifest("debug")),
         Item(f"{modules}/web/node_modules/debug/x.js", b"d" * 30),
         Item(f"{modules}/debug/package.json", manifest("debug")), Item(f"{modules}/@scope/deep/package.json", manifest("@scope/deep")),
         Item(f"{modules}/deep/package.json", manifest("deep", **{"@scope/deep": "1", "debug": "2"})),
         Item(f"{modules}/broken/package.json", b"{")]
    )  # fmt: skip
    names = {name: one.needed_by for name, one in found.items()}
    assert names == {
        "app:web": (), "app:deep": ("web",), "app:@scope/deep": ("deep",), "app:debug": ("deep",), "app/node_modules/web:debug": ("web",),
    }  # fmt: skip
    assert found["app:web"].bytes == 100 + len(manifest("web", debug="1", deep="1")) + len(
        b'{"type": "module"}'
    )
    assert [found[name].package.asked_for for name in ("app:web", "app:deep")] == [True, False]


def header(values: dict[int, object]) -> bytes:
    index, store = b"", b""
    for tag, value in values.items():
        if isinstance(value, str):
            kind, count, data = 6, 1, value.encode() + b"\0"
        elif value and isinstance(value[0], int):  # type: ignore[index]
            store += b"\0" * (-len(store) % 4)
            kind, count, data = 4, len(value), struct.pack(f">{len(value)}I", *value)  # type: ignore[arg-type, misc]
        else:
            kind, count, data = 8, len(value), b"".join(one.encode() + b"\0" for one in value)  # type: ignore[arg-type, attr-defined]
        index += struct.pack(">IIII", tag, kind, len(store), count)
        store += data
    return struct.pack(">II", len(values), len(store)) + index + store


def rpm_database(path: Path, *blobs: bytes) -> bytes:
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB NOT NULL)")
    database.executemany("INSERT INTO Packages (blob) VALUES (?)", [(blob,) for blob in blobs])
    database.commit()
    database.close()
    return path.read_bytes()


def test_rpm(tmp_path: Path) -> None:
    bash = header({1000: "bash", 1001: "5.2", 1002: "1.fc40", 1049: ["libc.so.6", "rpmlib(X)"], 1116: [0, 1], 1117: ["bash", "bashrc"],
                   1118: ["/usr/bin/", "/etc/"]})  # fmt: skip
    libc = header(
        {1000: "glibc", 1001: "2.39", 1002: "1", 1047: ["libc.so.6", "glibc"], 1049: ["/usr/bin/bash"]}
    )
    data = rpm_database(tmp_path / "db", bash, libc, b"\xff" * 40, b"")
    for form in (data, data[:18] + b"\x02\x02" + data[20:]):  # write-ahead mode, as images have it
        found, skipped = installed(
            [
                Item("usr/lib/sysimage/rpm/rpmdb.sqlite", form),
                Item("usr/bin/bash", b"b" * 11),
                Item("etc/bashrc", b"x"),
            ]
        )
        assert (found["bash"].bytes, found["bash"].package.version) == (12, "5.2-1.fc40")
        assert found["glibc"].needed_by == ("bash",)
        assert found["bash"].needed_by == ("glibc",)
        assert skipped == []


def test_an_rpm_database_that_cannot_be_read_is_said() -> None:
    _, skipped = installed(
        [
            Item("var/lib/rpm/rpmdb.sqlite", b"SQLite format 3\0" + b"\1" * 5000),
            Item("var/lib/rpm/Packages", b"\0\x061b"),
        ]
    )
    assert [one.what for one in skipped] == ["var/lib/rpm/Packages", "var/lib/rpm/rpmdb.sqlite"]


def test_lists_that_are_too_much_to_keep_are_said() -> None:
    found, skipped = installed([Item("var/lib/dpkg/status", STATUS)], limits=Limits(kept=10))
    assert found == {}
    assert [one.what for one in skipped] == ["var/lib/dpkg/status"]


def test_lists_of_a_package_that_was_removed_do_not_count() -> None:
    found, _ = installed([Item("var/lib/dpkg/status", STATUS)], [Item("var/lib/.wh.dpkg")])
    assert found == {}


def test_small_parts() -> None:
    assert alternatives("a (>= 1), b | c:any , ,") == (("a",), ("b", "c"))
    assert list(stanzas("A: 1\n  more\n\n\nb: 2\nnonsense\n")) == [{"a": "1 more"}, {"b": "2"}]


BIG = 1_200_000


def test_two_chromiums_under_different_names_and_folders() -> None:
    (read,) = layers(
        [Item("usr/lib/chromium/chromium", b"d" * BIG, mode=0o755), Item("usr/lib/chromium/icudtl.dat", 300_000),
         Item("root/.cache/ms-playwright/chromium-1091/chrome-linux/chrome", b"p" * (BIG + 1), mode=0o755),
         Item("root/.cache/ms-playwright/chromium-1091/chrome-linux/chrome_sandbox", b"s" * 10, mode=0o755),
         Item("root/.cache/puppeteer/chrome/linux-119/chrome-linux64/chrome", b"q" * (BIG + 2), mode=0o755),
         Item("usr/bin/chromium", b"#!/bin/sh\n", mode=0o755)]
    )  # fmt: skip
    (found,) = programs_in(replayed([read]))
    assert (found.name, len(found.copies), found.same) == ("chromium", 3, False)
    assert "PUPPETEER_EXECUTABLE_PATH" in found.fix
    assert found.layers == (0, 0, 0)
    assert found.copies[0] == ("usr/lib/chromium/chromium", BIG + 300_000)
    assert found.saved == (BIG + 1 + 10) + (BIG + 2)


def test_the_same_program_in_two_places_and_hard_links() -> None:
    (read,) = layers(
        [Item("usr/bin/python3.11", b"a" * BIG, mode=0o755), Item("usr/local/bin/python3.12", b"b" * BIG, mode=0o755),
         Item("usr/bin/tool", b"t" * BIG, mode=0o755), Item("opt/x/tool", b"t" * BIG, mode=0o755),
         Item("usr/bin/one", b"1" * BIG, mode=0o755), Item("bin/one", kind="link", link="usr/bin/one", mode=0o755),
         Item("usr/lib/libx.so.1.2", b"l" * BIG, mode=0o755), Item("opt/lib/libx.so.1.3", b"m" * BIG, mode=0o755)]
    )  # fmt: skip
    found = {one.name: one for one in programs_in(replayed([read]))}
    assert set(found) == {"python", "tool"}
    assert (found["tool"].same, found["python"].same) == (True, False)
