"""The names a Dockerfile gives away freely: its stages, and the ARGs whose name nothing but expansion knows.

A stage is known by its name or number. An ARG may be called anything as long as the name stands only in its
declarations and in `$NAME` or `${NAME}`: a name that also stands elsewhere (ENV of the same name, a bare word, single
quotes) is read by somebody else, and one that is never expanded works through the environment of RUN alone; both
stay as they are. So do the ARGs that BuildKit or the platform sets.

Not seen: an ARG that is expanded *and* read from the environment by a program of the image. Two files that differ
in such a name alone are taken for equal.
"""

import re
from collections.abc import Sequence

from dockwright.dockerfile.syntax import Instruction
from dockwright.knowledge.arguments import is_predefined
from dockwright.overlap.marked import mark

_EXPANSION = re.compile(r"(?<![\\$])\$(\{?)([A-Za-z_][A-Za-z0-9_]*)")
_SINGLE = re.compile(r"'[^']*'")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
MAX_ARGUMENTS = 200
"""A file with more ARGs keeps the names of all of them."""


class Names:
    """The names of one file; fed with its instructions in order."""

    def __init__(self, instructions: Sequence[Instruction]) -> None:
        self._stages: dict[str, str] = {}
        self._count = 0
        self._arguments = _free_arguments(instructions)

    def open_stage(self, name: str) -> str:
        """Count a FROM in; `name` is what AS says, or empty. Gives the name, marked (empty for none)."""
        symbol = mark("s", name.lower() or f"#{self._count}")
        self._stages[str(self._count)] = symbol
        if name:
            self._stages[name.lower()] = symbol
        self._count += 1
        return symbol if name else ""

    def stage(self, reference: str) -> str:
        """The marked name of the stage that `--from` or a mount means; what is no stage is given back."""
        return self._stages.get(reference.lower(), reference)

    def base(self, image: str) -> str:
        """Like `stage`, for FROM, where numbers mean nothing."""
        return image if image.isdigit() else self._stages.get(image.lower(), image)

    def argument(self, name: str) -> str:
        """The name in an ARG declaration, marked if it is free."""
        return mark("a", name) if name in self._arguments else name

    def expand(self, text: str) -> str:
        """The text with free ARGs marked where they are expanded."""
        if not self._arguments or "$" not in text:
            return text
        return _EXPANSION.sub(self._marked, text)

    def _marked(self, match: re.Match[str]) -> str:
        name = match[2]
        return f"${match[1]}{mark('a', name)}" if name in self._arguments else match[0]


def _free_arguments(instructions: Sequence[Instruction]) -> frozenset[str]:
    declared: set[str] = set()
    texts: list[str] = []
    for node in instructions:
        if node.name == "ARG":
            for word in node.arguments:
                name, _, default = word.value.partition("=")
                declared.add(name)
                texts.append(default)
        else:
            texts.append(node.line.text)
            texts.extend(heredoc.body.text for heredoc in node.heredocs)
    declared = {name for name in declared if not is_predefined(name)}
    if not 0 < len(declared) <= MAX_ARGUMENTS:
        return frozenset()
    expanded: set[str] = set()
    other: set[str] = set()
    for text in texts:
        if any(name in text for name in declared):
            outside = _SINGLE.sub(lambda quoted: _collect(quoted[0], other), text) if "'" in text else text
            expanded.update(match[2] for match in _EXPANSION.finditer(outside))
            other.update(_NAME.findall(_EXPANSION.sub(" ", outside)))
    return frozenset((declared & expanded) - other)


def _collect(text: str, into: set[str]) -> str:
    into.update(_NAME.findall(text))
    return " "
