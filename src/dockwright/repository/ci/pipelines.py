"""CI systems other than GitHub: GitLab, CircleCI, Azure, Travis, Drone, Woodpecker, Buildkite, Bitbucket, CodeBuild …

They differ in structure and agree in one thing: shell lines stand under a few well-known keys. Every mapping with
such a key is a job or step; the lines of one mapping are one script, so that `cd` and variables carry over.
"""

from collections.abc import Iterator

from dockwright.compose.yaml import Mapping, Node, Scalar, Sequence, YamlFile
from dockwright.repository.ci.steps import Step, joined_scripts, scripts_of
from dockwright.shell.paths import Base, SymbolicPath
from dockwright.shell.script import Assignment, Dialect
from dockwright.shell.words import Word, literal

_ROOT = SymbolicPath(Base.REPOSITORY, ".")
_SHELL_KEYS = (
    "before_script", "before_install", "install", "script", "after_success", "after_script", "before_deploy", "deploy_script",
    "run", "command", "commands", "bash", "sh", "pwsh", "powershell", "cmd", "build_script", "test_script",
)  # fmt: skip
_DIALECTS = {"pwsh": Dialect.POWERSHELL, "powershell": Dialect.POWERSHELL, "cmd": Dialect.CMD}
_PLUGIN_KEYS = ("settings", "inputs", "with", "parameters")
_USES_KEYS = ("task", "image", "uses", "plugin", "pipe")
MAX_DEPTH = 24
MAX_NODES = 20_000
"""Lists and mappings looked at in one file, those behind aliases each time: a few hundred in what people write."""


def steps(file: YamlFile) -> Iterator[Step]:
    """Every script and every plugin call of a pipeline file."""
    left = iter(range(MAX_NODES))
    for document in file.documents:
        if document.root is not None:
            yield from _walk(document.root.target, "", _variables(document.root), 0, left)


def _walk(
    node: Node, within: str, variables: tuple[Assignment, ...], depth: int, left: Iterator[int]
) -> Iterator[Step]:
    """The steps below a node; each list and mapping on the way takes one of what is `left`."""
    if depth > MAX_DEPTH or isinstance(node, Scalar) or next(left, None) is None:
        return
    if isinstance(node, Sequence):
        for item in node.values():
            yield from _walk(item, within, variables, depth + 1, left)
    if not isinstance(node, Mapping):
        return
    variables += _variables(node) if depth else ()
    label = node.get("name") or node.get("label") or node.get("displayName")
    if label is not None and label.as_str():
        within = label.as_str() or within
    yield from _scripts(node, within, variables)
    yield from _plugin(node, within)
    for key, value in node.items():
        if isinstance(value, Mapping | Sequence):
            named = (
                key if depth < 2 and key not in ("jobs", "steps", "stages", "pipelines", "pipeline") else ""
            )
            yield from _walk(value, named or within, variables, depth + 1, left)


def _scripts(node: Mapping, within: str, variables: tuple[Assignment, ...]) -> Iterator[Step]:
    lines: list[Scalar] = []
    dialect = Dialect.BASH
    for key in _SHELL_KEYS:
        value = node.get(key)
        if value is None:
            continue
        dialect = _DIALECTS.get(key, dialect)
        if isinstance(value, Scalar | Sequence):
            lines += scripts_of(value)
    if lines:
        directory = node.get("working_directory") or node.get("workingDirectory") or node.get("dir")
        yield Step(
            span=lines[0].span,
            within=within,
            script=joined_scripts(lines),
            dialect=dialect,
            cwd=_directory(directory),
            variables=variables,
            tolerated=(allowed := node.get("allow_failure")) is not None and allowed.as_bool() is True,
        )


def _directory(node: Node | None) -> SymbolicPath | None:
    text = node.as_str() if node is not None else None
    if text is None or text.startswith("~"):
        return _ROOT
    if "$" in text or "{{" in text:
        return None
    paths = _word(node).paths() if isinstance(node, Scalar) else ()
    return _ROOT / paths[0] if len(paths) == 1 else None


def _plugin(node: Mapping, within: str) -> Iterator[Step]:
    name = next(
        (found for key in _USES_KEYS if isinstance(found := node.get(key), Scalar) and found.as_str()), None
    )
    if name is None:
        return
    for key in _PLUGIN_KEYS:
        inputs = node.get(key)
        if isinstance(inputs, Mapping):
            words = {k: _word(v) for k, v in inputs.items() if isinstance(v, Scalar) and not v.is_null}
            yield Step(span=name.span, within=within, uses=name.text, inputs=words, cwd=_ROOT)
            return


def _word(node: Scalar) -> Word:
    text = node.text
    return literal(text, node.mapped, 0, len(node.mapped.data))


def _variables(node: Node) -> tuple[Assignment, ...]:
    """Constants under `variables:`, `environment:` or `env:`."""
    found: list[Assignment] = []
    for key in ("variables", "environment", "env"):
        holder = node.get(key)
        for name, value in holder.items() if isinstance(holder, Mapping) else ():
            text = value.as_str()
            if isinstance(value, Scalar) and text is not None and "$" not in text:
                found.append(Assignment(name, _word(value)))
    return tuple(found)
