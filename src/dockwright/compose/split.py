"""Where the short forms of ports and volumes are split: at colons that stand in no `${…}`."""

from dockwright.lazy import lazy_regex

_PIECE = lazy_regex(r"\$\{|\}|:")


def colons(text: str, *, drives: bool = False) -> list[tuple[int, int]]:
    r"""Start and end of the sections between colons.

    With `drives`, a colon behind a section of one letter is part of it (`C:\data`); compose-go format/volume.go.
    """
    sections: list[tuple[int, int]] = []
    start = depth = 0
    if "${" not in text:
        at = text.find(":")
        while at >= 0:
            if not (drives and at - start == 1 and text[start].isalpha()):
                sections.append((start, at))
                start = at + 1
            at = text.find(":", at + 1)
        sections.append((start, len(text)))
        return sections
    for found in _PIECE.finditer(text):
        piece = found[0]
        if piece == "${":
            depth += 1
        elif piece == "}":
            depth = max(depth - 1, 0)
        elif depth == 0:
            at = found.start()
            if drives and at - start == 1 and text[start].isalpha():
                continue
            sections.append((start, at))
            start = at + 1
    sections.append((start, len(text)))
    return sections
