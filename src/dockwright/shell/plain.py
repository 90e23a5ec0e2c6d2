"""Texts that say all by themselves: commands of plain words, one after the other, as most RUN bodies are.

`apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*` needs no grammar: no quote, expansion,
redirection or keyword is in it, and every shell splits it the same way. Reading it here costs a tenth of what the
syntax tree costs; that both give the same commands is held by tests over the corpus and over made texts.
"""

from typing import TYPE_CHECKING

from dockwright.lazy import lazy_regex
from dockwright.shell.grammar import Joint
from dockwright.shell.script import Link
from dockwright.shell.simple import finish
from dockwright.shell.words import Word

if TYPE_CHECKING:
    from dockwright.shell.reader import Reader

MAX_PLAIN = 20_000
"""Longest text, in bytes, that is read here."""
_WORD = rb"[\w./:@%+,~^*?-][\w./:@%+,~^*?=-]*+"
_COMMAND = (
    rb"(?!(?:if|then|else|elif|fi|for|while|until|do|done|case|esac|in|function|select|time|coproc|let|"
    rb"export|local|declare|typeset|readonly|unset|unsetenv)(?![^ \t;&|]))"
    rb"[A-Za-z_./][\w./+-]*+(?![^ \t;&|])(?:[ \t]++" + _WORD + rb")*+"
)
_TEXT = lazy_regex(rb"[ \t]*+" + _COMMAND + rb"(?:[ \t]*+(?:&&|\|\||;)[ \t]*+" + _COMMAND + rb")*+[ \t]*+")
_TOKEN = lazy_regex(rb"[^ \t;&|]+|&&|\|\||;")
_LINKS = {b"&&": Link.AND, b"||": Link.OR, b";": Link.SEQUENCE}


def read(reader: "Reader") -> bool:
    """Read the whole text when it is plain; False, and nothing done, when it is not."""
    data = reader.data
    if len(data) > MAX_PLAIN or _TEXT.fullmatch(data) is None:
        return False
    source = reader.source
    words: list[Word] = []
    link = Link.NONE
    for match in _TOKEN.finditer(data):
        token = match[0]
        after = _LINKS.get(token)
        if after is None:
            text = token.decode("ascii")
            glob = b"*" in token or b"?" in token
            words.append(Word((text,), text, source, *match.span(), False, False, glob))
        else:
            _command(reader, words, link, after)
            words, link = [], after
    _command(reader, words, link, Link.NONE)
    return True


def _command(reader: "Reader", words: list[Word], link: Link, after: Link) -> None:
    slot = len(reader.commands)
    reader.commands.append(None)
    finish(reader, slot, words, Joint(link, after), (words[0].start, words[-1].end))
