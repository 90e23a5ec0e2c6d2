"""Names and values that look like secrets, and taking such values out of texts (data/secrets.toml)."""

import re
from functools import cache, lru_cache
from math import log2

import msgspec

from dockwright.knowledge.secret_arguments import hide
from dockwright.knowledge.tables import typed
from dockwright.lazy import lazy_regex

REDACTED = "[redacted]"
FERNET = 43
"""A Fernet key is longer; its only sign is the `=` at its end."""
MAX_VALUE = 20_000
"""Longest value that is looked at; a longer one is treated by its beginning."""


class _Words(msgspec.Struct, forbid_unknown_fields=True):
    deny: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()


class _Placeholders(msgspec.Struct, forbid_unknown_fields=True):
    values: tuple[str, ...]
    words: tuple[str, ...]
    weak: tuple[str, ...]


class _Data(msgspec.Struct, forbid_unknown_fields=True):
    buildkit: _Words
    names: _Words
    values: dict[str, str]
    signs: dict[str, tuple[str, ...]]
    placeholders: _Placeholders


class _Tables:
    """The data, prepared."""

    def __init__(self, data: _Data) -> None:
        between = r"(?i)(?:_|^)(?:{})(?:_|$)"
        self.deny = re.compile(between.format("|".join(data.buildkit.deny)))
        self.allow = re.compile(between.format("|".join(data.buildkit.allow)))
        self.last = frozenset(data.names.last)
        self.keys = frozenset(data.names.keys)
        self.allowed = frozenset(data.names.allow)
        self.kinds = tuple(data.values)
        self.value = re.compile("|".join(f"({pattern})" for pattern in data.values.values()))
        signs = {sign for some in data.signs.values() for sign in some}
        self.signs = tuple(sorted(signs - {"="}))
        self.placeholders = frozenset(data.placeholders.values)
        self.placeholder = re.compile("|".join(re.escape(word) for word in data.placeholders.words))
        self.weak = frozenset(data.placeholders.weak)

    def may_hold(self, text: str) -> bool:
        """False for a text in which no value of a known format can be: most texts, at a tenth of the cost."""
        return (len(text) > FERNET and "=" in text) or any(sign in text for sign in self.signs)


@cache
def _tables() -> _Tables:
    return _Tables(typed("secrets", _Data))


def buildkit_secret_name(name: str) -> bool:
    """BuildKit's check SecretsUsedInArgOrEnv would report this ARG or ENV name."""
    tables = _tables()
    return bool(tables.deny.search(name)) and not tables.allow.search(name)


_CAMEL = lazy_regex(r"(?<=[a-z0-9])(?=[A-Z])")
_SEPARATORS = lazy_regex(r"[^A-Za-z0-9]+")


@lru_cache(maxsize=4096)
def name_strength(name: str) -> str:
    """How sure a name says that its value is secret: `strong`, `weak` (BuildKit's words somewhere in it), or ``""``.

    `DB_PASSWORD`, `JWT_SECRET_KEY`, `githubToken` are strong; `AUTH_MODE` and `TOKEN_TTL` are nothing.
    """
    if len(name) > 200:
        return ""
    spaced = _CAMEL.sub("_", name) if not name.isupper() else name
    words = [word.lower() for word in _SEPARATORS.split(spaced) if word]
    tables = _tables()
    if not words or tables.allowed.intersection(words):
        return ""
    last = words[-1].rstrip("0123456789")
    if last in tables.last:
        return "strong"
    if (
        last in ("key", "keys", "salt")
        and (last == "salt" or len(words) > 1)
        and (words[-2:-1] and words[-2] in tables.keys)
    ):
        return "strong"
    return "weak" if tables.deny.search("_".join(words)) else ""


def secret_name(name: str) -> bool:
    """The name says that its value is secret."""
    return name_strength(name) == "strong"


_REFERENCE = lazy_regex(
    r"\$\{|\$\(|\$[A-Za-z_]|\{\{|\}\}|<[^<>\n]{1,80}>|%[A-Za-z_]\w*%|^@@|^vault:|^arn:|^sm://|^op://|^env:"
)
_URL_PASSWORD = lazy_regex(
    r"(?P<head>[a-zA-Z][a-zA-Z0-9+.-]{1,30}://[^\s:/@\"'{}$<>]{0,100}:)(?P<password>[^\s/@\"']{1,300})(?=@)"
)


def is_reference(value: str) -> bool:
    """The value stands for another one: `${X}`, `{{ x }}`, `<password>`, `vault:...`."""
    return bool(_REFERENCE.search(value[:MAX_VALUE]))


_FRAMED = lazy_regex(r"([_@*#%])\1{0,3}[A-Za-z][A-Za-z_-]{2,60}\1{1,4}")
"""`_admin_password_`, `@DB_PASSWORD@`: a word in a frame, to be replaced."""


_SHOUTED = lazy_regex(r"[A-Z]{2,20}(?:_[A-Z]{2,20}){0,4}_(?:VALUE|HERE|STRING)")
"""`TOKEN_VALUE`, `YOUR_KEY_HERE`."""


@lru_cache(maxsize=2048)
def is_placeholder(value: str) -> bool:
    """The value is empty, a reference, or says that it is to be replaced (`changeme`, `your-token`, `xxxx`)."""
    text = value.strip().strip("\"'")[:MAX_VALUE]
    lowered = text.lower()
    tables = _tables()
    return (
        not text or is_reference(text) or lowered in tables.placeholders
        or bool(tables.placeholder.search(lowered)) or len(set(text)) == 1 or bool(_FRAMED.fullmatch(text))
        or bool(_SHOUTED.fullmatch(text))
    )  # fmt: skip


def is_weak(value: str) -> bool:
    """A password everybody tries first (`postgres`, `admin`, `12345`)."""
    return value.strip().strip("\"'").lower() in _tables().weak


@lru_cache(maxsize=2048)
def secret_kind(value: str) -> str:
    """What kind of secret the value is by its format (`GitHub token`, `URL with password` …); empty if none."""
    value = value[:MAX_VALUE]
    tables = _tables()
    match = tables.value.search(value) if tables.may_hold(value) else None
    if match is not None and match.lastindex is not None:
        return tables.kinds[match.lastindex - 1]
    url = _URL_PASSWORD.search(value)
    if url is not None and not is_placeholder(url["password"]):
        return "URL with password"
    return ""


_FILE = lazy_regex(
    r"(?:/(?:app|code|config|data|etc|home|mnt|opt|root|run|secrets|srv|tmp|usr|var|workspace)|\.{1,2}|~)(?:/[\w.@-]+)+"
)
"""The path of a file: what the secret is read from, not the secret."""


_CLASS = re.compile(r"(?:[a-z][a-z0-9_]{0,40}\.){2,12}[A-Z][A-Za-z]{2,100}(?:\$[A-Za-z]{1,60})?")
"""The full name of a class (`org.apache.kafka.connect.storage.StringConverter`)."""


_FINGERPRINT = re.compile(r"(?:0x)?(?:[0-9A-F]{40}|[0-9A-F]{16}|[0-9A-F]{8})")
_SIGNED = re.compile(r"(?i)gpg|pgp|repo|release|keyring|signing|apt|fingerprint")
"""`POSTGRES_REPO_KEY=B97B…`: the fingerprint of the public key that packages are signed with."""


_NAMES_FILE = re.compile(r"(?:^|_)SSL_(?:KEY|KEYSTORE|TRUSTSTORE)_CREDENTIALS$")
"""`KAFKA_SSL_KEY_CREDENTIALS`: the name of a file in the image's secrets folder (docs.confluent.io, "Docker Security")."""


def entropy(text: str) -> float:
    """Shannon entropy in bits per character."""
    size = len(text)
    if not size:
        return 0.0
    return -sum(text.count(c) / size * log2(text.count(c) / size) for c in set(text))


@lru_cache(maxsize=4096)
def looks_secret(name: str, value: str) -> str:
    """Why `name=value` holds a secret: its kind, `named so` for a plain value under a telling name; empty if none.

    Placeholders and references are none. Weak words (`postgres`) under a telling name count: they are credentials.
    """
    if is_placeholder(value) or _CLASS.fullmatch(value.strip().strip("\"'")):
        return ""
    kind = secret_kind(value)
    if kind and not (kind == "Fernet key" and not name_strength(name) and "fernet" not in name.lower()):
        return kind
    if _NAMES_FILE.search(name):
        return ""
    strength = name_strength(name)
    text = value.strip().strip("\"'")
    if _FINGERPRINT.fullmatch(text) and _SIGNED.search(name):
        return ""
    if strength == "strong" and not text.isdecimal() and not _FILE.fullmatch(text):
        return "named so"
    if strength == "weak" and len(text) >= 16 and " " not in text and entropy(text) > 3.2 and "/" not in text:
        return "named so"
    return ""


_PASSWORD = frozenset(
    ("password", "pgpassword", "passwd", "pword", "pwd", "pass", "passphrase", "secret", "token", "apikey")
)
_KEYS = frozenset(("secret", "private", "encryption", "signing", "fernet", "jwt", "master", "api"))
_TRIED = lazy_regex(
    r"(?i)(?:^|[^a-z])(?:tests?|testing|dev|devel|development|demo|examples?|local|sentinel|dummy|samples?|fake|mock|default)(?:[^a-z]|$)"
)
"""Words of values that are made up for a trial."""
_SPEAKS = lazy_regex(r"(?i)pass?w(?:or)?d|p[a@]ss?w[o0]rd|secret|change")
"""Words that stand in values people are to replace."""


def surely_secret(name: str, value: str) -> bool:
    """Neither name nor value leaves a doubt that `name=value` gives away something that guards anything.

    `DB_PASSWORD=…` and `AWS_SECRET_ACCESS_KEY=…` do, a token of a known format does; `PUSHER_APP_KEY`, `REPO_KEY` and
    `…_ACCESS_KEY` may be names that everybody may know. What everybody tries first (`admin`), a password that is the name
    of its user (`shop:shop@db`), and words of trials (`test-token`) guard little: a person is to say.
    """
    kind = secret_kind(value)
    if kind and kind != "URL with password":
        return True
    url = _URL_PASSWORD.search(value[:MAX_VALUE])
    text = url["password"] if url is not None else value
    plain = text.strip().strip("\"'").lower()
    if (
        is_weak(text)
        or _TRIED.search(text)
        or _SPEAKS.search(text)
        or plain in name.lower()
        or (url is not None and url["head"].endswith(f"/{text}:"))
    ):
        return False
    return kind != "" or _surely_named(name)


def _surely_named(name: str) -> bool:
    spaced = _CAMEL.sub("_", name) if not name.isupper() else name
    words = [word.lower() for word in _SEPARATORS.split(spaced) if word]
    last = words[-1].rstrip("0123456789") if words else ""
    if last in _PASSWORD:
        return True
    return last == "key" and (words[-3:-1] == ["secret", "access"] or not _KEYS.isdisjoint(words[-2:-1]))


_PAIR = lazy_regex(
    r"(?P<name>(?<![\w$])[A-Za-z_][\w.-]{0,80})(?P<between>[\"']?[ \t]{0,4}(?:=>|:=|=|:(?!//))[ \t]{0,4})"
    r"(?P<value>\"[^\"\n]{1,2000}\"?|'[^'\n]{1,2000}'?|[^\s\"',;&|)}\]]{1,2000})"
)
_OPTION = lazy_regex(
    r"(?P<head>(?<![\w-])--?(?!(?:no|disabled?|without|skip|empty|allow)-)(?:[a-z]{1,20}-){0,3}"
    r"(?:password|passwd|passphrase|pass|token|secret|api-key|apikey|secret-key)[= ])"
    r"(?!-|(?:id|type|source|src|env|uid|name|target|from)=|(?:stdin|env|file|fd):)"
    r"(?P<value>[^\s\"'$]{1,500}|\"[^\"\n]{1,500}\"|'[^'\n]{1,500}')"
)


def _pair(match: re.Match[str]) -> str:
    value = match["value"]
    quote = value[0] if value[0] in "\"'" else ""
    inner = value.strip(quote) if quote else value
    if inner == REDACTED[:-1] or not looks_secret(match["name"].rpartition(".")[2], inner):
        return match[0]  # the bracket ends a value: what is redacted already stays as it is
    kind = secret_kind(inner)
    hidden = _values(inner) if kind == "URL with password" else REDACTED
    return (
        match["name"] + match["between"] + quote + hidden + (quote if quote and value.endswith(quote) else "")
    )


def _values(text: str) -> str:
    tables = _tables()
    if tables.may_hold(text):
        text = tables.value.sub(REDACTED, text)
    if "://" not in text or "@" not in text:
        return text
    return _URL_PASSWORD.sub(
        lambda match: match[0] if is_placeholder(match["password"]) else match["head"] + REDACTED, text
    )


def _option(match: re.Match[str]) -> str:
    return match[0] if is_placeholder(match["value"]) else match["head"] + REDACTED


def redact(text: str) -> str:
    """The text with everything that looks like a secret replaced by `[redacted]`.

    Values of telling names (`DB_PASSWORD=x`, `"token": "x"`), passwords in URLs, `--password x`, what well-known commands
    take as one (`mysql -px`), and tokens of known formats. References (`${DB_PASSWORD}`) and placeholders stay, since they say something and give nothing away.
    """
    if "=" in text or ":" in text:
        text = _PAIR.sub(_pair, text)
    if "--" in text:
        text = _OPTION.sub(_option, text)
    return _values(hide(text, REDACTED, is_placeholder))
