"""Text that was written without a width, made to fit one: lines that are too long go on below their own beginning."""

import re
import textwrap

_LABEL = re.compile(r" *(?:[^ ]+(?: [^ ]+)*? {2,}|↳ )")
"""What stands before the words of a line, as `  files     `: the words go on below themselves."""
DEEPEST = 24
"""Columns beyond which a label is too wide to leave empty below it."""


def fit(text: str, width: int) -> str:
    """`text` with no line wider than `width`, as far as its words allow; as it is for a width of 0.

    Only words that are longer than a whole line are cut in two.
    """
    if width <= 0:
        return text
    return "\n".join(part for line in text.split("\n") for part in _line(line, width))


def _line(line: str, width: int) -> list[str]:
    if len(line) <= width:
        return [line]
    return textwrap.wrap(
        line,
        width,
        subsequent_indent=" " * _indent(line, width),
        expand_tabs=False,
        replace_whitespace=False,
        break_on_hyphens=False,
    )


def _indent(line: str, width: int) -> int:
    label = _LABEL.match(line)
    if label is not None and 0 < label.end() <= min(DEEPEST, width // 2):
        return label.end()
    return len(line) - len(line.lstrip(" ")) + 2
