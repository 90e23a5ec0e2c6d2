"""How compose splits the string form of `command` and `entrypoint` into words.

mattn/go-shellwords shellwords.go (Parser.Parse, without ParseEnv and ParseBacktick), which is no shell: an unquoted
`;`, `&`, `|`, `<` or `>` ends the command without a word, so that `npm ci && npm start` runs `npm ci`; nothing is
expanded, `#` is ordinary, backticks and `$(…)` stay as they are.
"""

from __future__ import annotations

from dockwright.record import Record

_BLANKS = frozenset(" \t\r\n")
_ESCAPES = {"t": "\t", "n": "\n"}


class Words(Record):
    """The words; `cut` is the offset of the shell operator that ended the command, None without one."""

    words: tuple[str, ...]
    cut: int | None = None
    error: str = ""
    """Why compose refuses the text."""


def split(text: str) -> Words:
    """Split a command line whose variables are already replaced."""
    return _Splitter().run(text)


class _Splitter:
    """The state between two characters; `quote` is the open quote: ', ", ` or ( for `$(`."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.word: list[str] = []
        self.started = False
        self.quote = ""

    def run(self, text: str) -> Words:
        escaped = False
        for at, char in enumerate(text):
            if escaped:
                self.put(_ESCAPES.get(char, char))
                escaped = False
            elif char == "\\" and self.quote != "'":
                escaped = True
            elif char in _BLANKS and not self.quote:
                self.end()
            elif char in ";&|<>" and not self.quote:
                if char == ">" and self.word and self.word[0] in "0123456789":
                    self.started = False  # `2>` names a stream
                self.end()
                return Words(tuple(self.words), at)
            elif not self.take(char):
                return Words((), None, "invalid command line: parenthesis")
        self.end()
        if escaped or self.quote:
            return Words((), None, "invalid command line: quote or escape is not closed")
        return Words(tuple(self.words))

    def put(self, char: str) -> None:
        self.word.append(char)
        self.started = True

    def end(self) -> None:
        """End the word, if one was started."""
        if self.started:
            self.words.append("".join(self.word))
        self.word = []
        self.started = False

    def take(self, char: str) -> bool:
        """A character that may open or close a quote; False for a parenthesis that stands wrong."""
        if char in "\"'" and self.quote in ("", char):
            self.started = self.started or self.quote == char
            self.quote = "" if self.quote else char
            return True
        if char == "`" and self.quote in ("", "`"):
            self.quote = "" if self.quote else "`"
        elif char == "(" and self.quote in ("", "("):
            if self.quote or not self.word or self.word[-1] != "$":
                return False
            self.quote = "("
        elif char == ")" and self.quote in ("", "("):
            if not self.quote:
                return False
            self.quote = ""
        self.put(char)
        return True
