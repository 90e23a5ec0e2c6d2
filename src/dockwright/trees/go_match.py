"""Go's filepath.Match read to the letter: its classes, and which patterns it calls bad.

Source: Go 1.24 path/filepath (internal/filepathlite) match.go.
"""

from typing import Literal


def refused_at_once(text: str) -> bool:
    """True for a pattern that Go's filepath.Match(text, ".") calls bad, which is all the checking patternmatcher does.

    It looks no further than the first part between stars that does not match the dot, so most mistakes behind a star or
    after a name are left to the regular expression. Source: path/filepath/match.go: Match, of Go 1.24.
    """
    name = "."
    while text:
        chunk, rest = _chunk(text.lstrip("*"))
        star = text.startswith("*")
        if star and not chunk:
            return False
        last = not rest
        for tried in (name, "") if star and name else (name,):
            left = _match_chunk(chunk, tried)
            if left is None:
                return True
            if left is not False and not (last and left):
                name = left
                break
        else:
            return False
        text = rest
    return False


def _chunk(text: str) -> tuple[str, str]:
    """The part up to the next star outside brackets, and what follows. Source: match.go: scanChunk."""
    at = 0
    in_class = False
    while at < len(text):
        letter = text[at]
        if letter == "\\":
            at += 1
        elif letter == "[":
            in_class = True
        elif letter == "]":
            in_class = False
        elif letter == "*" and not in_class:
            break
        at += 1
    return text[:at], text[at:]


def _match_chunk(chunk: str, name: str) -> str | Literal[False] | None:
    """What is left of a name after a chunk, False where it does not match, None where the chunk is malformed.

    Go reads a chunk to its end even when the name has run out or does not match. Source: match.go: matchChunk.
    """
    failed = False
    at = 0
    while at < len(chunk):
        failed = failed or not name
        letter, at = chunk[at], at + 1
        if letter == "[":
            after = after_class(chunk, at)
            if after is None:
                return None
            failed = failed or not class_holds(chunk[at : after - 1], name[0])
            at = after
        elif letter == "\\":
            if at >= len(chunk):
                return None
            letter, at = chunk[at], at + 1
            failed = failed or name[0] != letter
        elif letter != "?":
            failed = failed or name[0] != letter
        name = name[1:]
    return False if failed else name


def class_ranges(body: str) -> tuple[list[tuple[int, int]], bool]:
    """The ranges of a class, the text between its brackets, and whether it is negated; one that runs backwards is empty."""
    negated = body.startswith("^")
    ranges: list[tuple[int, int]] = []
    at = int(negated)
    while at < len(body):
        low, at = _literal(body, at)
        high = low
        if body.startswith("-", at):
            high, at = _literal(body, at + 1)
        if low <= high:
            ranges.append((low, high))
    return ranges, negated


def class_holds(body: str, letter: str) -> bool:
    """True when the class matches the letter."""
    ranges, negated = class_ranges(body)
    return any(low <= ord(letter) <= high for low, high in ranges) != negated


def _literal(body: str, at: int) -> tuple[int, int]:
    at += body[at] == "\\"
    return ord(body[at]), at + 1


def after_class(text: str, at: int) -> int | None:
    """Offset after a `[...]` that begins before `at`; None when it is malformed. Source: path/filepath: matchChunk."""
    if text.startswith("^", at):
        at += 1
    count = 0
    while not (text.startswith("]", at) and count > 0):
        after = _after_literal(text, at)
        if after is not None and text.startswith("-", after):
            after = _after_literal(text, after + 1)
        if after is None:
            return None
        at = after
        count += 1
    return at + 1


def _after_literal(text: str, at: int) -> int | None:
    """Source: path/filepath: getEsc."""
    if at >= len(text) or text[at] in "-]":
        return None
    if text[at] == "\\":
        at += 1
        if at >= len(text):
            return None
    if "\udc80" <= text[at] <= "\udcff":  # not UTF-8
        return None
    return at + 1 if at + 1 < len(text) else None
