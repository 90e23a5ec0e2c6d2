"""Scalars: which value a text stands for, what its text is, and where every byte of it comes from."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockwright.compose.yaml import parse
from dockwright.compose.yaml.gotext import go_text, scalar_text
from dockwright.compose.yaml.resolve import Timestamp, plain


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True), ("TRUE", True), ("tRUE", "tRUE"), ("yes", "yes"), ("no", "no"), ("on", "on"), ("off", "off"),
        ("y", "y"), ("~", None), ("null", None), ("NULL", None), ("nULL", "nULL"), ("", None),
        ("22:22", "22:22"), ("1:30:00", "1:30:00"), ("0777", 511), ("0o777", 511), ("08", 8.0), ("0089", 89.0),
        ("0x1F", 31), ("0b101", 5), ("1_000", 1000), ("1__0", 10), ("+5", 5), ("-0x10", -16), ("-0", 0),
        ("1e3", 1000.0), ("12e03", 12000.0), (".5", 0.5), ("5.", 5.0), ("1_000.5", 1000.5), ("1.2.3", "1.2.3"),
        ("9223372036854775808", 2**63), ("18446744073709551615", 2**64 - 1), ("18446744073709551616", 2.0**64),
        ("-9223372036854775808", -(2**63)), ("-9223372036854775809", -(2.0**63)), ("+9223372036854775808", 2.0**63),
        ("1E400", "1E400"), (".inf", math.inf), ("-.INF", -math.inf), ("+.inf", math.inf), ("=", "="), ("<<", "<<"),
        ("0o8", "0o8"), ("0x", "0x"), (".", "."), ("-", "-"), ("+", "+"), ("._5", "._5"),
    ],
)  # fmt: skip
def test_plain_scalars(text, value):
    found = plain(text)
    assert found == value
    assert type(found) is type(value)


def test_not_a_number():
    assert math.isnan(plain(".nan"))


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-01",
        "2024-1-2",
        "2024-02-29",
        "2024-01-01T10:00:00Z",
        "2024-01-01t1:2:3.5+02:00",
        "2024-01-01 10:00:00",
    ],
)
def test_timestamps(text):
    assert plain(text) == Timestamp(text)


@pytest.mark.parametrize(
    "text", ["2023-02-29", "2024-13-01", "2024-01-01T10:00:00", "2024-01-01T24:00:00Z", "24-01-01"]
)
def test_what_only_looks_like_a_timestamp_is_text(text):
    assert plain(text) == text


def test_a_number_of_a_million_digits_is_text():
    assert isinstance(plain("9" * 1_000_000), str)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("!!str 123", "123"), ("!!int '3'", 3), ("!!float 1", 1.0), ("!foo 1", "1"), ("!override 1", "1"),
        ("'1'", "1"), ('"true"', "true"), ("! 1", "1"), ("!!null ''", None), ("!<tag:yaml.org,2002:int> '7'", 7),
    ],
)  # fmt: skip
def test_tagged_and_quoted_scalars(text, value):
    assert parse(f"k: {text}\n".encode()).get("k").value == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.1, "1.1"), (1.0, "1"), (1000000.0, "1e+06"), (123456.0, "123456"), (1.5e10, "1.5e+10"), (1e21, "1e+21"),
        (2.0**64, "1.8446744073709552e+19"), (0.1, "0.1"), (1e-7, "1e-07"), (0.0001, "0.0001"), (0.00001, "1e-05"),
        (-2.5, "-2.5"), (0.0, "0"), (12000.0, "12000"), (math.inf, "+Inf"), (True, "true"), (511, "511"),
        (Timestamp("2024-1-2"), "2024-01-02 00:00:00 +0000 UTC"),
        (Timestamp("2024-01-01t10:00:00.5+02:00"), "2024-01-01 10:00:00.5 +0200 +0200"),
        (Timestamp("2024-01-01 10:00:00"), "2024-01-01 10:00:00 +0000 UTC"),
    ],
)  # fmt: skip
def test_text_that_go_prints(value, text):
    assert go_text(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_text_of_a_float_reads_back(value):
    assert float(go_text(value)) == value


def test_scalar_text_keeps_texts_and_prints_values():
    file = parse(b"a: 0777\nb: on\nc: ~\nd: '08'\ne: 1.10\nf: nginx\n")
    assert [scalar_text(file.get(key)) for key in "abcdef"] == ["511", "on", None, "08", "1.1", "nginx"]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("'it''s'", "it's"),
        (r'"a\tb\n\x41\u00e9\U0001F600\\\"\/"', 'a\tb\nAé😀\\"/'),
        (r'"\0\a\b\e\f\r\v\N\_\L\P"', "\0\a\b\x1b\f\r\v\x85\xa0\u2028\u2029"),
        ('"a\n  b\n\n  c"', "a b\nc"),
        ('"a\\\n   b\\  c"', "ab  c"),
        ("'a\n\n\n  b'", "a\n\nb"),
        ("plain\n  over  \n  lines", "plain over lines"),
        ("|\n  a\n   b\n\n  c\n", "a\n b\n\nc\n"),
        ("|-\n  a\n\n", "a"),
        ("|+\n  a\n\n", "a\n\n"),
        (">\n  a\n  b\n\n  c\n   d\n  e\n", "a b\nc\n d\ne\n"),
        ("|2\n    a\n", "  a\n"),
        (">-\n\n  a\n", "\na"),
        ("|\n", ""),
        ("|+\n\n", "\n"),
    ],
)
def test_decoding(written, text):
    assert parse(f"k: {written}".encode()).get("k").text == text


def test_every_byte_of_a_block_scalar_maps_back():
    source = b"jobs:\n  run: |\n    echo one\n      two\n\n    docker build .\nnext: 1\n"
    node = parse(source).at("jobs", "run")
    mapped = node.mapped
    assert mapped.text == "echo one\n  two\n\ndocker build .\n"
    for at, byte in enumerate(mapped.data):
        assert source[mapped.offset(at)] == byte
    start = mapped.text.index("docker build .")
    span = mapped.span(start, start + 14)
    assert source[span.start : span.end] == b"docker build ."


def test_bytes_of_quoted_scalars_map_back():
    source = 'k: "é\\n${TAG}"\n'.encode()
    node = parse(source).get("k")
    at = node.text.index("$")
    span = node.text_span(at, at + 6)
    assert source[span.start : span.end] == b"${TAG}"


@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=40))
def test_literal_blocks_map_every_byte(text):
    lines = [line for line in text.split("\n") if line.strip()] or ["x"]
    source = ("k: |1\n" + "".join(f" {line}\n" for line in lines)).encode()
    node = parse(source).get("k")
    assert node.text == "".join(f"{line}\n" for line in lines)
    for at, byte in enumerate(node.mapped.data):
        assert source[node.mapped.offset(at)] == byte
