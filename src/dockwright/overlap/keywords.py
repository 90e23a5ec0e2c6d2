"""The normal form of one instruction, by keyword: its marked text and its atoms."""

from collections.abc import Callable, Iterable

from dockwright.dockerfile.nodes import Flag, Heredoc, Word
from dockwright.dockerfile.syntax import Instruction
from dockwright.overlap.atoms import Atom
from dockwright.overlap.marked import clean, unmarked
from dockwright.overlap.names import Names
from dockwright.overlap.script import Command, ScriptForm, script_form
from dockwright.text import MappedText, Span


class Context:
    """What an instruction's form depends on: the names of the file and the SHELL in force."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.shell: tuple[str, ...] = ("/bin/sh", "-c")


Form = tuple[str, list[Atom]]


def _text(value: str, context: Context) -> str:
    """A value of the file with its free ARGs marked."""
    return context.names.expand(unmarked(value))


def _unquoted(value: str) -> str:
    """A value without quotes around the whole of it, where taking them off changes nothing."""
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
        inner = value[1:-1]
        if value[0] not in inner and "\\" not in inner and (value[0] == '"' or "$" not in inner):
            return inner
    return value


def _json(words: Iterable[Word], context: Context) -> str:
    return "[" + ", ".join(f'"{_text(word.value, context)}"' for word in words) + "]"


def _flags(flags: Iterable[Flag], context: Context) -> list[str]:
    return sorted(_text(f"--{flag.text.removeprefix('--')}", context) for flag in flags)


def _from(node: Instruction, context: Context) -> Form:
    words = node.arguments
    image = context.names.base(_text(words[0].value, context)) if words else ""
    name = unmarked(words[2].value) if len(words) == 3 and words[1].value.upper() == "AS" else ""
    rest = [] if name else [_text(word.value, context) for word in words[1:]]
    atoms = [Atom("base image", "", image, words[0].span)] if words else []
    atoms += [Atom("platform", "", _text(flag.value or "", context), flag.span) for flag in node.flags]
    stage = context.names.open_stage(name)
    parts = ["FROM", *_flags(node.flags, context), image, *rest, *(["AS", stage] if stage else [])]
    return " ".join(parts), atoms


def _arg(node: Instruction, context: Context) -> Form:
    parts, atoms = ["ARG"], []
    for word in node.arguments:
        name, equals, default = unmarked(word.value).partition("=")
        declared = context.names.argument(name)
        value = equals + _text(_unquoted(default), context)
        parts.append(declared + value)
        atoms.append(Atom("argument", declared, value, word.span))
    return " ".join(parts), atoms


def _pairs(kind: str) -> Callable[[Instruction, Context], Form]:
    def form(node: Instruction, context: Context) -> Form:
        atoms: list[Atom] = []
        words = node.arguments
        if node.legacy and len(words) == 2:
            pairs = [(words[0].value, words[1].value, Span(words[0].span.start, words[1].span.end))]
        else:
            pairs = [(*word.value.partition("=")[::2], word.span) for word in words]
        for key, value, span in pairs:
            atoms.append(Atom(kind, _text(_unquoted(key), context), _text(_unquoted(value), context), span))
        atoms.sort(key=lambda atom: atom.name)
        return " ".join([node.name, *(f"{atom.name}={atom.value}" for atom in atoms)]), atoms

    return form


def _run(node: Instruction, context: Context) -> Form:
    mounts = sorted(_mount(flag, context) for flag in node.flags if flag.name == "mount")
    others = [flag for flag in node.flags if flag.name != "mount"]
    atoms = [Atom("mount", name, value, span) for name, value, span in mounts]
    atoms += [
        Atom("other", f"RUN --{unmarked(flag.name)}", _text(flag.value or "", context), flag.span)
        for flag in others
    ]
    head = ["RUN", *_flags(others, context), *(f"--mount={name},{value}" for name, value, _ in mounts)]
    if node.json:
        body = _json(node.arguments, context)
        return " ".join([*head, body]), [*atoms, Atom("command", "", body, node.body_span)]
    text, more = _script(node, context)
    return " ".join([*head, text]), [*atoms, *more]


_MOUNT_KEYS = {"src": "source", "dst": "target", "destination": "target", "ro": "readonly"}


def _mount(flag: Flag, context: Context) -> tuple[str, str, Span]:
    """A mount as slot (type and target), everything else of it, and its place."""
    fields: dict[str, str] = {}
    for field in _text(flag.value or "", context).split(","):
        key, equals, value = field.partition("=")
        fields[_MOUNT_KEYS.get(key.lower(), key.lower())] = equals + value
    origin = fields.get("from")
    if origin is not None:
        fields["from"] = "=" + context.names.stage(origin[1:])
    kind = fields.pop("type", "=bind")[1:]
    target = fields.pop("target", "=")[1:]
    rest = ",".join(key + value for key, value in sorted(fields.items()))
    return f"type={kind},target={target}", rest, flag.span


def _script(node: Instruction, context: Context) -> Form:
    """The shell text of RUN: the line itself, and the heredocs behind it."""
    words = node.arguments
    if not words:
        return "", []
    line = node.line.slice(words[0].at, words[0].end)
    alone = (
        len(node.heredocs) == 1 and node.heredocs[0].at == words[0].at and not line.data.split(None, 1)[1:]
    )
    if alone and not node.heredocs[0].body.data.startswith(b"#!"):
        body = node.heredocs[0].body
        return _commands(body, _body_form(body, context), context, "<< ")
    text, atoms = _commands(line, script_form(line, context.shell), context)
    for heredoc in node.heredocs:
        text += _heredoc(heredoc, context)
        atoms.append(Atom("command", "<<", _text(heredoc.body.text, context), heredoc.body_span))
    return text, atoms


def _body_form(body: MappedText, context: Context) -> ScriptForm:
    """A body that holds heredocs itself is kept line by line: white space in it may count."""
    if b"<<" not in body.data:
        return script_form(body, context.shell)
    text = clean(b"\n".join(line.rstrip() for line in body.data.splitlines()))
    return ScriptForm(text, (Command(text, 0, len(body.data)),))


def _commands(script: MappedText, form: ScriptForm, context: Context, before: str = "") -> Form:
    atoms: list[Atom] = []
    for command in form.commands:
        span = script.span(command.start, command.end)
        text = _text(command.text, context)
        atoms.append(Atom("command", text.partition(" ")[0], text, span))
        for use in command.packages:
            slot = f"{use.manager} {_text(use.name, context)}"
            atoms.append(Atom("package", slot, _text(use.version, context), script.span(use.start, use.end)))
    return before + _text(form.text, context), atoms


def _heredoc(heredoc: Heredoc, context: Context) -> str:
    quote = "" if heredoc.expand else "'"
    return f"\n<<{quote}\n{_text(heredoc.body.text, context)}"


def _transfer(node: Instruction, context: Context) -> Form:
    words = node.arguments
    origin = next(
        (context.names.stage(unmarked(flag.value or "")) for flag in node.flags if flag.name == "from"), ""
    )
    flags = _flags((flag for flag in node.flags if flag.name != "from"), context)
    said = " ".join(flags)
    texts = [_text(word.value, context) for word in words]
    if node.heredocs:
        texts = ["<<" if text.startswith("<<") else text for text in texts]
    body = "[" + ", ".join(f'"{text}"' for text in texts) + "]" if node.json else " ".join(texts)
    body += "".join(_heredoc(heredoc, context) for heredoc in node.heredocs)
    before = [node.name, *([f"--from={origin}"] if origin else []), *flags]
    atoms: list[Atom] = []
    kind = node.name.lower()
    inline = iter(node.heredocs)
    for word, text in zip(words[:-1], texts[:-1], strict=True):
        source = f"{origin}:{text}" if origin else text
        if text == "<<":
            document = next(inline, None)
            source += _text(document.body.text, context) if document else ""
        atoms.append(Atom(kind, texts[-1], f"{source} {said}".rstrip(), word.span))
    return " ".join([*before, body]), atoms


def _start(node: Instruction, context: Context) -> Form:
    """CMD and ENTRYPOINT."""
    kind = node.name.lower()
    if node.json:
        text = _json(node.arguments, context)
    elif node.arguments:
        word = node.arguments[0]
        text = _text(script_form(node.line.slice(word.at, word.end), context.shell).text, context)
    else:
        text = ""
    return f"{node.name} {text}", [Atom(kind, "", text, node.body_span)]


def _healthcheck(node: Instruction, context: Context) -> Form:
    words = node.arguments
    kind = unmarked(words[0].value.upper()) if words else ""
    if node.json:
        test = _json(words[1:], context)
    elif len(words) > 1:
        test = _text(script_form(node.line.slice(words[1].at, words[1].end), context.shell).text, context)
    else:
        test = ""
    atoms = [
        Atom("health check", unmarked(flag.name), _text(flag.value or "", context), flag.span)
        for flag in node.flags
    ]
    atoms.append(Atom("health check", "test", f"{kind} {test}".rstrip(), node.body_span))
    return " ".join(["HEALTHCHECK", *_flags(node.flags, context), kind, test]).rstrip(), atoms


def _expose(node: Instruction, context: Context) -> Form:
    ports = sorted(
        (_text(word.value, context).lower().removesuffix("/tcp"), word.span) for word in node.arguments
    )
    return " ".join(["EXPOSE", *(port for port, _ in ports)]), [
        Atom("port", port, "", span) for port, span in ports
    ]


def _volume(node: Instruction, context: Context) -> Form:
    paths = [(_text(word.value, context), word.span) for word in node.arguments]
    text = _json(node.arguments, context) if node.json else " ".join(path for path, _ in paths)
    return f"VOLUME {text}", [Atom("volume", path, "", span) for path, span in paths]


def _shell(node: Instruction, context: Context) -> Form:
    context.shell = tuple(word.value for word in node.arguments) or context.shell
    text = _json(node.arguments, context)
    return f"SHELL {text}", [Atom("shell", "", text, node.body_span)]


def _onbuild(node: Instruction, context: Context) -> Form:
    inner = node.nested
    if inner is None or inner.name in ("FROM", "ONBUILD"):
        return _plain("trigger")(node, context)
    text, _ = FORMS.get(inner.name, FORMS[""])(inner, context)
    return f"ONBUILD {text}", [Atom("trigger", "", text, node.span)]


def _plain(kind: str) -> Callable[[Instruction, Context], Form]:
    def form(node: Instruction, context: Context) -> Form:
        text = _text(" ".join(clean(node.body.data).split()), context)
        name = unmarked(node.name)
        slot = "" if kind in ("working directory", "user", "stop signal") else name
        return f"{name} {text}", [Atom(kind, slot, text, node.body_span)]

    return form


FORMS: dict[str, Callable[[Instruction, Context], Form]] = {
    "": _plain("other"),
    "ADD": _transfer,
    "ARG": _arg,
    "CMD": _start,
    "COPY": _transfer,
    "ENTRYPOINT": _start,
    "ENV": _pairs("variable"),
    "EXPOSE": _expose,
    "FROM": _from,
    "HEALTHCHECK": _healthcheck,
    "LABEL": _pairs("label"),
    "ONBUILD": _onbuild,
    "RUN": _run,
    "SHELL": _shell,
    "STOPSIGNAL": _plain("stop signal"),
    "USER": _plain("user"),
    "VOLUME": _volume,
    "WORKDIR": _plain("working directory"),
}
"""By keyword; the empty one for what is no instruction."""
