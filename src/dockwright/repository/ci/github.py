"""GitHub Actions: workflows and composite actions as steps, one per combination of the matrix that changes it.

Source: docs.github.com "Workflow syntax for GitHub Actions", "Metadata syntax for GitHub Actions".
"""

import re
from collections.abc import Iterator, Sequence

from dockwright.compose.yaml import Node, Scalar, YamlFile
from dockwright.repository.ci.expressions import Scope, evaluate, script_with_values, word_of
from dockwright.repository.ci.matrix import Combination, combinations
from dockwright.repository.ci.steps import Step
from dockwright.shell.paths import Base, SymbolicPath
from dockwright.shell.script import Assignment, Dialect
from dockwright.shell.words import Part, Word

_ROOT = SymbolicPath(Base.REPOSITORY, ".")
_DIALECTS = {
    "pwsh": Dialect.POWERSHELL,
    "powershell": Dialect.POWERSHELL,
    "cmd": Dialect.CMD,
    "sh": Dialect.SH,
}


Values = dict[str, tuple[Part, ...]]


def steps(file: YamlFile, given: Sequence[Values] = ()) -> Iterator[Step]:
    """Every step of a workflow or composite action, once for each set of values that makes it different.

    `given` are the inputs (`inputs.<name>`) that callers in the same repository pass to it.
    """
    seen: set[object] = set()
    for inputs in given or ({},):
        for step in _all_steps(file, {**_inputs(file), **inputs}):
            key = (step.span, step.script.data if step.script else None, step.cwd, _key(step))
            if key not in seen:
                seen.add(key)
                yield step


def _all_steps(file: YamlFile, scope: Values) -> Iterator[Step]:
    scope.update(_environment(file.get("env"), scope))
    jobs = file.get("jobs")
    for name, job in jobs.items() if jobs is not None else ():
        for combination in combinations(job.at("strategy", "matrix")):
            yield from _job_steps(file, name, job, combination, scope)
    runs = file.get("runs")
    if runs is not None:
        yield from _run_steps(runs, "action", scope, _ROOT, None)


def _job_steps(
    file: YamlFile, name: str, job: Node, combination: Combination, outer: Values
) -> Iterator[Step]:
    scope = dict(outer)
    scope.update({f"matrix.{key}": (value,) for key, value in combination.items()})
    scope.update(_environment(job.get("env"), scope))
    uses = job.get("uses")
    if isinstance(uses, Scalar):
        yield _used(uses, job, name, scope)
        return
    cwd = _default_directory(job, scope) or _default_directory(file, scope) or _ROOT
    yield from _run_steps(job, name, scope, cwd, _shell(job) or _shell(file), combination)


def _key(step: Step) -> object:
    return tuple((name, word.parts) for name, word in step.inputs.items())


def _run_steps(
    holder: Node,
    job: str,
    scope: Values,
    cwd: SymbolicPath,
    shell: str | None,
    combination: Combination | None = None,
) -> Iterator[Step]:
    nodes = holder.get("steps")
    for node in nodes.values() if nodes is not None else ():
        if combination and _excluded(node, combination):
            continue
        uses, run = node.get("uses"), node.get("run")
        label = node.get("name") or node.get("id")
        within = f"{job} / {label.as_str()}" if label is not None and label.as_str() else job
        if isinstance(uses, Scalar):
            yield _used(uses, node, within, scope)
        elif isinstance(run, Scalar):
            yield _script(run, node, within, scope, cwd=cwd, shell=shell or "bash")


def _script(run: Scalar, node: Node, within: str, scope: Values, *, cwd: SymbolicPath, shell: str) -> Step:
    scope = {**scope, **_environment(node.get("env"), scope)}
    directory = node.get("working-directory")
    shell = (_text(node.get("shell")) or shell).split(" ")[0]
    return Step(
        span=run.span,
        within=within,
        script=script_with_values(run.mapped, scope),
        dialect=_DIALECTS.get(shell, Dialect.BASH),
        cwd=_directory(directory, scope) if isinstance(directory, Scalar) else cwd,
        variables=_variables(run, scope),
        tolerated=_text(node.get("continue-on-error")) == "true",
        guarded=_guarded(node),
    )


def _used(uses: Scalar, node: Node, within: str, scope: Scope) -> Step:
    given = node.get("with")
    inputs = {
        name: word_of(value, scope)
        for name, value in (given.items() if given is not None else ())
        if isinstance(value, Scalar) and not value.is_null
    }
    tolerated = _text(node.get("continue-on-error")) == "true"
    return Step(
        span=uses.span, within=within, uses=uses.text.strip(), inputs=inputs, cwd=_ROOT, tolerated=tolerated,
        guarded=_guarded(node),
    )  # fmt: skip


_IS = re.compile(r"(?:\$\{\{)?\s*matrix\.([\w-]+)\s*(==|!=)\s*'([^']*)'\s*(?:\}\})?")


def _excluded(node: Node, combination: Combination) -> bool:
    """True when `if: matrix.component == 'web'` keeps the step out of this combination."""
    found = _IS.fullmatch((_text(node.get("if")) or "").strip())
    if found is None or found[1] not in combination:
        return False
    return (combination[found[1]] == found[3]) != (found[2] == "==")


_EXISTS = re.compile(r"exist|found|has[-_]|hashFiles", re.IGNORECASE)


def _guarded(node: Node) -> bool:
    """True for `if: steps.check.outputs.exists == 'true'` and `if: hashFiles('web/Dockerfile') != ''`."""
    return _EXISTS.search(_text(node.get("if")) or "") is not None


def _text(node: Node | None) -> str | None:
    return node.as_str() if node is not None else None


def _inputs(file: YamlFile) -> Values:
    """Defaults of the inputs of a reusable workflow, a manual run or an action."""
    found: Values = {}
    holders = (
        file.at("on", "workflow_dispatch", "inputs"),
        file.at("on", "workflow_call", "inputs"),
        file.get("inputs"),
    )
    for holder in holders:
        for name, node in holder.items() if holder is not None else ():
            default = _text(node.get("default"))
            if default and "${{" not in default:
                found[f"inputs.{name}"] = found[f"github.event.inputs.{name}"] = (default,)
    return found


def _environment(node: Node | None, scope: Scope) -> Values:
    found: Values = {}
    for name, value in node.items() if node is not None else ():
        text = value.as_str()
        if text is not None:
            found[f"env.{name}"] = evaluate(text, scope)
    return found


def _variables(node: Scalar, scope: Scope) -> tuple[Assignment, ...]:
    """The `env` values as variables of the script; they stand nowhere in it, so they point at its start."""
    found: list[Assignment] = []
    for name, parts in scope.items():
        if name.startswith("env."):
            value = parts[0] if len(parts) == 1 and isinstance(parts[0], str) else None
            found.append(Assignment(name[4:], Word(parts, value, node.mapped, 0, 0)))
    return tuple(found)


def _shell(holder: Node | YamlFile) -> str | None:
    return _text(holder.at("defaults", "run", "shell"))


def _default_directory(holder: Node | YamlFile, scope: Scope) -> SymbolicPath | None:
    node = holder.at("defaults", "run", "working-directory")
    return _directory(node, scope) if isinstance(node, Scalar) else None


def _directory(node: Scalar, scope: Scope) -> SymbolicPath | None:
    paths = word_of(node, scope).paths()
    if len(paths) != 1 or not paths[0].exact:
        return None
    return _ROOT / paths[0]


_LOCAL = re.compile(r"\./(.+)")


def local_use(uses: str) -> str:
    """The path of a workflow or action of the same repository that a step uses; empty for others."""
    found = _LOCAL.match(uses)
    return found[1].partition("@")[0].rstrip("/") if found else ""
