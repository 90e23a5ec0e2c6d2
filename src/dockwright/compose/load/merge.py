"""Merging one model on top of another, by the rule of each attribute.

Source: compose-go override/merge.go (MergeYaml and its table), override/extends.go. Generally mappings merge key by key,
lists append, scalars replace, and null in the override keeps the base. Values of the base are changed in place.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from dockwright.compose.load.gotext import sprint
from dockwright.compose.load.patterns import Step, trie
from dockwright.compose.load.problems import Problems
from dockwright.compose.load.values import Mapping, Scalar, Sequence, Value, plain, replacing, same
from dockwright.compose.load.versions import Semantics

Merger = Callable[["Merging", Value, Value, "Step[Merger] | None", str], Value]


class Merging:
    """Merges models; conflicts are noted with both sides, and the override wins then."""

    def __init__(self, semantics: Semantics, problems: Problems) -> None:
        self.semantics = semantics
        self.problems = problems
        self.rules = _rules(semantics.since(2, 7, 0))

    def models(self, base: Mapping, override: Mapping) -> Mapping:
        """`override` on top of `base`."""
        return self.mappings(base, override, self.rules, "")

    def service(self, base: Mapping, override: Mapping, name: str) -> Mapping:
        """A service on top of the one it extends."""
        return self.mappings(base, override, self.step("services", name), f"services.{name}")

    def resource(self, base: Value, override: Value, kind: str, name: str) -> Value:
        """A top-level entry on top of the included one of its name."""
        return self.values(base, override, self.step(kind, name), f"{kind}.{name}")

    def step(self, *path: str) -> Step[Merger] | None:
        """The rules that hold below a path."""
        step: Step[Merger] | None = self.rules
        for part in path:
            step = step.next(part) if step is not None else None
        return step

    def values(self, base: Value, override: Value, step: Step[Merger] | None, path: str) -> Value:
        """MergeYaml."""
        if step is not None and step.rule is not None:
            return step.rule(self, base, override, step, path)
        if is_null(override):
            return base
        if isinstance(base, Mapping):
            if not isinstance(override, Mapping):
                return self.conflict(base, override, path)
            return self.mappings(base, override, step, path)
        if isinstance(base, Sequence):
            if not isinstance(override, Sequence):
                return self.conflict(base, override, path)
            return appended(base, override, override.items)
        return replacing(override, base)

    def mappings(self, base: Mapping, other: Mapping, step: Step[Merger] | None, path: str) -> Mapping:
        """mergeMappings: key by key, into `base`."""
        entries = base.entries
        for key, value in other.entries.items():
            before = entries.get(key)
            if before is None:
                entries[key] = value
            elif key.startswith("x-") and not self.semantics.merges_extensions:
                entries[key] = replacing(value, before)
            else:
                below = step.next(key) if step is not None else None
                entries[key] = self.values(before, value, below, f"{path}.{key}" if path else key)
        if other.place is not None and other.place is not base.place:
            base = Mapping(entries, other.place, base)
        return base

    def conflict(self, base: Value, override: Value, path: str) -> Value:
        """Two kinds of values that cannot be merged."""
        self.problems.fail(
            "merge",
            f"cannot override {path}: {_kind(base)} with {_kind(override)}",
            override.place,
            base.place,
        )
        return override

    def crash(self, base: Value, override: Value, path: str) -> Value:
        """What ends Compose itself in a panic."""
        self.problems.fail(
            "crash",
            f"{path} cannot be {_kind(override)} on top of {_kind(base)}: Compose crashes",
            override.place,
            base.place,
        )
        return base


def is_null(value: Value | None) -> bool:
    """True for null."""
    return value is None or (isinstance(value, Scalar) and value.value is None)


def _kind(value: Value) -> str:
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, Sequence):
        return "a list"
    return "null" if is_null(value) else "a single value"


def appended(base: Sequence, override: Value, items: list[Value]) -> Sequence:
    """The items of the override behind those of the base."""
    found = Sequence([*base.items, *items], override.place or base.place, base)
    found.nil = base.nil and not items
    return found


def as_sequence(value: Value) -> Sequence:
    """convertIntoSequence: `key=value` texts in order, or the items, or one text; anything else is an empty list."""
    if isinstance(value, Sequence):
        return value
    if isinstance(value, Mapping):
        found: list[Scalar] = []
        for key, item in value.entries.items():
            if is_null(item):
                found.append(Scalar(key, item.place, item.over, item.uses))
            elif isinstance(item, Sequence):
                found.extend(_pair(key, part) for part in item.items)
            else:
                found.append(_pair(key, item))
        return Sequence(by_text(found), value.place, value.over)
    if isinstance(value, Scalar) and isinstance(value.value, str):
        return Sequence([value], value.place, value.over)
    return Sequence([], value.place, value.over)


def by_text(items: list[Scalar]) -> list[Value]:
    """Texts in order."""
    return [*sorted(items, key=_text)]


def _text(item: Scalar) -> str:
    return str(item.value)


def _pair(key: str, value: Value) -> Scalar:
    raw = value.value if isinstance(value, Scalar) else plain(value)
    return Scalar(f"{key}={sprint(raw)}", value.place, value.over, value.uses)


def as_mapping(value: Value, dependency: bool = False) -> Mapping:
    """convertIntoMapping: a list of names as a mapping of null, or of started dependencies."""
    if isinstance(value, Mapping):
        return value
    found: dict[str, Value] = {}
    if isinstance(value, Sequence):
        for item in value.items:
            if isinstance(item, Scalar) and isinstance(item.value, str):
                found[item.value] = (
                    _dependency(item) if dependency else Scalar(None, item.place, None, item.uses)
                )
    return Mapping(found, value.place, value.over)


def _dependency(item: Scalar) -> Mapping:
    return Mapping(
        {"condition": Scalar("service_started", item.place), "required": Scalar(True, item.place)}, item.place
    )


def _to_sequence(
    merging: Merging, base: Value, override: Value, step: Step[Merger] | None, path: str
) -> Value:
    del merging, step, path
    return appended(as_sequence(base), override, as_sequence(override).items)


def _replace(merging: Merging, base: Value, override: Value, step: Step[Merger] | None, path: str) -> Value:
    del merging, step, path
    return replacing(override, base)


def _build(merging: Merging, base: Value, override: Value, step: Step[Merger] | None, path: str) -> Value:
    return merging.mappings(_as_build(base), _as_build(override), step, path)


def _as_build(value: Value) -> Mapping:
    if isinstance(value, Mapping):
        return value
    if isinstance(value, Scalar) and isinstance(value.value, str):
        return Mapping({"context": value}, value.place)
    return Mapping({}, None)


def _depends_on(
    merging: Merging, base: Value, override: Value, step: Step[Merger] | None, path: str
) -> Value:
    return merging.mappings(
        as_mapping(base, dependency=True), as_mapping(override, dependency=True), step, path
    )


def _names(merging: Merging, base: Value, override: Value, step: Step[Merger] | None, path: str) -> Value:
    return merging.mappings(as_mapping(base), as_mapping(override), step, path)


def _logging(merging: Merging, base: Value, override: Value, step: Step[Merger] | None, path: str) -> Value:
    """Options merge only when both name the same driver, or one names none."""
    if not isinstance(base, Mapping) or not isinstance(override, Mapping):
        return merging.crash(base, override, path)
    driver, other = base.get("driver"), override.get("driver")
    if driver is None or other is None or same(driver, other):
        return merging.mappings(base, override, step, path)
    return replacing(override, base)


def _extra_hosts(
    merging: Merging, base: Value, override: Value, step: Step[Merger] | None, path: str
) -> Value:
    """Append, but no text twice."""
    del merging, step, path
    right = as_sequence(base)
    added = [
        item for item in as_sequence(override).items if not any(same(item, known) for known in right.items)
    ]
    return appended(right, override, added)


def _ipam_config(
    merging: Merging, base: Value, override: Value, step: Step[Merger] | None, path: str
) -> Value:
    """mergeIPAMConfig: by subnet; pools of the base that the override does not name are lost."""
    del step
    if not isinstance(base, Sequence) or not isinstance(override, Sequence):
        return (
            merging.crash(base, override, path)
            if not merging.semantics.yaml4
            else merging.conflict(base, override, path)
        )
    pools: list[Mapping] = []
    for original in base.items:
        right = as_mapping(original)
        for item in override.items:
            left = as_mapping(item)
            if left.plain("subnet") != right.plain("subnet") and _find(pools, left) is None:
                pools.append(left)
                continue
            merged = merging.mappings(right, left, None, path)
            at = _find(pools, merged)
            if at is None:
                pools.append(merged)
            else:
                pools[at] = merged
    return Sequence(list(pools), override.place, base)


def _find(pools: list[Mapping], pool: Mapping) -> int | None:
    subnet = pool.plain("subnet")
    return next((index for index, known in enumerate(pools) if known.plain("subnet") == subnet), None)


@cache
def _rules(models: bool) -> Step[Merger]:
    service: dict[Merger, str] = {
        _to_sequence: "annotations build.args build.additional_contexts build.labels deploy.labels dns dns_opt dns_search "
        "env_file label_file environment labels sysctls tmpfs",
        _replace: "command entrypoint healthcheck.test ulimits.*",
        _extra_hosts: "extra_hosts build.extra_hosts",
        _build: "build",
        _depends_on: "depends_on",
        _logging: "logging",
        _names: "networks" + (" models" if models else ""),
    }
    rules = {f"services.*.{path}": rule for rule, paths in service.items() for path in paths.split()}
    rules["networks.*.ipam.config"] = _ipam_config
    rules["networks.*.labels"] = rules["volumes.*.labels"] = _to_sequence
    return trie(rules)
