"""`.gitignore` rules, for directories that git does not keep and for paths that are not there.

Source: gitignore(5), git dir.c: last_matching_pattern_from_list, wildmatch.c. Matching takes time linear in the path
for any pattern: a star takes the shortest text that lets what follows it match, and never tries another.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

MAX_LINE = 500
"""Characters beyond which a line is no rule; paths in repositories are shorter."""


class Rule(msgspec.Struct, frozen=True):
    """One line: the parts between its slashes (None for `**`), and what it says of what it matches."""

    parts: tuple[re.Pattern[str] | None, ...]
    ignored: bool
    folders_only: bool


class IgnoreRules:
    """The rules of one `.gitignore`; paths are relative to its folder."""

    def __init__(self, lines: Iterable[str]) -> None:
        found = (_rule(line) for line in lines)
        self.rules: Sequence[Rule] = [rule for rule in found if rule is not None][::-1]

    def verdict(self, path: str, *, folder: bool = False) -> bool | None:
        """True: ignored, False: not ignored, None: no rule is about the path itself or a folder above it.

        What lies in an ignored folder is ignored, whatever later lines say.
        """
        names = path.split("/")
        found: bool | None = None
        for depth in range(1, len(names) + 1):
            last = depth == len(names)
            own = self._own(names[:depth], folder=folder or not last)
            found = own if own is not None else found
            if found and not last:
                return True
        return found

    def _own(self, names: Sequence[str], *, folder: bool) -> bool | None:
        for rule in self.rules:
            if (folder or not rule.folders_only) and _matches(rule.parts, names):
                return rule.ignored
        return None


def _rule(line: str) -> Rule | None:
    line = line.rstrip("\r\n")
    while line.endswith(" ") and not line.endswith("\\ "):
        line = line[:-1]
    if not line or line.startswith("#") or len(line) > MAX_LINE:
        return None
    ignored = not line.startswith("!")
    line = line.removeprefix("!")
    folders_only = line.endswith("/")
    line = line.rstrip("/") if folders_only else line
    if not line:
        return None
    names = line.removeprefix("/").split("/")
    if "/" not in line:
        names = ["**", *names]
    parts: list[re.Pattern[str] | None] = []
    for name in names:
        if name != "**" or parts[-1:] != [None]:
            parts.append(None if name == "**" else glob(name))
    if parts[-1] is None and len(parts) > 1:
        parts.append(glob("*"))  # `a/**` is what lies in `a`, not `a`
    return Rule(tuple(parts), ignored, folders_only)


def _matches(parts: Sequence[re.Pattern[str] | None], names: Sequence[str]) -> bool:
    """True when the parts match all of the names; `at` are the places in the names that are reached so far."""
    if len(parts) == 2 and parts[0] is None and parts[1] is not None:
        return parts[1].fullmatch(names[-1]) is not None
    at = {0}
    for part in parts:
        if part is None:
            at = set(range(min(at), len(names) + 1))
        else:
            at = {place + 1 for place in at if place < len(names) and part.fullmatch(names[place])}
        if not at:
            return False
    return len(names) in at


_CLASS = re.compile(r"\[([!^]?)(\]?(?:\[:\w+:\]|\\.|[^\]\\])*)\]")
_MEMBER = re.compile(r"(\[:\w+:\])|(?!(?:\\.|[^\\])-(?:\\.|[^\\]))(\\.|.)|(\\.|[^\\])-(\\.|[^\\])", re.DOTALL)
_NAMED = {"[:alpha:]": "a-zA-Z", "[:digit:]": "0-9", "[:alnum:]": "a-zA-Z0-9", "[:upper:]": "A-Z", "[:lower:]": "a-z",
          "[:space:]": r"\s", "[:xdigit:]": "0-9a-fA-F", "[:blank:]": r" \t"}  # fmt: skip


def glob(pattern: str) -> re.Pattern[str]:
    """One part of a pattern. Each star but the last is settled by the first place where what follows it fits."""
    pieces = [""]
    at = 0
    while at < len(pattern):
        char = pattern[at]
        found = _CLASS.match(pattern, at) if char == "[" else None
        at = found.end() if found is not None else at + 1
        if char == "*":
            pieces.append("")
        elif char == "?":
            pieces[-1] += "."
        elif found is not None:
            pieces[-1] += _class(found)
        elif char == "\\" and at < len(pattern):
            pieces[-1] += re.escape(pattern[at])
            at += 1
        else:
            pieces[-1] += re.escape(char)
    first, *middle = pieces
    if not middle:
        return re.compile(first, re.DOTALL)
    *inner, last = middle
    body = "".join(f"(?>.*?{piece})" for piece in inner if piece)
    return re.compile(f"{first}{body}.*{last}", re.DOTALL)


def _class(found: re.Match[str]) -> str:
    """A bracket expression; a range from back to front is its first character, to git."""
    expression = f"[{'^' if found[1] else ''}{''.join(_members(found[2]))}]"
    try:
        re.compile(expression)
    except re.error:
        return "(?!)"
    return expression


def _members(text: str) -> Iterator[str]:
    for name, one, least, most in _MEMBER.findall(text):
        if name:
            yield _NAMED.get(name, "")
        elif not most:
            yield re.escape(one[-1:])
        elif least[-1] <= most[-1]:
            yield f"{re.escape(least[-1])}-{re.escape(most[-1])}"
        else:
            yield re.escape(least[-1])
