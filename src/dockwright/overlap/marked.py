r"""Marked text: normalised text in which the names a file gives to its stages and ARGs are set apart.

Two files that differ only in such names mean the same. A name is written between two NUL bytes, with its kind:
`"COPY --from=\0s:builder\0 /app /app"`. The skeleton of a marked text has one NUL in place of each name.
"""

MARK = "\0"

Symbols = tuple[str, ...]
"""Names in the order of their marks: `s:<stage>` or `a:<ARG>`."""


def clean(data: bytes) -> str:
    """Text of a file, fit to be marked: bytes that are not UTF-8 as surrogate escapes, NUL replaced."""
    return unmarked(data.decode("utf-8", "surrogateescape"))


def unmarked(text: str) -> str:
    """Text of a file, fit to be marked: NUL replaced."""
    return text.replace(MARK, "\ufffd") if MARK in text else text


def mark(kind: str, name: str) -> str:
    """A name to be set apart; `kind` is `s` (stage) or `a` (ARG)."""
    return f"{MARK}{kind}:{name}{MARK}"


def split(text: str) -> tuple[str, Symbols]:
    """Skeleton and names of a marked text."""
    if MARK not in text:
        return text, ()
    parts = text.split(MARK)
    return MARK.join(parts[::2]), tuple(parts[1::2])


def shown(text: str) -> str:
    """A marked text for people: the names as they are."""
    if MARK not in text:
        return text
    parts = text.split(MARK)
    parts[1::2] = [name.partition(":")[2] for name in parts[1::2]]
    return "".join(parts)


def renamed(text: str, names: dict[str, str]) -> str:
    """A marked text with other names in its marks."""
    if MARK not in text or not names:
        return text
    parts = text.split(MARK)
    parts[1::2] = [names.get(name, name) for name in parts[1::2]]
    return MARK.join(parts)
