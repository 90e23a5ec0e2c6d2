"""GitHub Actions expressions, as far as the file itself tells their value.

Source: docs.github.com "Evaluate expressions in workflows and actions". Known are literals, `matrix`, `env`,
`inputs` (their defaults) and `github.workspace`; of `a || b` and `c && a || b` every constant outcome is kept. All
else becomes a hole named after the expression.
"""

import re
from collections.abc import Iterator, Mapping

from dockwright.compose.yaml import Scalar
from dockwright.shell.words import Choice, Hole, HoleKind, Part, Word
from dockwright.text import MappedText

Scope = Mapping[str, tuple[Part, ...]]
"""Values by dotted name (`matrix.project`)."""

_EXPRESSION = re.compile(r"\$\{\{((?:(?!\$\{\{).)*?)\}\}", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*|\[\s*'[^']*'\s*\])*")
_LITERAL = re.compile(r"'((?:[^']|'')*)'|(-?\d+(?:\.\d+)?)|(true|false)")
_FORMAT = re.compile(r"format\(\s*'((?:[^']|'')*)'\s*((?:,[^,()]+)*)\)")
WORKSPACE = ("github.workspace", "runner.workspace", "env.GITHUB_WORKSPACE")


def expressions(text: str) -> Iterator[re.Match[str]]:
    """Every `${{ … }}`. Behind the last `}}` none is looked for, so that openings without end cost nothing."""
    return _EXPRESSION.finditer(text, 0, text.rfind("}}") + 2)


def evaluate(text: str, scope: Scope) -> tuple[Part, ...]:
    """A text with expressions put in: constants, choices and holes in order."""
    parts: list[Part] = []
    done = 0
    for found in expressions(text):
        _append(parts, (text[done : found.start()],))
        _append(parts, expression(found[1].strip(), scope))
        done = found.end()
    _append(parts, (text[done:],))
    return tuple(parts) or ("",)


def _append(parts: list[Part], more: tuple[Part, ...]) -> None:
    for part in more:
        if isinstance(part, str) and parts and isinstance(parts[-1], str):
            parts[-1] += part
        elif part != "":
            parts.append(part)


def expression(text: str, scope: Scope) -> tuple[Part, ...]:
    """The value of one expression."""
    outcomes: list[tuple[Part, ...]] = []
    for alternative in _split(text, "||"):
        operands = _split(alternative, "&&")
        holds = [_holds(operand.strip(), scope) for operand in operands[:-1]]
        if False in holds:
            continue  # a condition that is known not to hold
        outcomes.append(_operand(operands[-1].strip(), scope))
        if None not in holds and _known(outcomes[-1]) and outcomes[-1] != ("",):
            break  # a constant that is true: what follows is never reached
    if not outcomes:
        return ("false",)
    known = [value for value in outcomes if _known(value)]
    if len(outcomes) == 1 or not known:
        return outcomes[0]
    constants = [part for value in known for part in _values(value) if part]
    if len(set(constants)) == 1:
        return (constants[0],)
    return (Choice(text, tuple(dict.fromkeys(constants))),) if constants else ("",)


_COMPARED = re.compile(r"([^=!<>]++)(==|!=)([^=!<>]++)")


def _holds(text: str, scope: Scope) -> bool | None:
    """Whether `inputs.image == 'web'` is so; None where one side is not known. GitHub compares without regard to case."""
    found = _COMPARED.fullmatch(text)
    if found is None:
        return None
    sides = [_operand(side.strip(), scope) for side in (found[1], found[3])]
    if any(len(side) != 1 or not isinstance(side[0], str) for side in sides):
        return None
    first, second = (str(side[0]).lower() for side in sides)
    return (first == second) is (found[2] == "==")


def _split(text: str, operator: str) -> list[str]:
    """A text at an operator that stands outside quotes and brackets."""
    found, depth, start, at, quoted = [], 0, 0, 0, False
    while at < len(text):
        char = text[at]
        if char == "'":
            quoted = not quoted
        elif not quoted and char in "([":
            depth += 1
        elif not quoted and char in ")]":
            depth -= 1
        elif not quoted and depth == 0 and text.startswith(operator, at):
            found.append(text[start:at])
            at += len(operator)
            start = at
            continue
        at += 1
    found.append(text[start:])
    return found


def _operand(text: str, scope: Scope) -> tuple[Part, ...]:
    while text.startswith("(") and text.endswith(")"):
        text = text[1:-1].strip()
        if "||" in text or "&&" in text:
            return expression(text, scope)
    literal = _LITERAL.fullmatch(text)
    if literal:
        return (literal[1].replace("''", "'") if literal[1] is not None else literal[0],)
    if _NAME.fullmatch(text):
        name = re.sub(r"\[\s*'([^']*)'\s*\]", r".\1", text)
        if name in WORKSPACE:
            return (Hole(HoleKind.REPOSITORY, name, text),)
        return scope.get(name, (Hole(HoleKind.VARIABLE, name, "${{ " + text + " }}"),))
    formatted = _FORMAT.fullmatch(text)
    if formatted:
        return _format(formatted[1].replace("''", "'"), formatted[2].split(",")[1:], scope)
    return (Hole(HoleKind.OTHER, "", "${{ " + text + " }}"),)


def _format(pattern: str, arguments: list[str], scope: Scope) -> tuple[Part, ...]:
    parts: list[Part] = []
    for index, piece in enumerate(re.split(r"\{(\d+)\}", pattern)):
        if index % 2 == 0:
            _append(parts, (piece,))
        elif int(piece) < len(arguments):
            _append(parts, _operand(arguments[int(piece)].strip(), scope))
    return tuple(parts) or ("",)


def _known(value: tuple[Part, ...]) -> bool:
    return not any(isinstance(part, Hole) for part in value)


def _values(value: tuple[Part, ...]) -> tuple[str, ...]:
    if len(value) == 1:
        part = value[0]
        return (part,) if isinstance(part, str) else part.values if isinstance(part, Choice) else ()
    return ("".join(part for part in value if isinstance(part, str)),)


def word_of(node: Scalar, scope: Scope) -> Word:
    """A scalar of a workflow as a word."""
    return part_of(node, 0, len(node.mapped.data), scope)


def part_of(node: Scalar, start: int, end: int, scope: Scope) -> Word:
    """The bytes `[start, end)` of a scalar's text as a word."""
    source = node.mapped
    parts = evaluate(source.data[start:end].decode("utf-8", "surrogateescape"), scope)
    value = parts[0] if len(parts) == 1 and isinstance(parts[0], str) else None
    return Word(parts, value, source, start, end, quoted=True)


def script_with_values(text: MappedText, scope: Scope) -> MappedText:
    """A script with its expressions replaced: constants by their value, all else by a shell variable.

    GitHub pastes values into the text before the shell reads it, so a value may hold several words.
    """
    source = text.text
    if "${{" not in source:
        return text
    data = bytearray()
    pieces: list[tuple[int, int]] = []
    done = 0
    read = end = 0
    for found in expressions(source):
        start = end + len(source[read : found.start()].encode("utf-8", "surrogateescape"))
        end = start + len(found[0].encode("utf-8", "surrogateescape"))
        read = found.end()
        before = text.slice(done, start)
        pieces += [(at + len(data), place) for at, place in before.pieces]
        data += before.data
        pieces.append((len(data), text.offset(start)))
        data += _pasted(expression(found[1].strip(), scope)).encode("utf-8", "surrogateescape")
        done = end
    rest = text.slice(done, len(text.data))
    pieces += [(at + len(data), place) for at, place in rest.pieces]
    data += rest.data
    return MappedText(bytes(data), pieces, text.end)


def _pasted(parts: tuple[Part, ...]) -> str:
    return "".join(
        part
        if isinstance(part, str)
        else "${GITHUB_WORKSPACE}"
        if isinstance(part, Hole) and part.kind is HoleKind.REPOSITORY
        else "${" + re.sub(r"\W", "_", part.name or "expression") + "}"
        for part in parts
    )
