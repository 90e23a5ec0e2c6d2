"""What a rule's docstring says, in parts: why it matters, what to do, what is not reported.

The docstring is the rule's documentation page: the first line is the summary; what begins with `Fix:` (or `To mend
it,`) says what to do, up to the end of its paragraph; what begins with `Not reported:` is what is left alone.
Everything else is why it matters.
"""

import re
import sys
from inspect import cleandoc

import msgspec

from dockwright.rules.rule import Rule

_FIX = re.compile(
    r"(?:(?:the )?(?:fix|repair|remedy)|what to do)\s*[:.]\s*|to (?:mend|fix|repair|settle|cure) (?:it|this|them)[,:]\s*",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"(?:(?:what is )?not reported|left alone|accepted|not seen)\b[^:.]{0,40}[:.]\s*", re.IGNORECASE
)
_MARK = re.compile(
    rf"(?:(?<=\n\n)|(?<=[.!] )|(?<=[.!]\n))(?=(?:{_FIX.pattern}|{_NOT.pattern}))", re.IGNORECASE
)


class Page(msgspec.Struct, frozen=True):
    """A rule's page. Every part is one text with its line breaks as written; parts that are not there are empty."""

    summary: str
    why: str
    fix: str
    not_reported: str


def page(rule: Rule) -> Page:
    """The parts of the docstring of the module that defines the rule's check."""
    module = sys.modules.get(rule.check.__module__)
    return read(cleandoc((module.__doc__ if module else None) or rule.summary))


def read(docstring: str) -> Page:
    """Take a cleaned docstring apart."""
    head, _, body = docstring.partition("\n")
    why: list[str] = []
    fix: list[str] = []
    left: list[str] = []
    for part in _MARK.split("\n\n" + body.strip()):
        text = part.strip()
        if match := _FIX.match(text):
            fix.append(_capitalised(text[match.end() :]))
        elif match := _NOT.match(text):
            left.append(_capitalised(text[match.end() :]))
        elif text:
            why.append(text)
    return Page(head.strip().rstrip("."), "\n\n".join(why), "\n\n".join(fix), "\n\n".join(left))


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def one_line(text: str) -> str:
    """A text of several lines and paragraphs as one line."""
    return " ".join(text.split())


def first_sentence(text: str) -> str:
    """The first sentence of a text, on one line, without its full stop."""
    line = one_line(text)
    match = re.search(r"[.;](?= |$)", line)
    return line[: match.start()] if match else line
