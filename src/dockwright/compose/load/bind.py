"""Binding: the canonical model as compose-go's structs hold it, with sizes, durations and command words worked out.

Sources: compose-go loader/mapstructure.go, types/ (DecodeMapstructure of each type). What the output leaves out (zero values
that are not kept, see `structs`) is left out here; what remains keeps its origin. Errors are all noted.
"""

from __future__ import annotations

from dockwright.compose.load.kinds import KINDS, WrongValue, go_kind
from dockwright.compose.load.merge import is_null
from dockwright.compose.load.problems import Problems
from dockwright.compose.load.structs import TOP, struct
from dockwright.compose.load.values import Mapping, Scalar, Sequence, Value, plain
from dockwright.compose.load.versions import Semantics

USER_KEYS = frozenset({"services", "volumes", "networks", "secrets", "configs"})
"""Mappings whose keys are names, `x-…` too (loader.go: userDefinedKeys)."""


class Binder:
    """Binds a model for one version of compose-go."""

    def __init__(self, semantics: Semantics, problems: Problems) -> None:
        self.semantics = semantics
        self.problems = problems

    def project(self, model: Mapping) -> Mapping:
        """The parts of the project; absent or empty ones are left out, `services` never."""
        found: dict[str, Value] = {}
        for key, kind in TOP:
            if key == "models" and not self.semantics.since(2, 7, 0):
                continue
            value = model.get(key)
            bound = self.value(kind, value, key) if value is not None and not is_null(value) else None
            if bound is not None:
                found[key] = bound
        found.setdefault("services", Mapping({}))
        found.update((key, value) for key, value in model.entries.items() if key.startswith("x-"))
        return Mapping(found, model.place)

    def value(self, kind: str, value: Value, path: str) -> Value | None:
        """One value; None when it is zero and not shown."""
        keep, kind = _KINDS.get(kind) or _kind(kind)
        if type(value) is Scalar:
            raw = value.value
            if raw is None:
                if kind not in ("C", "o", "r"):
                    return None if kind[0] in "[{" or keep or len(kind) == 1 else Mapping({}, value.place)
            elif kind == "s" and type(raw) is str:  # most values
                return value if raw or keep else None
        try:
            if kind[0] == "{":
                return self._struct_mapping(kind[1:-1], value, path)
            if kind[0] == "[":
                return self._struct_list(kind[1:-1], value, path)
            if len(kind) > 1:
                bound = self.struct(kind, value, path)
                return bound if keep or bound.entries else None
            bound_value = KINDS[kind](self.semantics, value)
        except WrongValue as wrong:
            self.problems.fail("decode", f"error decoding '{path}': {wrong}", value.place)
            return None
        if bound_value is None or (not keep and _is_zero(bound_value, kind, opt_out=self.semantics.opt_out)):
            return None
        return bound_value

    def struct(self, name: str, value: Value, path: str) -> Mapping:
        """A struct from a mapping; unknown keys are dropped, `x-*` kept where there is a place for them."""
        if not isinstance(value, Mapping):
            raise WrongValue(f"expected a map, got {go_kind(value)}")
        table = struct(name, self.semantics.number)
        found: dict[str, Value] = {}
        for key, item in value.entries.items():
            field = table.by_key.get(key)
            if field is not None:
                if field.kind == "s" and type(item) is Scalar and type(item.value) is str:
                    if item.value:
                        found[key] = item
                    continue
                bound = self.value(field.kind, item, f"{path}.{key}")
                if bound is not None:
                    found[key] = bound
            elif key.startswith("x-") and table.extensions:
                found[key] = item
        for field in table.shown:
            if field.key not in value.entries:
                if field.kind[-1] == "!":
                    found[field.key] = Scalar(_ZERO[field.kind[0]])
                elif self.semantics.opt_out:
                    found[field.key] = Scalar(False)
        return Mapping(found, value.place, value.over)

    def _struct_mapping(self, kind: str, value: Value, path: str) -> Mapping | None:
        if not isinstance(value, Mapping):
            raise WrongValue(f"expected a map, got {go_kind(value)}")
        found: dict[str, Value] = {}
        named = path in USER_KEYS or path.endswith(".depends_on")
        for key, item in value.entries.items():
            below = f"{path}[{key}]"
            if not named and key.startswith("x-"):
                found["#extensions"] = Mapping(
                    {}, item.place
                )  # what processExtensions leaves where keys are names
            elif kind == "l":
                bound = self._ulimit(item, below)
                if bound is not None:
                    found[key] = bound
            elif is_null(item) and kind[0] == "*":
                found[key] = Scalar(None, item.place, item.over)
            else:
                try:
                    found[key] = (
                        Mapping({}, item.place)
                        if is_null(item)
                        else self.struct(kind.strip("*"), item, below)
                    )
                except WrongValue as wrong:
                    self.problems.fail("decode", f"error decoding '{below}': {wrong}", item.place)
        return Mapping(found, value.place, value.over) if found else None

    def _struct_list(self, kind: str, value: Value, path: str) -> Sequence | None:
        if not isinstance(value, Sequence):
            raise WrongValue("source data must be an array or slice")
        found: list[Value] = []
        for index, item in enumerate(value.items):
            if is_null(item):
                found.append(Mapping({}, item.place))
                continue
            try:
                found.append(self.struct(kind.strip("*"), item, f"{path}[{index}]"))
            except WrongValue as wrong:
                self.problems.fail("decode", f"error decoding '{path}[{index}]': {wrong}", item.place)
        return Sequence(found, value.place, value.over) if found else None

    def _ulimit(self, value: Value, path: str) -> Value | None:
        if isinstance(value, Mapping):
            limits = {key: value.entries[key] for key in ("soft", "hard") if key in value.entries}
            for key, item in limits.items():
                if (
                    not isinstance(item, Scalar)
                    or isinstance(item.value, bool)
                    or not isinstance(item.value, int)
                ):
                    self.problems.fail(
                        "crash", f"{path}.{key} is no whole number: Compose crashes", item.place
                    )
            return Mapping(
                {key: item for key, item in limits.items() if plain(item) != 0}, value.place, value.over
            )
        if isinstance(value, Scalar) and isinstance(value.value, int) and not isinstance(value.value, bool):
            return value if value.value else Mapping({}, value.place, value.over)
        self.problems.fail(
            "decode", f"error decoding '{path}': unexpected value type for ulimit", value.place
        )
        return None


_KINDS: dict[str, tuple[bool, str]] = {}


def _kind(kind: str) -> tuple[bool, str]:
    """Whether a field is kept when it is zero, and its kind without the marks that say so."""
    found = _KINDS[kind] = (kind[0] == "*" or kind[-1] == "!", kind.strip("*!"))
    return found


_ZERO: dict[str, str | int | bool] = {"s": "", "b": False, "i": 0, "u": 0, "S": "0"}


def _is_zero(value: Value, kind: str, *, opt_out: bool) -> bool:
    if kind == "C":
        return is_null(value)
    if isinstance(value, Mapping):
        return not value.entries
    if isinstance(value, Sequence):
        return not value.items
    raw = value.value if isinstance(value, Scalar) else None
    if kind == "r" or (kind == "o" and raw is False and opt_out):
        return False
    if kind == "S":
        return raw == "0"
    if kind == "d":
        return raw == "0s"
    return raw in ("", 0, False, None)
