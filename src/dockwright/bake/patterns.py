"""Regular expressions of bake files, run so that none can run for ever.

Go's RE2 is linear; Python's engine is not. A pattern with a repetition inside of a repetition, or whose repetitions
could take too many steps over the text at hand, is not run: `TooHard`.
"""

import math
import re
from functools import lru_cache

from dockwright.bake.values import Known, Value

MAX_STEPS = 1_000_000


class TooHard(Exception):
    """The pattern is not run; the value stays unknown."""


_TOKEN = re.compile(
    r"\\.|\[\^?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\]|\((?:\?(?:P?<\w+>|[imsU-]*[:)]))?|\)|[*+?]|\{\d*,?\d*\}|.",
    re.DOTALL,
)


@lru_cache(maxsize=256)
def _prepared(pattern: str) -> tuple[re.Pattern[str], int]:
    """The compiled pattern and the number of its open repetitions."""
    if len(pattern) > 500 or "[[:" in pattern or re.search(r"\\[pPQECX]|\(\?[A-Za-z-]*U", pattern):
        raise TooHard("pattern uses what is not read here")
    repeats = 0
    open_groups: list[bool] = []
    inner = False
    """The group that was just closed holds a repetition."""
    for found in _TOKEN.finditer(pattern):
        piece = found[0]
        if piece.startswith("(") and not piece.endswith(")"):
            open_groups.append(False)
        elif piece == ")" and open_groups:
            inner = open_groups.pop()
            if inner and open_groups:
                open_groups[-1] = True
            continue
        elif piece in ("*", "+") or (piece.startswith("{") and len(piece) > 1):
            if inner:
                raise TooHard("pattern repeats a repetition")
            repeats += 1
            if open_groups:
                open_groups[-1] = True
        inner = False
    try:
        return re.compile(pattern.replace(r"\z", r"\Z"), re.ASCII), repeats
    except re.error as error:
        raise TooHard(f"pattern is not read here: {error}") from None


def _usable(pattern: str, text: str) -> re.Pattern[str]:
    compiled, repeats = _prepared(pattern)
    if (len(text) + 1) ** (repeats + 1) / math.factorial(repeats + 1) > MAX_STEPS:
        raise TooHard("pattern could take too long on this text")
    return compiled


def _captures(found: re.Match[str]) -> Known:
    """The result as cty gives it: the match, the list of its groups, or an object when they have names."""
    if found.re.groupindex:
        return dict(found.groupdict())
    return found.groups() if found.re.groups else found[0]


def search(pattern: str, text: str) -> Known | None:
    """The first match, None without one."""
    found = _usable(pattern, text).search(text)
    return _captures(found) if found else None


def findall(pattern: str, text: str) -> tuple[Value, ...]:
    """All matches."""
    return tuple(_captures(found) for found in _usable(pattern, text).finditer(text))


_REFERENCE = re.compile(r"\$(?:(\$)|\{(\w+)\}|(\w+))")


def substitute(text: str, pattern: str, replacement: str) -> str:
    """Go's ReplaceAllString: `$1`, `${1}` and `${name}` in the replacement; unknown groups are empty."""

    def put(found: re.Match[str]) -> str:
        def group(reference: re.Match[str]) -> str:
            if reference[1]:
                return "$"
            name = reference[2] or reference[3]
            try:
                return found[int(name) if name.isdigit() else name] or ""
            except IndexError:
                return ""

        return _REFERENCE.sub(group, replacement)

    return _usable(pattern, text).sub(put, text)
