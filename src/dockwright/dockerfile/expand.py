"""Variable expansion and word splitting, as BuildKit does it.

Source: moby/buildkit frontend/dockerfile/shell/lex.go: ProcessWord, ProcessWords.
"""

import re

import msgspec

from dockwright.dockerfile.golang import quote
from dockwright.dockerfile.lexer import END, MAX_SUBSTITUTED, ExpansionError, Lexer, Lookup, Options
from dockwright.dockerfile.word_collector import WordCollector

_WHOLLY_QUOTED = re.compile("\"[^\"$\\\\`<\ufeff]*\"|'[^'<\ufeff]*'")
"""Nothing to do but to take the quotes off."""
_ONE_WORD = re.compile(r"[\w/:.\-]+", re.ASCII)
_NEEDS_WORK = re.compile(r"[$'\"\\`<\ufeff]")


class Expansion(msgspec.Struct, frozen=True):
    """The result of an expansion.

    `value` is the text (for words: see `words`). `used` are the variables read that were set, `unset` those that
    were not, each once, in order of reading. `error` is BuildKit's message; then `value` is empty. `substituted`
    counts the characters that variables brought in. `deferred` says that a base image decides what the text becomes,
    and `value` only stands for it (`depending_on_base`): nothing can be checked in it.
    """

    value: str = ""
    words: tuple[str, ...] = ()
    used: tuple[str, ...] = ()
    unset: tuple[str, ...] = ()
    error: str | None = None
    substituted: int = 0
    deferred: bool = False


_PLAIN = Options()
_BACKTICK = Options(escape="`")
HEREDOC_BODY = Options(skip_quotes=True)
"""How unquoted heredoc bodies of COPY and ADD are expanded: variables only, always with a backslash."""


def options_for(escape: str) -> Options:
    return _PLAIN if escape == "\\" else _BACKTICK


def nothing(_: str) -> str | None:
    """A lookup in which no variable is set."""
    return None


def needs_work(text: str) -> bool:
    """False for a text that stands for itself: no variable, no quote, no escape."""
    return _NEEDS_WORK.search(text) is not None


def expand(word: str, lookup: Lookup, options: Options = _PLAIN) -> Expansion:
    """Expand variables and take off quotes: BuildKit's `ProcessWord`."""
    if not _NEEDS_WORK.search(word):
        return Expansion(value=word)
    if word[0] in "\"'" and options is _PLAIN and _WHOLLY_QUOTED.fullmatch(word):
        return Expansion(value=word[1:-1])
    return _run(Lexer(word, lookup, options), options)


def expand_words(text: str, lookup: Lookup, options: Options = _PLAIN) -> Expansion:
    """Expand, then split at white space outside quotes: BuildKit's `ProcessWords`."""
    if _ONE_WORD.fullmatch(text):
        return Expansion(value=text, words=(text,))
    return _run(Lexer(text, lookup, options, WordCollector()), options)


def _run(lexer: Lexer, options: Options) -> Expansion:
    value, error = "", None
    try:
        value = lexer.until(END, raw_escapes=options.raw_escapes)
    except ExpansionError as failure:
        error = f"failed to process {quote(lexer.text)}: {failure}"
    words: tuple[str, ...] = ()
    if lexer.words is not None and error is None:
        lexer.words.flush()
        words = tuple(word for word, _ in lexer.words.words)
    return Expansion(
        value=value,
        words=words,
        used=tuple(lexer.used),
        unset=tuple(lexer.unset),
        error=error,
        substituted=MAX_SUBSTITUTED - lexer.left,
    )


def depending_on_base(text: str, expansion: Expansion, lookup: Lookup) -> Expansion:
    """What stands for a text whose value a base image decides: the text, and the values that are known in it."""
    known = [f"{name}={lookup(name)}" for name in expansion.used]
    value = f"(of the base image: {text}{''.join(f', {one}' for one in known)})"
    return msgspec.structs.replace(
        expansion,
        value=value,
        words=(value,),
        substituted=expansion.substituted + len(value),
        deferred=True,
    )


def split_with_places(text: str, options: Options) -> list[tuple[str, tuple[int, int]]]:
    """The words of a text with the range of characters each came from; empty on any error."""
    words = WordCollector()
    try:
        Lexer(text, nothing, options, words).until(END, raw_escapes=options.raw_escapes)
    except ExpansionError:
        return []
    words.flush()
    return words.words
