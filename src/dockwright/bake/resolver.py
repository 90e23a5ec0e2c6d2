"""From bake files to targets: variables, matrix, merging of blocks with one name, inheritance.

docker/buildx bake/hclparser/hclparser.go (resolveValue, resolveBlock) and bake/bake.go (Target.Merge, Config.target).
"""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from dockwright.bake import fields
from dockwright.bake.evaluate import Evaluator
from dockwright.bake.file import BakeFile
from dockwright.bake.model import Baked, Group, Origin, Problem, Target, Variable
from dockwright.bake.overrides import overridden
from dockwright.bake.syntax import Attribute, Block, Expr, Literal, Tuple
from dockwright.bake.syntax import Variable as Name
from dockwright.bake.values import Fail, Unknown, Value, to_text
from dockwright.text import Span

MAX_MATRIX = 500
"""Instances of one matrix."""

_MACHINE = {
    "BAKE_LOCAL_PLATFORM": "the platform of the machine that builds",
    "BAKE_CMD_CONTEXT": "where bake is called",
}


class Resolver:
    """Works out one set of files; use once."""

    def __init__(self, files: Sequence[BakeFile], given: Mapping[str, str]) -> None:
        self.given = given
        self.problems: list[Problem] = [problem for file in files for problem in file.problems]
        self.paths: dict[int, str] = {}
        self.blocks: dict[str, dict[str, list[Block]]] = {
            "variable": {},
            "target": {},
            "group": {},
            "function": {},
        }
        self.attributes: dict[str, tuple[Attribute, str]] = {}
        self.values: dict[str, Value] = {}
        self.merged: dict[str, dict[str, Any]] = {}
        self.working: set[tuple[str, ...]] = set()
        self.path = ""
        """File of the expression that is being evaluated."""
        for file in files:
            self._add(file)
        functions = {
            name: found
            for name, blocks in self.blocks["function"].items()
            if (found := _function(blocks[-1]))
        }
        self.evaluator = Evaluator(self.lookup, self.block_value, functions)

    def _add(self, file: BakeFile) -> None:
        for name, attribute in file.attributes.items():
            self.attributes[name] = (attribute, file.path)
        for block in file.blocks:
            self.paths[id(block)] = file.path
            if block.type not in self.blocks:
                self.problem(
                    "syntax", f"there are no {block.type} blocks in bake files", block.span, file.path
                )
            elif len(block.labels) != 1:
                self.problem("syntax", f"{block.type} needs one label", block.span, file.path)
            else:
                self.blocks[block.type].setdefault(block.name, []).append(block)

    def problem(self, kind: str, message: str, span: Span, path: str) -> None:
        found = Problem(kind, message, path, span)
        if found not in self.problems and len(self.problems) < 200:
            self.problems.append(found)

    def resolve(self) -> Baked:
        """Everything."""
        variables = {name: self.variable(name) for name in (*self.blocks["variable"], *self.attributes)}
        raw: dict[str, fields.Raw] = {}
        groups: dict[str, Group] = {}
        for name, blocks in self.blocks["group"].items():
            groups[name] = self.group(name, blocks)
        for name, blocks in self.blocks["target"].items():
            names: dict[str, None] = {}
            for block in blocks:
                for instance in self.instances(block):
                    names[instance.name] = None
                    raw[instance.name] = (
                        raw[instance.name].under(instance) if instance.name in raw else instance
                    )
            if list(names) != [name]:
                path = self.paths[id(blocks[-1])]
                span = blocks[-1].name_span
                listed = tuple(Origin(instance, path, span) for instance in names)
                groups.setdefault(name, Group(name, path, span, listed))
        targets = {name: self.target(name, raw) for name in raw}
        return Baked(targets, groups, variables, tuple(self.problems))

    # Values.

    def evaluate(self, expr: Expr, scope: Mapping[str, Value], path: str) -> Value:
        """The value of an expression; what bake would refuse is noted and unknown."""
        before, self.path = self.path, path
        try:
            return self.evaluator.value(expr, scope)
        except Fail as fail:
            self.problem("value", fail.message, fail.span, path)
            return Unknown(fail.message, fail.span)
        finally:
            self.path = before

    def lookup(self, name: str, span: Span) -> Value:
        """A global name: variable, attribute, or what bake itself defines."""
        if name in self.values:
            return self.values[name]
        if name in _MACHINE:
            return Unknown(f"{name} depends on {_MACHINE[name]}", span)
        if name not in self.blocks["variable"] and name not in self.attributes:
            raise Fail(f"there is no variable {name}", span)
        if ("variable", name) in self.working or len(self.working) > 60:
            self.problem("cycle", f"variable {name} refers to itself or too deep", span, self.path)
            return Unknown(f"variable {name} refers to itself or too deep", span)
        self.working.add(("variable", name))
        self.values[name] = self.variable(name).value.value
        self.working.discard(("variable", name))
        return self.values[name]

    def variable(self, name: str) -> Variable:
        """A variable or global attribute with its value; given variables override the former only."""
        if name in self.attributes:
            attribute, path = self.attributes[name]
            value = self.evaluate(attribute.expr, {}, path) if name not in self.values else self.values[name]
            return Variable(name, Origin(value, path, attribute.expr.span), has_default=True)
        block = self.blocks["variable"][name][-1]
        path = self.paths[id(block)]
        default = block.attributes.get("default")
        span = default.expr.span if default is not None else block.name_span
        given = self.given.get(name)
        if name in self.values:
            value = self.values[name]
        else:
            value = self.evaluate(default.expr, {}, path) if default is not None else ""
            kind = block.attributes.get("type")
            if default is None and kind is not None:
                value = None
            if given is not None:
                value = overridden(given, value, kind.expr if kind is not None else None, span)
                if isinstance(value, Unknown):
                    self.problem("value", f"variable {name}: {value.reason}", span, path)
        return Variable(name, Origin(value, path, span), default is not None, given is not None)

    def block_value(self, kind: str, name: str, attribute: str, span: Span) -> Value:
        """`target.name.attribute`: what the block itself says, without inheritance."""
        blocks = self.blocks[kind].get(name)
        if not blocks:
            raise Fail(f"there is no {kind} {name}", span)
        found = next((block for block in reversed(blocks) if attribute in block.attributes), None)
        if found is None:
            return None
        if "matrix" in found.attributes:
            return Unknown(f"{kind} {name} is a matrix", span)
        key = (kind, name, attribute)
        if key in self.working or len(self.working) > 60:
            self.problem("cycle", f"{'.'.join(key)} refers to itself or too deep", span, self.path)
            return Unknown(f"{'.'.join(key)} refers to itself or too deep", span)
        self.working.add(key)
        value = self.evaluate(found.attributes[attribute].expr, {}, self.paths[id(found)])
        self.working.discard(key)
        return value

    # Blocks.

    def instances(self, block: Block) -> "list[fields.Raw]":
        """The targets of one block: itself, or one per combination of its matrix."""
        path = self.paths[id(block)]
        matrix = block.attributes.get("matrix")
        if matrix is None:
            return [self.raw(block, block.name, {}, path)]
        value = self.evaluate(matrix.expr, {}, path)
        if not isinstance(value, dict) or not all(isinstance(items, tuple) for items in value.values()):
            reason = value.reason if isinstance(value, Unknown) else "it is no map of lists"
            self.problem("value", f"matrix of {block.name} cannot be told: {reason}", matrix.expr.span, path)
            return []
        found: list[fields.Raw] = []
        lists = [items for items in value.values() if isinstance(items, tuple)]
        for count, items in enumerate(product(*lists)):
            if count >= MAX_MATRIX:
                self.problem(
                    "value", f"matrix has more than {MAX_MATRIX} combinations", matrix.expr.span, path
                )
                break
            scope = dict(zip(value, items, strict=True))
            name = self.instance_name(block, scope, path)
            if name is not None:
                found.append(self.raw(block, name, scope, path))
        return found

    def instance_name(self, block: Block, scope: dict[str, Value], path: str) -> str | None:
        attribute = block.attributes.get("name")
        if attribute is None:
            return block.name
        value = self.evaluate(attribute.expr, scope, path)
        if isinstance(value, Unknown):
            self.problem("value", f"name cannot be told: {value.reason}", attribute.expr.span, path)
            return None
        name = to_text(value)
        if name is None or not fields.NAME.fullmatch(name):
            self.problem("value", f"target name {name!r} is not allowed", attribute.expr.span, path)
            return None
        return name

    def raw(self, block: Block, name: str, scope: dict[str, Value], path: str) -> "fields.Raw":
        """The values a block itself sets."""
        found: dict[str, Any] = {}
        for key, attribute in block.attributes.items():
            field = key.replace("-", "_")
            if key in ("name", "matrix", "description"):
                continue
            if field in fields.TEXTS:
                found[field] = self.origin(attribute.expr, scope, path)
            elif field in fields.MAPS:
                found[field] = self.origins_by_key(attribute.expr, scope, path)
            elif field in fields.LISTS:
                found[field] = self.origins(attribute.expr, scope, path)
        return fields.Raw(name, block.name, path, block.name_span, found, scope)

    def origin(self, expr: Expr, scope: Mapping[str, Value], path: str) -> Origin:
        return Origin(self.evaluate(expr, scope, path), path, expr.span)

    def origins(self, expr: Expr, scope: Mapping[str, Value], path: str) -> tuple[Origin, ...]:
        """The items of a list, each with its own span where it is written out."""
        if isinstance(expr, Tuple):
            return tuple(self.origin(item, scope, path) for item in expr.items)
        value = self.evaluate(expr, scope, path)
        if isinstance(value, tuple):
            return tuple(Origin(item, path, expr.span) for item in value)
        return () if value is None else (Origin(value, path, expr.span),)

    def origins_by_key(self, expr: Expr, scope: Mapping[str, Value], path: str) -> dict[str, Origin]:
        """The entries of a map, each with the span of its value where it is written out."""
        value = self.evaluate(expr, scope, path)
        if not isinstance(value, dict):
            return {}
        return {key: Origin(item, path, fields.entry_span(expr, key)) for key, item in value.items()}

    def group(self, name: str, blocks: list[Block]) -> Group:
        """A group; blocks of one name in several files: the last one's targets hold."""
        block = blocks[-1]
        path = self.paths[id(block)]
        targets = block.attributes.get("targets")
        listed = self.origins(targets.expr, {}, path) if targets is not None else ()
        return Group(name, path, block.name_span, listed)

    def target(self, name: str, raw: dict[str, fields.Raw]) -> Target:
        """A target with what it inherits."""
        own = raw[name]
        values = {**self.inherited(name, raw), "inherits": own.values.get("inherits", ())}
        return Target(own.name, own.base, own.path, own.span, matrix=own.scope, **values)

    def inherited(self, name: str, raw: dict[str, fields.Raw]) -> dict[str, Any]:
        """Config.target: bases in order, each merged under the next, then the target's own values.

        Bases first, with a stack; a target that is being worked out already (a cycle) gives nothing.
        """
        stack = [name]
        started: set[str] = set()
        while stack:
            current = stack[-1]
            bases = [] if current in self.merged else self.bases(current, raw)
            waiting = [base for base in bases if base not in self.merged and base not in started]
            if current in started or not waiting:
                stack.pop()
                if current not in self.merged:
                    found: dict[str, Any] = {}
                    for base in bases:
                        found = fields.merge(found, self.merged.get(base, {}))
                    found = fields.merge(found, raw[current].values)
                    found.pop("inherits", None)
                    self.merged[current] = found
            else:
                started.add(current)
                stack.extend(reversed(waiting))
        return self.merged[name]

    def bases(self, name: str, raw: dict[str, fields.Raw]) -> list[str]:
        """The targets that one names in `inherits`."""
        found: list[str] = []
        for base in raw[name].values.get("inherits", ()):
            if base.text in raw:
                found.append(base.text)
            elif base.text is not None:
                message = f"target {name} inherits {base.text}, which is not there"
                self.problem("reference", message, base.span, base.path)
        return found


def _function(block: Block) -> tuple[tuple[str, ...], str | None, Expr] | None:
    """Parameters, the name of the rest, and the body of a function block; None where it is not complete."""
    params, rest, result = (block.attributes.get(name) for name in ("params", "variadic_params", "result"))
    if params is None or result is None or not isinstance(params.expr, Tuple):
        return None
    names = [_bare(item) for item in params.expr.items]
    if None in names:
        return None
    return tuple(name or "" for name in names), _bare(rest.expr) if rest is not None else None, result.expr


def _bare(expr: Expr) -> str | None:
    """A parameter: a bare name, or in JSON a text."""
    if isinstance(expr, Name):
        return expr.name
    return expr.value if isinstance(expr, Literal) and isinstance(expr.value, str) else None
