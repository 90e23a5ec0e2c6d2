"""Go's filepath.Match, as COPY and ADD sources use it: `*` and `?` stop at `/`, `[a-z]`, `[^a]`, `\\x`."""

import re
from functools import lru_cache

WILDCARDS = frozenset("*?[")


def has_wildcard(text: str) -> bool:
    """True when a COPY source is a pattern. Source: moby/buildkit solver/llbsolver/ops/file.go: ContainsWildcards."""
    at = 0
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text[at] in WILDCARDS:
            return True
        at += 1
    return False


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> re.Pattern[str] | None:
    """The pattern as a regular expression over a whole path; None when Go refuses it."""
    out: list[str] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == "*":
            out.append("[^/]*")
        elif char == "?":
            out.append("[^/]")
        elif char == "\\":
            if at >= len(pattern):
                return None
            out.append(re.escape(pattern[at]))
            at += 1
        elif char == "[":
            end = _class_end(pattern, at)
            if end is None:
                return None
            body = pattern[at:end]
            negated = body.startswith("^")
            safe = re.sub(r"\\.|[\[&~|]", lambda m: m[0] if m[0][0] == "\\" else "\\" + m[0], body[negated:])
            out.append(f"[{'^/' if negated else ''}{safe}]")
            at = end + 1
        else:
            out.append(re.escape(char))
    try:
        return re.compile("".join(out), re.DOTALL)
    except re.error:
        return None


def _class_end(pattern: str, at: int) -> int | None:
    end = at + 1 if pattern[at : at + 1] == "^" else at
    first = end
    while end < len(pattern) and (pattern[end] != "]" or end == first):
        end += 2 if pattern[end] == "\\" else 1
    return end if end < len(pattern) else None
