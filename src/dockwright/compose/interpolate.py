"""Interpolation: `$VAR`, `${VAR}` and the operators `:-` `-` `:?` `?` `:+` `+`, nested, with `$$` as a dollar.

Source of the rules: compose-spec/compose-go template/template.go (SubstituteWithOptions, getFirstBraceClosingIndex).
Its ways are kept where they surprise: `$5`, `$ ` and a final `$` are text; `${}`, `${1A}`, `${A!}` and an unclosed
`${` are errors; a default ends at the brace that balances the first one, where the character right behind any `{`
does not count, and when none balances, at the last brace of the line; a default cannot hold a line break. Defaults
are evaluated only when they are needed (compose-go from 2.10.1).
"""

from __future__ import annotations

from collections.abc import Mapping

from dockwright.lazy import lazy_regex
from dockwright.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    Operator = Literal["", ":-", "-", ":?", "?", ":+", "+"]
else:
    Operator = str


MAX_DEPTH = 100
"""Defaults nested deeper are an error; compose-go has no bound, and no real file comes near."""

_START = "_a-zA-Z\u017f\u212a"
"""What Go's `(?i:[_a-z])` matches: two letters beyond ASCII too. Python's IGNORECASE has two more, and is dear to compile."""
_DOLLAR = lazy_regex(
    rf"\$(?:(\$)|([{_START}][{_START}0-9]*)|\{{([{_START}][{_START}0-9]*)(:?[-+?]|\}})|(\{{))"
)
_BRACE = lazy_regex(r"\{|\}")


class Fault(Record):
    """A place in a text that cannot be interpolated; character offsets."""

    message: str
    start: int
    end: int


class Use(Record):
    """One use of a variable; `start` and `end` are character offsets from its `$` to behind its name or brace."""

    name: str
    operator: Operator
    start: int
    end: int
    operand: Template | None = None
    """What follows the operator."""
    nested: bool = False

    @property
    def default(self) -> str | None:
        """The default as written; None when there is none."""
        return self.operand.text if self.operand is not None and self.operator in (":-", "-") else None

    @property
    def required(self) -> bool:
        """True for `:?` and `?`: without a value the file cannot be loaded."""
        return self.operator in (":?", "?")


class Resolved(Record):
    """A text under given variables.

    `text` is None when a variable without default is unset (`unset` names them) or on an error; `filled` is what
    compose would go on with: unset variables as empty text.
    """

    text: str | None
    unset: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    filled: str = ""


class Template(Record):
    """A text taken apart: literal parts (with `$$` already a dollar) and uses, in order."""

    text: str
    parts: tuple[str | Use, ...]
    faults: tuple[Fault, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Template:
        """Take a text apart; never raises, `faults` says where it is no template."""
        if "$" not in text:
            return cls(text, (text,) if text else ())
        return _parse(text, 0, 0)

    @property
    def uses(self) -> tuple[Use, ...]:
        """Every use in the order it stands, nested ones behind the one that holds them."""
        found: list[Use] = []
        _collect(self, found)
        return tuple(found)

    def resolved(self, env: Mapping[str, str]) -> Resolved:
        """The text with variables from `env` put in."""
        unset: list[str] = []
        errors: list[str] = []
        filled = _fill(self, env, unset, errors)
        names = tuple(dict.fromkeys(unset))
        return Resolved(None if names or errors else filled, names, tuple(errors), filled)


def _collect(template: Template, found: list[Use]) -> None:
    for part in template.parts:
        if isinstance(part, Use):
            found.append(part)
            if part.operand is not None:
                _collect(part.operand, found)


def _fill(template: Template, env: Mapping[str, str], unset: list[str], errors: list[str]) -> str:
    errors.extend(fault.message for fault in template.faults)
    return "".join(
        part if isinstance(part, str) else _value(part, env, unset, errors) for part in template.parts
    )


def _value(use: Use, env: Mapping[str, str], unset: list[str], errors: list[str]) -> str:
    value = env.get(use.name)
    if use.operand is None:
        if value is None:
            unset.append(use.name)
        return value or ""
    present = value is not None and (value != "" or not use.operator.startswith(":"))
    kind = use.operator[-1]
    if kind == "+":
        return _fill(use.operand, env, unset, errors) if present else value or ""
    if present:
        return value or ""
    reason = _fill(use.operand, env, unset, errors)
    if kind == "-":
        return reason
    errors.append(f"required variable {use.name} is missing a value" + (f": {reason}" if reason else ""))
    return ""


def _parse(text: str, base: int, depth: int) -> Template:
    """`text` starts at character `base` of the whole; spans are counted in the whole."""
    parts: list[str | Use] = []
    faults: list[Fault] = []
    done = line_end = last = 0
    found = _DOLLAR.search(text)
    while found:
        start = at = found.start()
        if at > done:
            parts.append(text[done:at])
        done = found.end()
        if found[1]:
            parts.append("$")
        elif found[2]:
            parts.append(Use(found[2], "", base + start, base + done, None, depth > 0))
        elif found[4] == "}":
            parts.append(Use(found[3], "", base + start, base + done, None, depth > 0))
        else:
            if start >= line_end:
                line_end, last = _last_brace(text, start)
            end = _closing(text, start, last) if found[3] and last > start else -1
            if end < 0 or depth >= MAX_DEPTH:
                message = "invalid template" if depth < MAX_DEPTH else "defaults nested too deep"
                end = done if end < 0 else end
                faults.append(Fault(f"{message}: {_excerpt(text)!r}", base + start, base + end))
                done = end  # what is nested in it would be looked through again for each level
            else:
                operand = _parse(text[done : end - 1], base + done, depth + 1)
                operator: Operator = found[4]  # type: ignore[assignment]  # the pattern allows these six
                parts.append(Use(found[3], operator, base + start, base + end, operand, depth > 0))
                done = end
        found = _DOLLAR.search(text, done)
    if done < len(text):
        parts.append(text[done:])
    return Template(text, tuple(parts), tuple(faults))


def _closing(text: str, start: int, last: int) -> int:
    """Offset behind the brace that ends the `${` at `start`; `last` is behind the last closing brace of its line."""
    open_braces = 0
    at = start
    while found := _BRACE.search(text, at, last):
        at = found.end()
        if found[0] == "}":
            open_braces -= 1
            if open_braces == 0:
                return at
        else:
            open_braces += 1
            at += 1  # compose-go skips the character behind a brace it opens
    return last


def _last_brace(text: str, start: int) -> tuple[int, int]:
    """End of the line that holds `start`, and the offset behind its last closing brace (0 without one)."""
    line_end = text.find("\n", start)
    if line_end < 0:
        line_end = len(text)
    return line_end, text.rfind("}", start, line_end) + 1


def _excerpt(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
