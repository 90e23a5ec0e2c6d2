"""`RUN --mount`: the fields as written, and the checked mount once variables are expanded.

Source: moby/buildkit frontend/dockerfile/instructions/commands_runmount.go, and for the fields
github.com/tonistiigi/go-csvvalue.
"""

from collections.abc import Callable

import msgspec

from dockwright.dockerfile.dialect import Dialect
from dockwright.dockerfile.golang import did_you_mean, parse_bool, parse_uint, quote, ram_in_bytes
from dockwright.dockerfile.instructions.flags import RefusedError
from dockwright.dockerfile.instructions.types import Mount, MountField
from dockwright.dockerfile.nodes import Flag
from dockwright.dockerfile.syntax import Instruction
from dockwright.text import Span

TYPES = ["bind", "cache", "tmpfs", "secret", "ssh"]
SHARING = ["shared", "private", "locked"]
KEYS = [
    "type", "from", "source", "target", "readonly", "id", "sharing", "required", "size", "mode", "uid", "gid",
    "src", "dst", "destination", "ro", "rw", "readwrite", "env",
]  # fmt: skip
Expander = Callable[[str], tuple[str, bool]]
"""Expands a value, and says whether a base image decides what it becomes (see `expand.Expansion`); raises RefusedError."""


class ResolvedMount(msgspec.Struct, frozen=True):
    """A mount with variables expanded and defaults filled in, as BuildKit checks it.

    `sharing` is "" unless said. `mode`, `uid`, `gid` are None unless said; `env` likewise. `deferred` are the fields whose
    value a base image decides, as text: they are checked nowhere, and the fields themselves are as if not said.
    """

    type: str = "bind"
    from_: str = ""
    source: str = ""
    target: str = ""
    read_only: bool = True
    size: int = 0
    id: str = ""
    sharing: str = ""
    required: bool = False
    env: str | None = None
    mode: int | None = None
    uid: int | None = None
    gid: int | None = None
    deferred: tuple[str, ...] = ()


def read_mount(node: Instruction, flag: Flag) -> Mount:
    """The fields of one flag; raises RefusedError where the parser itself refuses it."""
    value = flag.value or ""
    if not value:
        raise RefusedError("failed to parse csv mounts: EOF", flag.span)
    plain = node.line.data[flag.at : flag.end] == flag.text.encode("utf-8", "surrogateescape")
    if '"' in value or not plain:
        texts, at = csv_fields(value, flag.span), -1
    else:
        texts, at = value.split(","), flag.end - len(value.encode("utf-8", "surrogateescape"))
    fields = []
    for text in texts:
        fields.append(_field(node, flag, text, at))
        if at >= 0:
            at += len(text.encode("utf-8", "surrogateescape")) + 1
    return Mount(flag, tuple(fields))


def _field(node: Instruction, flag: Flag, text: str, at: int) -> MountField:
    """One field; `at` is its place in the joined line, -1 if quotes make it unknown."""
    key, equals, value = text.partition("=")
    key = key.lower()
    if key == "from" and "$" in value[:-1]:
        message = "'from' doesn't support variable expansion, define alias stage instead"
        raise RefusedError(message, flag.span)
    whole = flag.value_span or flag.span
    span, value_span = whole, whole if equals else None
    if at >= 0:
        end = at + len(text.encode("utf-8", "surrogateescape"))
        span = node.line.span(at, end)
        if equals:
            value_span = node.line.span(end - len(value.encode("utf-8", "surrogateescape")), end)
    return MountField(key, value if equals else None, text, span, value_span)


def csv_fields(line: str, span: Span) -> list[str]:
    """Fields of one CSV line with quotes: go-csvvalue's `Fields`."""
    fields: list[str] = []
    at = 0
    while True:
        if line[at : at + 1] != '"':
            end = line.find(",", at)
            field = line[at:] if end < 0 else line[at:end]
            bare = field.find('"')
            if bare >= 0:
                raise _csv_error(at + bare, 'bare " in non-quoted field', span)
            fields.append(field)
            if end < 0:
                return fields
            at = end + 1
            continue
        text, at = _quoted_field(line, at + 1, span)
        fields.append(text)
        if at >= len(line):
            return fields
        at += 1


def _quoted_field(line: str, at: int, span: Span) -> tuple[str, int]:
    """The text of a quoted field that begins at `at`, and where its closing quote ends."""
    text = ""
    while True:
        end = line.find('"', at)
        if end < 0:
            raise _csv_error(at, 'extraneous or missing " in quoted-field', span)
        text += line[at:end]
        at = end + 1
        following = line[at : at + 1]
        if following == '"':
            text += '"'
            at += 1
        elif following in (",", ""):
            return text, at
        else:
            raise _csv_error(at - 1, 'extraneous or missing " in quoted-field', span)


def _csv_error(at: int, what: str, span: Span) -> RefusedError:
    return RefusedError(f"failed to parse csv mounts: parse error on line 1, column {at + 1}: {what}", span)


class _Draft:
    """A mount being put together, field by field."""

    def __init__(self) -> None:
        self.type = "bind"
        self.texts: dict[str, str] = {}
        self.numbers: dict[str, int] = {}
        self.read_only: bool | None = None
        self.required = False
        self.size = 0
        self.sharing = ""
        self.env: str | None = None
        self.deferred: list[str] = []


def resolve(mount: Mount, expander: Expander, dialect: Dialect = Dialect.LATEST) -> ResolvedMount:
    """Expand and check; raises RefusedError with BuildKit's message. (0.13 does not know `env`.)"""
    draft = _Draft()
    for field in mount.fields:
        try:
            _take(draft, field, expander, dialect)
        except RefusedError as error:
            raise RefusedError(error.message, error.span or field.span) from error
    try:
        return _checked(draft)
    except RefusedError as error:
        raise RefusedError(error.message, error.span or mount.flag.span) from error


def _take(draft: _Draft, field: MountField, expander: Expander, dialect: Dialect) -> None:
    if field.value is None:
        _lone(draft, field)
    elif field.key == "env" and dialect is Dialect.V0_13:
        raise RefusedError(f"unexpected key 'env' in '{field.written}'")
    else:
        value, deferred = expander(field.value)
        if deferred and field.key in _CHECKED:
            draft.deferred.append(f"{field.key}={value}")
        else:
            _set(draft, field, value)


def _lone(draft: _Draft, field: MountField) -> None:
    """A key without a value."""
    if field.key in ("readonly", "ro"):
        draft.read_only = True
    elif field.key in ("readwrite", "rw"):
        draft.read_only = False
    elif field.key == "required":
        if draft.type not in ("secret", "ssh"):
            raise RefusedError(f"unexpected key 'required' for mount type '{draft.type}'")
        draft.required = True
    else:
        raise RefusedError(f"invalid field '{field.written}' must be a key=value pair")


_TEXTS = {
    "from": "from_", "source": "source", "src": "source", "target": "target", "dst": "target",
    "destination": "target", "id": "id",
}  # fmt: skip


_CHECKED = frozenset(
    {"type", "sharing", "readonly", "ro", "readwrite", "rw", "required", "size", "mode", "uid", "gid"}
)
"""Fields that are no plain text."""


def _set(draft: _Draft, field: MountField, value: str) -> None:
    key = field.key
    if key in _TEXTS:
        draft.texts[_TEXTS[key]] = value
    elif key == "type":
        draft.type = _choice(value, TYPES, "unsupported mount type")
    elif key == "sharing":
        draft.sharing = _choice(value, SHARING, "unsupported sharing value")
    elif key in ("readonly", "ro", "readwrite", "rw"):
        draft.read_only = _bool(key, value) is (key in ("readonly", "ro"))
    elif key == "required":
        _only(draft, key, ("secret", "ssh"))
        draft.required = _bool(key, value)
    elif key == "size":
        _only(draft, key, ("tmpfs",))
        size = ram_in_bytes(value)
        if size is None:
            raise RefusedError(f"invalid value for {key}: {value}")
        draft.size = size
    elif key in ("mode", "uid", "gid"):
        number = parse_uint(value, 8 if key == "mode" else 10, 32)
        if number is None:
            raise RefusedError(f"invalid value {value} for {key}")
        draft.numbers[key] = number
    elif key == "env":
        draft.env = value
    else:
        message = f"unexpected key '{key}' in '{field.written}'"
        raise RefusedError(did_you_mean(message, key, KEYS, case_sensitive=True))


def _only(draft: _Draft, key: str, types: tuple[str, ...]) -> None:
    if draft.type not in types:
        raise RefusedError(f"unexpected key '{key}' for mount type '{draft.type}'")


def _choice(value: str, allowed: list[str], what: str) -> str:
    if value.lower() in allowed:
        return value.lower()
    raise RefusedError(did_you_mean(f"{what} {quote(value)}", value, allowed, case_sensitive=True))


def _bool(key: str, value: str) -> bool:
    parsed = parse_bool(value)
    if parsed is None:
        raise RefusedError(f"invalid value for {key}: {value}")
    return parsed


def _checked(draft: _Draft) -> ResolvedMount:
    kind = draft.type
    if kind not in ("secret", "ssh", "cache"):
        for key in ("mode", "uid", "gid"):
            if key in draft.numbers:
                raise RefusedError(f"{key} not allowed for {quote(kind)} type mounts")
    texts = draft.texts
    if kind == "secret":
        if texts.get("from_"):
            raise RefusedError("secret mount should not have a from")
        if draft.sharing:
            raise RefusedError("secret mount should not define sharing")
        if not (texts.get("source") or texts.get("target") or texts.get("id")):
            raise RefusedError("invalid secret mount. one of source, target required")
        if texts.get("source") and texts.get("id"):
            raise RefusedError("both source and id can't be set")
    if draft.sharing and kind != "cache":
        raise RefusedError(f"invalid cache sharing set for {kind} mount")
    read_only = kind not in ("cache", "tmpfs") if draft.read_only is None else draft.read_only
    return ResolvedMount(
        type=kind,
        from_=texts.get("from_", ""),
        source=texts.get("source", ""),
        target=texts.get("target", ""),
        read_only=read_only,
        size=draft.size,
        id=texts.get("id", ""),
        sharing=draft.sharing,
        required=draft.required,
        env=draft.env,
        mode=draft.numbers.get("mode"),
        uid=draft.numbers.get("uid"),
        gid=draft.numbers.get("gid"),
        deferred=tuple(draft.deferred),
    )
