"""The list of sections with links, as GitHub makes anchors of headings."""

import re
from collections.abc import Iterator, Sequence

_DROPPED = re.compile(r"[^\w\- ]")


def anchor(title: str) -> str:
    """The anchor of a heading that no other one equals (github/markup: lower case, punctuation out, blanks to dashes)."""
    return _DROPPED.sub("", title.strip().lower()).replace(" ", "-")


def contents(lines: Sequence[str]) -> Iterator[str]:
    """A line of links to the sections (`## …`) among `lines`."""
    titles = [line[3:] for line in lines if line.startswith("## ")]
    if len(titles) > 1:
        yield "Contents: " + " · ".join(f"[{title}](#{anchor(title)})" for title in titles)
        yield ""
