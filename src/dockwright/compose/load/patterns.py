"""Rules by path, as compose-go writes them (`services.*.build.args`), in a form that is quick to walk along a tree.

compose-go tree/path.go (Path.Matches): a path matches a pattern of the same length whose parts are equal or `*`.
Where two patterns match, the exact part goes first here; compose-go's tables hold no two that differ for one path.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Generic, TypeVar

    R = TypeVar("R")
else:
    from dockwright.lazy import Generic

    R = None


class Step(Generic[R]):
    """A node of the trie: the rule for the path up to here, if any, and what may follow."""

    __slots__ = ("any", "exact", "rule")

    def __init__(self) -> None:
        self.rule: R | None = None
        self.exact: dict[str, Step[R]] = {}
        self.any: Step[R] | None = None

    def next(self, part: str) -> Step[R] | None:
        """The step for one more part of the path."""
        return self.exact.get(part) or self.any


def trie(rules: dict[str, R]) -> Step[R]:
    """The rules by pattern as a trie."""
    root: Step[R] = Step()
    for pattern, rule in rules.items():
        step = root
        for part in pattern.split("."):
            if part == "*":
                step.any = step.any or Step()
                step = step.any
            else:
                step = step.exact.setdefault(part, Step())
        step.rule = rule
    _share(root)
    return root


def _share(step: Step[R]) -> None:
    """Below an exact part the rules behind `*` at its place hold too."""
    if step.any is not None:
        for exact in step.exact.values():
            _graft(exact, step.any)
        _share(step.any)
    for exact in step.exact.values():
        _share(exact)


def _graft(into: Step[R], other: Step[R]) -> None:
    into.rule = into.rule if into.rule is not None else other.rule
    for part, below in other.exact.items():
        if part in into.exact:
            _graft(into.exact[part], below)
        else:
            into.exact[part] = below
    if other.any is not None:
        if into.any is None:
            into.any = other.any
        else:
            _graft(into.any, other.any)


def matches(path: tuple[str, ...], pattern: tuple[str, ...]) -> bool:
    """Path.Matches; parts of the pattern may be `*`, also when a user's key is a literal `*`."""
    return len(path) == len(pattern) and all(
        two in ("*", one) for one, two in zip(path, pattern, strict=True)
    )
