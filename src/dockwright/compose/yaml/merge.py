"""Merge keys: `<<: *base`, `<<: [*a, *b]`, chains of them, within a budget.

go-yaml v3 decode.go: merge. Keys written in the mapping win wherever `<<` stands; of several merged mappings the
first wins. Anchored mappings are referred to, never copied: a chain of merges costs its distinct keys. What goes
beyond the budget (a bomb) is left out and noted as a problem of the file.
"""

from __future__ import annotations

from collections.abc import Iterator

from dockwright.compose.yaml.collections import Entry, Mapping, Sequence
from dockwright.compose.yaml.nodes import Node, Problem

MAX_STEPS = 1_000_000
"""Merged entries looked at per file; the largest file of the corpus needs a few hundred."""


def merged(mapping: Mapping) -> dict[str, Entry]:
    """The entries of `mapping` by name, as meant. Bases are worked out first, with a stack, not by recursion."""
    if not mapping.merges:
        return {entry.name: entry for entry in mapping.entries}
    open_: set[int] = {id(mapping)}
    stack = [(mapping, iter(bases(mapping)))]
    while stack:
        current, rest = stack[-1]
        base = next((base for base in rest if base.view is None and id(base) not in open_), None)
        if base is not None:
            open_.add(id(base))
            stack.append((base, iter(bases(base))))
        else:
            stack.pop()
            open_.discard(id(current))
            current.view = _flatten(current)
    return mapping.view or {}


def _flatten(mapping: Mapping) -> dict[str, Entry]:
    """Own entries, then those of the bases; a base that is still being worked out is a cycle and gives nothing."""
    found = {entry.name: entry for entry in mapping.entries if not entry.is_merge}
    file = mapping.file
    for base in bases(mapping):
        for name, entry in (base.view or {}).items():
            file.merge_steps += 1
            if file.merge_steps > MAX_STEPS:
                if file.merge_steps == MAX_STEPS + 1:
                    file.problems.append(
                        Problem("limit", "merge keys expand to too many entries", mapping.span)
                    )
                return found
            found.setdefault(name, entry)
    return found


def bases(mapping: Mapping) -> Iterator[Mapping]:
    """The mappings that `<<` names, in order of precedence."""
    for entry in mapping.merges:
        for node in _named(entry):
            if isinstance(node, Mapping):
                yield node


def _named(entry: Entry) -> Iterator[Node]:
    target = entry.value.target
    if isinstance(target, Sequence):
        yield from target.values()
    else:
        yield target


def problems(mapping: Mapping) -> Iterator[Problem]:
    """Merge keys that name something else than a mapping."""
    for entry in mapping.merges:
        if not all(isinstance(node, Mapping) for node in _named(entry)):
            yield Problem("merge", "merge key needs a mapping or a list of mappings", entry.value.full_span)
