"""Digests of values made of structs, tuples and texts."""

from hashlib import sha256
from typing import Any

import msgspec


def digest_of(value: Any) -> str:
    """A digest that is the same for equal values; structs of different types with equal fields must be told apart by
    the caller.
    """
    try:
        return sha256(msgspec.json.encode(value, enc_hook=str)).hexdigest()
    except UnicodeEncodeError:  # bytes that are not UTF-8 stand as surrogates, which `repr` writes as escapes
        return sha256(repr(value).encode("ascii", "backslashreplace")).hexdigest()
