"""Short forms: ports, volumes, command lines; against compose-go's own cases and the real CLI."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockwright.compose import read
from dockwright.compose.ports import BadPort, Binding, bindings, parse_port
from dockwright.compose.shellwords import split
from dockwright.compose.volumes import mount, parse_volume
from tests.compose.corpus_files import cases


def service(lines: str):
    indented = "".join(f"    {line}\n" for line in lines.splitlines())
    file = read(f"services:\n  a:\n    image: x\n{indented}".encode(), "compose.yaml")
    assert file.problems == []
    return file.services["a"]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("80", [Binding(80)]),
        ("8080:80/udp", [Binding(80, "8080", "", "udp")]),
        ("127.0.0.1:8080:80", [Binding(80, "8080", "127.0.0.1")]),
        ("127.0.0.1::80", [Binding(80, "", "127.0.0.1")]),
        ("[::1]:8080:80", [Binding(80, "8080", "::1")]),
        ("8000-8001:80-81", [Binding(80, "8000"), Binding(81, "8001")]),
        ("8000-8010:80", [Binding(80, "8000-8010")]),
        ("80/SCTP", [Binding(80, "", "", "sctp")]),
    ],
)
def test_ports(spec, expected):
    assert list(parse_port(spec)) == expected


@pytest.mark.parametrize(
    "spec", ["", "x", "70000", "80-70", "80/xyz", "1.2.3:80:80", "8000-8002:80-81", "80:"]
)
def test_ports_that_compose_refuses(spec):
    assert isinstance(parse_port(spec), BadPort)


def test_expanded_ports_stand_in_the_order_of_their_texts():
    assert [binding.target for binding in parse_port("8-11")] == [10, 11, 8, 9]


def test_port_parts_keep_variables_and_places():
    found = service('ports:\n  - "${IP:-127.0.0.1}:${PORT:-8080}:80/tcp"\n  - 443')
    first, second = found.ports
    assert (first.host_ip.raw, first.published.raw, first.target.raw, first.protocol.raw) == (
        "${IP:-127.0.0.1}", "${PORT:-8080}", "80", "tcp",
    )  # fmt: skip
    source = first.node.file.source
    assert source.text(first.published.span) == "${PORT:-8080}"
    assert bindings(first) == (Binding(80, "8080", "127.0.0.1"),)
    assert bindings(first, {"PORT": "9"}) == (Binding(80, "9", "127.0.0.1"),)
    assert bindings(second) == (Binding(443),)
    assert bindings(service('ports: ["${UNSET}:80"]').ports[0]) == ()


def test_long_ports():
    port = service(
        "ports:\n  - target: 80\n    published: '8080'\n    host_ip: 127.0.0.1\n    mode: host"
    ).ports[0]
    assert bindings(port) == (Binding(80, "8080", "127.0.0.1"),)
    assert port.mode.raw == "host"
    assert port.short is None


@pytest.mark.parametrize(
    ("spec", "kind", "source", "target"),
    [
        ("./a:/b:ro", "bind", "./a", "/b"),
        ("data:/b", "volume", "data", "/b"),
        ("/b", "volume", None, "/b"),
        ("~/x:/b", "bind", "~/x", "/b"),
        ("C:\\\\a:/b", "bind", "C:\\a", "/b"),
        ("v:/v", "volume", None, "v:/v"),
        ("${DIR:-./x}:/b", "bind", "${DIR:-./x}", "/b"),
        ("${NAME}:/b", None, "${NAME}", "/b"),
        ("${ROOT}/sub:/b", "bind", "${ROOT}/sub", "/b"),
    ],
)
def test_volumes(spec, kind, source, target):
    volume = service(f'volumes: ["{spec}"]').volumes[0]
    assert volume.type == kind
    assert (volume.source.raw if volume.source else None) == source
    assert volume.target.raw == target


def test_mounts_under_variables():
    volume = service('volumes: ["${DIR:-./x}:/b:ro"]').volumes[0]
    assert (mount(volume).type, mount(volume).source, mount(volume).read_only) == ("bind", "./x", True)
    assert mount(volume, {"DIR": "named"}).type == "volume"
    assert mount(service('volumes: ["${DIR}:/b"]').volumes[0]) is None
    assert volume.read_only is True


def test_long_volumes():
    text = "volumes:\n  - type: bind\n    source: ./a\n    target: /a\n    read_only: true\n    bind: {create_host_path: false}"
    volume = service(text).volumes[0]
    assert (volume.type, volume.source.raw, volume.read_only, volume.create_host_path) == (
        "bind",
        "./a",
        True,
        False,
    )


@given(st.text(alphabet="ab1:/.-${}~\\,", max_size=30))
def test_any_short_form_is_read(text):
    parse_volume(text)
    parse_port(text)
    split(text)


def test_volume_conformance(corpus: Path):
    read_ = 0
    for case in cases(corpus, "parse_volume"):
        found, expected = parse_volume(case["spec"]), case["expected"]
        bind, volume = expected.get("bind") or {}, expected.get("volume") or {}
        assert bool(found.error) == bool(case.get("error")), case["id"]
        assert (found.type, found.source, found.target) == tuple(
            expected.get(name, "") for name in ("type", "source", "target")
        ), case["id"]
        assert found.read_only == expected.get("read_only", False)
        assert (found.propagation, found.selinux) == (bind.get("propagation", ""), bind.get("selinux", ""))
        assert found.nocopy == volume.get("nocopy", False)
        read_ += 1
    assert read_ == 76


def test_port_conformance(corpus: Path):
    read_ = 0
    for case in cases(corpus, "parse_port"):
        found = parse_port(case["spec"])
        assert isinstance(found, BadPort) == bool(case.get("error")), case["id"]
        if isinstance(found, tuple):
            assert [
                (port.get("host_ip", ""), port.get("published", ""), port["target"], port["protocol"])
                for port in case["expected"]
            ] == [(one.host_ip, one.published, one.target, one.protocol) for one in found], case["id"]
        read_ += 1
    assert read_ == 19


@pytest.mark.parametrize(
    ("text", "words", "cut"),
    [
        ("npm ci && npm start", ("npm", "ci"), 7),
        ("a > f", ("a",), 2),
        ("a 2> f", ("a",), 3),
        ("sh -c 'a; b'", ("sh", "-c", "a; b"), None),
        ('"" x', ("", "x"), None),
        ("a #b `c d` $(e f)", ("a", "#b", "`c d`", "$(e f)"), None),
        ("a\\ b", ("a b",), None),
    ],
)
def test_command_lines(text, words, cut):
    assert (split(text).words, split(text).cut) == (words, cut)


@pytest.mark.parametrize("text", ["(a) b", "a )", "'open", "x \\"])
def test_command_lines_that_compose_refuses(text):
    assert split(text).error


def test_command_line_conformance(corpus: Path):
    read_ = 0
    for case in cases(corpus, "config"):
        if case["topic"] != "shellwords":
            continue
        text = read(next(iter(case["files"].values())).encode()).services["app"].command.text
        found, expected = split(text.resolved().filled), case.get("expected")
        assert bool(found.error) == (not isinstance(expected, dict)), case["id"]
        if isinstance(expected, dict):
            words = expected["services"]["app"]["command"]
            assert list(found.words) == [word.replace("$$", "$") for word in words], case["id"]
        read_ += 1
    assert read_ == 30
