"""`BakeFile`: one bake file, read; and the way to what it comes to."""

from collections.abc import Mapping, Sequence

import msgspec

from dockwright.bake.model import Baked, Problem
from dockwright.bake.syntax import Attribute, Block
from dockwright.text import SourceFile, Span


class BakeFile(msgspec.Struct, frozen=True):
    """One bake file as written. `problems` are errors of syntax; the rest of such a file is read all the same."""

    source: SourceFile
    attributes: dict[str, Attribute]
    blocks: tuple[Block, ...]
    problems: tuple[Problem, ...]

    @property
    def path(self) -> str:
        return self.source.path

    def of(self, kind: str) -> tuple[Block, ...]:
        """The blocks of a kind: variable, target, group, function."""
        return tuple(block for block in self.blocks if block.type == kind)

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the variables, which the environment may override."""
        return tuple(block.name for block in self.of("variable"))

    def resolve(self, variables: Mapping[str, str] | None = None) -> Baked:
        """What this file alone comes to under given variables."""
        return resolve([self], variables)


def read(data: bytes, path: str = "docker-bake.hcl") -> BakeFile:
    """Read a bake file; never raises. JSON by its name, or where a nameless file starts with a brace."""
    if path.lower().endswith(".json") or (not path.lower().endswith(".hcl") and data.lstrip()[:1] == b"{"):
        from dockwright.bake.jsonbody import read_json

        body = read_json(data)
    else:
        from dockwright.bake.body import read_hcl

        body = read_hcl(data)
    problems = tuple(
        Problem("syntax", bad.message, path, Span(min(bad.at, len(data)), min(bad.end, len(data))))
        for bad in body.errors
    )
    return BakeFile(SourceFile(path, data), body.attributes, tuple(body.blocks), problems)


def resolve(files: Sequence[BakeFile], variables: Mapping[str, str] | None = None) -> Baked:
    """What files come to together, later ones on top, under given variables (bake's environment)."""
    from dockwright.bake.resolver import Resolver

    return Resolver(files, variables or {}).resolve()
