"""JSON text as Go's encoding/json writes it, on one line or indented by two."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def dumps(value: Any) -> str:
    """encoding/json's MarshalIndent."""
    try:
        found = "".join(_lines(value, "\n", _quote()))
        found.encode()
    except UnicodeEncodeError:
        found = "".join(_lines(_text_only(value), "\n", _quote()))
    return escaped(found)


def _quote() -> Any:
    """A text as JSON: C where CPython has it, and without importing the rest of json."""
    try:
        from _json import encode_basestring
    except ImportError:
        from json.encoder import encode_basestring
    return encode_basestring


def _lines(value: Any, line: str, quote: Any) -> Any:
    """The pieces of the text; `line` is a line break with the indentation of what is around the value."""
    if isinstance(value, str):
        yield quote(value)
    elif isinstance(value, dict) and value:
        before = f"{line}  "
        sign = "{"
        for key, item in value.items():
            if isinstance(item, str):  # most are
                yield f"{sign}{before}{quote(key)}: {quote(item)}"
            else:
                yield f"{sign}{before}{quote(key)}: "
                yield from _lines(item, before, quote)
            sign = ","
        yield f"{line}}}"
    elif isinstance(value, list | tuple) and value:
        sign = "["
        for item in value:
            yield f"{sign}{line}  "
            yield from _lines(item, f"{line}  ", quote)
            sign = ","
        yield f"{line}]"
    elif isinstance(value, dict | list | tuple):
        yield "{}" if isinstance(value, dict) else "[]"
    else:
        yield _scalar(value)


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    digits = repr(value)
    return digits if digits.strip("-.0123456789") == "" else compact(value).decode()


def compact(value: Any) -> bytes:
    """The value as JSON on one line. What is no text (half of a surrogate pair) becomes U+FFFD, as in Go."""
    import msgspec

    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        return msgspec.json.encode(_text_only(value))


def _text_only(value: Any) -> Any:
    if isinstance(value, dict):
        return {_text_only(key): _text_only(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_text_only(item) for item in value]
    return (
        "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in value)
        if _halves(value)
        else value
    )


def _halves(value: Any) -> bool:
    return isinstance(value, str) and any("\ud800" <= char <= "\udfff" for char in value)


_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def escaped(text: str) -> str:
    """encoding/json's escapes beyond JSON's own: `<`, `>`, `&`, line separators."""
    return text.translate(_ESCAPES) if any(chr(code) in text for code in _ESCAPES) else text
