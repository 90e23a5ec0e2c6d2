"""Interpolation over a tree of values, with casts by path.

Sources: compose-go interpolation/interpolation.go (recursiveInterpolate), loader/interpolate.go (the table of casts).
Keys are never interpolated. At the paths of the table every text is cast, a plain quoted literal too.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from dockwright.compose.interpolate import Template, Use
from dockwright.compose.load.environment import Environment
from dockwright.compose.load.gotext import float32, parse_float, parse_int
from dockwright.compose.load.origin import VariableUse
from dockwright.compose.load.patterns import Step, trie
from dockwright.compose.load.problems import Problems
from dockwright.compose.load.values import Mapping, Scalar, Sequence
from dockwright.compose.load.versions import Number, Semantics

Cast = Callable[[str], "int | float | bool"]

_BOOLEANS = {
    "true": True,
    "false": False,
    "y": True,
    "yes": True,
    "on": True,
    "n": False,
    "no": False,
    "off": False,
}


def to_bool(text: str) -> bool:
    """loader/interpolate.go: toBoolean. Raises ValueError."""
    found = _BOOLEANS.get(text.lower())
    if found is None:
        raise ValueError(f"invalid boolean: {text}")
    return found


def _int(text: str) -> int:
    try:
        return parse_int(text)
    except ValueError as error:
        raise ValueError(f"strconv.Atoi: {error}") from None


def _float(text: str) -> float:
    try:
        return parse_float(text)
    except ValueError as error:
        raise ValueError(f"strconv.ParseFloat: {error}") from None


def _float32(text: str) -> float:
    return float32(_float(text))


@cache
def _table(number: Number) -> Step[Cast]:
    service: dict[Cast, str] = {
        _int: "cpu_count cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares deploy.replicas "
        "deploy.update_config.parallelism deploy.rollback_config.parallelism deploy.restart_policy.max_attempts "
        "deploy.placement.max_replicas_per_node healthcheck.retries oom_score_adj pids_limit ports.[].target scale "
        "ulimits.* ulimits.*.hard ulimits.*.soft",
        _float: "cpu_percent deploy.update_config.max_failure_ratio deploy.rollback_config.max_failure_ratio",
        _float32: "cpus",
        to_bool: "init healthcheck.disable oom_kill_disable privileged read_only stdin_open tty volumes.[].read_only "
        "volumes.[].volume.nocopy",
    }
    rules = {f"services.*.{path}": cast for cast, paths in service.items() for path in paths.split()}
    top = (
        "networks.*.external networks.*.internal networks.*.attachable networks.*.enable_ipv4 networks.*.enable_ipv6 "
        "volumes.*.external secrets.*.external configs.*.external"
    )
    rules.update(dict.fromkeys(top.split(), to_bool))
    if number >= (2, 10, 0):
        rules["services.*.depends_on.*.required"] = rules["services.*.depends_on.*.restart"] = to_bool
    if number < (2, 4, 9):
        rules["services.*.configs.[].mode"] = rules["services.*.secrets.[].mode"] = _int
    return trie(rules)


class Interpolation:
    """Interpolates values under one environment."""

    def __init__(self, environment: Environment, semantics: Semantics, problems: Problems) -> None:
        self.environment = environment
        self.semantics = semantics
        self.problems = problems
        self._casts = _table(semantics.number)

    def run(self, model: Mapping) -> None:
        """Interpolate a whole model in place."""
        self._mapping(model, self._casts, ())

    def _mapping(self, mapping: Mapping, step: Step[Cast] | None, path: tuple[str, ...]) -> None:
        entries = mapping.entries
        for key, value in entries.items():
            below = step.next(key) if step is not None else None
            if isinstance(value, Scalar):
                if isinstance(value.value, str) and ("$" in value.value or (below and below.rule)):
                    entries[key] = self._scalar(value, below, (*path, key))
            elif isinstance(value, Mapping):
                self._mapping(value, below, (*path, key))
            elif isinstance(value, Sequence):
                self._sequence(value, below, (*path, key))

    def _sequence(self, sequence: Sequence, step: Step[Cast] | None, path: tuple[str, ...]) -> None:
        below = step.next("[]") if step is not None else None
        for index, value in enumerate(sequence.items):
            if isinstance(value, Scalar):
                if isinstance(value.value, str) and ("$" in value.value or (below and below.rule)):
                    sequence.items[index] = self._scalar(value, below, (*path, "[]"))
            elif isinstance(value, Mapping):
                self._mapping(value, below, (*path, "[]"))
            elif isinstance(value, Sequence):
                self._sequence(value, below, (*path, "[]"))

    def _scalar(self, value: Scalar, step: Step[Cast] | None, path: tuple[str, ...]) -> Scalar:
        assert isinstance(value.value, str)
        text, uses = value.value, value.uses
        if "$" in text:
            filled = self.text(text, value, ".".join(path))
            if filled is None:
                return value
            text, uses = filled
        cast = step.rule if step is not None else None
        if cast is None:
            return Scalar(text, value.place, value.over, uses)
        try:
            return Scalar(cast(text), value.place, value.over, uses)
        except ValueError as error:
            where = ".".join(path)
            self.problems.fail(
                "cast",
                f"error while interpolating {where}: failed to cast to expected type: {error}",
                value.place,
            )
            return value

    def text(self, text: str, value: Scalar, where: str) -> tuple[str, tuple[VariableUse, ...]] | None:
        """The text with variables put in, and which they were; None on an error, which is noted."""
        template = Template.parse(text)
        failed = False
        for _ in template.faults:
            failed = True
            self.problems.fail(
                "interpolation",
                f"invalid interpolation format for {where}: {text!r}; "
                "you may need to escape any `$` with another `$`",
                value.place,
            )
        if failed:
            return None
        resolved = template.resolved(self.environment)
        errors = resolved.errors or (() if self.semantics.lazy_defaults else self._eager(template))
        for error in errors:
            code = "interpolation" if error.startswith("invalid template") else "required-variable"
            self.problems.fail(code, f"error while interpolating {where}: {error}", value.place)  # type: ignore[arg-type]
        if errors:
            return None
        for name in resolved.unset:
            self.problems.warn(
                "required-variable",
                f"the {name!r} variable is not set, defaulting to a blank string",
                value.place,
            )
        return resolved.filled, tuple(map(self._use, template.uses))

    def _use(self, use: Use) -> VariableUse:
        return VariableUse(use.name, use.operator, self.environment.setting(use.name), use.default)

    def _eager(self, template: Template) -> tuple[str, ...]:
        """Before 2.10.1 every operand is filled in, needed or not, so its errors count."""
        found: list[str] = []
        for use in template.uses:
            if use.operand is not None:
                found.extend(use.operand.resolved(self.environment).errors)
        return tuple(dict.fromkeys(found))
