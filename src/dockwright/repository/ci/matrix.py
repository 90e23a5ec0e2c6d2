"""Matrices of GitHub jobs: the combinations that the file itself tells.

Source: docs.github.com "Running variations of jobs in a workflow": the product of the axes, `exclude` taken out,
`include` put in (into the combinations it contradicts nothing of, else as one of its own).
"""

from itertools import islice, product

from dockwright.compose.yaml import Mapping, Node, Scalar, Sequence

Combination = dict[str, str]
"""Values by dotted name below `matrix.`: `project`, `image.name`."""

MAX_COMBINATIONS = 128


def combinations(matrix: Node | None) -> list[Combination]:
    """The combinations of a `strategy.matrix`, at least one (perhaps empty: nothing is known)."""
    if not isinstance(matrix, Mapping):
        return [{}]
    axes: list[list[Combination]] = []
    for name, node in matrix.items():
        if name in ("include", "exclude") or not isinstance(node, Sequence):
            continue
        values = [_flat(name, item) for item in node.values()]
        if values:
            axes.append(values)
    found = [_merged(choice) for choice in islice(product(*axes), MAX_COMBINATIONS)] if axes else []
    for excluded in _listed(matrix.get("exclude")):
        found = [one for one in found if not (excluded.items() <= one.items())]
    originals = [dict(one) for one in found]
    for extra in _listed(matrix.get("include")):
        fitting = [
            index
            for index, original in enumerate(originals)
            if all(original.get(key, value) == value for key, value in extra.items())
        ]
        if fitting:
            for index in fitting:
                found[index].update(extra)
        elif len(found) < MAX_COMBINATIONS:
            found.append(dict(extra))
    return found or [{}]


def _merged(parts: tuple[Combination, ...]) -> Combination:
    merged: Combination = {}
    for part in parts:
        merged.update(part)
    return merged


def _listed(node: Node | None) -> list[Combination]:
    if not isinstance(node, Sequence):
        return []
    return [_merged(tuple(_flat(name, value) for name, value in item.items())) for item in node.values()]


def _flat(name: str, node: Node) -> Combination:
    """A value as dotted names; expressions in it are not known and left out."""
    if isinstance(node, Scalar):
        text = node.as_str()
        return {name: text} if text is not None and "${{" not in text else {}
    if isinstance(node, Mapping):
        return _merged(tuple(_flat(f"{name}.{key}", value) for key, value in node.items()))
    return {}
