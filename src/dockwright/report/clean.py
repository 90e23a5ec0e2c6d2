"""Makes every string of a document fit to be shown: secrets out, nothing unprintable in.

Two nets for secrets. `knowledge.secrets.redact` knows what secrets look like in a text (`PASSWORD=…`, tokens, user
and password in a URL). And the *known values*: everything the repository itself assigns to a secret-looking name is
replaced wherever it turns up, also where no name stands beside it (a table of differences, a command's argument). A value
that is the name of something as well (`paperless-ngx` is a service, a folder, an image) is replaced only where a value
stands (`NAME=value`, `name: value`, a cell of its own): else paths, images and services would be lost with it.

What cannot be printed (control and direction characters, bytes of names that are not UTF-8) is written as an escape,
so that a file's name or text can neither break a report nor drive the reader's terminal.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

REDACTED = "[redacted]"
"""As `knowledge.secrets` writes it."""

VERBATIM = frozenset({"content", "revision", "fingerprint", "schema", "rule", "id"})
"""Keys whose values are identifiers: they may look like secrets and are none."""


NAMES = frozenset(
    {"service", "services", "name", "path", "variant", "environment", "image", "base", "stage", "target"}
)
"""Keys whose values name things; a name may read like an everyday password."""
_POSITION = (
    r"(?:(?<==)|(?<==[\"'])|(?<=: [\"'])|(?<=: )(?<!image: )(?<!service: )(?<!name: ))(?:{})(?![\w./:@-])"
)
"""Where a value stands."""


def printable(text: str) -> str:
    r"""`text` with everything unprintable as `\\xNN` or `\\uNNNN`; line endings and tabs become `\\n` and `\\t`."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escape(char) for char in text)


def _escape(char: str) -> str:
    code = ord(char)
    if char in "\n\t\r":
        return {"\n": "\\n", "\t": "\\t", "\r": "\\r"}[char]
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


class Cleaner:
    """Redacts and escapes; each distinct string is worked on once."""

    def __init__(
        self, redact: Callable[[str], str], known: Iterable[str] = (), names: frozenset[str] = frozenset()
    ) -> None:
        """`known` are secret values themselves, the longest is replaced first; `names` are what things are called."""
        self._redact = redact
        values = sorted({value for value in known if value}, key=lambda value: (-len(value), value))
        plain = [re.escape(value) for value in values if value in names]
        odd = [re.escape(value) for value in values if value not in names]
        self._known = re.compile("|".join(odd)) if odd else None
        self._plain = re.compile(_POSITION.format("|".join(plain))) if plain else None
        self._cells = frozenset(values) & names
        self._done: dict[str, str] = {}
        self._keys = cache(printable)

    def text(self, text: str) -> str:
        """The text as it may be shown."""
        done = self._done.get(text)
        if done is None:
            done = self._redact(text)
            if self._known is not None:
                done = self._known.sub(REDACTED, done)
            if self._plain is not None:
                done = self._plain.sub(REDACTED, done)
            if text in self._cells:
                done = REDACTED
            done = self._done[text] = printable(done)
        return done

    def _names(self, value: str, key: str) -> bool:
        """True for a name that happens to read like a password somebody chose."""
        return key in NAMES and value in self._cells

    def data(self, value: Any, key: str = "") -> Any:
        """Plain data (dicts, lists, strings, numbers) with every string fit to be shown, keys of dicts included."""
        if isinstance(value, str):
            if key in VERBATIM or self._names(value, key):
                return printable(value)
            return self._done.get(value) or self.text(value)
        if isinstance(value, dict):
            data, key_of = self.data, self._keys
            return {key_of(name): data(part, name) for name, part in value.items()}
        if isinstance(value, (list, tuple)):
            data = self.data
            return [data(part, key) for part in value]
        return value
