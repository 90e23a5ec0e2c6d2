"""What a rule's docstring says, in parts: why it matters, what to do, what is reported and what is not.

The docstring is the rule's documentation page: the first line is the summary. In what follows, a sentence that begins
with `Fix:` (or `To mend it,`) opens what to do, up to the end of its paragraph; so does a sentence in the imperative
(`Copy the manifest first …`), for itself alone. Sentences that begin with `Reported …`, `Not reported …`, `Only …`,
`High confidence …` and the like say what the rule looks at, up to the end of their paragraph. The rest is why it
matters.
"""

import re
import sys
from inspect import cleandoc

import msgspec

from dockwright.rules.rule import Rule

_SENTENCE = re.compile(r"(?<=[.!?])[ \n]+(?=[\"`]?[A-Z`…])")
_FIX = re.compile(
    r"(?:(?:the )?(?:fix|repair|remedy)|what to do)\s*[:.]\s*|to (?:mend|fix|repair|settle|cure) (?:it|this|them)[,:]\s*",
    re.IGNORECASE,
)
_IMPERATIVE = re.compile(
    r"(?:Add|Build|Copy|Create|Declare|Drop|Give|Install|Keep|Leave|Let|Make|Move|Name|Pass|Pin|Put|Remove|Rename|Say"
    r"|Set|Split|Start|Take|Use|Wait|Write)\b(?! to be)"
)
_SCOPE = re.compile(
    r"(?:(?:What is )?(?:not )?(?:reported|seen|judged)\b[^.:]{0,40}:?|Left alone|Accepted\b|Only\b|High confidence"
    r"|Medium confidence|Severity follows|One finding per|What is sent is|The same version in another)\s*",
    re.IGNORECASE,
)


class Page(msgspec.Struct, frozen=True):
    """A rule's page. Every part is one text, paragraphs apart by an empty line; what is not there is empty."""

    summary: str
    why: str
    fix: str
    scope: str


def page(rule: Rule) -> Page:
    """The parts of the docstring of the module that defines the rule's check."""
    module = sys.modules.get(rule.check.__module__)
    return read(cleandoc((module.__doc__ if module else None) or rule.summary))


def read(docstring: str) -> Page:
    """Take a cleaned docstring apart."""
    head, _, body = docstring.partition("\n")
    parts: dict[str, list[str]] = {"why": [], "fix": [], "scope": []}
    for paragraph in re.split(r"\n[ \t]*\n", body.strip()):
        for kind, text in _paragraph(paragraph.strip()):
            parts[kind].append(text)
    return Page(head.strip().rstrip("."), *("\n\n".join(parts[kind]) for kind in ("why", "fix", "scope")))


def _paragraph(paragraph: str) -> list[tuple[str, str]]:
    """Runs of sentences of one kind, in order."""
    runs: list[tuple[str, list[str]]] = []
    lasting = "why"
    for sentence in _SENTENCE.split(paragraph):
        kind, text, lasting = _kind(sentence, lasting)
        if runs and runs[-1][0] == kind:
            runs[-1][1].append(text)
        elif text:
            runs.append((kind, [text]))
    return [(kind, " ".join(texts)) for kind, texts in runs]


def _kind(sentence: str, lasting: str) -> tuple[str, str, str]:
    """Kind and text of a sentence, and the kind of what follows it without a mark of its own."""
    if match := _FIX.match(sentence):
        text = sentence[match.end() :]
        return "fix", text[:1].upper() + text[1:], "fix"
    if _SCOPE.match(one_line(sentence)):  # a line may end within "Not reported"
        return "scope", sentence, "scope"
    if lasting == "why" and _IMPERATIVE.match(sentence):
        return "fix", sentence, "why"
    return lasting, sentence, lasting


def one_line(text: str) -> str:
    """A text of several lines and paragraphs as one line."""
    return " ".join(text.split())


def first_sentence(text: str) -> str:
    """The first sentence of a text, on one line, without its full stop."""
    line = one_line(text)
    match = re.search(r"[.;](?= |$)", line)
    return line[: match.start()] if match else line
