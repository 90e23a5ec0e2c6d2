"""What BuildKit's messages and values owe to Go: quoting, durations, suggestions of a near name."""

import re

from dockwright.lazy import lazy_regex

SPACES = "\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""Go's `unicode.IsSpace` as the inside of a character class. (Python's `\\s` has U+001C to U+001F as well.)"""

MULTIBYTE_SPACE = (
    rb"(?:\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]|\xe2\x81\x9f|\xe3\x80\x80)"
)
_ASCII_SPACE = b"\t\n\v\f\r "
_LEADING = lazy_regex(rb"(?:[\t-\r ]|" + MULTIBYTE_SPACE + rb")++")
_TRAILING = lazy_regex(rb"(?:[\t-\r ]|" + MULTIBYTE_SPACE + rb")++\Z")
_SPACE_LEAD = frozenset(b"\xc2\xe1\xe2\xe3")
_SPACE_TAIL = frozenset(b"\x85\xa0\x80\x81\x82\x83\x84\x86\x87\x88\x89\x8a\xa8\xa9\xaf\x9f")


def lstrip(text: bytes) -> bytes:
    """`bytes.TrimLeftFunc(text, unicode.IsSpace)`."""
    if b" " < text[:1] < b"\x80":
        return text
    stripped = text.lstrip(_ASCII_SPACE)
    if stripped and stripped[0] in _SPACE_LEAD and (match := _LEADING.match(stripped)):
        return lstrip(stripped[match.end() :])
    return stripped


def rstrip(text: bytes) -> bytes:
    """`bytes.TrimRightFunc(text, unicode.IsSpace)`."""
    if b" " < text[-1:] < b"\x80":
        return text
    stripped = text.rstrip(_ASCII_SPACE)
    while stripped and stripped[-1] in _SPACE_TAIL:
        match = _TRAILING.search(stripped, max(0, len(stripped) - 3))
        if not match:
            break
        stripped = stripped[: match.start()].rstrip(_ASCII_SPACE)
    return stripped


_ESCAPES = {
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
    "\\": "\\\\",
    '"': '\\"',
}


def quote(text: str) -> str:
    """Go's `strconv.Quote` (`%q`)."""
    return '"' + "".join(_quote_char(char) for char in text) + '"'


def _quote_char(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if char.isprintable():
        return char
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


_UNITS = {
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,
    "μs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}
_DURATION_PART = lazy_regex(r"([0-9]*)(\.[0-9]*)?([^0-9.]*)")
_MAX_INT64 = 2**63 - 1


def duration(text: str) -> int | str:
    """Go's `time.ParseDuration`: nanoseconds, or the message of its error."""
    invalid = f"time: invalid duration {quote(text)}"
    rest = text
    sign = 1
    if rest[:1] in ("+", "-"):
        sign = -1 if rest[0] == "-" else 1
        rest = rest[1:]
    if rest == "0":
        return 0
    if not rest:
        return invalid
    total = 0
    while rest:
        match = _DURATION_PART.match(rest)
        whole, fraction, unit = match.groups() if match else ("", None, "")
        if not whole and (fraction is None or fraction == "."):
            return invalid
        if not unit:
            return f"time: missing unit in duration {quote(text)}"
        if unit not in _UNITS:
            return f"time: unknown unit {quote(unit)} in duration {quote(text)}"
        scale = _UNITS[unit]
        digits = (fraction or ".")[1:][:30]
        total += int((whole or "0")[:30]) * scale + (
            int(digits) * scale // 10 ** len(digits) if digits else 0
        )
        if total > _MAX_INT64:
            return invalid
        rest = rest[match.end() :] if match else ""
    return sign * total


def _distance(left: str, right: str) -> int:
    """Levenshtein distance."""
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        previous, row[0] = row[0], i
        for j, b in enumerate(right, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (a != b))
    return row[-1]


def nearest(name: str, options: list[str], *, case_sensitive: bool) -> list[str]:
    """All options nearest to `name` within distance 2, as BuildKit would print them.

    moby/buildkit util/suggest: it takes the first nearest in the order of a Go map, which is random, so any of
    these may be printed there. Empty if `name` itself is an option.
    """
    wanted = name if case_sensitive else name.lower()
    best = 3
    found: list[str] = []
    for option in options:
        candidate = option if case_sensitive else option.lower()
        if candidate == wanted:
            return []
        if abs(len(candidate) - len(wanted)) >= 3:
            continue
        distance = _distance(wanted, candidate)
        if distance < best:
            best, found = distance, []
        if distance == best and distance < 3:
            found.append(candidate if case_sensitive else _match_case(candidate, name))
    return found


def _match_case(option: str, name: str) -> str:
    if name == name.lower():
        return option.lower()
    if name == name.upper():
        return option.upper()
    return option


def did_you_mean(message: str, name: str, options: list[str], *, case_sensitive: bool) -> str:
    """`message`, with BuildKit's suggestion where it would make one (the first of the nearest by name)."""
    found = nearest(name, options, case_sensitive=case_sensitive)
    return f"{message} (did you mean {min(found)}?)" if found else message


_TRUE = frozenset({"1", "t", "T", "TRUE", "true", "True"})
_FALSE = frozenset({"0", "f", "F", "FALSE", "false", "False"})


def parse_bool(text: str) -> bool | None:
    """Go's `strconv.ParseBool`, None if it fails."""
    if text in _TRUE:
        return True
    return False if text in _FALSE else None


def parse_uint(text: str, base: int, bits: int) -> int | None:
    """Go's `strconv.ParseUint` with a base of 8 or 10, None if it fails."""
    if not text or not text.isascii() or not text.isdigit() or len(text.lstrip("0")) > bits:
        return None
    if base == 8 and not set(text) <= set("01234567"):
        return None
    value = int(text, base)
    return value if value < 2**bits else None


def parse_int(text: str, bits: int) -> int | str:
    """Go's `strconv.ParseInt(text, 10, bits)`: the number, or the message of its error."""
    digits = text[1:] if text[:1] in ("+", "-") else text
    if not digits.isascii() or not digits.isdigit():
        return f"strconv.ParseInt: parsing {quote(text)}: invalid syntax"
    if len(digits.lstrip("0")) > 20:
        return f"strconv.ParseInt: parsing {quote(text)}: value out of range"
    value = int(text)
    if not -(2 ** (bits - 1)) <= value < 2 ** (bits - 1):
        return f"strconv.ParseInt: parsing {quote(text)}: value out of range"
    return value


_SIZE = lazy_regex(r"(\+?(?:[0-9]++\.?+[0-9]*+|\.[0-9]++)) ?([kmgtp]?(?:(?<=[kmgtp])i?b|b)?)", re.IGNORECASE)
_SIZE_UNITS = {"": 1, "b": 1, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40, "p": 2**50}


def ram_in_bytes(text: str) -> int | None:
    """docker/go-units `RAMInBytes`: bytes, None if the text is no size."""
    match = _SIZE.fullmatch(text)
    if not match or len(text) > 100:
        return None
    return int(float(match.group(1)) * _SIZE_UNITS[match.group(2)[:1].lower()])
