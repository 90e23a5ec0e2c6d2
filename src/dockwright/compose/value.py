"""`Text`: a piece of a compose file with the place it stands and the variables it uses."""

from collections.abc import Mapping as Map
from functools import cached_property

from dockwright.compose.interpolate import Resolved, Template, Use
from dockwright.compose.paths import join, parent
from dockwright.compose.yaml.nodes import Node
from dockwright.compose.yaml.scalar import Scalar
from dockwright.text import MappedText, Span


class Text:
    """A text value, or a part of one (the source of a short volume, the value behind `KEY=`).

    `raw` is the text before interpolation. `node` is the scalar it stands in, `at` the character offset of `raw` in
    the scalar's decoded text. Two values are equal when their raw texts are.
    """

    __slots__ = ("__dict__", "at", "base", "node", "raw")

    def __init__(self, raw: str, node: Node, at: int = 0, base: str | None = None) -> None:
        self.raw = raw
        self.node = node
        self.at = at
        self.base = base
        """For paths in the effective view: the directory they are relative to, from the root of the tree."""

    def __repr__(self) -> str:
        return f"Text({self.raw!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text) and self.raw == other.raw

    def __hash__(self) -> int:
        return hash(self.raw)

    @property
    def span(self) -> Span:
        """Where the text stands in the file; of a whole value with its quotes."""
        node = self.node
        if not isinstance(node, Scalar) or (self.at == 0 and self.raw == node.text):
            return node.span
        if not node.text.startswith(self.raw, self.at):
            return node.span  # the text Go prints for a number or date
        return node.text_span(self.at, self.at + len(self.raw))

    def part(self, start: int, end: int) -> "Text":
        """The characters `[start, end)` as a text of their own."""
        return Text(self.raw[start:end], self.node, self.at + start, self.base)

    @property
    def mapped(self) -> MappedText:
        """The text as bytes that know their place in the file, for reading commands in it."""
        data = self.raw.encode("utf-8", "surrogateescape")
        node = self.node
        if not isinstance(node, Scalar) or not node.text.startswith(self.raw, self.at):
            return MappedText(data, [(0, node.start)], node.end)
        start = len(node.text[: self.at].encode("utf-8", "surrogateescape"))
        return node.mapped.slice(start, start + len(data))

    @property
    def path(self) -> str:
        """Path of the file the text stands in."""
        return self.node.file.path

    @cached_property
    def template(self) -> Template:
        """The text taken apart into literal parts and variable uses."""
        return Template.parse(self.raw)

    @property
    def uses(self) -> tuple[Use, ...]:
        """The variables used, nested ones included, in order."""
        return self.template.uses if "$" in self.raw else ()

    def resolved(self, env: Map[str, str] | None = None) -> Resolved:
        """The text under the given variables and the defaults written in it."""
        if "$" not in self.raw:
            return Resolved(self.raw, filled=self.raw)
        return self.template.resolved(env or {})

    @property
    def literal(self) -> str | None:
        """The text when it depends on no variable (`$$` read as `$`), else None."""
        if "$" not in self.raw:
            return self.raw
        return None if self.template.uses else self.resolved().text

    @property
    def default(self) -> str | None:
        """The text when nothing is set: the defaults, or None when a variable has none."""
        return self.resolved().text

    def located(self, env: Map[str, str] | None = None) -> str | None:
        """A path from the root of the tree; None when it is not local, leads out of the tree, or is not known.

        Relative to `base`; where that is not set, to the directory of the file the text stands in.
        """
        text = self.resolved(env).text
        return (
            join(self.base if self.base is not None else parent(self.path), text)
            if text is not None
            else None
        )

    def use_span(self, use: Use) -> Span:
        """Where in the file a variable of this text stands, from its `$`."""
        if not isinstance(self.node, Scalar):
            return self.node.span
        return self.node.text_span(self.at + use.start, self.at + use.end)
