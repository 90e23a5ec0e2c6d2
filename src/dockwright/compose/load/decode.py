"""From YAML nodes to values: anchors, merge keys, duplicate keys, scalars, `!reset` and `!override`.

Sources: compose-go loader/reset.go (ResetProcessor) and go-yaml v3 decode.go (`mapping`, `merge`, `alias`,
allowedAliasRatio), v4 where versions.Semantics.yaml4 says so. `!reset` nodes are left out and their paths kept;
`!override` nodes stay and their paths are kept too, but tags inside them mean nothing.
"""

from __future__ import annotations

from math import isfinite

from dockwright.compose.load.origin import key_origin
from dockwright.compose.load.problems import Problems
from dockwright.compose.load.values import Mapping, Scalar, Sequence, Value
from dockwright.compose.load.versions import Semantics
from dockwright.compose.yaml import collections as tree
from dockwright.compose.yaml.resolve import plain
from dockwright.compose.yaml.scalar import Scalar as ScalarNode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dockwright.compose.yaml.file import YamlFile
    from dockwright.compose.yaml.nodes import Node

Path = tuple[str, ...]

MAX_DEPTH = 150
"""Values nested deeper are refused; go-yaml allows 10,000, no real file has 20."""
MAX_VISITS = 100_000
"""compose-go from 2.10: defaultMaxNodeVisits. Held for all versions: no file of the corpus has a tenth."""
_LETTERS = frozenset("abcdeghijklmopqrsuvwxyzABCDEGHIJKLMOPQRSUVWXYZ/")
"""First characters no boolean, null or number starts with (all letters but t, f, n)."""


class Resets:
    """Paths under `!reset` and `!override` of one document: what they name is taken from the base before merging."""

    __slots__ = ("paths",)

    def __init__(self, paths: list[Path] | None = None) -> None:
        self.paths = paths or []

    def apply(self, target: Mapping, path: Path = ()) -> None:
        """ResetProcessor.applyNullOverrides: delete what the paths match. Items of lists are never deleted."""
        if not self.paths:
            return
        from dockwright.compose.load.patterns import matches

        deepest = max(map(len, self.paths))
        stack = [(target, path)]
        while stack:
            mapping, here = stack.pop()
            for key in list(mapping.entries):
                below = (*here, key)
                if any(matches(below, pattern) for pattern in self.paths):
                    del mapping.entries[key]
                    continue
                value = mapping.entries[key]
                if isinstance(value, Mapping) and len(below) < deepest:
                    stack.append((value, below))


class Bad(Exception):
    """The document cannot be decoded."""


def decode(
    file: YamlFile, semantics: Semantics, problems: Problems
) -> list[tuple[Value | None, Resets]] | None:
    """The documents of a file as values, each with its resets; None when the file is broken (problems are noted)."""
    broken = False
    for problem in file.problems:
        if problem.kind in ("duplicate-key", "key"):
            continue  # found again below, where tags are known
        code = "limit" if problem.kind == "limit" else "yaml"
        place = _place(file, problem.span.start, problem.span.end)
        problems.fail(code, f"{problem.message}", place)  # type: ignore[arg-type]  # a literal either way
        broken = True
    if broken:
        return None
    tagged = b"!reset" in file.data or b"!override" in file.data
    out: list[tuple[Value | None, Resets]] = []
    for document in file.documents:
        reader = _Reader(semantics, problems)
        try:
            value = (
                reader.value(document.root, () if tagged else None, 0) if document.root is not None else None
            )
        except Bad:
            return None
        if reader.failed:
            broken = True
        out.append((value, Resets(reader.resets)))
    return None if broken else out


def _place(file: YamlFile, start: int, end: int) -> object:
    from dockwright.compose.load.origin import Place

    return Place(file.source, start, max(end, start))


class _Reader:
    """Decodes one document. `path` is None while nothing in the file is tagged, and inside `!override`."""

    def __init__(self, semantics: Semantics, problems: Problems) -> None:
        self.semantics = semantics
        self.problems = problems
        self.resets: list[Path] = []
        self.failed = False
        self.aliases = 0
        """Aliases that are being followed."""
        self.open: set[int] = set()
        self.visits = 0
        self.decoded = 0
        self.aliased = 0

    def value(self, node: Node, path: Path | None, depth: int) -> Value | None:
        """The value of a node; None for one that is reset."""
        self.count(node, depth)
        if isinstance(node, tree.Alias):
            return self.alias(node, path, depth)
        if path is not None and node.tag is not None:
            if node.tag == "!reset":
                if not self.aliases or self.semantics.tags_behind_aliases:
                    self.resets.append(path)
                return None
            if node.tag == "!override":
                self.resets.append(path)
                path = None
        if isinstance(node, ScalarNode):
            return self.scalar(node)
        if isinstance(node, tree.Mapping):
            return self.mapping(node, path, depth)
        if isinstance(node, tree.Sequence):
            items: list[Value] = []
            for index, item in enumerate(node.written):
                value = self.value(item, None if path is None else (*path, str(index)), depth + 1)
                if value is not None:
                    items.append(value)
            return Sequence(items, node)
        return Scalar(None, node)

    def count(self, node: Node, depth: int) -> None:
        """Hold the bounds: depth, nodes, and how much of the document may come from aliases."""
        self.decoded += 1
        if self.aliases:
            self.aliased += 1
            if (
                self.aliased > 100
                and self.decoded > 1_000
                and self.aliased / self.decoded > _allowed(self.decoded)
            ):
                self.problems.fail("limit", "document contains excessive aliasing", node)
                raise Bad
        else:
            self.visits += 1
        if self.visits > MAX_VISITS:
            self.problems.fail("limit", f"compose file exceeds maximum node visit limit ({MAX_VISITS})", node)
            raise Bad
        if depth > MAX_DEPTH:
            self.problems.fail("limit", f"values are nested deeper than {MAX_DEPTH} levels", node)
            raise Bad

    def scalar(self, node: ScalarNode) -> Scalar:
        text = node.text
        self.question_mark(node, text)
        if node.tag is not None or node.style not in ("plain", "empty"):
            return Scalar(node.value if node.tag is not None else text, node)
        if text[:1] in _LETTERS and text:
            return Scalar(text, node)
        value = plain(text)
        if isinstance(value, float) and not isfinite(value):
            self.problems.not_finite = True
        if value == 0 and self.semantics.yaml4 and text[:1] == "-" and isinstance(value, int):
            return Scalar(-0.0, node)
        return Scalar(value, node)

    def question_mark(self, node: ScalarNode, text: str) -> None:
        """go-yaml ends a plain scalar inside of `[…]` or `{…}` at a `?`, in v4 only before a blank; what follows is wrong."""
        if "?" not in text or node.style != "plain" or not getattr(node.parent, "flow", False):
            return
        written = node.file.data[node.start : node.end + 1].split(b"?")
        if not self.semantics.yaml4 or any(
            part[:1] in (b"", b" ", b"\t", b"\r", b"\n") for part in written[1:]
        ):
            self.problems.fail("yaml", "a plain text with `?` cannot stand in a flow collection", node)
            raise Bad

    def alias(self, node: tree.Alias, path: Path | None, depth: int) -> Value | None:
        target = node.target
        if path is not None and target.tag == "!reset":
            self.resets.append(path)
            return None
        return self.followed(node, target, path, depth)

    def followed(self, node: Node, target: Node, path: Path | None, depth: int) -> Value | None:
        """The value behind an alias."""
        if target is node or id(target) in self.open:
            self.problems.fail("yaml", "anchor value contains itself", node, target)
            raise Bad
        self.open.add(id(target))
        self.aliases += 1
        value = self.value(target, path, depth + 1)
        self.aliases -= 1
        self.open.discard(id(target))
        return value

    def mapping(self, node: tree.Mapping, path: Path | None, depth: int) -> Mapping:
        """Own entries win over merged ones, wherever `<<` stands; of several merged mappings the first."""
        entries: dict[str, Value] = {}
        seen: dict[str, Node] = {}
        merges: list[tree.Entry] = []
        for entry in node.entries:
            name = entry.name
            reset = path is not None and entry.value.target.tag == "!reset"
            if name in seen and not (reset and not self.semantics.since(2, 5, 0)):
                self.duplicate(name, entry.key, seen[name])
                continue
            seen[name] = entry.key
            if name == "<<" and entry.is_merge:
                merges.append(entry)
                continue
            if not self.key(entry, path):
                continue
            value = self.value(entry.value, None if path is None else (*path, name), depth + 1)
            if value is not None and not (
                self.semantics.yaml4
                and isinstance(value, Scalar)
                and value.value == "<<"
                and _is_merge(entry.value)
            ):
                entries[name] = value
        for entry in merges:
            # compose-go squeezes `.<<` out of paths, but not a `<<` at the very top
            here = ("<<",) if path == () else path
            for base in self.bases(entry.value):
                target = base.target
                merged = (
                    self.value(base, here, depth + 1)
                    if target is base
                    else self.followed(base, target, here, depth)
                )
                if isinstance(merged, Mapping):
                    for name, value in merged.entries.items():
                        entries.setdefault(name, value)
        return Mapping(entries, node)

    @staticmethod
    def bases(named: Node) -> list[Node]:
        """What `<<` names, aliases as they stand. That these are mappings was checked by the parser."""
        target = named.target
        return target.written if isinstance(target, tree.Sequence) else [named]

    def duplicate(self, name: str, key: Node, first: Node) -> None:
        self.problems.fail(
            "duplicate-key",
            f"mapping key {name!r} is already defined at line {first.line}",
            key_origin(key),
            key_origin(first),
        )
        self.failed = True

    def key(self, entry: tree.Entry, path: Path | None) -> bool:
        """Keys are text: a number, boolean, null or collection as a key is an error."""
        key = entry.key.target
        if isinstance(key, ScalarNode):
            self.question_mark(key, entry.name)
            if key.style not in ("plain", "empty") or key.text[:1] in _LETTERS:
                if key.text or key.style != "empty":
                    return True
            elif isinstance(key.value, str):
                return True
        self.problems.fail("key-not-string", f"non-string key {_where(entry, path)}: {entry.name}", entry.key)
        self.failed = True
        return False


def _where(entry: tree.Entry, path: Path | None) -> str:
    del path
    parent = entry.key.parent
    route = parent.path if parent is not None else ""
    return f"in {route}" if route else "at top level"


def _is_merge(node: Node) -> bool:
    target = node.target
    return isinstance(target, ScalarNode) and target.style == "plain" and target.text == "<<"


def _allowed(decoded: int) -> float:
    """go-yaml decode.go: allowedAliasRatio."""
    if decoded <= 400_000:
        return 0.99
    if decoded >= 4_000_000:
        return 0.10
    return 0.99 - 0.89 * (decoded - 400_000) / 3_600_000
