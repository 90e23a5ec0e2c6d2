"""References, platforms, ports, remote sources, Go's numbers, templates."""

import pytest

from dockwright.dockerfile import parse
from dockwright.dockerfile.golang import did_you_mean, duration, parse_uint, quote, ram_in_bytes
from dockwright.dockerfile.image_reference import ImageReference, parse_reference
from dockwright.dockerfile.platforms import Platform, parse_platform
from dockwright.dockerfile.ports import PortRange, parse_port
from dockwright.dockerfile.remote import Place, place_of
from dockwright.dockerfile.signals import is_signal

DIGEST = "sha256:" + "0a" * 32


@pytest.mark.parametrize(
    ("text", "registry", "repository", "tag", "digest"),
    [
        ("debian", "docker.io", "library/debian", None, None),
        ("debian:12", "docker.io", "library/debian", "12", None),
        ("owner/image", "docker.io", "owner/image", None, None),
        (f"ghcr.io/o/i:1@{DIGEST}", "ghcr.io", "o/i", "1", DIGEST),
        ("localhost/x", "localhost", "x", None, None),
        ("host:5000/x:y", "host:5000", "x", "y", None),
        ("index.docker.io/debian", "docker.io", "library/debian", None, None),
        ("UPPER/x", "UPPER", "x", None, None),
        ("[::1]:5000/x", "[::1]:5000", "x", None, None),
    ],
)
def test_references(text, registry, repository, tag, digest):
    found = parse_reference(text)
    assert isinstance(found, ImageReference)
    assert (found.registry, found.repository, found.tag, found.digest) == (registry, repository, tag, digest)
    if found.tag_at:
        assert text[slice(*found.tag_at)] == tag
    if found.digest_at:
        assert text[slice(*found.digest_at)] == digest
    assert parse_reference(found.canonical).canonical == found.canonical


def test_names_of_a_reference():
    official = parse_reference("debian")
    assert (official.familiar_name, official.canonical) == ("debian", "docker.io/library/debian:latest")
    assert (
        official.context_name == parse_reference("docker.io/library/debian:latest").context_name == "debian"
    )
    assert parse_reference("ghcr.io/o/i:1").context_name == "ghcr.io/o/i:1"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Debian", "invalid reference format: repository name (library/Debian) must be lowercase"),
        ("debian:", "invalid reference format"),
        ("-x", "invalid reference format"),
        ("a" * 64, f"invalid repository name ({'a' * 64}), cannot specify 64-byte hexadecimal strings"),
        ("x@sha256:" + "0a" * 20, "invalid checksum digest length"),
        ("x@md5:" + "0a" * 16, "unsupported digest algorithm"),
        ("g" * 300, "repository name must not be more than 255 characters"),
        ("g." * 50_000, "invalid reference format"),
    ],
)
def test_broken_references(text, message):
    assert parse_reference(text) == message


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("linux/amd64", Platform("linux", "amd64")),
        ("linux/x86_64", Platform("linux", "amd64")),
        ("linux/arm/v7", Platform("linux", "arm", "v7")),
        ("linux/arm", Platform("linux", "arm")),
        ("linux/arm64/v8", Platform("linux", "arm64", "v8")),
        ("aarch64", Platform("linux", "arm64")),
        ("Windows", Platform("windows", "amd64")),
        ("windows(10.0.17763)/amd64", Platform("windows", "amd64", "", "10.0.17763")),
    ],
)
def test_platforms(text, found):
    assert parse_platform(text) == found


@pytest.mark.parametrize("text", ["", "nope", "*", "a/b/c/d", "linux/a$b", "li nux"])
def test_broken_platforms(text):
    message = parse_platform(text)
    assert isinstance(message, str)
    assert quote(text) in message


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("80", PortRange(80, 80, "tcp")),
        ("80/UDP", PortRange(80, 80, "udp")),
        ("8000-8010", PortRange(8000, 8010, "tcp")),
        ("8080:80", PortRange(80, 80, "tcp")),
        ("127.0.0.1:8080:80", PortRange(80, 80, "tcp")),
        ("[::1]:8080:80", PortRange(80, 80, "tcp")),
        ("", 'invalid port: "": no port specified'),
        ("http", "invalid containerPort: http"),
        ("90-80", "invalid containerPort: 90-80"),
        ("70000", "invalid containerPort: 70000"),
        ("x:80", "invalid hostPort: x"),
        ("nope:80:80", "invalid IP address: nope"),
        ("1-3:80-81", "invalid ranges specified for container and host Ports: 80-81 and 1-3"),
    ],
)
def test_ports(text, found):
    assert parse_port(text) == found


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a/b", Place.LOCAL),
        ("./git@x:y", Place.LOCAL),
        ("http://host/x", Place.HTTP),
        ("https://host/x.git", Place.GIT),
        ("https://host/x.git#main:sub", Place.GIT),
        ("https://host/x.git?ref=1", Place.GIT),
        ("git@host:owner/x.git", Place.GIT),
        ("ssh://host/x", Place.GIT),
        ("ftp://host/x", Place.LOCAL),
    ],
)
def test_places(text, place):
    assert place_of(text) is place


def test_numbers_and_words_of_go():
    assert duration("1h2m3.5s") == 3_723_500_000_000
    assert duration("-1.5h") == -5_400_000_000_000
    assert duration("1") == 'time: missing unit in duration "1"'
    assert duration("") == 'time: invalid duration ""'
    assert parse_uint("0755", 8, 32) == 0o755
    assert parse_uint("8", 8, 32) is None
    assert parse_uint("1" * 100, 10, 32) is None
    assert ram_in_bytes("1.5GiB") == 3 << 29
    assert ram_in_bytes("10m") == 10 << 20
    assert ram_in_bytes("big") is None
    assert quote('a"\n\x00é\udcff') == '"a\\"\\n\\x00é\\xff"'
    assert did_you_mean("x", "COPPY", ["COPY", "CMD"], case_sensitive=False) == "x (did you mean COPY?)"
    assert did_you_mean("x", "copy", ["COPY"], case_sensitive=False) == "x"
    assert is_signal("sigrtmax-1")
    assert not is_signal("0")


TEMPLATES = [
    ("Dockerfile", "FROM php:{{ version }}-fpm\n", "jinja", "{{ version }}"),
    ("Dockerfile", "{% if slim %}\nFROM a\n{% endif %}\n", "jinja", "{% if slim %}"),
    ("Dockerfile", "FROM a:{{ .Version }}\n", "go", "{{ .Version }}"),
    (
        "Dockerfile.template",
        'FROM a:{{ env.version }}\n{{ if .x then ( -}}\nRUN x\n{{ ) else "" end -}}\n',
        "jq",
        "{{ env.version }}",
    ),
    ("Dockerfile", "FROM a:%%VERSION%%\n", "percent", "%%VERSION%%"),
    ("Dockerfile", "FROM @BASE@\n", "autoconf", "@BASE@"),
    ("Dockerfile", "FROM <%= image %>\n", "erb", "<%= image %>"),
    ("Dockerfile", "m4_include(base.m4)\nRUN x\n", "m4", "m4_include("),
    ("Dockerfile", '#include "base.docker"\nRUN x\n', "cpp", '#include "'),
    ("Dockerfile.j2", "FROM a\n", "jinja", "Dockerfile.j2"),
    ("{{cookiecutter.name}}/Dockerfile", "FROM a\n", "jinja", "{{cookiecutter.name}}/Dockerfile"),
]


@pytest.mark.parametrize(("path", "text", "language", "evidence"), TEMPLATES)
def test_templates(path, text, language, evidence):
    tree = parse(text.encode(), path)
    found = tree.template_evidence
    assert (tree.template, found.evidence) == (language, evidence)
    if found.span:
        assert tree.file.text(found.span) == evidence


@pytest.mark.parametrize(
    "text",
    [
        "FROM a\nRUN docker inspect -f '{{.Id}}' x\n",
        "FROM a\nHEALTHCHECK CMD x --format '{{.Status}}'\n",
        "FROM a\nRUN sed -e 's@OLD@NEW@' x\n",
        "FROM a\nCOPY <<EOF /t.j2\n{% if x %}%%A%%{% endif %}\nEOF\n",
        "FROM a\nRUN <<EOF\n#include <stdio.h>\ndefine(x)\nEOF\n",
        "FROM a\n# include <stdio.h> is needed\nRUN date +%Y%%\n",
        "FROM a\nENV FORMAT={{.Name}}\n",
    ],
)
def test_no_templates(text):
    assert parse(text.encode()).template is None
