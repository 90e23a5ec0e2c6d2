"""The tar reader against `tarfile`, on whatever either can write; then on archives made to hurt."""

import contextlib
import gzip
import hashlib
import io
import os
import subprocess
import tarfile
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from dockwright.image.entries import Entry, Kind
from dockwright.image.layers import Reader
from dockwright.image.limits import DEFAULT, ImageError, Limits
from tests.image.tars import TYPES, Item, tar

KINDS = {tarfile.REGTYPE: Kind.FILE, tarfile.LNKTYPE: Kind.HARD_LINK, tarfile.SYMTYPE: Kind.SYMLINK,
         tarfile.DIRTYPE: Kind.DIRECTORY, tarfile.FIFOTYPE: Kind.FIFO, tarfile.CHRTYPE: Kind.CHARACTER,
         tarfile.GNUTYPE_SPARSE: Kind.FILE, tarfile.AREGTYPE: Kind.FILE}  # fmt: skip


def read(data: bytes, piece: int = 1 << 20, limits: Limits = DEFAULT) -> tuple[Entry, ...]:
    pieces = [data[at : at + piece] for at in range(0, len(data), piece)]
    return Reader(limits).layer("layer", pieces, "layer").entries


def as_tarfile_has_it(data: bytes) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for one in archive:
            kind = KINDS[one.type]
            contents = archive.extractfile(one).read() if kind == Kind.FILE else b""  # type: ignore[union-attr]
            digest = hashlib.sha256(contents).digest() if kind == Kind.FILE else b""
            size = one.size if kind == Kind.FILE else 0
            found.append(
                (one.name, kind, one.mode, one.uid, one.gid, size, int(one.mtime), one.linkname, digest)
            )
    return found


def as_read(entries: tuple[Entry, ...]) -> list[tuple[object, ...]]:
    return [
        (
            one.path,
            one.kind,
            one.mode,
            one.uid,
            one.gid,
            one.size,
            one.modified // 10**9,
            one.link,
            one.digest,
        )
        for one in entries
    ]


part = st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=60).filter(
    lambda text: text not in {".", ".."}
)
path = st.lists(part, min_size=1, max_size=6).map("/".join)
item = st.builds(
    Item,
    path,
    st.binary(max_size=1500),
    uid=st.integers(0, 2**40),
    gid=st.integers(0, 2**21 - 1),
    mode=st.integers(0, 0o7777),
    mtime=st.integers(0, 2**40),
)
linked = st.builds(
    Item,
    path,
    kind=st.sampled_from(sorted(set(TYPES) - {"file"})),
    link=path,
    devmajor=st.integers(0, 4095),
    devminor=st.integers(0, 255),
)


@pytest.mark.slow
@settings(max_examples=120)
@given(
    st.lists(item | linked, max_size=8),
    st.sampled_from([tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]),
    st.integers(1, 3000),
)
def test_it_reads_what_tarfile_writes(items: list[Item], form: int, piece: int) -> None:
    data = tar(items, form)
    assert as_read(read(data, piece)) == as_tarfile_has_it(data)


@pytest.mark.slow
@settings(max_examples=200)
@given(st.lists(item, min_size=1, max_size=3), st.data())
def test_damage_is_an_error_or_read_never_a_crash(items: list[Item], data: st.DataObject) -> None:
    whole = bytearray(tar(items, tarfile.GNU_FORMAT))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    found: tuple[Entry, ...] = ()
    with contextlib.suppress(ImageError):
        found = read(bytes(whole[:cut]))
    assert sum(one.stored for one in found) <= cut  # nothing is read that is not there
    assert not [one.path for one in found if one.path.startswith("/") or ".." in one.path.split("/")]


@settings(max_examples=100)
@given(st.binary(max_size=3000))
def test_noise_is_an_error_or_nothing(data: bytes) -> None:
    with contextlib.suppress(ImageError):
        assert read(data) == ()


@pytest.mark.parametrize("form", ["gnu", "pax"])
def test_sparse_files_of_gnu_tar(form: str, tmp_path: Path) -> None:
    """Real ones: `tar --sparse`. They are hashed as the files they unpack to."""
    with (tmp_path / "holes").open("wb") as file:
        for number in range(40):  # more parts than fit into one header
            file.seek(number * 40_960)
            file.write(b"data %d" % number)
        file.truncate(5_000_000)
    made = {"gnu": ("gnu",), "pax": ("pax",)}[form]
    done = subprocess.run(
        ["tar", "--create", "--sparse", f"--format={made[0]}", "holes"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    (entry,) = read(done.stdout)
    assert (entry.path, entry.size) == ("holes", 5_000_000)
    if entry.stored == entry.size:
        pytest.skip("this file system keeps no holes")
    assert entry.digest == hashlib.sha256((tmp_path / "holes").read_bytes()).digest()
    assert as_read((entry,))[0][5:] == as_tarfile_has_it(done.stdout)[0][5:]


@pytest.mark.parametrize("version", ["0.0", "0.1", "1.0"])
def test_every_pax_form_of_sparse_files(version: str, tmp_path: Path) -> None:
    with (tmp_path / "holes").open("wb") as file:
        file.seek(1_000_000)
        file.write(b"end")
    command = ["tar", "--create", "--sparse", "--format=pax", f"--sparse-version={version}", "holes"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    (entry,) = read(done.stdout, 100)
    assert (entry.path, entry.size) == ("holes", 1_000_003)
    assert entry.digest == hashlib.sha256((tmp_path / "holes").read_bytes()).digest()


def test_a_file_that_claims_a_hole_of_a_petabyte_is_read_at_once(tmp_path: Path) -> None:
    with (tmp_path / "holes").open("wb") as file:
        file.seek(1 << 43)
        file.write(b"end")
    command = ["tar", "--create", "--sparse", "--format=pax", "holes"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    (entry,) = read(done.stdout)
    assert (entry.size, len(entry.digest)) == ((1 << 43) + 3, 32)


def test_xattrs_and_times_of_pax() -> None:
    header = {"SCHILY.xattr.user.b": "2", "SCHILY.xattr.security.capability": "cap", "mtime": "12.5"}
    (entry,) = read(tar([Item("f", b"x", pax_headers=header)]))
    assert entry.xattrs == (("security.capability", b"cap"), ("user.b", b"2"))
    assert entry.modified == 12_500_000_000


@pytest.mark.parametrize(
    ("name", "clean"),
    [("./a/b", "a/b"), ("/a//b/", "a/b"), ("a/../b", "b"), ("../../etc/x", "etc/x"), ("./", ""), ("..", ""),
     ("a/./b", "a/b"), ("...", "..."), ("..a/b", "..a/b"), ("a/..", "")],
)  # fmt: skip
def test_names_stay_inside_the_root(name: str, clean: str) -> None:
    data = tar([Item(name, b"1")], tarfile.GNU_FORMAT)
    layer = Reader(DEFAULT).layer("l", [data], "l")
    assert layer.entries[0].path == clean
    assert bool(layer.notes) == name.startswith("..") * (name != "..." and name != "..a/b")


def _header(**fields: bytes) -> bytes:
    """A tar header with fields put in by hand and a sum that fits."""
    places = {"name": 0, "size": 124, "type": 156, "link": 157, "magic": 257, "map": 386, "real": 483}
    block = bytearray(tarfile.TarInfo("x").tobuf(tarfile.GNU_FORMAT))
    for name, value in fields.items():
        block[places[name] : places[name] + len(value)] = value
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


BASE_256 = b"\x80" + bytes(7)
HURTFUL = {
    "an exabyte that does not come": (_header(size=BASE_256 + b"\x10\0\0\0"), "ends"),
    "a negative size": (_header(size=b"\xff" * 12), "an entry of -1 bytes"),
    "a size that is no number": (_header(size=b"hello world"), "should be"),
    "an endless long name": (_header(type=b"L", size=BASE_256 + b"\x10\0\0\0"), "limit"),
    "a sparse map that overlaps": (
        _header(type=b"S", size=b"0" * 11, map=b"00000000010\0" + b"00000000010\0" + b"0" * 24, real=b"00000000001\0"),
        "contradicts itself",
    ),
    "a sparse map without its data": (
        _header(type=b"S", size=b"0" * 11, map=b"00000000000\0" + b"00000000010\0", real=b"00000000010\0"),
        "does not add up",
    ),
    "an extension of nothing": (_header(type=b"L", size=b"0" * 11), "ends after the announcement"),
    "pax records that lie": (_header(type=b"x", size=b"00000000006\0") + b"99 a=b".ljust(512, b"\0"), "damaged pax"),
    "pax records of length nought": (_header(type=b"x", size=b"00000000006\0") + b"0 a=b\n".ljust(512, b"\0"), "damaged"),
}  # fmt: skip


@pytest.mark.parametrize("case", HURTFUL)
def test_archives_made_to_hurt(case: str) -> None:
    data, message = HURTFUL[case]
    with pytest.raises(ImageError, match=message):
        read(data)


def test_ever_more_pax_records_end_in_an_error() -> None:
    record = b"%d k%06d=v\n"
    lines = b"".join(record % (len(record % (10, 0)), number) for number in range(300))
    block = _header(type=b"g", size=b"%011o" % len(lines)) + lines.ljust(-(-len(lines) // 512) * 512, b"\0")
    with pytest.raises(ImageError, match="more pax records"):
        read(block * 3)


@pytest.mark.parametrize(
    "pack", [gzip.compress, zstandard.ZstdCompressor(level=3).compress], ids=["gzip", "zstd"]
)
def test_decompression_bombs_are_not_read_on(pack: object) -> None:
    data = pack(tar([Item("zeros", 40_000_000)]))  # type: ignore[operator]
    limits = Limits(free_unpacked=1 << 20)
    with pytest.raises(ImageError, match="unpack to more than"):
        read(data, 1 << 16, limits)


def test_more_entries_than_the_limit() -> None:
    with pytest.raises(ImageError, match="more than 3 entries"):
        read(tar([Item(str(number)) for number in range(4)]), limits=Limits(entries=3))


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.ZstdCompressor().compress], ids=["gzip", "zstd"])
def test_cut_compressed_layers(pack: object) -> None:
    data = pack(tar([Item("noise", os.urandom(100_000))]))  # type: ignore[operator]
    for cut in (5, 1000, 50_000):
        with pytest.raises(ImageError, match=r"early|ends|is no tar"):
            read(data[:cut])


def test_damaged_gzip() -> None:
    data = bytearray(gzip.compress(tar([Item("noise", os.urandom(10_000))])))
    data[5000] ^= 255
    with pytest.raises(ImageError, match=r"damaged gzip|early|header"):
        read(bytes(data))
